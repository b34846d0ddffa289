"""The export folders: which one counts, its files, and whether it has what the study maps."""

from __future__ import annotations

import difflib
import fnmatch
import re
from pathlib import Path

from venaza.config.opened import sheet_tops
from venaza.contracts.headers import header_key
from venaza.errors import StudyError
from venaza.intake.read import FORMATS, header_of

_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def dated_exports(root: Path, name: str) -> list[str]:
    """The dates of a study's export folders, oldest first."""
    folder = root / "data/raw" / name
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.iterdir() if p.is_dir() and _DATED.match(p.name))


def choose_export(root: Path, name: str, wish: str) -> str:
    """The export to use: the newest folder, or the one asked for."""
    dates = dated_exports(root, name)
    if not dates:
        raise StudyError(
            f"There is no export of the study '{name}'.",
            fix=f"Put what the hospital sent into data/raw/{name}/YYYY-MM-DD/.",
            file=f"data/raw/{name}",
        )
    if wish == "newest":
        return dates[-1]
    if wish not in dates:
        raise StudyError(
            f"The study '{name}' has no export of {wish}.",
            fix=f"Exports here: {', '.join(dates)}.",
            file=f"data/raw/{name}",
            value=wish,
        )
    return wish


def export_before(root: Path, name: str, export: str) -> str | None:
    """The export just before ``export``; None where it is the first."""
    earlier = [date for date in dated_exports(root, name) if date < export]
    return earlier[-1] if earlier else None


def export_files(root: Path, name: str, export: str) -> list[Path]:
    """The readable files of an export, by name; spreadsheets' lock files are left out."""
    folder = root / "data/raw" / name / export
    found = sorted(p for p in folder.rglob("*") if p.is_file() and _readable(p))
    if not found:
        raise StudyError(
            "This export folder holds no file that can be read.",
            fix=f"Readable are {', '.join(sorted(FORMATS))}.",
            file=f"data/raw/{name}/{export}",
        )
    return found


def _readable(path: Path) -> bool:
    return path.suffix.lower() in FORMATS and not path.name.startswith(("~$", "."))


def check_headers(root: Path, study: dict) -> None:
    """Raise ``StudyError`` for a mapped file, sheet or column that the export lacks."""
    folder = root / "data/raw" / study["id"] / study["export"]
    files = export_files(root, study["id"], study["export"])
    for table, spec in study["tables"].items():
        dictionary = (study["redcap"] or {}).get("dictionary")
        matching = [
            p for p in files if fnmatch.fnmatch(p.name, spec["file"]) and p.name != dictionary
        ]
        if not matching:
            raise StudyError(
                f"No file of the export fits '{spec['file']}', which the table '{table}' needs.",
                fix=f"Files here: {', '.join(p.name for p in files)}.",
                file=f"data/raw/{study['id']}/{study['export']}",
            )
        for path in matching:
            shown = path.relative_to(folder.parent.parent.parent.parent).as_posix()
            _check_sheet(table, spec, sheet_tops(path, spec.get("encoding")), shown, study)


def _check_sheet(table: str, spec: dict, sheets: dict, shown: str, study: dict) -> None:
    name = spec.get("sheet", "") if len(sheets) != 1 or "" not in sheets else ""
    if name not in sheets:
        close = difflib.get_close_matches(name, list(sheets), n=1)
        hint = f"Did you mean '{close[0]}'? " if close else ""
        raise StudyError(
            f"The table '{table}' needs a sheet that this workbook does not have.",
            fix=f"{hint}Sheets here: {', '.join(sheets)}.",
            file=shown,
            sheet=name or "(none named in the study file)",
        )
    headers = [header_key(h) for h in header_of(sheets[name], spec["header_row"])]
    aliases = {header_key(h): f for h, f in (study["redcap"] or {}).get("headers", {}).items()}
    fields = {header_key(aliases[h]) for h in headers if h in aliases}
    for wanted in _mapped(spec):
        if headers.count(header_key(wanted)) == 1 or header_key(wanted) in fields:
            continue
        twice = header_key(wanted) in headers
        close = difflib.get_close_matches(header_key(wanted), headers, n=1)
        hint = f"Did you mean '{close[0]}'? " if close and not twice else ""
        what = "stands there twice" if twice else "no such column stands there"
        lacking = [w for w in _mapped(spec) if header_key(w) not in {*headers, *fields}]
        if len(lacking) > 1 and not twice:
            what = f"{len(lacking)} such columns do not stand there: {', '.join(lacking)}"
        raise StudyError(
            f"The table '{table}' maps a column of this sheet, but {what}.",
            fix=f"{hint}Columns in row {spec['header_row']}: "
            f"{', '.join(h for h in headers if h)}. "
            f"Correct the export or config/studies/{study['id']}.yaml.",
            file=shown,
            sheet=name,
            row=spec["header_row"],
            column=wanted,
        )


def _mapped(spec: dict) -> list[str]:
    wanted = [spec["key"], *spec.get("where", {}), *spec.get("fill_down", [])]
    wanted += [spec["newer_by"]] if "newer_by" in spec else []
    for record in spec["records"]:
        for how in record["columns"].values():
            wanted += [how[key] for key in ("from", "unit_from") if key in how]
            wanted += list(how.get("when", {}))
    return list(dict.fromkeys(wanted))
