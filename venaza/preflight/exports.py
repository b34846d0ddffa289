"""The export folders: which one counts, its files, and whether it has what the study maps."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import (
    header_key,
    header_rows,
    is_joined,
    is_part,
    is_pattern,
    listed,
    mapped_columns,
    mapped_headers,
    named_by,
    takes_file,
    takes_sheet,
)
from venaza.contracts.key_lines import lines_named
from venaza.contracts.record import file_hash
from venaza.pipeline.intake.archives import Source, sources
from venaza.pipeline.intake.formats import FORMATS
from venaza.pipeline.intake.headers import headers_of
from venaza.pipeline.intake.limits import limits_of
from venaza.pipeline.intake.privacy.places import refuse_places
from venaza.pipeline.intake.privacy.rows import refuse_patients
from venaza.pipeline.intake.sheet import Sheet
from venaza.pipeline.intake.source import open_source, specs_of
from venaza.preflight.header_row import is_header, row_with
from venaza.preflight.persons import load_names
from venaza.study.lacking import in_study_file, no_column, no_such_file
from venaza.study.names import did_you_mean, slip_of
from venaza.study.synonyms import load_synonyms

#: The name of an export's folder.
DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Rows in which headers are looked for that are not where the study file says.
_TITLES = 10


def dated_exports(root: Path, name: str) -> list[str]:
    """The dates of a study's export folders, oldest first."""
    return dated_folders(root / "data/raw" / name)


def dated_folders(folder: Path) -> list[str]:
    """The dates that folders within ``folder`` are called by, oldest first."""
    inside = folder.iterdir() if folder.is_dir() else ()
    return sorted(p.name for p in inside if p.is_dir() and DATED.fullmatch(p.name))


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
    found = [path for path in _all_files(root, name, export) if readable(path)]
    if not found:
        raise StudyError(
            "This export folder holds no file that can be read.",
            fix=f"Readable are {', '.join(sorted(FORMATS))}.",
            file=f"data/raw/{name}/{export}",
        )
    return found


def other_files(root: Path, name: str, export: str) -> list[Path]:
    """The files of an export that no reader knows: intake hashes and lists them, no more."""
    found = _all_files(root, name, export)
    return [path for path in found if path.suffix.lower() not in FORMATS]


def _all_files(root: Path, name: str, export: str) -> list[Path]:
    folder = root / "data/raw" / name / export
    inside = folder.resolve()
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() and not _leads_to(path, inside):
            raise StudyError(
                "This link leads out of the export folder, or nowhere.",
                fix="Put the file itself into the folder.",
                file=f"data/raw/{name}/{export}/{path.relative_to(folder).as_posix()}",
            )
        if path.is_file() and not _is_lock(path):
            found.append(path)
    return found


def _leads_to(path: Path, folder: Path) -> bool:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return target.is_relative_to(folder)


def readable(path: Path) -> bool:
    """Whether a file is one that intake reads; spreadsheets' lock files are not."""
    return path.suffix.lower() in FORMATS and not _is_lock(path)


def _is_lock(path: Path) -> bool:
    return path.name.startswith(("~$", "."))


def check_headers(root: Path, study: dict, passed: Path | None = None) -> None:
    """Raise ``StudyError`` for a mapped file, sheet or column that the export lacks.

    Of each file that a table maps only the rows down to its headers are read. In the folder
    ``passed`` stands what has been checked: the same files and mapping are not opened again.
    """
    mark = None if passed is None else passed / _what_is_checked(root, study)
    if mark is not None and mark.is_file():
        return
    with lines_named(root):
        _check_tables(root, study)
    if mark is not None:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def _what_is_checked(root: Path, study: dict) -> str:
    """A hash of the export's files and of all that says how they are read."""
    place = root / "data/raw" / study["id"] / study["export"]
    files = {str(p.relative_to(place)): file_hash(p) for p in _files_of(root, study)}
    told = [files, *(study.get(key) for key in ("id", "export", "tables", "redcap", "limits"))]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _files_of(root: Path, study: dict) -> list[Path]:
    return export_files(root, study["id"], study["export"])


