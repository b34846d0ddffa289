"""Rows that no table asks for: told of sheet by sheet, as a loop over the rows would tell it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clean.export import study
from tests.clean.test_raw_table import EXPORTS, table_of
from venaza.contracts.text import tidy
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.unasked import tell_unasked

WHERES = {"patients": {"dead": ["yes"]}, "labs": {"day": ["1", ""], "note": ["x"]}}
STUDY = {**study(), "tables": {name: {"where": where} for name, where in WHERES.items()}}


def told_by_loop(passed: dict[tuple, set[str]], texts: dict[tuple, dict]) -> dict[str, list[str]]:
    """By sheet what is said of its rows, the commonest way: one text for each kind of row."""
    sheets: dict[str, dict[str, int]] = {}
    for place, tables in passed.items():
        headers = list(dict.fromkeys(h for table in sorted(tables) for h in WHERES[table]))
        asked = {h: w for where in WHERES.values() for h, w in where.items()}
        said = {h: tidy(texts[place].get(h, "")) for h in headers}
        strange = [h for h in headers if said[h].lower() not in asked[h]]
        shown = ", ".join(f"{h} is {said[h] or 'empty'}" for h in strange or headers)
        counts = sheets.setdefault(place[0], {})
        counts[shown] = counts.get(shown, 0) + 1
    return {
        file: [f"{shown} ({n})" for shown, n in counts.items()] for file, counts in sheets.items()
    }


@settings(deadline=None)
@given(EXPORTS, st.data())
def test_rows_are_told_of_as_by_a_loop(lines, data):
    lines = [(*line[:4], None, line[5]) for line in lines]
    rows, journal = table_of(lines), Journal(STUDY["checks"]["rules"])
    places = [(p.file, p.sheet, p.row) for p in rows.places]
    flags = st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))
    gone = {table: data.draw(flags) for table in WHERES}
    taken, passed = np.zeros(len(rows.export.row_sheet), dtype=bool), {}
    for table, its in gone.items():
        taken[rows.raw[~np.array(its, dtype=bool)]] = True
        if any(its):
            journal.passed.append((table, rows, np.array(its, dtype=bool)))
        for place, passes in zip(places, its, strict=True):
            if passes:
                passed.setdefault(place, set()).add(table)
    # A row that one table takes is told of by nobody.
    free = {at for at, *its in zip(places, *gone.values(), strict=True) if all(its)}
    passed = {place: tables for place, tables in passed.items() if place in free}
    texts = {at: row.cells for at, row in zip(places, rows, strict=True)}
    tell_unasked(rows.export, taken, STUDY, journal)
    queries = [q for q in journal.queries if q["RULE"] == "rows_in_no_table"]
    wanted = told_by_loop(passed, texts)
    assert [query["SRCFILE"] for query in queries] == list(wanted)
    for query, shown in zip(queries, wanted.values(), strict=True):
        listed = "; ".join(shown[:6]) + (f"; and {len(shown) - 6} more" if shown[6:] else "")
        assert listed in query["MESSAGE"]
        first = next(place for place in passed if place[0] == query["SRCFILE"])
        assert query["SRCROW"] == first[2]


def test_a_near_word_is_asked_about_once_with_its_count():
    lines = [
        line
        for row, word in enumerate(["patient", "patiemt", "patiemt"], start=2)
        for line in (("a.csv", row, "ID", "1", None, "text"),
                     ("a.csv", row, "dead", word, None, "text"))
    ]  # fmt: skip
    rows, journal = table_of(lines), Journal(STUDY["checks"]["rules"])
    of_patients = {**STUDY, "tables": {"patients": {"where": {"dead": ["patient"]}}}}
    gone = np.array([False, True, True])
    journal.passed.append(("patients", rows, gone))
    tell_unasked(rows.export, ~gone, of_patients, journal)
    near = [q for q in journal.queries if q["RULE"] == "row_near_a_table"]
    assert [(q["VALUE"], q["SRCROW"]) for q in near] == [("patiemt", 3)]
    assert "2" in near[0]["MESSAGE"]
    assert "patient" in near[0]["MESSAGE"]
