"""One raw cell to one clean value, by the type of the clean column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from venaza.contracts.coded_values import (
    among,
    code_of,
    codes,
    doubt,
    may_mean,
    vocabulary_of,
    with_mrd,
)
from venaza.contracts.columns import Column
from venaza.contracts.errors import QUOTED, shown
from venaza.contracts.text import as_word, folded, tidy
from venaza.contracts.unit_conversion import about_unit, scaled, unit_factor
from venaza.pipeline.clean.cell_parts import NO_DATE, PARTS, part_of
from venaza.pipeline.clean.date_rules import Stored, date_rules, shifted_day
from venaza.pipeline.clean.dates import read_date
from venaza.pipeline.clean.lab_items import item_words, read_item
from venaza.pipeline.clean.mrd import read_mrd
from venaza.pipeline.clean.nearest import nearest
from venaza.pipeline.clean.numbers import LABELS, Quantity, read_age, read_integer, read_number
from venaza.pipeline.clean.phrases import code_beside
from venaza.pipeline.clean.therapies import kinds_of, read_therapy, therapy_words
from venaza.pipeline.clean.times import read_days

_RESPONSES = ("RSINV", "CMRESP")
_THERAPIES = ("CMTRT", "CMCLAS")
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|#+)")
#: 3.5×10^9 of a count is so many per litre: a power of its own would be the number's.
_COUNT = re.compile(r"\d\s*[x×*·]\s*10\s*(?:\^|\*|E)\s*9$", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T.*)?")
_SHEET_DATE = re.compile(
    r"\d{1,2}-(?:MAR|SEP|OCT|DEC)|(?:MAR|SEP|OCT|DEC)-\d{1,4}|\d{4}-\d{2}-\d{2}.*|\d{5}"
    r"|\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """A clean value, the rule that changed it, what else the cell said, or a problem.

    A problem that was ``asked`` once for the whole column is not asked again for the cell; a
    ``doubt`` is a check by which a cell is asked about although it has a value.
    """

    value: object = None
    rule: str = ""
    beside: dict = field(default_factory=dict)
    problem: str = ""
    unknown: dict | None = None
    asked: bool = False
    doubt: str = ""


def read_cell(
    text: str,
    column: Column,
    how: dict,
    study: dict,
    unit: str | None,
    stored: Stored = Stored(),  # noqa: B008 - frozen
) -> Reading:
    """Read the raw ``text`` of a cell as a value of ``column``.

    ``how`` is the column's mapping in the study file, with what was settled over the whole column
    (``pipeline.clean.column_checks``); ``unit`` is the text of the unit column; ``stored`` what the
    intake says of the cell beside its text.
    """
    clean = tidy(text)
    if clean == "":
        return Reading()
    if _ERROR.fullmatch(clean):
        return Reading(problem="an error of the spreadsheet, no value")
    if "part" in how:
        return _part(clean, column, how, study, unit, stored)
    if column.dtype == "string":
        return _text(clean, text, column, how, study)
    own = code_of(clean, how["values"]) if "values" in how else None
    if own is not None:
        return _declared(own, column, study)
    if unit and among(tidy(unit), study["vocabulary"]["missing"]):
        unit = ""
    if column.name in ("MRDVAL", "MRDLOD"):
        return _mrd(clean, text, column, how, unit, study)
    if among(clean, study["vocabulary"]["missing"]):
        return Reading(None, "missing word")
    if among(clean, study["vocabulary"].get("no_result", ())):
        return Reading(problem=f"the laboratory gave no result ({shown(clean, QUOTED)})")
    if column.dtype == "date":
        return _date(clean, column, how, study, unit, stored)
    if _DAY.fullmatch(clean):
        return Reading(
            problem="a date where a number belongs (a spreadsheet makes one of 1-5, 3/5)"
        )
    if column.dtype == "integer":
        read = read_grade(clean, study) if column.name == "AETOXGR" else read_integer(clean)
        if read.problem:
            return Reading(problem=_of_words(clean, read.problem))
        value = int(read.number)
        return Reading(value, "" if str(value) == text else "label around the number")
    return _number(clean, text, column, how, study, unit)


def _part(
    clean: str, column: Column, how: dict, study: dict, unit: str | None, stored: Stored
) -> Reading:
    """The part of a cell that the column is read from: its date, its words, an end of a range."""
    kind = how["part"]
    found, problem = part_of(clean, kind)
    if problem == NO_DATE and among(clean, study["vocabulary"]["missing"]):
        return Reading(None, "missing word")
    if problem:
        return Reading(problem=problem)
    if found == "":
        return Reading(None, f"no {kind} in the cell")
    whole = {key: value for key, value in how.items() if key != "part"}
    read = read_cell(found, column, whole, study, unit, stored)
    return read if read.problem or found == clean else replace(read, rule=read.rule or PARTS[kind])


def _declared(code: str, column: Column, study: dict) -> Reading:
    """A word to which the study file gives a number, or of MRD a result."""
    if column.name == "MRDVAL" and (result := code_of(code, study["vocabulary"]["mrd_result"])):
        return Reading(None, "vocabulary", {"MRDRES": result})
    read = read_number(code)
    if read.problem:
        return Reading(problem=f"'{code}' under values is no number")
    value = int(read.number) if column.dtype == "integer" else read.number
    return Reading(value, "vocabulary")


def _text(clean: str, text: str, column: Column, how: dict, study: dict) -> Reading:
    known = codes(column.name, how, study)
    if as_word(clean) in how.get("open_signs", ()):
        return Reading(problem="a sign whose meaning nothing tells", asked=True)
    code = code_of(clean, known) if known is not None else None
    code = code or code_of(clean, how.get("settled_words", {}))
    if code is not None:
        return Reading(code, "" if code == text else "vocabulary")
    if column.name in _RESPONSES and among(clean, study["vocabulary"]["death_as_response"]):
        return Reading("NE", "vocabulary", doubt="death_as_response")
    if column.name in ("MRDRES", "GERES") and clean == "-":
        return Reading(problem="'-' may mean negative or not done: write the word")
    if among(clean, study["vocabulary"]["missing"]):
        return Reading(None, "missing word")
    if column.name in _THERAPIES:
        return _therapy(clean, text, column, how, study)
    if known is None:
        return Reading(clean, "" if clean == text else "spaces and full-width forms")
    return _composed(clean, column, how, known, study)


def _composed(clean: str, column: Column, how: dict, known: dict, study: dict) -> Reading:
    """A text that is no word of the vocabulary but may be made of some."""
    if column.name in (*_RESPONSES, "MRDRES") and (both := with_mrd(clean, study)):
        own = {} if column.name == "MRDRES" else known
        response = code_of(both[0], own) or code_of(both[0], study["vocabulary"]["response"])
        if response is not None and column.name == "MRDRES":
            return Reading(both[1], "MRD result beside the response")
        if response is not None:
            return Reading(response, "response beside the MRD result", {"MRDRES": both[1]})
    if column.name == "MRDRES" and code_of(clean, study["vocabulary"]["response"]):
        return Reading(None, "a response without an MRD result")
    if column.name == "GENE" and _SHEET_DATE.fullmatch(clean):
        problem = "the spreadsheet made a date of the gene's name (MARCH or SEPT?)"
        return Reading(problem=problem)
    if column.name == "LBTESTCD" and (item := _item(clean, known, study)):
        return item
    code = code_beside(clean, vocabulary_of(column.name, how), known)
    if code is not None:
        return Reading(code, "what stands beside the word left out")
    why = doubt(clean, known)
    if why:
        return Reading(problem=why)
    return _unknown(clean, known, may_mean(clean, column.name, how, study))


def _item(clean: str, known: dict, study: dict) -> Reading | None:
    """An item of a laboratory with its specimen; None where no test and no other specimen is it."""
    read = read_item(clean, item_words(known, study["vocabulary"]))
    if read.specimen and read.specimen not in study["labs"]["specimens"]:
        return Reading(None, "an item of another specimen", {"_specimen": read.specimen})
    if read.unused:
        return Reading(None, "a test that is not used", {"_unused": True})
    if read.test is None:
        return None
    return Reading(read.test, "item of a laboratory", {"_specimen": read.specimen})


def _unknown(clean: str, known: dict, either: list[str] = ()) -> Reading:
    if either:
        return Reading(problem=f"a word that may mean {' or '.join(either)}", unknown=known)
    close = nearest(clean, known)
    hint = f"; nearest known word: {' or '.join(close)}" if close else ""
    return Reading(problem=f"a word that no vocabulary knows{hint}", unknown=known)


def _therapy(clean: str, text: str, column: Column, how: dict, study: dict) -> Reading:
    read = read_therapy(clean, study)
    if read.problem:
        return Reading(problem=read.problem)
    kinds = column.name == "CMCLAS"
    if kinds and (code := code_of(clean, kinds_of(study))):
        return Reading(code, "" if code == text else "vocabulary")
    value = read.kind if kinds else read.name
    if value is not None:
        return Reading(value, "" if value == text else "vocabulary")
    shown = {**(how.get("values") or {}), **(kinds_of(study) if kinds else therapy_words(study))}
    return _unknown(read.unknown or clean, shown)


def _date(
    clean: str, column: Column, how: dict, study: dict, unit: str | None, stored: Stored
) -> Reading:
    """A date, or a time in days where the study counts so; beside it flag and span of a partial."""
    if study["timeline"]["dates"] == "study_days":
        days, rule, problem = read_days(clean, how, study, tidy(unit or ""))
        return Reading(problem=problem) if problem else Reading(days, rule)
    if stored.shifted:
        read = shifted_day(clean)
    else:
        read = read_date(clean, date_rules(how, study["timeline"], stored.day_zero))
    if read.problem:
        return Reading(problem=read.problem)
    beside = {}
    if read.flag:
        beside = {f"{column.name}F": read.flag, f"_{column.name}": (read.first, read.last)}
    return Reading(read.day, read.rule, beside)


def _mrd(clean: str, text: str, column: Column, how: dict, unit, study: dict) -> Reading:
    """An MRD result, or the limit of detection of one: no word has the latter."""
    vocabulary = study["vocabulary"]
    words = vocabulary["mrd_result"] if column.name == "MRDVAL" else {}
    bare = clean in ("-", "+-", "±")
    if not bare and code_of(clean, words) is None:
        if among(clean, vocabulary["missing"]):
            return Reading(None, "missing word")
        if among(clean, vocabulary.get("no_result", ())):
            return Reading(problem=f"the laboratory gave no result ({shown(clean, QUOTED)})")
    declared = unit or how.get("unit") or ""
    factor = unit_factor(column.name, declared, study) if declared else None
    if declared and factor is None:
        return _unknown_unit(declared, column.name, study)
    cells = tuple(vocabulary.get("mrd_cells", ()))
    read = read_mrd(clean, words, factor, how.get("decimal", ""), cells)
    if read.problem:
        return Reading(problem=read.problem)
    beside = {"MRDOP": read.sign} if read.sign and column.name == "MRDVAL" else {}
    if read.result:
        beside["MRDRES"] = read.result
    changed = "" if text == clean else "spaces and full-width forms"
    return Reading(read.value, read.rule or changed, beside)


def _number(clean: str, text: str, column: Column, how: dict, study: dict, unit) -> Reading:
    reader = read_age if column.name == "AGE" else read_number
    per_litre = column.unit == "10^9/L" or column.name == "LBSTRESN"
    counted = f"{clean}/L" if per_litre and _COUNT.search(clean) else clean
    read = reader(counted, how.get("decimal", ""), how.get("range", "refuse"))
    if read.problem:
        return Reading(problem=_of_words(clean, read.problem))
    declared = read.unit or unit or how.get("unit") or ""
    if not declared and 0 < read.number <= how.get("fractions_up_to", 0):
        return Reading(problem=f"beside cells in per cent: {clean}%, or {clean} of 1 (write %)")
    if column.name == "LBSTRESN":
        beside = {"_unit": declared, "_sign": read.sign, "_rule": read.rule}
        beside["_below"] = how.get("below", "")
        return Reading(read.number, "", beside)
    if column.name not in study["units"]:
        if read.unit and not _said(read.unit, column, how):
            return Reading(
                problem=f"'{shown(read.unit, QUOTED)}' beside the number is not understood"
            )
        factor = 1.0
    else:
        factor = unit_factor(column.name, declared, study)
    if factor is None:
        return _unknown_unit(declared, column.name, study)
    value, limit = at_limit(read, column.name, how, study)
    rule = _rule(read, factor, limit, text != clean)
    return Reading(scaled(value, factor), rule)


def _unknown_unit(unit: str, name: str, study: dict) -> Reading:
    about = about_unit(name, shown(unit, QUOTED), study)
    return Reading(problem=f"the unit {shown(unit, QUOTED)} is not known for this value{about}")


def _said(unit: str, column: Column, how: dict) -> bool:
    known = {folded(how.get("unit", "")), folded(column.unit), *map(folded, LABELS)}
    return folded(unit) in known


def _rule(read: Quantity, factor: float, limit: str, folds: bool) -> str:
    rules = [read.rule, "unit converted" if factor != 1 else "", limit]
    rule = "; ".join(part for part in rules if part)
    if rule:
        return rule
    if folds:
        return "spaces and full-width forms"
    return "unit text removed" if read.unit else ""


def at_limit(read: Quantity, name: str, how: dict, study: dict) -> tuple[float, str]:
    """The number that a limit of detection stands for, and the rule; as it is without a sign."""
    if read.sign == "=":
        return read.number, ""
    below = how.get("below") or study["units"].get(name, {}).get("below", "limit")
    if read.sign != "<" or below == "limit":
        return read.number, "limit of detection taken as the value"
    share = {"half": 0.5, "zero": 0.0}[below]
    return read.number * share, f"below the limit: {below} taken"


def read_grade(clean: str, study: dict) -> Quantity:
    """A grade of an adverse event as a number or a word: ``IV°``, ``重度``, ``3级(重度)``."""
    words = study["vocabulary"]["grade"]
    bare = re.sub(r"(?<=[0-9IV])\s*[°º˚]", "", clean)
    if code := code_of(bare, words):
        return Quantity(float(code))
    both = re.fullmatch(r"(.+?)\s*[(\[,]\s*(.+?)\s*[)\]]?", bare)
    if not both:
        return read_integer(bare)
    found = [read_grade(part, study) for part in both.groups()]
    same = found[0].problem == "" and found[0].number == found[1].number
    return found[0] if same else Quantity(problem="more than one grade, or none, in the cell")


def _of_words(clean: str, problem: str) -> str:
    if problem == "not a number" and not re.search(r"\d", clean):
        return "a word where a number belongs (give it one under 'values', if it has one)"
    return problem