def _check_tables(root: Path, study: dict) -> None:
    place = f"data/raw/{study['id']}/{study['export']}"
    limits = limits_of(study)
    files = _files_of(root, study)
    opened: dict[str, list[Sheet]] = {}
    read: list[str] = []
    with sources(files, root / place, limits) as found:
        for source in found:
            refuse_places(source.name, (), load_names(root))
        for table, spec in study["tables"].items():
            matching = [s for s in found if takes_file(spec, s.base) and _table(s, study)]
            _refuse_missing_files(table, spec, matching, found, place, study["id"])
            parts = []
            for source in matching:
                if source.name not in opened:
                    head = _depth(source.base, study)
                    opened[source.name] = open_source(source, study, limits, head).sheets
                    called = [sheet.name for sheet in opened[source.name]]
                    refuse_places(source.name, called, load_names(root))
                shown = f"{place}/{source.name}"
                here = _sheets_of(table, spec, opened[source.name], shown, root, study["id"])
                parts += [(sheet, source) for sheet in here]
            read += [text for sheet, _ in parts for row in sheet.rows for text, _ in row]
            elsewhere = _headers_of_parts(spec, parts) if is_joined(spec) else set()
            for sheet, source in parts:
                _check_sheet(root, table, spec, sheet, source, study, elsewhere)
    _check_private(read, study)


def _check_private(read: list[str], study: dict) -> None:
    """Raise for a column of the privacy section that is one of the sheets' headers misspelt."""
    there = {header_key(text): text for text in read if text}
    there |= {header_key(h): h for h in (study.get("redcap") or {}).get("fields", {})}
    declared = (study.get("privacy") or {}).get("columns", {})
    for header in declared:
        free = [text for key, text in there.items() if text not in declared]
        if header_key(header) not in there and (known := slip_of(header, free)):
            raise StudyError(
                f"'{header}' is not a header of the mapped sheets.",
                fix=f"Did you mean '{known}'? Correct the name, or take it out.",
                at=Key(f"config/studies/{study['id']}.yaml", "privacy > columns", header),
            )


def _refuse_missing_files(
    table: str, spec: dict, matching: list[Source], found: list[Source], place: str, study: str
) -> None:
    for wanted in listed(spec["file"]):
        if not any(takes_file({"file": wanted}, source.base) for source in matching):
            shown = f"config/studies/{study}.yaml"
            raise no_such_file(table, wanted, [s.name for s in found], place, shown)


def _headers_of_parts(spec: dict, parts: list[tuple[Sheet, Source]]) -> set[str]:
    """The headers, by their keys, that some sheet of a joined table has, but for the key itself."""
    found = set()
    for sheet, source in parts:
        headers = headers_of(sheet, header_rows(spec, source.base, sheet.name))
        found |= {header_key(header) for header in headers.names}
    return found - {header_key(spec["key"])}


def _table(source: Source, study: dict) -> bool:
    """Whether a file can be a table: it has a reader, and is not REDCap's data dictionary."""
    dictionary = (study.get("redcap") or {}).get("dictionary")
    known = source.path.suffix.lower() in FORMATS and not source.archive
    return known and source.base != dictionary


def _depth(name: str, study: dict) -> int:
    """The last header row of the tables that a file holds."""
    specs = [s for s in study["tables"].values() if takes_file(s, name)]
    return max(row for spec in specs for row in _all_header_rows(spec))


def _all_header_rows(spec: dict) -> list[int]:
    rows = spec.get("header_row", 1)
    return [
        n
        for part in (rows.values() if isinstance(rows, dict) else [rows])
        for n in header_rows({"header_row": part})
    ]


