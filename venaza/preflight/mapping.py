"""Tables whose key or columns the study file leaves out, mapped by the headers of the export."""

from __future__ import annotations

import difflib
from pathlib import Path

from venaza.contracts.clean import NEEDED, TABLES
from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import (
    header_rows,
    is_joined,
    is_pattern,
    named_by,
    takes_file,
    takes_sheet,
)
from venaza.contracts.text import folded
from venaza.contracts.unit_conversion import unit_factor
from venaza.pipeline.intake.archives import Source, sources
from venaza.pipeline.intake.headers import headers_of
from venaza.pipeline.intake.limits import limits_of
from venaza.pipeline.intake.privacy.names import Names
from venaza.pipeline.intake.privacy.places import refuse_places
from venaza.pipeline.intake.privacy.rows import refuse_patients
from venaza.pipeline.intake.source import open_source
from venaza.preflight.exports import choose_export, export_files
from venaza.preflight.header_row import find_header_row, is_header, no_header_row
from venaza.preflight.persons import load_names
from venaza.study.lacking import no_such_file
from venaza.study.names import did_you_mean
from venaza.study.synonyms import Matched, Synonyms, load_synonyms, words

#: Without these a table cannot be used, whoever maps it.
ESSENTIAL = {"patients": ("INDEXDT",), **NEEDED}
#: What "no" says where a header asks: the contrary of what "yes" says.
CONTRARY = {"DEAD": "ALIVE", "ALIVE": "DEAD", "ND": "RR"}
#: Rows that are read of each sheet; headers stand above this line.
_ROWS = 40


def needed_of(table: str, spec: dict) -> tuple[str, ...]:
    """The columns without which a table of a study file cannot be used."""
    return ("CYCLE",) if "dated_by_cycles" in spec else ESSENTIAL[table]


def is_open(spec: dict) -> bool:
    """Whether a table of a study file leaves something to the headers of the export."""
    return "key" not in spec or by_header(spec)


def by_header(spec: dict) -> bool:
    """Whether the columns that a table does not give are looked for by their headers.

    So they are where the study file says of no column where it comes from, but of some what
    their words mean, for instance.
    """
    given = "records" in spec or any(map(_is_closed, spec.get("columns", {}).values()))
    return spec.get("by_header", not given)


def map_tables(root: Path, study: dict, export: str, shown: str) -> tuple[dict, list[dict]]:
    """The tables of a study, whole, and which header was taken for what.

    What the study file gives wins; the rest is mapped by ``config/synonyms.yaml``. Raises
    ``StudyError`` where the patient's number or a column that the table hangs on is not found.
    """
    for table, spec in study["tables"].items():
        for record in () if by_header(spec) else spec.get("records") or [spec]:
            _refuse_open(table, record.get("columns", {}), shown)
    if not any(is_open(spec) for spec in study["tables"].values()):
        return study["tables"], []
    synonyms, names = load_synonyms(root), load_names(root)
    export = choose_export(root, study["id"], export)
    folder = root / "data/raw" / study["id"] / export
    dictionary = (study["redcap"] or {}).get("dictionary")
    files = export_files(root, study["id"], export)
    tables, told = {}, []
    with sources(files, folder, limits_of(study)) as found:
        for source in found:
            refuse_places(source.name, (), names)
        known = [s for s in found if not s.archive and s.base != dictionary]
        for table, spec in study["tables"].items():
            if not is_open(spec):
                tables[table] = spec
                continue
            if is_joined(spec):
                raise _open_and_joined(table, shown)
            source = _source(table, spec, known, f"data/raw/{study['id']}/{export}", shown)
            sheets = open_source(source, study, limits_of(study), _ROWS).sheets
            place = {"file": f"data/raw/{study['id']}/{export}/{source.name}", "study": shown}
            words_of = study["vocabulary"]["yes_no"]
            by_name = {sheet.name: sheet for sheet in sheets}
            refuse_places(source.name, by_name, names)
            tables[table], lines = map_table(table, spec, by_name, synonyms, names, words_of, place)
            told += [{"file": source.base, **line} for line in lines]
    return tables, told


def _open_and_joined(table: str, shown: str) -> StudyError:
    return StudyError(
        f"The table '{table}' is made of several sheets, and its key or its columns are left to "
        "their headers.",
        fix="Give the key and the columns here; python -m venaza new-study proposes them.",
        at=Key(shown, f"tables > {table}"),
    )


