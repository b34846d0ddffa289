"""One patient for a terminal: raw cells, cleaning, clean rows, course, endpoints, numbers."""

from __future__ import annotations

from venaza.contracts import terminal
from venaza.contracts.clean import PLACE
from venaza.contracts.wording import shown
from venaza.pipeline.audit.trace.endpoint_words import outcome
from venaza.pipeline.audit.trace.number_text import cells_text
from venaza.pipeline.audit.trace.origins import place_text

_WORDS = {
    "ITTFL": "in the analysis",
    "SAFFL": "in the safety population",
    "RESPFL": "evaluable for response",
    "CRFL": "reached complete remission",
    "MRDFL": "MRD tested in remission",
    "FAILFL": "regimen failed",
    "PFTRTFL": "anti-leukaemic therapy after failure",
    "PFSUPFL": "supportive care only after failure",
    "TXFL": "transplanted",
    "DTHFL": "died",
}
#: A single raw row with more cells than this is written downwards.
_WIDE = 8


def patient_text(known: dict) -> str:
    """``traced`` as text."""
    heading = f"{known['patient']}, study {known['study']}, export of {known['export']}"
    numbers = known["numbers"]
    parts = [
        terminal.title(heading),
        terminal.section("Populations", _populations(known)),
        terminal.section("Raw cells", _raw(known["raw"])),
        terminal.section("What cleaning changed", _cleaning(known["cleaning"])),
        terminal.section("Clean rows", _clean_rows(known["clean"])),
        terminal.section("Queries", _queries(known["queries"])),
        terminal.section("Course", _course(known["course"])),
        terminal.section("Endpoints", _endpoints(known["endpoints"])),
        *_laboratory(known["laboratory"]),
        terminal.section("Without a row", _left_out(known["excluded"])),
        terminal.section(_numbers_heading(numbers), _numbers(numbers["printed"] or [])),
    ]
    return "\n".join(parts) + "\n"


def _populations(known: dict) -> list[str]:
    group, label = known["group"], known["group_label"]
    items = [("group", f"{group} ({label})" if label else shown(group))]
    for flag, words in _WORDS.items():
        found = known["populations"][flag]
        value, reason = {"Y": "yes", "N": "no"}.get(found["flag"], ""), found["reason"]
        items.append((words, f"{value} ({reason})" if value and reason else value))
    return terminal.pairs(items)


def _raw(rows: list[dict]) -> list[str]:
    """The raw rows by sheet."""
    sheets: dict[tuple, dict[int, dict[str, str]]] = {}
    for row in rows:
        cells = {f"{c['COL']} {shown(c['HEADER'])}".strip(): c["VALUE"] for c in row["cells"]}
        sheets.setdefault((row["SRCFILE"], row["SRCSHEET"]), {})[row["SRCROW"]] = cells
    lines = []
    for place, found in sheets.items():
        lines += [place_text(*place, None), *(f"  {line}" for line in _sheet(found))]
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


def _place(row: dict) -> str:
    """A raw place as short as it can be told: the sheet, or the file that has no sheets."""
    sheet = row["SRCSHEET"]
    return place_text(None if sheet else row["SRCFILE"], sheet, row["SRCROW"])


def _cleaning(log: list[dict]) -> list[str]:
    rows = [
        (
            f"{r['TABLE']}.{r['COLUMN']}",
            f"'{shown(r['RAW'])}' -> '{shown(r['CLEAN'])}'",
            ": ".join(filter(None, [shown(r["RULE"]), shown(r.get("NOTE"))])),
            _place(r),
        )
        for r in log
    ]
    return terminal.table(["column", "change", "rule", "raw row"], rows) if rows else []


def _clean_rows(tables: dict[str, list[dict]]) -> list[str]:
    lines = []
    for table, rows in tables.items():
        columns = [c for c in rows[0] if c not in ("SEQ", *PLACE)]
        if table == "patients":
            row = rows[0]
            said = ", ".join(f"{c} {shown(row[c])}" for c in columns if shown(row[c]))
            lines += [f"{table}, from {_place(row)}", *terminal.pairs([("  #1", said)])]
            continue
        made = [(f"#{r['SEQ']}", *(shown(r[c]) for c in columns), _place(r)) for r in rows]
        table_lines = terminal.table(["", *columns, "from"], made)
        lines += [table, *(f"  {line}" for line in table_lines)]
    return lines


