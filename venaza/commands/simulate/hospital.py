"""How a hospital types rows into its sheets, with its many styles in the cells."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from numpy.random import PCG64, Generator

from venaza.commands.simulate.cohort import Cohort
from venaza.commands.simulate.cuts import digits
from venaza.commands.simulate.fates import STYLE
from venaza.commands.simulate.sheets import long_rows

#: A row before it is written: clean column -> code, number or calendar date.
Row = dict[str, object]
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_GRADES = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ", 5: "Ⅴ"}
_FULL_WIDTH = str.maketrans("0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ", "".join(
    chr(ord(c) + 0xFEE0) for c in "0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
))  # fmt: skip
#: Columns whose cells stay empty where there is no value.
_NEVER_A_WORD = ("RSINV", "MRDVAL", "MRDDT", "GERES", "LBSTRESN")


def rows_of(cohort: Cohort, table: str) -> list[Row]:
    """The rows of a table in the order of the export, days turned into dates, no empty values."""
    frame = long_rows(table, cohort, 0, cohort.n)
    frame = frame.assign(**cohort.dates(frame))
    whole = {name for name in frame.select_dtypes(float) if (frame[name].dropna() % 1 == 0).all()}
    found = []
    for row in frame.to_dict("records"):
        found.append({"USUBJID": cohort.numbers[row.pop("PATIENT")]})
        for name, value in row.items():
            if pd.isna(value) or value == "":
                continue
            if name.endswith("DT"):
                value = dt.date.fromisoformat(value)
            elif name in whole:
                value = int(value)
            found[-1][name] = value
    return found


def write_rows(table: str, rows: list[Row], plan: dict, seed: int) -> list[list[object]]:
    """The cells of the rows, as typed into the sheet of ``table``.

    The style of a cell hangs on the patient, the table and the place of the row among the
    patient's, so that two exports write an unchanged row alike.
    """
    columns = plan["sheets"][table]["columns"]
    written: dict[str, int] = {}
    lines = []
    for row in rows:
        patient = str(row["USUBJID"])
        written[patient] = written.get(patient, 0) + 1
        words = [seed, STYLE, list(plan["sheets"]).index(table), digits(patient), written[patient]]
        draws = Generator(PCG64(words)).random((len(columns) + 1, 2))
        if table == "labs" and row["LBTESTCD"] == "HGB" and draws[-1][0] < 0.07:
            row = {**row, "LBSTRESN": round(float(row["LBSTRESN"]) / 10, 1), "UNIT": "g/dL"}
        cells = zip(columns, draws.tolist(), strict=False)
        lines.append([_cell(table, name, row, plan, u, v) for name, (u, v) in cells])
    return lines


def _cell(table: str, name: str, row: Row, plan: dict, u: float, v: float) -> object:
    """One cell: ``u`` chooses the style, ``v`` the variant within it."""
    value = row.get(name)
    if name == "USUBJID":
        return _identifier(str(value), table, u)
    if name == "REMARK":
        return _one_of(plan["remarks"], v) if u < 0.12 else None
    if name == "MRDVAL":
        return _mrd(row, plan["words"]["MRDRES"], u, v)
    if value is None:
        word = u < (0.12 if name.endswith("DT") else 0.3) and name not in _NEVER_A_WORD
        return _one_of(plan["missing"], v) if word else None
    if name == "DIAGDT" and row.get("PRIORLN") and v < 0.12:
        return f"{value.year}年{value.month}月"  # an old diagnosis, remembered to the month
    if isinstance(value, dt.date):
        return write_date(value, u)
    if name in plan["words"]:
        return _spaced(_one_of(plan["words"][name].get(str(value), [str(value)]), v), u)
    if name == "CYCLE":
        return _cycle(int(value), table, u)
    if name == "AETOXGR":
        return (value, f"{value}级", _GRADES[value], f"G{value}", f"{_GRADES[value]}级")[int(u * 5)]
    if isinstance(value, str):
        return value
    return _number(name, value, u)


def write_date(day: dt.date, u: float) -> object:
    """A date as a true date, in one of six texts, or as the spreadsheet's serial number.

    ``u`` in [0, 1) chooses; each form names the year first, so none is ambiguous.
    """
    texts = (
        f"{day.year}-{day.month}-{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}{day.month:02d}{day.day:02d}",
        f" {day.isoformat()} ",
    )
    if u < 0.5:
        return day
    if u < 0.94:
        return texts[int((u - 0.5) / 0.44 * len(texts))]
    return (day - _EXCEL_EPOCH).days


def _one_of(words: list[str], v: float) -> str:
    return words[int(v * len(words))]


def _identifier(text: str, table: str, u: float) -> object:
    if len(text) < 3:  # an old number that a spreadsheet took for a number
        return int(text)
    if u > 0.97:
        return f"{text} "
    if table != "patients" and u > 0.955:
        return text.translate(_FULL_WIDTH)
    return text


def _spaced(word: str, u: float) -> str:
    return f"　{word}" if u > 0.985 else f"{word} " if u > 0.96 else word


def _cycle(number: int, table: str, u: float) -> object:
    after = "后" if table == "responses" else ""
    return (number, f"C{number}", f"第{number}疗程{after}", f"{number}疗程{after}")[int(u * 4)]


def _number(name: str, value: float, u: float) -> object:
    if name == "AGE" and u < 0.2:
        return f"{value}岁"
    if name == "VAF" and u < 0.25:
        return f"{value}%"
    if u > 0.985:
        return str(value).translate(_FULL_WIDTH)
    return f"{value} " if u > 0.965 else value


def _mrd(row: Row, words: dict, u: float, v: float) -> object:
    """A level in percent, or below a limit; where neither is known a word for the result."""
    below = row.get("MRDOP") == "<"
    value = row.get("MRDVAL")
    if value is None and "MRDLOD" in row:
        value, below = row["MRDLOD"], True
    if value is None:
        return _one_of(words[row["MRDRES"]], v) if "MRDRES" in row else None
    if below:
        return f"＜{value}" if u > 0.7 else f"<{value}"
    if u > 0.9:
        return f"{value}".translate(_FULL_WIDTH)
    return f"{value}%" if u > 0.7 else value
