"""Laboratory rows: specimens that count, results in standard units, limits of normal."""

from __future__ import annotations

from venaza.clean.cell import at_limit
from venaza.clean.journal import Journal, Place
from venaza.clean.numbers import Quantity
from venaza.clean.ranges import read_limits
from venaza.clean.raw_table import RawRow
from venaza.clean.text import tidy
from venaza.clean.units import about_unit, scaled, standard_unit, strange_unit, unit_in_header
from venaza.clean.words import among

_NOT_USED = "a test that is not used"


def specimen_first(mapping: dict) -> dict:
    """The columns of a record, the specimen before the others: of another's nothing is read."""
    return dict(sorted(mapping.items(), key=lambda pair: pair[0] != "LBSPEC"))


def why_not(values: dict, study: dict) -> str:
    """Why a laboratory row does not count, as far as it is read; empty where it may.

    Its specimen is another than those of ``labs > specimens``, by a column of its own or by the
    name of the test, or cannot be read; or the project has no use for the test.
    """
    for specimen in (values.get("_specimen"), values.get("LBSPEC")):
        if specimen and specimen not in study["labs"]["specimens"]:
            return f"the specimen is {specimen.lower()}"
    if values["_why"].get("LBSPEC", "").endswith("asked of the clinic"):
        return "a specimen that nobody knows"
    return _NOT_USED if values.get("_unused") else ""


def ask_about_labs(every: list[dict], study: dict, journal: Journal) -> None:
    """Say once what holds for many rows: other specimens, missing ones, limits not read."""
    _ask_about_specimens(every, study, journal)
    unread = [values for values in every if "_range_unread" in values]
    if unread:
        header, text = unread[0]["_range_unread"]
        said = {"header": header, "n": len(unread), "text": text}
        place = unread[0]["_place"]
        journal.ask(
            "limits_unread",
            said,
            table="labs",
            column="LBSTRESN",
            value=text,
            place=place,
            header=header,
        )


def _ask_about_specimens(every: list[dict], study: dict, journal: Journal) -> None:
    left_out: dict[str, list[dict]] = {}
    for values in every:
        if (why := values.get("_dropped", "")).startswith("the specimen is "):
            left_out.setdefault(why.removeprefix("the specimen is "), []).append(values)
    wanted = ", ".join(study["labs"]["specimens"]).lower()
    for specimen, rows in sorted(left_out.items()):
        said = {"n": len(rows), "specimen": specimen, "wanted": wanted}
        _ask("other_specimen", said, rows[0], journal)
    told = any(values["_raw"].get("LBSPEC", ("", ""))[1] for values in every)
    without = [v for v in every if told and "_dropped" not in v and not v.get("LBSPEC")]
    if without:
        _ask("specimen_missing", {"n": len(without), "wanted": wanted}, without[0], journal)


def _ask(rule: str, said: dict, values: dict, journal: Journal) -> None:
    name = "LBSPEC" if "LBSPEC" in values["_raw"] else "LBTESTCD"
    header, text = values["_raw"].get(name, (None, None))
    place: Place = values["_place"]
    journal.ask(rule, said, table="labs", column=name, value=text, place=place, header=header)


def standardise(values: dict, row: RawRow, study: dict, journal: Journal) -> None:
    """Turn a result, and its limits of normal, into the standard unit of its test; in place."""
    if values.get("LBSPEC") is None and values.get("_specimen") is not None:
        values["LBSPEC"] = values["_specimen"]
        values["_cells"]["LBSPEC"] = values["_cells"]["_specimen"]
    test, sign = values["LBTESTCD"], values.pop("_sign", "=")
    header, text = values["_raw"]["LBSTRESN"]
    unit = values.pop("_unit", "") or unit_in_header(header or "", test, study)
    unit = unit or strange_unit(header or "", test, study)
    values["_bare"] = unit == ""
    factor, standard = standard_unit(test, unit, study)
    said = f"{text} {unit}".strip() if unit and unit not in text else text
    if factor is None:
        journal.ask(
            "unknown_unit",
            {"unit": unit, "test": test, "about": about_unit(test, unit, study)},
            patient=row.patient,
            table="labs",
            column="LBSTRESN",
            value=said,
            place=row.place,
            header=header,
        )
        values["LBSTRESN"] = None
        return
    how = {"below": values.pop("_below")} if values.get("_below") else {}
    value, limit = at_limit(Quantity(values["LBSTRESN"], sign), test, how, study)
    values |= {"LBSTRESU": standard, "LBSTRESN": scaled(value, factor)}
    _scale_limits(values, factor)
    converted = "unit converted" if factor != 1 else ""
    rule = "; ".join(part for part in (values.pop("_rule", ""), converted, limit) if part)
    if rule:
        shown = str(values["LBSTRESN"])
        journal.change(row.patient, "labs", "LBSTRESN", said, shown, rule, row.place, header)


def read_range(values: dict, header: str, text: str, decimal: str, missing: list[str]) -> None:
    """The limits of normal in the cell beside a result, in the unit of the result; in place."""
    limits = read_limits(tidy(text), decimal)
    if limits is not None:
        values["LBSTNRLO"], values["LBSTNRHI"] = limits
    elif not among(tidy(text), missing):
        values["_range_unread"] = (header, text)


def _scale_limits(values: dict, factor: float) -> None:
    for name in ("LBSTNRLO", "LBSTNRHI"):
        if values.get(name) is not None:
            values[name] = scaled(values[name], factor)
