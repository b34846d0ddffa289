"""The rows behind a number: which patients of which analysis table it was computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from venaza.audit.markup import shown
from venaza.audit.results import natural
from venaza.contracts.definitions import definitions_of
from venaza.contracts.risk import REASONS
from venaza.contracts.truth import is_true

if TYPE_CHECKING:
    import pandas as pd

_TIMES = [
    *("USUBJID", "GROUP", "STARTDT", "STARTDY", "ADT", "ADY", "AVAL", "CNSR"),
    *("EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ"),
]
_RESPONSES = ["USUBJID", "GROUP", "AVALC", "AVAL", "ADT", "ADY", "SRCDOM", "SRCVAR", "SRCSEQ"]
_VALUES = [
    *("USUBJID", "GROUP", "ADT", "ADY", "AVAL", "AVALU", "BASE", "BTOXGR", "ATOXGR"),
    *("SRCDOM", "SRCVAR", "SRCSEQ"),
]
_LYSIS = ["USUBJID", "GROUP", "LTLS", "CTLS", "ADY", "REASON", "SRCDOM", "SRCVAR", "SRCSEQ"]
_EVENTS = [
    *("USUBJID", "GROUP", "AEDECOD", "AETERM", "AETOXGR", "ASTDT", "ASTDY", "AEREL", "AESEQ"),
]
#: Curves of other studies, read from their figures: no patient of this one is behind them.
_RECONSTRUCTED = "reconstructed"
#: The milestone of the landmark analysis.
_LANDMARK = "FIRST_REMISSION"


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
    members: list[str]
    references: tuple[str, ...] = ()


def rows_behind(number: dict, tables: dict[str, pd.DataFrame], study: dict) -> Behind:
    """The analysis rows that a row of the ARD was computed from, by patient.

    ``tables`` are those of ``results.read_results``. An endpoint gives rows of ADTTE, a
    response parameter rows of ADRS for the patients of its denominator, an adverse event rows
    of ADAE, a laboratory grade the worst rows of ADLB, tumour lysis rows of TLS, anything else
    columns of ADSL. A published number gives the number of ours; published evidence the other
    numbers of its row, a pooled rate those that were pooled.
    """
    if is_evidence(number):
        return _evidence(number, tables["statistics/ard"], study)
    if number["analysis"] == "published":
        return _published(number, tables["statistics/ard"], study)
    if number["analysis"] == _RECONSTRUCTED:
        none = tables["statistics/ard"].iloc[:0][["ard_id"]]
        return Behind("Published by others", "no patient of this study", none, [], [])
    source = table_of(number["endpoint"], tables, study)
    members = _members(number, tables["endpoints/adsl"])
    frame = _sorted(_rows(number, source, tables, members, study))
    patients = frame["USUBJID"].nunique()
    account = f"{_counted(len(frame), 'row')} of {_counted(patients, 'patient')}"
    if source == "endpoints/adae":
        account += f" among {len(members)}"
    title = "Analysis rows" if source != "endpoints/adsl" else "Patients"
    everyone = sorted(members["USUBJID"], key=natural)
    return Behind(title, account, frame, list(dict.fromkeys([source, "endpoints/adsl"])), everyone)


def table_of(endpoint: object, tables: dict[str, pd.DataFrame], study: dict) -> str:
    """The analysis table that a number of this endpoint is computed from."""
    code = shown(endpoint)
    timed = definitions_of(study)
    if code in timed or (tables["endpoints/adtte"]["PARAMCD"] == code).any():
        return "endpoints/adtte"
    if (tables["endpoints/adrs"]["PARAMCD"] == code).any():
        return "endpoints/adrs"
    named = {"ADAE": "endpoints/adae", "ADLB": "endpoints/adlb", "TLS": "endpoints/tls"}
    return named.get(code, "endpoints/adsl")


def _rows(
    number: dict,
    source: str,
    tables: dict[str, pd.DataFrame],
    members: pd.DataFrame,
    study: dict,
) -> pd.DataFrame:
    """The rows of the table ``source`` behind a number of this study."""
    if source == "endpoints/adtte":
        return _times(number, tables, members, study)
    made = {
        "endpoints/adrs": _responses,
        "endpoints/adae": _events,
        "endpoints/adlb": _values,
        "endpoints/tls": _lysis,
    }.get(source)
    return _columns(number, members) if made is None else made(number, tables[source], members)


def counted_in(patient: str, tables: dict[str, pd.DataFrame], study: dict) -> list[str]:
    """The ids of the numbers of which a row of the patient is behind, in the order of the ARD.

    Of a count these are the patients counted, of anything else all that it was computed from.
    A published number counts whom the number counts that it is held against.
    """
    own = {
        name: frame[is_true(frame["USUBJID"] == patient)]
        for name, frame in tables.items()
        if name.startswith("endpoints/") and "USUBJID" in frame
    }
    ard = tables["statistics/ard"].to_dict("records")
    sources = {
        code: table_of(code, tables, study) for code in {shown(row["endpoint"]) for row in ard}
    }
    known: dict[tuple, bool] = {}
    found, published = set(), []
    for number in ard:
        if is_evidence(number) or number["analysis"] == _RECONSTRUCTED:
            continue
        if number["analysis"] == "published":
            published.append(number)
            continue
        source = sources[shown(number["endpoint"])]
        key = _question(number, source)
        if key not in known:
            members = _members(number, own["endpoints/adsl"])
            known[key] = bool(len(members)) and bool(
                len(_rows(number, source, own, members, study))
            )
        if known[key]:
            found.add(number["ard_id"])
    found |= {n["ard_id"] for n in published if held_against(n, study) in found}
    return [number["ard_id"] for number in ard if number["ard_id"] in found]


def _question(number: dict, source: str) -> tuple:
    """What of a number decides whose rows are behind it: numbers with the same have the same."""
    kind, key = number["analysis"], number["ard_id"].split(".")
    endpoint, term = number["endpoint"], shown(number["term"])
    about = (source, endpoint, shown(number["population"]), shown(number["group"]))
    if source == "endpoints/adtte":
        level = number["ard_id"].rpartition(".")[0] if kind == "cox_level" else ""
        return (*about, kind == "definition", level or (term if key[0] == "event" else ""))
    if source == "endpoints/adrs":
        return (*about, only_with_a_row(number))
    if source == "endpoints/adae":
        return (*about, term, key[-2])
    if source == "endpoints/adlb":
        return (*about, kind, key[2], key[3] == "g3_baseline")
    if source == "endpoints/tls":
        return (*about, key[2])
    asked = (kind, term, number["statistic"] == "n", *(key[1:3] if kind == "risk" else ()))
    return (*about, *asked, shown(number["time"]) if kind == "early_mortality" else "")


def _members(number: dict, adsl: pd.DataFrame) -> pd.DataFrame:
    """The patients of the number's population and group."""
    kept = adsl
    flag, group = shown(number["population"]), shown(number["group"])
    if flag in adsl:
        kept = kept[is_true(kept[flag] == "Y")]
    if group:
        kept = kept[is_true(kept["GROUP"] == group)]
    return kept


