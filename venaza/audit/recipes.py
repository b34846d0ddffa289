"""How the page finds the rows behind a number: the same rows as ``behind``, said as conditions.

The page holds each analysis table once and picks the rows when a number is opened; a table of
rows for each of thousands of numbers would make it hundreds of times as large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.audit.behind import (
    change_source,
    covariates,
    held_against,
    is_evidence,
    only_with_a_row,
    table_of,
)
from venaza.audit.markup import shown
from venaza.contracts.risk import REASONS

if TYPE_CHECKING:
    import pandas as pd

#: The columns shown of each table, after the patient and the group.
_COLUMNS = {
    "adtte": ["STARTDT", "STARTDY", "ADT", "ADY", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC"],
    "adrs": ["AVALC", "AVAL", "ADT", "ADY"],
    "adae": ["AEDECOD", "AETERM", "AETOXGR", "ASTDT", "ASTDY", "AEREL"],
    "adlb": ["ADT", "ADY", "AVAL", "AVALU", "BASE", "BTOXGR", "ATOXGR"],
    "tls": ["LTLS", "CTLS", "ADY", "REASON"],
}
_BESIDE = {
    "early_mortality": ["ENDDY"],
    "follow_up": ["DTHFL"],
    "failure": ["FAILTYPE", "FAILDY", "PFTRTFL", "PFTRT", "PFSUP"],
    "post_failure": ["PFTRT", "PFRESP"],
}
#: The columns of the ARD that say which rows are behind a number.
_ASKED = (*("ard_id", "analysis", "endpoint", "population", "group", "term", "time", "statistic"),)


def recipes(
    ard: pd.DataFrame, tables: dict[str, pd.DataFrame], study: dict
) -> tuple[list[dict], list[int]]:
    """The different recipes of the ARD's rows, and for each row which of them is its own.

    A recipe has ``table`` (of the stage endpoints; ``ard`` for numbers of this study),
    ``members`` (conditions on ADSL), ``where`` (conditions on the table), ``columns``, and
    ``every`` where each member has a line even without a row, ``otherwise`` (conditions that
    count for who has no row by ``where``), and ``change`` where the column ``CHANGEDY`` is the
    day of a change (``change_days`` has the days of milestones). A condition is ``[column,
    operator, value]`` with the operators ``=``, ``<=``, ``>=``, ``in``, ``none``, ``or none``,
    ``starts`` and ``part`` (the n-th part between dots is one of these); ``A|B`` as column is B
    where A is empty.
    """
    known = _Known(tables, study)
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
    """What the recipes ask of the tables, once for all numbers."""

    def __init__(self, tables: dict[str, pd.DataFrame], study: dict) -> None:
        self._tables, self._study = tables, study
        self._sources: dict[object, str] = {}
        self.adsl = tables["endpoints/adsl"]
        adtte = tables["endpoints/adtte"]
        self.entered = set(adtte.loc[adtte["ENTRYDY"].notna(), "PARAMCD"])

    def source(self, endpoint: str) -> str:
        """The table of the stage endpoints that holds an endpoint's rows."""
        if endpoint not in self._sources:
            found = table_of(endpoint, self._tables, self._study)
            self._sources[endpoint] = found.removeprefix("endpoints/")
        return self._sources[endpoint]


def _recipe(number: dict, known: _Known, study: dict) -> dict:
    endpoint = shown(number["endpoint"])
    if is_evidence(number):
        return _evidence(number, study)
    if number["analysis"] == "published":
        return _published(number, study)
    made = {"members": _members(number, known.adsl, study)}
    source = known.source(endpoint)
    if source == "adtte":
        return made | _times(number, endpoint, known, study)
    if source == "adrs":
        every = not only_with_a_row(number)
        return made | _of("adrs", [["PARAMCD", "=", endpoint]], every=every)
    if source == "adae":
        return made | _of("adae", _events(number))
    if source == "adlb":
        _, _, test, part, *_ = number["ard_id"].split(".")
        flag = "ABLFL" if part == "g3_baseline" else "WORSTFL"
        of_test = ["PARAMCD", "=", test]
        if number["analysis"] != "laboratory_shift":
            return made | _of("adlb", [of_test, [flag, "=", "Y"]])
        made |= {"otherwise": [of_test, ["ABLFL", "=", "Y"]]}
        return made | _of("adlb", [of_test, [flag, "=", "Y"]], more=["WORSTFL"])
    if source == "tls":
        name = number["ard_id"].split(".")[2].removesuffix("_clinical")
        return made | _of("tls", [["DEFN", "=", name]])
    return made | _patients(number, endpoint, known.adsl)


