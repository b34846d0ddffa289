"""What one cell cannot tell and its column can: day or month first, decimal mark, unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from venaza.clean.dates import ORDERS, order_shown
from venaza.clean.journal import Journal, Place, stop
from venaza.clean.mrd import shows_unit
from venaza.clean.numbers import comma_shown, read_number
from venaza.clean.text import tidy
from venaza.clean.units import about_unit, scaled, strange_unit, unit_factor, unit_in_header
from venaza.clean.words import code_of

if TYPE_CHECKING:
    from venaza.clean.rows import RawRow
    from venaza.contracts.columns import Column

#: So many values make a column from which a conclusion about its unit is drawn.
_ENOUGH = 3
_SHOWN = 3
_ISO = re.compile(r"\d{4}-\d{2}-(\d{2})")


@dataclass(frozen=True)
class Cells:
    """The filled cells of a raw column and the clean column that they go to."""

    table: str
    name: str
    header: str
    how: dict
    found: list[tuple[str, Place]]

    def at(self) -> str:
        """Where the study file declares the column."""
        return f"tables > {self.table} > columns > {self.name}"

    def examples(self, texts: list[tuple[str, Place]]) -> str:
        """Some of the cells, with their rows."""
        listed = ", ".join(f"{text} (row {place.row})" for text, place in texts[:_SHOWN])
        return f"{listed}, ..." if len(texts) > _SHOWN else listed


def settled_records(
    rows: list[RawRow], table: str, known: dict[str, Column], study: dict, journal: Journal
) -> list[dict]:
    """The table's records with what each column leaves open settled over the whole of it.

    A column may gain ``settled_order``, ``date_system``, ``decimal`` and ``unit``, as the whole of
    it shows them. Raises ``StudyError`` where the cells of a column contradict each other, or
    where none tells and each has two readings.
    """
    spec = study["tables"][table]
    columns: dict[tuple[str, str], Cells] = {}
    for record in spec["records"]:
        for name, how in record["columns"].items():
            if "from" in how and "constant" not in how:
                key = (name, how["from"])
                if key not in columns:
                    columns[key] = Cells(table, name, how["from"], how, _filled(rows, how["from"]))
    facts = {
        key: _facts(cells, known[key[0]], columns, spec, study, journal)
        for key, cells in columns.items()
    }
    return [
        {
            name: {**how, **facts.get((name, how.get("from", "")), {})}
            for name, how in record["columns"].items()
        }
        for record in spec["records"]
    ]


def _filled(rows: list[RawRow], header: str) -> list[tuple[str, Place]]:
    found = ((tidy(row.label(header) or row.text(header)), row.place) for row in rows)
    return [(text, place) for text, place in found if text]


def _facts(cells: Cells, column: Column, columns: dict, spec: dict, study: dict, journal) -> dict:
    calendar = study["timeline"]["dates"] == "calendar"
    if column.dtype == "date" and not calendar:
        facts = _decimal(cells, study, journal)
        _whole_days(cells, facts.get("decimal", ""), study)
        return facts
    if column.dtype == "date":
        facts = {"date_system": spec["date_system"]} if "date_system" in spec else {}
        if declared := cells.how.get("date_order") or study["timeline"].get("date_order"):
            _fits_declared(cells, declared)
        else:
            facts |= _date_order(cells, columns, journal)
        return facts
    if column.dtype != "number":
        return {}
    facts = _decimal(cells, study, journal)
    if not (cells.how.get("unit") or cells.how.get("unit_from")):
        decimal = {**cells.how, **facts}.get("decimal", "")
        facts |= _unit(cells, column.name, decimal, study)
    return facts


def _date_order(cells: Cells, columns: dict, journal: Journal) -> dict:
    shown = _by_order(cells)
    told = [order for order in ORDERS if shown[order]]
    if len(told) > 1:
        raise _contradictory(cells, shown)
    if not told and shown["open"]:
        # A date that repeats over columns (date_1, date_2, ...) was typed the same way in each.
        others = [c for (name, _), c in columns.items() if name == cells.name]
        told = [order for order in ORDERS if any(_by_order(other)[order] for other in others)]
        if len(told) != 1:
            raise _ambiguous(cells, shown["open"])
        shown = {
            **shown,
            told[0]: next(_by_order(o)[told[0]] for o in others if _by_order(o)[told[0]]),
        }
    if not told:
        return {}
    order = told[0]
    if shown["open"]:
        said = {"n": len(shown["open"]), "open": shown["open"][0][0], "order": ORDERS[order]}
        _ask(cells, "column_settled", said, shown[order], journal)
    else:
        _swapped(cells, shown[order], journal)
    return {"settled_order": order}


def _fits_declared(cells: Cells, declared: str) -> None:
    """A column most of whose telling dates have the other order makes the declared one a slip."""
    other = {"DMY": "MDY", "MDY": "DMY"}.get(declared)
    shown = _by_order(cells)
    if other is None or len(shown[other]) <= len(shown[declared]):
        return
    text, place = shown[other][0]
    raise stop(
        f"{len(shown[other])} date(s) under '{cells.header}' can only have the {ORDERS[other]} "
        f"({cells.examples(shown[other])}), {len(shown[declared])} only the {ORDERS[declared]}, "
        f"which the study file declares (date_order: {declared}).",
        f"Write date_order: {other} under {cells.at()}, or correct the cells.",
        place,
        cells.header,
        text,
    )


def _whole_days(cells: Cells, decimal: str, study: dict) -> None:
    """Times with decimals are seldom days: those among them that are whole would be taken so."""
    if cells.how.get("unit") or cells.how.get("unit_from"):
        return
    numbers = _bare_numbers(cells, decimal)
    found = [cell for number, cell in numbers if not number.is_integer()]
    if len(found) < study["checks"]["limits"]["unreadable_cells"]:
        return
    text, place = found[0]
    raise stop(
        f"{len(found)} of {len(numbers)} times under '{cells.header}' have decimals: "
        f"{cells.examples(found)}. Without a unit they are days, and days are whole.",
        f"Write unit: months, weeks or years under {cells.at()}, or unit: days to have days "
        "rounded.",
        place,
        cells.header,
        text,
    )


def _by_order(cells: Cells) -> dict[str, list]:
    shown: dict[str, list] = {"DMY": [], "MDY": [], "open": []}
    for text, place in cells.found:
        kind = order_shown(text)
        if kind:
            shown[kind].append((text, place))
    return shown


def _ambiguous(cells: Cells, found: list):
    text, place = found[0]
    return stop(
        f"{len(found)} date(s) under '{cells.header}' can be read with the day or the month "
        f"first, and no other date of the column shows which: {cells.examples(found)}.",
        f"Ask the clinic, then write date_order: DMY (day first) or MDY under {cells.at()}, or "
        "timeline > date_order for the whole study.",
        place,
        cells.header,
        text,
    )


def _contradictory(cells: Cells, shown: dict):
    text, place = shown["MDY"][0]
    return stop(
        f"Some dates under '{cells.header}' have the day first: {cells.examples(shown['DMY'])}; "
        f"others the month: {cells.examples(shown['MDY'])}.",
        f"Correct the cells, or write date_order: DMY or MDY under {cells.at()}: dates that do "
        "not fit it are then left empty with a query.",
        place,
        cells.header,
        text,
    )


def _swapped(cells: Cells, told: list, journal: Journal) -> None:
    """A spreadsheet of another language turns 3/5/2021 into a true date and leaves 15/3/2021."""
    days = [(match, place) for text, place in cells.found if (match := _ISO.match(text))]
    if len(told) < _ENOUGH or len(days) < 5 or any(int(match[1]) > 12 for match, _ in days):
        return
    _ask(cells, "swapped_days", {"n": len(days), "m": len(told)}, told, journal)


def _ask(cells: Cells, rule: str, said: dict, found: list, journal: Journal) -> None:
    """Ask about a column as a whole, at the first cell that shows how it is meant."""
    text, place = found[0]
    journal.ask(
        rule,
        {"header": cells.header, "text": text, "row": place.row, **said},
        table=cells.table,
        column=cells.name,
        value=text,
        place=place,
        header=cells.header,
    )


def _decimal(cells: Cells, study: dict, journal: Journal) -> dict:
    if "decimal" in cells.how:
        return {}
    if study["numbers"]["decimal"] != "ask":
        return {"decimal": study["numbers"]["decimal"]}
    shown: dict[str, list] = {",": [], ".": [], "open": []}
    for text, place in cells.found:
        kind = comma_shown(text)
        if kind:
            shown[kind].append((text, place))
    told = [mark for mark in (",", ".") if shown[mark]]
    if len(told) != 1:
        return {}
    mark = "a decimal mark" if told[0] == "," else "a mark between thousands"
    _ask(cells, "comma_settled", {"mark": mark}, shown[told[0]], journal)
    return {"decimal": told[0]}


def _unit(cells: Cells, name: str, decimal: str, study: dict) -> dict:
    """The unit in the header; without one the numbers must look like the standard unit."""
    if not cells.found:
        return {}
    if unit := unit_in_header(cells.header, name, study):
        return {"unit": unit}
    if strange := strange_unit(cells.header, name, study):
        raise stop(
            f"The unit '{strange}' in the header '{cells.header}' is not known for {name}"
            f"{about_unit(name, strange, study)}.",
            f"Write unit: ... under {cells.at()}. Known: "
            f"{', '.join(study['units'][name]['factors'])}.",
            cells.found[0][1],
            cells.header,
            None,
        )
    if name in ("MRDVAL", "MRDLOD"):
        _mrd_unit(cells, decimal, study)
        return {}
    numbers = _bare_numbers(cells, decimal)
    if name in study["units"] and _percent_beside(cells, name, decimal, study):
        # 0.35 among cells in per cent may be 0.35% or a fraction: nothing in the column tells.
        return {"fractions_up_to": 0.999 if any(n > 1 for n, _ in numbers) else 1}
    if name in study["units"] and len(numbers) >= _ENOUGH:
        _likely_unit(cells, name, numbers, study)
    return {}


def _percent_beside(cells: Cells, name: str, decimal: str, study: dict) -> bool:
    """Whether some cells of a column of percentages say so themselves."""
    if study["units"][name]["standard"] != "%":
        return False
    return any(read_number(text, decimal).unit == "%" for text, _ in cells.found)


def _bare_numbers(cells: Cells, decimal: str) -> list[tuple[float, tuple[str, Place]]]:
    found = []
    for text, place in cells.found:
        read = read_number(text, decimal)
        if read.number is not None and not read.unit and text not in cells.how.get("values", {}):
            found.append((read.number, (text, place)))
    return found


def _mrd_unit(cells: Cells, decimal: str, study: dict) -> None:
    words = study["vocabulary"]["mrd_result"]
    bare = [
        (text, place)
        for text, place in cells.found
        if not shows_unit(text, decimal) and code_of(text, words) is None
        if code_of(text, cells.how.get("values", {})) is None
    ]
    if bare:
        raise stop(
            f"{len(bare)} MRD value(s) under '{cells.header}' are neither percent nor a power of "
            f"ten: {cells.examples(bare)}.",
            f'Write unit: "%" or unit: fraction under {cells.at()}.',
            bare[0][1],
            cells.header,
            bare[0][0],
        )


def _likely_unit(cells: Cells, name: str, numbers: list, study: dict) -> None:
    known, values = study["units"][name], [number for number, _ in numbers]
    if known.get("fraction") == "ask" and max(values) <= 1 and any(0 < v < 1 for v in values):
        raise stop(
            f"All {len(values)} numbers under '{cells.header}' are at most 1: fractions, or very "
            "low percentages?",
            f'Write unit: fraction or unit: "%" under {cells.at()}.',
            numbers[0][1][1],
            cells.header,
            numbers[0][1][0],
        )
    if unit := likelier_unit(name, median(values), study):
        raise stop(
            f"The numbers under '{cells.header}' lie around {median(values):g}, which is no "
            f"{name} in {known['standard']} but one in {unit}.",
            f'Write unit: "{unit}" (or "{known["standard"]}") under {cells.at()}.',
            numbers[0][1][1],
            cells.header,
            numbers[0][1][0],
        )


def likelier_unit(name: str, middle: float, study: dict) -> str:
    """The unit in which a column with this median would be usual, where the standard is not."""
    known = study["units"].get(name, {})
    low, high = known.get("usual", (float("-inf"), float("inf")))
    if low <= middle <= high:
        return ""
    fitting = (
        u for u in known["factors"] if low <= scaled(middle, unit_factor(name, u, study)) <= high
    )
    return next(fitting, "")


def check_unitless_labs(made: list[dict], study: dict) -> None:
    """Raise ``StudyError`` where the results of a test without a unit look like another unit."""
    by_test: dict[str, list[dict]] = {}
    for row in made:
        if row.get("_bare") and row.get("LBSTRESN") is not None:
            by_test.setdefault(row["LBTESTCD"], []).append(row)
    for test, rows in sorted(by_test.items()):
        middle = median(row["LBSTRESN"] for row in rows)
        unit = likelier_unit(test, middle, study) if len(rows) >= _ENOUGH else ""
        if unit:
            header, text = rows[0]["_raw"]["LBSTRESN"]
            raise stop(
                f"The results of {test} without a unit lie around {middle:g}, which is no {test} "
                f"in {study['units'][test]['standard']} but one in {unit}.",
                "Write unit_from: HEADER (the column with the unit) or unit: ... under tables > "
                "labs > columns > LBSTRESN.",
                rows[0]["_place"],
                header,
                text,
            )