def _source(table: str, spec: dict, known: list[Source], folder: str, shown: str) -> Source:
    """The first file that fits a table's pattern: the others must have the same headers."""
    for source in known:
        if takes_file(spec, source.base):
            return source
    raise no_such_file(table, spec["file"], [s.name for s in known], folder, shown)


def map_table(
    table: str,
    spec: dict,
    sheets: dict,
    synonyms: Synonyms,
    names: Names,
    yes_no: dict,
    place: dict,
) -> tuple[dict, list[dict]]:
    """One table's spec with sheet, header row, key and columns filled in; and what was taken."""
    whole = {key: value for key, value in spec.items() if key != "by_header"}
    sheet = _sheet(table, spec, sheets, synonyms, place)
    if sheet:
        whole.setdefault("sheet", sheet)
    rows = sheets[sheet].rows
    if "header_row" not in whole:
        found = find_header_row(rows, table, synonyms, names)
        if found is None:
            raise no_header_row(place["file"], sheet, f"tables > {table}")
        whole["header_row"] = found
    known = {"file": place["file"], "sheet": sheet, "column": f"tables > {table} > header_row"}
    refuse_patients(rows, header_rows(whole), names, lambda t: is_header(t, synonyms), **known)
    headers = headers_of(sheets[sheet], header_rows(whole)).raw
    place = {**place, "sheet": sheet, "row": whole["header_row"]}
    told = []
    if "key" not in whole:
        whole["key"] = _key(table, headers, synonyms, place)
        told.append(_line(table, sheet, "patient's number", whole["key"], "header"))
    if by_header(spec):
        given = spec.get("columns", {})
        closed = {name for name, how in given.items() if _is_closed(how)}
        taken = [whole["key"], *_headers_in(given)]
        free = [h for h in headers if h not in taken]
        matched = synonyms.match(free, table, frozenset(closed))
        whole["columns"] = {**columns_of(matched, synonyms.units, yes_no)}
        whole["columns"] |= {n: _completed(h, whole["columns"].get(n)) for n, h in given.items()}
        _refuse_open(table, whole["columns"], place["study"])
        _refuse_incomplete(table, spec, whole["columns"], matched, headers, synonyms, place)
        how = {name: meaning.how for name, (_, meaning) in matched.columns.items()}
        for name, (header, _) in matched.columns.items():
            told.append(_line(table, sheet, name, header, how[name]))
        for several, columns in matched.doubtful:
            told.append(_line(table, sheet, "", ", ".join(several), f"could be {_any(columns)}"))
        told += [_line(table, sheet, "", header, "not used") for header in matched.unused]
    return whole, told


def columns_of(matched: Matched, units: dict, yes_no: dict) -> dict:
    """The ``columns`` of a table spec for what was matched: units and yes/no questions said."""
    columns: dict = {}
    found = dict(matched.columns)
    beside = {"unit_from": found.pop("LBSTRESU", ("", None))[0]}
    beside["range_from"] = found.pop("LBNRNG", ("", None))[0]
    for name, (header, meaning) in found.items():
        how: dict = {"from": header}
        if meaning.unit and name in units and converts(name, meaning.unit, units):
            how["unit"] = meaning.unit
        if name == "LBSTRESN":
            how |= {key: header for key, header in beside.items() if header}
        if meaning.yes:
            how["values"] = {meaning.yes: yes_no["Y"]}
            if meaning.yes in CONTRARY:  # what no remission is, only the words of the clinic say
                how["values"][CONTRARY[meaning.yes]] = yes_no["N"]
        columns[name] = how if len(how) > 1 else header
    return columns


def converts(name: str, unit: str, units: dict) -> bool:
    """Whether numbers of ``name`` in a unit can be read: one that cannot is none for sure."""
    return unit_factor(name, unit, {"units": units}) is not None