def _times(
    number: dict, tables: dict[str, pd.DataFrame], members: pd.DataFrame, study: dict
) -> pd.DataFrame:
    """Rows of the endpoint with the covariates of a model beside them.

    Where a change during follow-up counts, ``CHANGEDY`` is its day. What another definition
    changes is told from the rows of both definitions.
    """
    endpoint, term = shown(number["endpoint"]), shown(number["term"])
    adtte, codes = tables["endpoints/adtte"], [endpoint]
    if number["analysis"] == "definition":
        codes.append(study["alternatives"][endpoint]["of"])
    extra = [c for c in covariates(number, study) if c in members and c != "GROUP"]
    rows = adtte[adtte["PARAMCD"].isin(codes)]
    rows = rows.merge(members[["USUBJID", "GROUP", *dict.fromkeys(extra)]], on="USUBJID")
    if number["analysis"] == "cox_level":
        variable = covariates(number, study)[0]
        rows = rows[is_true(rows[variable].astype("string") == term)]
    if number["ard_id"].startswith("event.") and term:
        rows = rows[is_true(rows["EVNTDESC"] == term)]
    change = _change(number, tables, members, study)
    if change is not None:
        extra = [*extra, "CHANGEDY"]
        rows = rows.assign(CHANGEDY=rows["USUBJID"].map(change).astype("Float64"))
    if rows["ENTRYDY"].notna().any():
        extra = [*extra, "ENTRYDY"]
    which = ["PARAMCD"] if len(codes) > 1 else []
    return rows[[*_TIMES[:2], *which, *dict.fromkeys(extra), *_TIMES[2:]]]


