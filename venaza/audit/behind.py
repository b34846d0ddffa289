"""The rows behind a number: which patients of which analysis table it was computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from venaza.audit.markup import shown
from venaza.audit.results import natural

if TYPE_CHECKING:
    import pandas as pd

_TIMES = [
    *("USUBJID", "GROUP", "STARTDT", "ADT", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC"),
    *("SRCDOM", "SRCVAR", "SRCSEQ"),
]
_RESPONSES = ["USUBJID", "GROUP", "AVALC", "AVAL", "ADT", "ADY", "SRCDOM", "SRCVAR", "SRCSEQ"]
_VALUES = [
    *("USUBJID", "GROUP", "ADT", "ADY", "AVAL", "AVALU", "BASE", "BTOXGR", "ATOXGR"),
    *("SRCDOM", "SRCVAR", "SRCSEQ"),
]
_LYSIS = ["USUBJID", "GROUP", "LTLS", "CTLS", "ADY", "REASON", "SRCDOM", "SRCVAR", "SRCSEQ"]
_EVENTS = ["USUBJID", "GROUP", "AEDECOD", "AETERM", "AETOXGR", "ASTDT", "ASTDY", "AEREL"]


@dataclass(frozen=True)
class Behind:
    """The rows behind a number, what they are, how many, and the tables they come from.

    ``references`` are the reference tables that a published number was read from: it has no
    patients of this study behind it.
    """

    title: str
    account: str
    frame: pd.DataFrame
    tables: list[str]
    references: tuple[str, ...] = ()


def rows_behind(number: dict, tables: dict[str, pd.DataFrame], study: dict) -> Behind:
    """The analysis rows that a row of the ARD was computed from, by patient.

    ``tables`` are those of ``results.read_results``. An endpoint gives rows of ADTTE, a
    response parameter rows of ADRS for the patients of its denominator, an adverse event rows
    of ADAE, a laboratory grade the worst rows of ADLB, tumour lysis rows of TLS, anything else
    columns of ADSL. A published number gives the number of ours; published evidence the other
    numbers of its row, a pooled rate those that were pooled.
    """
    if number["ard_id"].startswith("evidence."):
        return _evidence(number, tables["statistics/ard"], study)
    endpoint = shown(number["endpoint"])
    members = _members(number, tables["endpoints/adsl"])
    adtte, adrs = tables["endpoints/adtte"], tables["endpoints/adrs"]
    if number["analysis"] == "published":
        return _published(number, tables["statistics/ard"], study)
    if endpoint in set(adtte["PARAMCD"]):
        frame, source = _times(number, adtte, members), "endpoints/adtte"
    elif endpoint in set(adrs["PARAMCD"]):
        frame, source = _responses(number, adrs, members), "endpoints/adrs"
    elif endpoint == "ADAE":
        frame, source = _events(number, tables["endpoints/adae"], members), "endpoints/adae"
    elif endpoint == "ADLB":
        frame, source = _values(number, tables["endpoints/adlb"], members), "endpoints/adlb"
    elif endpoint == "TLS":
        frame, source = _lysis(number, tables["endpoints/tls"], members), "endpoints/tls"
    else:
        frame, source = _columns(number, members), "endpoints/adsl"
    frame = _sorted(frame)
    patients = frame["USUBJID"].nunique()
    account = f"{_counted(len(frame), 'row')} of {_counted(patients, 'patient')}"
    if source == "endpoints/adae":
        account += f" among {len(members)}"
    title = "Analysis rows" if source != "endpoints/adsl" else "Patients"
    return Behind(title, account, frame, list(dict.fromkeys([source, "endpoints/adsl"])))


def _members(number: dict, adsl: pd.DataFrame) -> pd.DataFrame:
    """The patients of the number's population and group."""
    kept = adsl
    flag, group = shown(number["population"]), shown(number["group"])
    if flag in adsl:
        kept = kept[(kept[flag] == "Y").fillna(False).astype(bool)]
    if group:
        kept = kept[(kept["GROUP"] == group).fillna(False).astype(bool)]
    return kept