def _of(table: str, where: list, every: bool = False, more: list | None = None) -> dict:
    columns = ["USUBJID", "GROUP", *(more or []), *_COLUMNS[table]]
    return {"table": table, "where": where, "columns": columns, "every": every}


def _members(number: dict, adsl: pd.DataFrame, study: dict) -> list:
    flag, group = shown(number["population"]), shown(number["group"])
    made = [[flag, "=", "Y"]] if flag in adsl else []
    if number["analysis"] == "cox_level":
        made.append([covariates(number, study)[0], "=", number["term"]])
    return [*made, ["GROUP", "=", group]] if group else made


def _times(number: dict, endpoint: str, known: _Known, study: dict) -> dict:
    codes = [endpoint]
    if number["analysis"] == "definition":
        codes.append(study["alternatives"][endpoint]["of"])
    more = ["PARAMCD"] if len(codes) > 1 else []
    more += [c for c in covariates(number, study) if c in known.adsl and c != "GROUP"]
    where = [["PARAMCD", "in", codes]]
    if number["ard_id"].startswith("event.") and shown(number["term"]):
        where.append(["EVNTDESC", "=", number["term"]])
    change = change_source(number, study)
    more += ["CHANGEDY"] if change else []
    more += ["ENTRYDY"] if known.entered & set(codes) else []
    made = _of("adtte", where, more=list(dict.fromkeys(more)))
    return made | {"change": change} if change else made


def change_days(recipes: list[dict], tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """ADSL with a column for each milestone that is a recipe's ``change``: its day from index."""
    adsl = tables["endpoints/adsl"]
    facts = tables["endpoints/milestones"]
    for name in sorted({made["change"] for made in recipes if "change" in made} - set(adsl)):
        rows = facts[facts["MILESTONE"] == name]
        days = dict(zip(rows["USUBJID"], rows["ADY"], strict=True))
        adsl = adsl.assign(**{name: adsl["USUBJID"].map(days).astype("Float64")})
    return adsl


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
    compared = ["RISK"] if set(number["ard_id"].split(".")) & {"recorded", "agree"} else []
    if analysis == "risk":
        wanted += [REASONS.get(endpoint, ""), *compared]
    column = "FAILTYPE" if analysis == "failure" else endpoint
    where = []
    if term and not compared and column in adsl and number["statistic"] == "n":
        where.append([column, "or none" if term in ("missing", "unknown") else "=", term])
    if analysis == "early_mortality" and number["statistic"] == "n":
        where += [["DTHFL", "=", "Y"], ["ENDDY", "<=", float(number["time"])]]
    columns = [name for name in dict.fromkeys(wanted) if name in adsl]
    return {"table": "adsl", "where": where, "columns": columns, "every": False}


def _evidence(number: dict, study: dict) -> dict:
    """The numbers of a row of a reference table; of a pooled rate those that went into it."""
    where = [["ard_id", "starts", "evidence."]]
    if number["analysis"] == "evidence_pooled":
        where.append(["ard_id", "part", [3, shown(number["term"]).split(", ")]])
        where.append(["statistic", "in", ["n", "denominator", "percent"]])
    elif not number["ard_id"].startswith("evidence.n."):
        where = [["ard_id", "starts", number["ard_id"].rpartition(".")[0] + "."]]
    else:
        where.append(["statistic", "in", ["percent", "median"]])
    spec = study["evidence"]
    trials = number["ard_id"].startswith("evidence.n.trial")
    made = {"table": "ard", "members": [], "where": where, "every": False}
    made |= {"references": [spec["trials"]] if trials else list(spec["files"])}
    return made | {"columns": ["ard_id", "display", "term", "method"]}


def _published(number: dict, study: dict) -> dict:
    stem = held_against(number, study).rpartition(".")[0]
    where = [["ard_id", "starts", f"{stem}."]] if stem else [["ard_id", "none", ""]]
    columns = ["ard_id", "display", "value", "unit", "method"]
    return {"table": "ard", "members": [], "where": where, "columns": columns, "every": False}