def covariates(number: dict, study: dict) -> list[str]:
    """The columns of ADSL that a model, a stratified test or a comparison takes beside time."""
    kind, endpoint, key = number["analysis"], number["endpoint"], number["ard_id"]
    planned = study.get("analysis", {})
    if kind == "cox_multivariable" or key.startswith("zphm."):
        return list(planned.get("multivariable", {}).get(endpoint, []))
    if kind in ("cox", "cox_level", "proportional_hazards", "subgroup", "influence"):
        return key.partition(f".{endpoint}.")[2].split(".")[:1]
    if kind == "fine_gray":
        return key.partition(f".{endpoint}.")[2].split(".")[:1]
    if kind in ("logrank_stratified", "cox_stratified"):
        return list(planned.get("strata", {}).get(endpoint, []))
    return ["PFTRTCL", "PFSUPFL"] if kind == "salvage" else []


def change_source(number: dict, study: dict) -> str | None:
    """The milestone, or the column of ADSL, of a change that counts during follow-up."""
    if number["analysis"] == "landmark":
        return _LANDMARK
    if number["analysis"] not in ("time_dependent_cox", "mantel_byar", "simon_makuch"):
        return None
    code = number["ard_id"].split(".")[2]
    return study["analysis"]["time_dependent"][number["endpoint"]][code]


def _change(
    number: dict, tables: dict[str, pd.DataFrame], members: pd.DataFrame, study: dict
) -> dict[str, float] | None:
    """The day of the change from index by patient; None where nothing changes."""
    source = change_source(number, study)
    if source is None:
        return None
    if source in members:
        return dict(zip(members["USUBJID"], members[source], strict=True))
    facts = tables["endpoints/milestones"]
    facts = facts[facts["MILESTONE"] == source]
    return dict(zip(facts["USUBJID"], facts["ADY"], strict=True))