def _times(number: dict, adtte: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Rows of the endpoint; in a Cox regression with the covariate beside them."""
    endpoint, term = shown(number["endpoint"]), shown(number["term"])
    rows = adtte[adtte["PARAMCD"] == endpoint]
    extra = ["GROUP"]
    if number["analysis"] in ("cox", "cox_multivariable", "proportional_hazards", "subgroup"):
        parts = number["ard_id"].split(".")
        extra += [p for p in parts[2:3] if p in members and p != "GROUP"]
    rows = rows.merge(members[["USUBJID", *extra]], on="USUBJID")
    if number["ard_id"].startswith("event.") and term:
        rows = rows[(rows["EVNTDESC"] == term).fillna(False).astype(bool)]
    return rows[[*_TIMES[:2], *extra[1:], *_TIMES[2:]]]


def _responses(number: dict, adrs: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Every patient of a rate's denominator; of a time or a count of cycles those who have one."""
    rows = adrs[adrs["PARAMCD"] == shown(number["endpoint"])].drop(columns="STUDYID")
    how = "inner" if number["analysis"] == "response_time" else "left"
    return members[["USUBJID", "GROUP"]].merge(rows, on="USUBJID", how=how)[_RESPONSES]


def _events(number: dict, adae: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    rows = adae[(adae["TRTEMFL"] == "Y").fillna(False).astype(bool)]
    rows = rows.merge(members[["USUBJID", "GROUP"]], on="USUBJID")
    if shown(number["term"]):
        name = rows["AEDECOD"].fillna(rows["AETERM"])
        rows = rows[(name == number["term"]).fillna(False).astype(bool)]
    least = {"g3": 3, "g5": 5}.get(number["ard_id"].split(".")[-2])
    if least:
        rows = rows[(rows["AETOXGR"] >= least).fillna(False).astype(bool)]
    return rows[_EVENTS]


def _values(number: dict, adlb: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The worst row of each patient for the test; at baseline the row that is the baseline."""
    _, _, test, part, *_ = number["ard_id"].split(".")
    flag = "ABLFL" if part == "g3_baseline" else "WORSTFL"
    rows = adlb[((adlb["PARAMCD"] == test) & (adlb[flag] == "Y")).fillna(False).astype(bool)]
    return rows.merge(members[["USUBJID", "GROUP"]], on="USUBJID")[_VALUES]


def _lysis(number: dict, tls: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The row of each patient by the number's definition, with the reason."""
    name = number["ard_id"].split(".")[2].removesuffix("_clinical")
    rows = tls[(tls["DEFN"] == name).fillna(False).astype(bool)]
    return rows.merge(members[["USUBJID", "GROUP"]], on="USUBJID")[_LYSIS]


def _columns(number: dict, members: pd.DataFrame) -> pd.DataFrame:
    """ADSL columns; of a category only the patients who have it."""
    endpoint, term = shown(number["endpoint"]), shown(number["term"])
    wanted = [*("USUBJID", "GROUP"), endpoint, shown(number["population"])]
    wanted += {
        "early_mortality": ["ENDDY"],
        "follow_up": ["DTHFL"],
        "failure": ["FAILTYPE", "FAILDY", "PFTRTFL", "PFTRT"],
        "post_failure": ["PFTRT", "PFRESP"],
    }.get(number["analysis"], [])
    kept = members
    column = "FAILTYPE" if number["analysis"] == "failure" else endpoint
    if term and column in kept and number["statistic"] == "n":
        value = kept[column].astype("string")
        matches = value.isna() if term == "missing" else value == term
        kept = kept[matches.fillna(False).astype(bool)]
    if number["analysis"] == "early_mortality" and number["statistic"] == "n":
        died = (kept["DTHFL"] == "Y") & (kept["ENDDY"] <= number["time"])
        kept = kept[died.fillna(False).astype(bool)]
    return kept[[name for name in dict.fromkeys(wanted) if name in kept]]


def _published(number: dict, ard: pd.DataFrame, study: dict) -> Behind:
    """The computed number that a published one is held against."""
    group = number["ard_id"].split(".")[1]
    template = study["published"]["numbers"].get(number["endpoint"], "")
    stem = template.format(group=group).rpartition(".")[0]
    found = ard["ard_id"].str.startswith(f"{stem}.") if stem else ard["ard_id"].isna()
    frame = ard.loc[found, ["ard_id", "display", "value", "unit", "method"]]
    account = _counted(len(frame), "row")
    return Behind("Numbers of this study", account, frame, ["statistics/ard"])


def _evidence(number: dict, ard: pd.DataFrame, study: dict) -> Behind:
    """The numbers of the same row of a reference table; of a pooled rate all that went into it."""
    found = ard[ard["ard_id"].str.startswith("evidence.")]
    if number["analysis"] == "evidence_pooled":
        ids = shown(number["term"]).split(", ")
        found = found[found["ard_id"].str.split(".").str[3].isin(ids)]
        found = found[found["statistic"].isin(["n", "denominator", "percent"])]
    elif not number["ard_id"].startswith("evidence.n."):
        stem = number["ard_id"].rpartition(".")[0]
        found = found[found["ard_id"].str.startswith(f"{stem}.")]
    else:
        found = found[found["statistic"].isin(["percent", "median"])]
    frame = found[["ard_id", "display", "term", "method"]]
    spec = study["evidence"]
    trials = number["ard_id"].startswith("evidence.n.trial")
    references = (spec["trials"],) if trials else tuple(spec["files"])
    account = _counted(len(frame), "number")
    return Behind("Published numbers", account, frame, ["statistics/ard"], references)


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    order = sorted(range(len(frame)), key=lambda i: (natural(frame["USUBJID"].iloc[i]), i))
    return frame.iloc[order].reset_index(drop=True)
