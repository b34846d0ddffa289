"""The way back: one patient from raw cells to endpoints, one number to its patients and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from venaza.audit import terminal
from venaza.audit.behind import rows_behind
from venaza.audit.manifest import file_hash
from venaza.audit.markup import shown
from venaza.audit.patients import definition, outcome, raw_cell
from venaza.audit.results import (
    STAGES,
    all_queries,
    natural,
    number_of,
    of_stage,
    read_results,
    unknown,
)
from venaza.audit.sources import place_text, with_sources

if TYPE_CHECKING:
    import pandas as pd

_PLACE = ["SRCFILE", "SRCSHEET", "SRCROW"]
_FLAGS = {
    "ITTFL": "in the analysis",
    "SAFFL": "in the safety population",
    "RESPFL": "evaluable for response",
    "CRFL": "reached complete remission",
    "MRDFL": "evaluable for MRD",
    "FAILFL": "regimen failed",
    "PFTRTFL": "treated after failure",
    "TXFL": "transplanted",
    "DTHFL": "died",
}
_REASONS = {"RESPFL": "RESPFLRS", "MRDFL": "MRDFLRS", "FAILFL": "FAILTYPE", "PFTRTFL": "PFTRT"}
#: A single raw row with more cells than this is written downwards.
_WIDE = 8
_NOT_SAID = ("STUDYID", "USUBJID", "SEQ", *_PLACE)


def trace(results: Path, study: dict, patient: str) -> str:
    """One patient as text: raw cells, cleaning, clean rows, queries, endpoints, exclusions.

    ``results`` is ``results/STUDY``. Raises ``StudyError`` for a patient that is not there.
    """
    tables = read_results(results, STAGES[:3])
    known = sorted(tables["endpoints/adsl"]["USUBJID"], key=natural)
    if patient not in known:
        raise unknown("patient", patient, known, "PATIENT")
    own = {name: _of(frame, patient) for name, frame in tables.items() if "USUBJID" in frame}
    queries = _of(all_queries(tables), patient)
    clean = of_stage(tables, "clean")
    adtte = with_sources(own["endpoints/adtte"], clean, tables["intake/cells"], study)
    parts = [
        terminal.title(f"{patient}, study {study['id']}, export of {study['export']}"),
        terminal.section("Populations", _populations(own["endpoints/adsl"], study)),
        terminal.section("Raw cells", _raw(tables["intake/cells"], own, queries)),
        terminal.section("What cleaning changed", _cleaning(own["clean/cleaning_log"])),
        terminal.section("Clean rows", _clean_rows(own)),
        terminal.section("Queries", _queries(queries)),
        terminal.section("Course", _course(own["endpoints/milestones"])),
        terminal.section("Endpoints", _endpoints(adtte, study)),
        *_laboratory(own),
        terminal.section("Without a row", _left_out(own["endpoints/adtte_excluded"])),
    ]
    return "\n".join(parts) + "\n"


def _of(frame: pd.DataFrame, patient: str) -> pd.DataFrame:
    return frame[(frame["USUBJID"] == patient).fillna(False).astype(bool)]


def _populations(adsl: pd.DataFrame, study: dict) -> list[str]:
    row = adsl.to_dict("records")[0]
    levels = (study.get("groups") or {}).get("levels") or {}
    group = shown(row.get("GROUP"))
    items = [("group", f"{group} ({levels[group]})" if group in levels else group)]
    for flag, words in _FLAGS.items():
        value = {"Y": "yes", "N": "no"}.get(shown(row.get(flag)), "")
        reason = shown(row.get(_REASONS.get(flag, "")))
        items.append((words, f"{value} ({reason})" if value and reason else value))
    return terminal.pairs(items)


def _raw(cells: pd.DataFrame, own: dict[str, pd.DataFrame], queries: pd.DataFrame) -> list[str]:
    """Every raw row that a clean row, a change or a query of the patient points at, by sheet."""
    clean = [frame for name, frame in own.items() if name.startswith("clean/")]
    places = set()
    for frame in (*clean, queries):
        if set(_PLACE) <= set(frame):
            columns = (frame[c].astype(object).where(frame[c].notna(), "") for c in _PLACE)
            places.update(zip(*columns, strict=True))
    sheets: dict[tuple, dict[int, dict[str, str]]] = {}
    for cell in cells[cells["SRCROW"].isin({p[2] for p in places if p[2] != ""})].itertuples():
        file, sheet = shown(cell.SRCFILE), shown(cell.SRCSHEET)
        if (file, sheet, cell.SRCROW) in places:
            rows = sheets.setdefault((file, sheet), {})
            header = f"{cell.COL} {shown(cell.HEADER)}".strip()
            rows.setdefault(cell.SRCROW, {})[header] = cell.VALUE
    lines = []
    for place, rows in sheets.items():
        lines += [place_text(*place, None), *(f"  {line}" for line in _sheet(rows))]
    return lines


def _sheet(rows: dict[int, dict[str, str]]) -> list[str]:
    """The rows of one sheet: under each other, or one row with its cells under each other."""
    headers = list(dict.fromkeys(header for row in rows.values() for header in row))
    if len(rows) == 1 and len(headers) > _WIDE:
        ((number, row),) = rows.items()
        return terminal.pairs([("row", str(number)), *row.items()])
    headers.sort(key=lambda header: (len(header.split()[0]), header.split()[0]))
    table = [(str(n), *(row.get(h, "") for h in headers)) for n, row in rows.items()]
    return terminal.table(["row", *headers], table)


def _cleaning(log: pd.DataFrame) -> list[str]:
    rows = [
        (
            f"{r['TABLE']}.{r['COLUMN']}",
            f"'{shown(r['RAW'])}' -> '{shown(r['CLEAN'])}'",
            ": ".join(filter(None, [shown(r["RULE"]), shown(r.get("NOTE"))])),
            _place(r),
        )
        for r in log.to_dict("records")
    ]
    return terminal.table(["column", "change", "rule", "raw row"], rows) if rows else []


def _clean_rows(own: dict[str, pd.DataFrame]) -> list[str]:
    lines = []
    for name, frame in own.items():
        stage, _, table = name.partition("/")
        if stage != "clean" or frame.empty or not {"SEQ", *_PLACE} <= set(frame):
            continue
        columns = [c for c in frame if c not in _NOT_SAID]
        rows = frame.to_dict("records")
        if table == "patients":
            row = rows[0]
            said = ", ".join(f"{c} {shown(row[c])}" for c in columns if shown(row[c]))
            lines += [f"{table}, from {_place(row)}", *terminal.pairs([("  #1", said)])]
            continue
        made = [(f"#{r['SEQ']}", *(shown(r[c]) for c in columns), _place(r)) for r in rows]
        table_lines = terminal.table(["", *columns, "from"], made)
        lines += [table, *(f"  {line}" for line in table_lines)]
    return lines


def _place(row: dict) -> str:
    """A raw place as short as it can be told: the sheet, or the file that has no sheets."""
    sheet = shown(row["SRCSHEET"])
    return place_text(None if sheet else row["SRCFILE"], sheet, row["SRCROW"])


def _queries(queries: pd.DataFrame) -> list[str]:
    return terminal.pairs(
        (
            f"{r['SEVERITY']} {r['RULE']}",
            f"{shown(r['MESSAGE'])} Done: {shown(r['ACTION'])}. {_place(r)}",
        )
        for r in queries.to_dict("records")
    )


def _course(milestones: pd.DataFrame) -> list[str]:
    rows = [
        (
            f"day {shown(r['ADY'])}",
            shown(r["ADT"]),
            shown(r["DESCRIPTION"]),
            shown(r["MILESTONE"]),
            f"{r['SRCDOM']}.{r['SRCVAR']} #{shown(r['SRCSEQ'])}",
        )
        for r in milestones.to_dict("records")
    ]
    return terminal.table(["day", "date", "what", "milestone", "from"], rows) if rows else []


def _endpoints(adtte: pd.DataFrame, study: dict) -> list[str]:
    lines = []
    for r in adtte.to_dict("records"):
        endpoint = study["endpoints"].get(r["PARAMCD"], {})
        start, end = (
            f"day {shown(r[day])}" + (f" ({shown(r[date])})" if shown(r[date]) else "")
            for day, date in (("STARTDY", "STARTDT"), ("ADY", "ADT"))
        )
        lines.append(f"{r['PARAMCD']}  {r['PARAM']}: {shown(r['AVAL'])} days, {outcome(r)}")
        lines += terminal.pairs(
            [
                ("  from, to", f"{start}, {end}"),
                ("  decided by", f"{r['SRCDOM']}.{r['SRCVAR']} #{shown(r['SRCSEQ'])}"),
                ("  raw cell", raw_cell(r)),
                ("  definition", f"{definition(endpoint)} [{shown(r['DEFN'])}]"),
            ]
        )
    return lines


def _laboratory(own: dict[str, pd.DataFrame]) -> list[str]:
    """A section with the worst graded values and tumour lysis; none without laboratory values."""
    if "endpoints/adlb" not in own or own["endpoints/tls"].empty:
        return []
    adlb = own["endpoints/adlb"]
    lines = []
    for row in adlb[(adlb["WORSTFL"] == "Y").fillna(False)].to_dict("records"):
        words = f"{shown(row['AVAL'])} {row['AVALU']} on day {row['ADY']}, grade {row['ATOXGR']}"
        base = shown(row["BASE"])
        before = f"{base}, grade {shown(row['BTOXGR']) or 'unknown'}" if base else "not recorded"
        lines.append((f"worst {row['PARAMCD']}", f"{words}; at baseline {before}"))
    lines += [
        (f"lysis, {row['DEFN'].replace('_', ' ')}", shown(row["REASON"]))
        for row in own["endpoints/tls"].to_dict("records")
    ]
    return [terminal.section("Laboratory safety", terminal.pairs(lines))]


def _left_out(excluded: pd.DataFrame) -> list[str]:
    return terminal.pairs((r["PARAMCD"], r["REASON"]) for r in excluded.to_dict("records"))


def why(results: Path, study: dict, ard_id: str) -> str:
    """One number as text: value, method, population, definition, its rows and its files.

    ``results`` is ``results/STUDY``. Raises ``StudyError`` for a number that is not there.
    """
    tables = read_results(results)
    number = number_of(tables, ard_id)
    behind = rows_behind(number, tables, study)
    endpoint = study["endpoints"].get(shown(number["endpoint"]))
    names = ["statistics/ard", *behind.tables]
    if behind.references:
        files = _reference_files(results, names, behind.references)
    else:
        files = _files(results, tables, study, [*names, *_clean_tables(behind.frame)])
    parts = [
        terminal.title(f"{ard_id} = {number['display']}"),
        terminal.section("The number", _number(number, study, endpoint)),
        terminal.section(f"{behind.title}: {behind.account}", _lines(behind.frame, tables, study)),
        terminal.section("Files", files),
    ]
    return "\n".join(parts) + "\n"


def _number(number: dict, study: dict, endpoint: dict | None) -> list[str]:
    value = shown(number["value"])
    month = study["timeline"]["days_per_month"]
    unit = shown(number["unit"])
    group = shown(number["group"])
    return terminal.pairs(
        [
            ("study", f"{study['id']}, export of {study['export']}"),
            ("value", f"{value} {unit}".strip() if value else ""),
            ("printed", shown(number["display"])),
            ("no value", shown(number["reason"])),
            ("a month", f"{month:g} days" if unit == "months" else ""),
            ("statistic", f"{shown(number['statistic'])} ({shown(number['analysis'])})"),
            ("method", shown(number["method"])),
            ("population", shown(number["population"])),
            ("group", f"{shown(number['group_variable'])} = {group}" if group else "all patients"),
            ("of", shown(number["term"])),
            ("time", f"{shown(number['time'])} days" if shown(number["time"]) else ""),
            ("endpoint", f"{endpoint['label']}. {definition(endpoint)}" if endpoint else ""),
            ("source", shown(endpoint.get("source")) if endpoint else ""),
        ]
    )


def _lines(frame: pd.DataFrame, tables: dict[str, pd.DataFrame], study: dict) -> list[str]:
    if frame.empty:
        return []
    if "SRCDOM" in frame:
        pointed = with_sources(frame, of_stage(tables, "clean"), tables["intake/cells"], study)
        cells = [_decided(row) for row in pointed.to_dict("records")]
        frame = frame.drop(columns=["SRCDOM", "SRCVAR", "SRCSEQ"]).assign(**{"decided by": cells})
    rows = [[shown(v) for v in row] for row in frame.itertuples(index=False)]
    return terminal.table(list(frame.columns), rows)


def _decided(row: dict) -> str:
    if not shown(row["SRCVAR"]):
        return ""
    return f"{row['SRCDOM']}.{row['SRCVAR']} <- {raw_cell(row)}"


def _clean_tables(frame: pd.DataFrame) -> list[str]:
    if "SRCDOM" not in frame:
        return ["clean/patients"]
    return sorted({f"clean/{name}" for name in frame["SRCDOM"].dropna()} | {"clean/patients"})


def _reference_files(results: Path, names: list[str], references: tuple[str, ...]) -> list[str]:
    """The tables of results and the reference tables of the project, with their hashes."""
    paths = [(f"{name}.parquet", results / f"{name}.parquet") for name in dict.fromkeys(names)]
    paths += [(name, results.parents[1] / name) for name in references]
    rows = [(name, file_hash(path)) for name, path in paths if path.is_file()]
    return terminal.table(["file", "SHA-256"], rows)


def _files(results: Path, tables: dict, study: dict, names: list[str]) -> list[str]:
    rows = []
    for name in dict.fromkeys(names):
        path = results / f"{name}.parquet"
        if path.is_file():
            rows.append((f"{name}.parquet", file_hash(path)))
    raw = tables["intake/files"].to_dict("records")
    folder = f"data/raw/{study['id']}/{study['export']}"
    rows += [(f"{folder}/{r['SRCFILE']}", r["SHA256"]) for r in raw]
    return terminal.table(["file", "SHA-256"], rows)