def _queries(queries: list[dict]) -> list[str]:
    return terminal.pairs(
        (
            f"{r['SEVERITY']} {r['RULE']}",
            f"{shown(r['MESSAGE'])} Done: {shown(r['ACTION'])}. {_place(r)}",
        )
        for r in queries
    )


def _course(milestones: list[dict]) -> list[str]:
    rows = [
        (
            f"day {shown(r['ADY'])}",
            shown(r["ADT"]),
            shown(r["DESCRIPTION"]),
            shown(r["MILESTONE"]),
            f"{r['SRCDOM']}.{r['SRCVAR']} #{shown(r['SRCSEQ'])}",
        )
        for r in milestones
    ]
    return terminal.table(["day", "date", "what", "milestone", "from"], rows) if rows else []


def _endpoints(rows: list[dict]) -> list[str]:
    lines = []
    for r in rows:
        lines += [""] * bool(lines)
        start, end = (
            f"day {shown(r[day])}" + (f" ({r[date]})" if r[date] else "")
            for day, date in (("STARTDY", "STARTDT"), ("ADY", "ADT"))
        )
        lines.append(f"{r['PARAMCD']}  {r['PARAM']}: {shown(r['AVAL'])} days, {outcome(r)}")
        lines += terminal.pairs(
            [
                ("  from, to", f"{start}, {end}"),
                ("  decided by", f"{r['SRCDOM']}.{r['SRCVAR']} #{shown(r['SRCSEQ'])}"),
                ("  definition", f"{r['definition']} [{shown(r['DEFN'])}]"),
            ]
        )
        lines += [f"    {line}" for line in _tried(r["tried"])]
    return lines


def _tried(tried: list[dict]) -> list[str]:
    """The sources in the order tried; the one that decided is marked."""
    rows = [
        (
            ">" if t["DECIDED"] == "Y" else "",
            f"{t['NTH']}",
            t["ROLE"].replace("_", " "),
            t["SOURCE"] if t["FOUND"] in (None, t["SOURCE"]) else f"{t['SOURCE']}: {t['FOUND']}",
            "" if t["ADY"] is None else f"day {t['ADY']}",
            t["SAID"],
            cells_text(t["cells"][:1], sheet_only=True),
        )
        for t in tried
    ]
    headers = ["", "#", "tried as", "source", "found", "what came of it", "raw cell"]
    return terminal.table(headers, rows) if rows else []


def _laboratory(found: dict | None) -> list[str]:
    """A section with the worst graded values and tumour lysis; none without laboratory values."""
    if found is None:
        return []
    lines = []
    for row in found["worst"]:
        words = f"{shown(row['AVAL'])} {row['AVALU']} on day {row['ADY']}, grade {row['ATOXGR']}"
        base = shown(row["BASE"])
        before = f"{base}, grade {shown(row['BTOXGR']) or 'unknown'}" if base else "not recorded"
        lines.append((f"worst {row['PARAMCD']}", f"{words}; at baseline {before}"))
    lines += [
        (f"lysis, {row['DEFN'].replace('_', ' ')}", shown(row["REASON"]))
        for row in found["tumour_lysis"]
    ]
    return [terminal.section("Laboratory safety", terminal.pairs(lines))]


def _left_out(excluded: list[dict]) -> list[str]:
    lines = []
    for row in excluded:
        lines += terminal.pairs([(row["PARAMCD"], row["REASON"])])
        if len(row["tried"]) > 1 or any(t["FOUND"] for t in row["tried"]):
            lines += [f"    {line}" for line in _tried(row["tried"])]
    return lines


def _numbers_heading(numbers: dict) -> str:
    more = numbers["further"]
    if numbers["printed"] is None:
        return f"Numbers: behind {more} of the ARD; the report has not been made"
    count = len(numbers["printed"])
    return f"Numbers: behind {count} of the report, and {more} more of the ARD"


def _numbers(printed: list[dict]) -> list[str]:
    """One line per analysis: how many numbers, of which endpoints, the first of them."""
    groups: dict[str, list[dict]] = {}
    for number in printed:
        groups.setdefault(number["analysis"], []).append(number)
    rows = [
        (
            analysis.replace("_", " "),
            f"{len(found):>7}",
            _listed(list(dict.fromkeys(shown(n["endpoint"]) for n in found))),
            f"{found[0]['ard_id']} = {found[0]['display']}",
        )
        for analysis, found in groups.items()
    ]
    return terminal.table(["analysis", "numbers", "of", "the first of them"], rows) if rows else []


def _listed(names: list[str]) -> str:
    return (
        ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"
    )
