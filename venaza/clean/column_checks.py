"""What one cell cannot tell and its column can: the meaning of a sign, decimal mark, unit."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from venaza.clean.date_order import date_order, fits_declared
from venaza.clean.journal import Journal, Place, stop
from venaza.clean.mrd import shows_unit
from venaza.clean.numbers import comma_shown, read_number
from venaza.clean.raw_column import Cells
from venaza.clean.signs import ANSWERS, asks_no, settle
from venaza.clean.text import as_word, tidy
from venaza.clean.times import unit_in_header as unit_of_time
from venaza.clean.units import about_unit, scaled, strange_unit, unit_factor, unit_in_header
from venaza.clean.words import code_of, codes, vocabulary_of

if TYPE_CHECKING:
    from venaza.clean.clean_table import CleanRow
    from venaza.clean.raw_table import RawRow
    from venaza.contracts.columns import Column

#: So many values make a column from which a conclusion about its unit is drawn.
_ENOUGH = 3


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
        facts = {**_decimal(cells, study, journal), **_unit_of_time(cells)}
        if "unit" not in facts:
            _whole_days(cells, facts.get("decimal", ""), study)
        return facts
    if column.dtype == "date":
        facts = {"date_system": spec["date_system"]} if "date_system" in spec else {}
        if declared := cells.how.get("date_order") or study["timeline"].get("date_order"):
            fits_declared(cells, declared)
        else:
            facts |= date_order(cells, columns, journal)
        return facts
    if column.dtype == "string":
        return _signs(cells, columns, study, journal)
    if column.dtype != "number":
        return {}
    facts = _decimal(cells, study, journal)
    if not (cells.how.get("unit") or cells.how.get("unit_from")):
        decimal = {**cells.how, **facts}.get("decimal", "")
        facts |= _unit(cells, column.name, decimal, study)
    return facts


def _signs(cells: Cells, columns: dict, study: dict, journal: Journal) -> dict:
    """What the signs of a column with two answers mean; those that nothing tells are asked once."""
    vocabulary = vocabulary_of(cells.name, cells.how)
    known = codes(cells.name, cells.how, study) if vocabulary in ANSWERS else None
    if known is None:
        return {}
    alike = [text for (name, _), c in columns.items() if name == cells.name for text, _ in c.found]
    contrary = asks_no(cells.header)
    if contrary:
        known = cells.how.get("values", {})
    settled = settle([text for text, _ in cells.found], alike, vocabulary, known, not contrary)
    for code, words in settled.words.items():
        for word in words:
            where = [found for found in cells.found if found[0] == word]
            said = {"sign": word, "code": code, "n": len(where), "at": cells.at()}
            cells.ask("sign_settled", said, where, journal)
    for word in sorted(settled.open):
        where = [found for found in cells.found if as_word(found[0]) == word]
        said = {"sign": where[0][0], "n": len(where), "at": cells.at()}
        said["code"] = " or ".join(ANSWERS[vocabulary])
        cells.ask("sign_open", said, where, journal)
    return {"settled_words": settled.words, "open_signs": settled.open}


def _unit_of_time(cells: Cells) -> dict:
    """The unit in the header of a time in study days: in brackets it counts, elsewhere it stops."""
    if cells.how.get("unit") or cells.how.get("unit_from") or not cells.found:
        return {}
    unit, bracketed = unit_of_time(cells.header)
    if unit is None or bracketed:
        return {"unit": unit} if unit else {}
    text, place = cells.found[0]
    raise stop(
        f"The header '{cells.header}' speaks of {unit}, and the times of this export are days.",
        f"Write unit: {unit} (or unit: days) under {cells.at()}.",
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
    cells.ask("comma_settled", {"mark": mark}, shown[told[0]], journal)
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
    if name in study["units"] and numbers:
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
            f"No number under '{cells.header}' is over 1 ({len(values)} of them): fractions, or "
            "very low percentages?",
            f'Write unit: fraction or unit: "%" under {cells.at()}.',
            numbers[0][1][1],
            cells.header,
            numbers[0][1][0],
        )
    unit = likelier_unit(name, median(values), study) if len(values) >= _ENOUGH else ""
    if unit:
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


def check_unitless_labs(made: list[CleanRow], study: dict) -> None:
    """Raise ``StudyError`` where the results of a test without a unit look like another unit."""
    by_test: dict[str, list[CleanRow]] = {}
    for row in made:
        if row.of.bare[row.index] and row.get("LBSTRESN") is not None:
            by_test.setdefault(row["LBTESTCD"], []).append(row)
    for test, rows in sorted(by_test.items()):
        middle = median(row["LBSTRESN"] for row in rows)
        unit = likelier_unit(test, middle, study) if len(rows) >= _ENOUGH else ""
        if unit:
            header, text = rows[0].raw("LBSTRESN")
            raise stop(
                f"The results of {test} without a unit lie around {middle:g}, which is no {test} "
                f"in {study['units'][test]['standard']} but one in {unit}.",
                "Write unit_from: HEADER (the column with the unit) or unit: ... under tables > "
                "labs > columns > LBSTRESN.",
                rows[0].place,
                header,
                text,
            )
