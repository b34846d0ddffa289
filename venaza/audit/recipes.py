"""How the page finds the rows behind a number: the same rows as ``behind``, said as conditions.

The page holds each analysis table once and picks the rows when a number is opened; a table of
rows for each of thousands of numbers would make it hundreds of times as large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.audit.markup import shown

if TYPE_CHECKING:
    import pandas as pd

#: The columns shown of each table, after the patient and the group.
_COLUMNS = {
    "adtte": ["STARTDT", "ADT", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC"],
    "adrs": ["AVALC", "AVAL", "ADT", "ADY"],
    "adae": ["AEDECOD", "AETERM", "AETOXGR", "ASTDT", "ASTDY", "AEREL"],
    "adlb": ["ADT", "ADY", "AVAL", "AVALU", "BASE", "BTOXGR", "ATOXGR"],
    "tls": ["LTLS", "CTLS", "ADY", "REASON"],
}
_BESIDE = {
    "early_mortality": ["ENDDY"],
    "follow_up": ["DTHFL"],
    "failure": ["FAILTYPE", "FAILDY", "PFTRTFL", "PFTRT"],
    "post_failure": ["PFTRT", "PFRESP"],
}
#: The columns of the ARD that say which rows are behind a number.
_ASKED = (*("ard_id", "analysis", "endpoint", "population", "group", "term", "time", "statistic"),)
_WITH_COVARIATE = ("cox", "cox_multivariable", "proportional_hazards", "subgroup")


def recipes(
    ard: pd.DataFrame, tables: dict[str, pd.DataFrame], study: dict
) -> tuple[list[dict], list[int]]:
    """The different recipes of the ARD's rows, and for each row which of them is its own.

    A recipe has ``table`` (of the stage endpoints; ``ard`` for numbers of this study),
    ``members`` (conditions on ADSL), ``where`` (conditions on the table), ``columns``, and
    ``every`` where each member has a line even without a row. A condition is
    ``[column, operator, value]`` with the operators ``=``, ``<=``, ``>=``, ``none`` and
    ``starts``; ``A|B`` as column is B where A is empty.
    """
    known = _Known(tables)
    found: dict[str, int] = {}
    distinct: list[dict] = []
    which = []
    for number in ard[list(_ASKED)].astype(object).to_dict("records"):
        made = _recipe(number, known, study)
        key = repr(made)
        if key not in found:
            found[key] = len(distinct)
            distinct.append(made)
        which.append(found[key])
    return distinct, which


class _Known:
    """What the recipes ask of the tables."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self.adsl = tables["endpoints/adsl"]
        self.times = set(tables["endpoints/adtte"]["PARAMCD"])
        self.responses = set(tables["endpoints/adrs"]["PARAMCD"])


def _recipe(number: dict, known: _Known, study: dict) -> dict:
    endpoint = shown(number["endpoint"])
    if number["analysis"] == "published":
        return _published(number, study)
    made = {"members": _members(number, known.adsl)}
    if endpoint in known.times:
        return made | _times(number, endpoint, known)
    if endpoint in known.responses:
        every = number["analysis"] != "response_time"
        return made | _of("adrs", [["PARAMCD", "=", endpoint]], every=every)
    if endpoint == "ADAE":
        return made | _of("adae", _events(number))
    if endpoint == "ADLB":
        _, _, test, part, *_ = number["ard_id"].split(".")
        flag = "ABLFL" if part == "g3_baseline" else "WORSTFL"
        return made | _of("adlb", [["PARAMCD", "=", test], [flag, "=", "Y"]])
    if endpoint == "TLS":
        name = number["ard_id"].split(".")[2].removesuffix("_clinical")
        return made | _of("tls", [["DEFN", "=", name]])
    return made | _patients(number, endpoint, known.adsl)


def _of(table: str, where: list, every: bool = False, more: list | None = None) -> dict:
    columns = ["USUBJID", "GROUP", *(more or []), *_COLUMNS[table]]
    return {"table": table, "where": where, "columns": columns, "every": every}


def _members(number: dict, adsl: pd.DataFrame) -> list:
    flag, group = shown(number["population"]), shown(number["group"])
    made = [[flag, "=", "Y"]] if flag in adsl else []
    return [*made, ["GROUP", "=", group]] if group else made


def _times(number: dict, endpoint: str, known: _Known) -> dict:
    covariate = []
    if number["analysis"] in _WITH_COVARIATE:
        part = number["ard_id"].split(".")[2:3]
        covariate = [p for p in part if p in known.adsl and p != "GROUP"]
    where = [["PARAMCD", "=", endpoint]]
    if number["ard_id"].startswith("event.") and shown(number["term"]):
        where.append(["EVNTDESC", "=", number["term"]])
    return _of("adtte", where, more=covariate)


def _events(number: dict) -> list:
    where = [["TRTEMFL", "=", "Y"]]
    if shown(number["term"]):
        where.append(["AEDECOD|AETERM", "=", number["term"]])
    least = {"g3": 3, "g5": 5}.get(number["ard_id"].split(".")[-2])
    return [*where, ["AETOXGR", ">=", least]] if least else where


def _patients(number: dict, endpoint: str, adsl: pd.DataFrame) -> dict:
    term, analysis = shown(number["term"]), number["analysis"]
    wanted = ["USUBJID", "GROUP", endpoint, shown(number["population"])]
    wanted += _BESIDE.get(analysis, [])
    column = "FAILTYPE" if analysis == "failure" else endpoint
    where = []
    if term and column in adsl and number["statistic"] == "n":
        where.append([column, "none", ""] if term == "missing" else [column, "=", term])
    if analysis == "early_mortality" and number["statistic"] == "n":
        where += [["DTHFL", "=", "Y"], ["ENDDY", "<=", float(number["time"])]]
    columns = [name for name in dict.fromkeys(wanted) if name in adsl]
    return {"table": "adsl", "where": where, "columns": columns, "every": False}


def _published(number: dict, study: dict) -> dict:
    group = number["ard_id"].split(".")[1]
    template = study["published"]["numbers"].get(number["endpoint"], "")
    stem = template.format(group=group).rpartition(".")[0]
    where = [["ard_id", "starts", f"{stem}."]] if stem else [["ard_id", "none", ""]]
    columns = ["ard_id", "display", "value", "unit", "method"]
    return {"table": "ard", "members": [], "where": where, "columns": columns, "every": False}