def _check_sheet(
    root: Path,
    table: str,
    spec: dict,
    sheet: Sheet,
    source: Source,
    study: dict,
    elsewhere: set[str],
) -> None:
    """Raise for a mapped column that the sheet lacks; ``elsewhere`` other sheets may have it."""
    synonyms = load_synonyms(root)
    shown = f"data/raw/{study['id']}/{study['export']}/{source.name}"
    others = specs_of(source.base, sheet.name, study)
    rows = header_rows(spec, source.base, sheet.name)
    for other in others:
        if header_rows(other, source.base, sheet.name) != rows:
            where = f"the sheet '{sheet.name}' of {source.name}" if sheet.name else source.name
            raise StudyError(
                f"Two tables read {where} with different header rows.",
                fix="Give both the same header_row.",
                at=Key(f"config/studies/{study['id']}.yaml", f"tables > {table} > header_row"),
            )
    wanted = [header for other in others for header in mapped_headers(other)]
    refuse_patients(
        sheet.rows,
        rows,
        load_names(root),
        lambda text: is_header(text, synonyms),
        file=shown,
        sheet=sheet.name,
        column=f"tables > {table} > header_row",
    )
    headers = headers_of(sheet, rows, wanted)
    raw, names = ([header_key(h) for h in part] for part in (headers.raw, headers.names))
    aliases = {header_key(h): f for h, f in (study.get("redcap") or {}).get("headers", {}).items()}
    fields = {header_key(aliases[h]) for h in raw if h in aliases}
    pinned = {header_key(h) for h in _pinned(spec, source.base, sheet.name)}
    for header in mapped_headers(spec):
        key = header_key(header)
        if key in fields or (names.count(key) == 1 and raw.count(key) <= 1):
            continue
        if key in elsewhere and key not in raw and key not in pinned:
            continue
        twice = f"Map '{header}.1' for the first and '{header}.2' for the second. "
        if raw.count(key) <= 1:
            twice = "Several variables have this label: map each by its name. "
        lacking = [h for h in mapped_headers(spec) if header_key(h) not in {*names, *fields}]
        lacking = [h for h in lacking if header_key(h) not in elsewhere - pinned]
        if names.count(key) == 0:
            twice = _row_hint(table, lacking, spec, sheet, source, study)
        where = in_study_file(root, study["id"], table, (lacking or [header])[0])
        found = (headers.raw, shown, sheet.name, where)
        raise no_column(spec, table, header, twice, lacking, *found)


def _pinned(spec: dict, file: str, sheet: str) -> list[str]:
    """The headers that the study file says stand in this very sheet of a joined table."""
    return [
        header
        for _, how in mapped_columns(spec)
        if "sheet" in how and is_part(how["sheet"], file, sheet)
        for header in named_by(how)
    ]


def _sheets_of(
    table: str, spec: dict, sheets: list[Sheet], shown: str, root: Path, study: str
) -> list[Sheet]:
    """The sheets that a table means; a file with one sheet of cells needs no name for it."""
    by_name = {sheet.name: sheet for sheet in sheets}
    names = listed(spec.get("sheet"))
    if len(names) > 1 and not isinstance(spec["file"], list):
        one_each = ({**spec, "sheet": one} for one in names)
        each = [_sheets_of(table, one, sheets, shown, root, study) for one in one_each]
        return [sheet for several in each for sheet in several]
    if isinstance(spec["file"], list):
        return [s for s in sheets if takes_sheet(spec, s.name)]
    name = names[0] if names else ""
    if list(by_name) == [""] or (name and name in by_name):
        return [by_name[name] if name in by_name else by_name[""]]
    filled = [sheet for sheet in sheets if any(text for row in sheet.rows for text, _ in row)]
    if not name and len(filled) == 1:
        return filled
    fitting = [sheet for sheet in filled if takes_sheet(spec, sheet.name)]
    if is_pattern(name) and fitting:
        return fitting
    hint, where_asked = did_you_mean(name, by_name), in_study_file(root, study, table, name)
    raise StudyError(
        f"The table '{table}' needs a sheet that this workbook does not have.",
        fix=f"{hint}Sheets here: {', '.join(by_name)}. Correct {where_asked}; "
        "where the export lacks it, ask for it.",
        file=shown,
        sheet=name or "(none named in the study file)",
    )


def _row_hint(
    table: str, lacking: list[str], spec: dict, sheet: Sheet, source: Source, study: dict
) -> str:
    """Which row has the headers that are lacking, where a title stands above them."""
    deeper = open_source(source, study, limits_of(study), _TITLES).sheets
    rows = next((other.rows for other in deeper if other.name == sheet.name), [])
    row = row_with(lacking, rows)
    if row is None or row in header_rows(spec, source.base, sheet.name):
        return ""
    return f"Row {row} has them: set header_row: {row} (tables > {table} > header_row). "