def _sheet(table: str, spec: dict, sheets: dict, synonyms: Synonyms, place: dict) -> str:
    if list(sheets) == [""]:
        return ""
    wish = spec.get("sheet")
    named = [wish] if wish in sheets else []
    if wish and is_pattern(wish):
        # The first sheet of several with the same headers; check_headers looks at the others.
        named = named or [name for name in sheets if takes_sheet(spec, name)][:1]
    if wish is None:
        named = [s for s in sheets if table in synonyms.tables_named(s)]
        named = named or (list(sheets) if len(sheets) == 1 else [])
    if len(named) == 1:
        return named[0]
    hint = did_you_mean(str(wish), sheets)
    raise StudyError(
        f"The table '{table}' needs one sheet of this workbook, and its name decides which: "
        f"{len(named)} fit.",
        fix=f"{hint}Name it (tables > {table} > sheet). Sheets here: {', '.join(sheets)}.",
        file=place["file"],
        sheet=wish,
    )


def _key(table: str, headers: list[str], synonyms: Synonyms, place: dict) -> str:
    found = [h for h in headers if h.strip() and synonyms.is_key(h)]
    if len(found) == 1:
        return found[0]
    known = words(synonyms.document["patient"])
    what = f"{len(found)} columns could be it: {', '.join(found)}" if found else "no header says so"
    raise StudyError(
        f"The table '{table}' needs the column with the patient's number, and {what}.",
        fix=f"Name it in {place['study']} (tables > {table} > key). "
        f"{_nearest(headers, {'key': known})}{_headers(headers, place['row'])}",
        file=place["file"],
        sheet=place["sheet"],
        row=place["row"],
    )


def _refuse_open(table: str, columns: dict, shown: str) -> None:
    for name, how in columns.items():
        if not _is_closed(how) and not (name == "AEDECOD" and "AETERM" in columns):
            raise StudyError(
                f"It is not said where the column {name} of '{table}' comes from.",
                fix="Give it 'from' (a raw header) or 'constant'; with by_header: true its header "
                "is looked up in config/synonyms.yaml, which has none for it here.",
                at=Key(shown, f"tables > {table} > columns > {name}"),
            )


def _refuse_incomplete(table, spec, columns, matched, headers, synonyms, place) -> None:
    entries = synonyms.document["columns"][table]
    missing = [name for name in needed_of(table, spec) if name not in columns]
    if not missing:
        return
    labels = {column.name: column.label for column in TABLES[table]}
    name = missing[0]
    twice = [several for several, fit in matched.doubtful if name in fit]
    why = f"{len(twice[0])} columns could be it: {', '.join(twice[0])}" if twice else "none says so"
    near = _nearest(
        [*matched.unused, *(h for d, _ in matched.doubtful for h in d)],
        {n: words(e) for n, e in entries.items()},
    )
    raise StudyError(
        f"The table '{table}' needs {name} ({labels[name]}), and of its headers {why}.",
        fix=f"Name it in {place['study']} (tables > {table} > columns > {name}: HEADER, with "
        f"by_header: true for the rest). {near}{_headers(headers, place['row'])}",
        file=place["file"],
        sheet=place["sheet"],
        row=place["row"],
    )


def _nearest(headers: list[str], known: dict[str, list[str]]) -> str:
    """A hint: headers that come close to a synonym of a column."""
    index = {folded(word): name for name, spelled in known.items() for word in spelled}
    found = []
    for header in headers:
        close = difflib.get_close_matches(folded(header), list(index), n=1, cutoff=0.5)
        if close:
            name = index[close[0]]
            found.append(f"'{header}'" + (f" (as {name})" if name != "key" else ""))
    return f"Nearest: {', '.join(found[:8])}. " if found else ""


def _headers(headers: list[str], row: object) -> str:
    return f"Headers in row {row}: {', '.join(h for h in headers if h.strip())}."


def _is_closed(how: str | dict) -> bool:
    """Whether a column of the study file says where it comes from."""
    return isinstance(how, str) or "from" in how or "constant" in how


def _completed(how: str | dict, found: str | dict | None) -> str | dict:
    """A column that the study file gives without ``from``, with the header that was found."""
    if _is_closed(how) or found is None:
        return how
    return {**({"from": found} if isinstance(found, str) else found), **how}


def _headers_in(given: dict) -> list[str]:
    taken = []
    for how in given.values():
        if isinstance(how, str):
            taken.append(how)
        else:
            taken += named_by(how)
    return taken


def _line(table: str, sheet: str, column: str, header: str, how: str) -> dict:
    return {"table": table, "sheet": sheet, "column": column, "header": header, "how": how}


def _any(names: list[str]) -> str:
    return " or ".join(names)
