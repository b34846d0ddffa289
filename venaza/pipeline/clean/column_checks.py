"""What one cell cannot tell and its column can: the meaning of a sign, decimal mark, unit."""

from __future__ import annotations

from statistics import median

import numpy as np

from venaza.contracts.coded_values import code_of, codes, vocabulary_of
from venaza.contracts.columns import Column
from venaza.contracts.grouping import grouped
from venaza.contracts.headers import mapped_columns
from venaza.contracts.text import as_word
from venaza.contracts.unit_conversion import (
    about_unit,
    scaled,
    strange_unit,
    unit_factor,
    unit_in_header,
)
from venaza.pipeline.clean.clean_table import CleanRow
from venaza.pipeline.clean.date_order import date_order, fits_declared
from venaza.pipeline.clean.journal import Journal, stop
from venaza.pipeline.clean.mrd import shows_unit
from venaza.pipeline.clean.numbers import comma_shown, read_number
from venaza.pipeline.clean.raw_column import Cells, Filled
from venaza.pipeline.clean.raw_table import RawTable
from venaza.pipeline.clean.signs import ANSWERS, asks_no, settle
from venaza.pipeline.clean.times import unit_in_header as unit_of_time

#: So many values make a column from which a conclusion about its unit is drawn.
_ENOUGH = 3


def settled_records(
    rows: RawTable, table: str, known: dict[str, Column], study: dict, journal: Journal
) -> list[dict]:
    """The table's records with what each column leaves open settled over the whole of it.

    A column may gain ``settled_order``, ``date_system``, ``decimal`` and ``unit``, as the whole of
    it shows them. Raises ``StudyError`` where the cells of a column contradict each other, or
    where none tells and each has two readings.
    """
    spec = study["tables"][table]
    columns: dict[tuple[str, str], Cells] = {}
    for name, how in mapped_columns(spec):
        if "from" in how and "constant" not in how and (name, how["from"]) not in columns:
            found = Filled.under(rows, how["from"])
            columns[(name, how["from"])] = Cells(table, name, how["from"], how, found)
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
    alike = [t for (name, _), c in columns.items() if name == cells.name for t in c.found.texts]
    contrary = asks_no(cells.header)
    if contrary:
        known = cells.how.get("values", {})
    settled = settle(cells.found.texts, alike, vocabulary, known, not contrary)
    for code, words in settled.words.items():
        for word in words:
            where = cells.found.of(lambda text, word=word: text == word)
            said = {"sign": word, "code": code, "n": len(where), "at": cells.at()}
            cells.ask("sign_settled", said, where, journal)
    for word in sorted(settled.open):
        where = cells.found.of(lambda text, word=word: as_word(text) == word)
        said = {"sign": where.first[0], "n": len(where), "at": cells.at()}
        said["code"] = " or ".join(ANSWERS[vocabulary])
        cells.ask("sign_open", said, where, journal)
    return {"settled_words": settled.words, "open_signs": settled.open}


def _unit_of_time(cells: Cells) -> dict:
    """The unit in the header of a time in study days: in brackets it counts, elsewhere it stops."""
    if cells.how.get("unit") or cells.how.get("unit_from") or not len(cells.found):
        return {}
    unit, bracketed = unit_of_time(cells.header)
    if unit is None or bracketed:
        return {"unit": unit} if unit else {}
    raise cells.error(
        f"The header '{cells.header}' speaks of {unit}, and the times of this export are days.",
        f"Write unit: {unit} (or unit: days) under {cells.at()}.",
        cells.found,
    )


def _whole_days(cells: Cells, decimal: str, study: dict) -> None:
    """Times with decimals are seldom days: those among them that are whole would be taken so."""
    if cells.how.get("unit") or cells.how.get("unit_from"):
        return
    bare, numbers = _bare_numbers(cells, decimal)
    found = bare.of(lambda text: text in numbers and not numbers[text].is_integer())
    if len(found) >= study["checks"]["limits"]["unreadable_cells"]:
        raise cells.error(
            f"{len(found)} of {len(bare)} times under '{cells.header}' have decimals: "
            f"{cells.examples(found)}. Without a unit they are days, and days are whole.",
            f"Write unit: months, weeks or years under {cells.at()}, or unit: days to have days "
            "rounded.",
            found,
        )