def _responses(number: dict, adrs: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Every patient of a rate's denominator.

    Of a time, a count of cycles or a rate among the tested those who have the parameter.
    """
    rows = adrs[adrs["PARAMCD"] == shown(number["endpoint"])].drop(columns="STUDYID")
    how = "inner" if only_with_a_row(number) else "left"
    return members[["USUBJID", "GROUP"]].merge(rows, on="USUBJID", how=how)[_RESPONSES]


def only_with_a_row(number: dict) -> bool:
    return number["analysis"] == "response_time" or number["ard_id"].startswith("rate_tested.")


def _events(number: dict, adae: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    rows = adae[is_true(adae["TRTEMFL"] == "Y")]
    rows = rows.merge(members[["USUBJID", "GROUP"]], on="USUBJID")
    if shown(number["term"]):
        name = rows["AEDECOD"].fillna(rows["AETERM"])
        rows = rows[is_true(name == number["term"])]
    least = {"g3": 3, "g5": 5}.get(number["ard_id"].split(".")[-2])
    if least:
        rows = rows[is_true(rows["AETOXGR"] >= least)]
    return rows[_EVENTS]


def _values(number: dict, adlb: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The worst row of each patient for the test; at baseline the row that is the baseline.

    A shift from baseline has the baseline row of those too who have no value afterwards;
    ``WORSTFL`` tells them apart.
    """
    _, _, test, part, *_ = number["ard_id"].split(".")
    flag = "ABLFL" if part == "g3_baseline" else "WORSTFL"
    own = adlb[is_true(adlb["PARAMCD"] == test)]
    chosen = is_true(own[flag] == "Y")
    if number["analysis"] != "laboratory_shift":
        return own[chosen].merge(members[["USUBJID", "GROUP"]], on="USUBJID")[_VALUES]
    only_before = ~own["USUBJID"].isin(own.loc[chosen, "USUBJID"])
    only_before &= is_true(own["ABLFL"] == "Y")
    rows = own[chosen | only_before].merge(members[["USUBJID", "GROUP"]], on="USUBJID")
    return rows[["USUBJID", "GROUP", "WORSTFL", *_VALUES[2:]]]


def _lysis(number: dict, tls: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The row of each patient by the number's definition, with the reason."""
    rows = tls[is_true(tls["DEFN"] == lysis_definition(number))]
    asked = {"by_change": ["LIMFL"], "recorded": ["AEFL"], "recorded_found": ["AEFL"]}
    columns = [*_LYSIS, *asked.get(number["statistic"], [])]
    return rows.merge(members[["USUBJID", "GROUP"]], on="USUBJID")[columns]


def lysis_definition(number: dict) -> str:
    """The definition of tumour lysis that a number is of: ``tls.all.howard_clinical.n``."""
    return number["ard_id"].split(".")[2].removesuffix("_clinical")


def _columns(number: dict, members: pd.DataFrame) -> pd.DataFrame:
    """ADSL columns; of a category only the patients who have it."""
    endpoint, term = shown(number["endpoint"]), shown(number["term"])
    wanted = [*("USUBJID", "GROUP"), endpoint, shown(number["population"])]
    compared = ["RISK"] if set(number["ard_id"].split(".")) & {"recorded", "agree"} else []
    wanted += {
        "early_mortality": ["ENDDY"],
        "follow_up": ["DTHFL"],
        "failure": ["FAILTYPE", "FAILDY", "PFTRTFL", "PFTRT", "PFSUP"],
        "post_failure": ["PFTRT", "PFRESP"],
        "risk": [REASONS.get(endpoint, ""), *compared],
    }.get(number["analysis"], [])
    kept = members
    column = "FAILTYPE" if number["analysis"] == "failure" else endpoint
    if term and not compared and column in kept and number["statistic"] == "n":
        value = kept[column].astype("string")
        matches = is_true(value == term)
        if term in ("missing", "unknown"):
            matches |= value.isna()
        kept = kept[matches]
    if number["analysis"] == "early_mortality" and number["statistic"] == "n":
        died = (kept["DTHFL"] == "Y") & (kept["ENDDY"] <= number["time"])
        kept = kept[is_true(died)]
    return kept[[name for name in dict.fromkeys(wanted) if name in kept]]


def _published(number: dict, ard: pd.DataFrame, study: dict) -> Behind:
    """The computed number that a published one is held against."""
    stem = held_against(number, study).rpartition(".")[0]
    found = ard["ard_id"].str.startswith(f"{stem}.") if stem else ard["ard_id"].isna()
    frame = ard.loc[found, ["ard_id", "display", "value", "unit", "method"]]
    account = _counted(len(frame), "row")
    return Behind("Numbers of this study", account, frame, ["statistics/ard"], [])


def held_against(number: dict, study: dict) -> str:
    """The id of the number of ours that a published number is held against; may be empty."""
    template = study["published"]["numbers"].get(number["endpoint"], "")
    return template.format(group=number["ard_id"].split(".")[1])


def is_evidence(number: dict) -> bool:
    """Whether a number is of published evidence: it counts no patient of this study."""
    return number["ard_id"].startswith("evidence.")


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
    return Behind("Published numbers", account, frame, ["statistics/ard"], [], references)


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    order = sorted(range(len(frame)), key=lambda i: (natural(frame["USUBJID"].iloc[i]), i))
    return frame.iloc[order].reset_index(drop=True)