def _decimal(cells: Cells, study: dict, journal: Journal) -> dict:
    if "decimal" in cells.how:
        return {}
    if study["numbers"]["decimal"] != "ask":
        return {"decimal": study["numbers"]["decimal"]}
    shown = cells.found.by(comma_shown)
    told = [mark for mark in (",", ".") if mark in shown]
    if len(told) != 1:
        return {}
    mark = "a decimal mark" if told[0] == "," else "a mark between thousands"
    cells.ask("comma_settled", {"mark": mark}, shown[told[0]], journal)
    return {"decimal": told[0]}


def _unit(cells: Cells, name: str, decimal: str, study: dict) -> dict:
    """The unit in the header; without one the numbers must look like the standard unit."""
    if not len(cells.found):
        return {}
    if unit := unit_in_header(cells.header, name, study):
        return {"unit": unit}
    if strange := strange_unit(cells.header, name, study):
        raise stop(
            f"The unit '{strange}' in the header '{cells.header}' is not known for {name}"
            f"{about_unit(name, strange, study)}.",
            f"Write unit: ... under {cells.at()}. Known: "
            f"{', '.join(study['units'][name]['factors'])}.",
            cells.found.first[1],
            cells.header,
            None,
        )
    if name in ("MRDVAL", "MRDLOD"):
        _mrd_unit(cells, decimal, study)
        return {}
    bare, numbers = _bare_numbers(cells, decimal)
    if name in study["units"] and _percent_beside(cells, name, decimal, study):
        # 0.35 among cells in per cent may be 0.35% or a fraction: nothing in the column tells.
        return {"fractions_up_to": 0.999 if any(n > 1 for n in numbers.values()) else 1}
    if name in study["units"] and numbers:
        _likely_unit(cells, name, bare, numbers, study)
    return {}


def _percent_beside(cells: Cells, name: str, decimal: str, study: dict) -> bool:
    """Whether some cells of a column of percentages say so themselves."""
    if study["units"][name]["standard"] != "%":
        return False
    return any(read_number(text, decimal).unit == "%" for text in cells.found.texts)


def _bare_numbers(cells: Cells, decimal: str) -> tuple[Filled, dict[str, float]]:
    """The cells that are numbers without a unit, and the number of each distinct text."""
    numbers = {}
    for text in cells.found.texts:
        read = read_number(text, decimal)
        if read.number is not None and not read.unit and text not in cells.how.get("values", {}):
            numbers[text] = read.number
    return cells.found.of(numbers.__contains__), numbers


def _mrd_unit(cells: Cells, decimal: str, study: dict) -> None:
    words = study["vocabulary"]["mrd_result"]
    own = cells.how.get("values", {})
    bare = cells.found.of(
        lambda text: not (shows_unit(text, decimal) or code_of(text, words) or code_of(text, own))
    )
    if len(bare):
        raise cells.error(
            f"{len(bare)} MRD value(s) under '{cells.header}' are neither percent nor a power of "
            f"ten: {cells.examples(bare)}.",
            f'Write unit: "%" or unit: fraction under {cells.at()}.',
            bare,
        )


def _likely_unit(
    cells: Cells, name: str, bare: Filled, numbers: dict[str, float], study: dict
) -> None:
    known, values = study["units"][name], bare.numbers(numbers)
    if known.get("fraction") == "ask" and values.max() <= 1 and np.any((values > 0) & (values < 1)):
        raise cells.error(
            f"No number under '{cells.header}' is over 1 ({len(values)} of them): fractions, or "
            "very low percentages?",
            f'Write unit: fraction or unit: "%" under {cells.at()}.',
            bare,
        )
    middle = float(np.median(values))
    unit = likelier_unit(name, middle, study) if len(values) >= _ENOUGH else ""
    if unit:
        raise cells.error(
            f"The numbers under '{cells.header}' lie around {middle:g}, which is no "
            f"{name} in {known['standard']} but one in {unit}.",
            f'Write unit: "{unit}" (or "{known["standard"]}") under {cells.at()}.',
            bare,
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
    bare = [r for r in made if r.of.bare[r.index] and r.get("LBSTRESN") is not None]
    for test, rows in sorted(grouped(bare, lambda row: row["LBTESTCD"]).items()):
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
