"""What a way of real life may do to the results, and whether it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from tests.metamorphic.outcome import COMPARED, Outcome

#: The rows of a table, where its order does not tell.
KEYS = {
    "adsl": ["USUBJID"],
    "adrs": ["USUBJID", "PARAMCD", "DEFN"],
    "adtte": ["USUBJID", "PARAMCD"],
    "adtte_excluded": ["USUBJID", "PARAMCD"],
    "definitions": ["USUBJID", "PARAMCD", "DEFN"],
    "assessments": ["USUBJID", "ADY", "RSINV"],
    "adae": ["USUBJID", "AEDECOD", "ASTDY", "AETOXGR"],
    "adlb": ["USUBJID", "PARAMCD", "ADY", "AVAL"],
    "tls": ["USUBJID", "DEFN"],
}
#: Numbers of rows and words as sent: what the export holds, not what it says.
_AS_SENT = {"AETERM", "AESEQ", "SEQ"}


@dataclass(frozen=True)
class Verdict:
    """``kept``: as expected; ``text``: for the page, or what went wrong."""

    kept: bool
    text: str


Check = Callable[[Outcome, Outcome], list[str]]


@dataclass(frozen=True)
class Expectation:
    """``kind`` of result; words of a message or rules of queries; a bound and its reason."""

    kind: str
    words: tuple[str, ...] = ()
    reason: str = ""
    check: Check | None = None
    ignore: frozenset[str] = frozenset()
    #: What was seen within the bound, for the page.
    shown: Callable[[Outcome], str] | None = None

    def judge(self, before: Outcome, after: Outcome) -> Verdict:
        if self.kind == "stops":
            return _stops(self.words, after)
        if after.stopped:
            return Verdict(False, f"stopped: {after.stopped}")
        missing = [rule for rule in self.words if not _new(before, after).get(rule)]
        if missing:
            return Verdict(False, f"not asked: {', '.join(missing)}; new: {_new(before, after)}")
        if self.check:
            wrong = self.check(before, after)
        elif self.kind == "asks":
            wrong = differences(before, after, self.ignore, apart=_asked_about(before, after))
        else:
            wrong = differences(before, after, self.ignore) + _grave(before, after)
        return Verdict(not wrong, "; ".join(wrong[:6]) or self._said(before, after))

    def _said(self, before: Outcome, after: Outcome) -> str:
        new = _new(before, after)
        rules = [f"`{rule}` {n}" for rule, n in new.items() if rule in self.words or n > 0]
        seen = [self.shown(after)] if self.shown else []
        if self.kind == "bound" and not seen:
            seen = [_moved(before, after)]
        if self.kind == "asks":
            seen = [_number(_asked_about(before, after), after, "asked about")]
        return "; ".join([*seen, *([", ".join(sorted(rules))] if rules else [])])


def _moved(before: Outcome, after: Outcome) -> str:
    """How many patients have another time, to any endpoint that both outcomes know."""
    times = [
        o.tables["adtte"].set_index(["USUBJID", "PARAMCD"])[["AVAL", "CNSR"]]
        for o in (before, after)
    ]
    old, new = times[0].align(times[1], join="inner")
    differ = ~same(old["AVAL"], new["AVAL"]) | ~same(old["CNSR"], new["CNSR"])
    patients = set(differ[differ].index.get_level_values("USUBJID"))
    return _number(patients, after, "another time of") if patients else "no time is another"


def _number(patients: set[str], after: Outcome, what: str) -> str:
    everybody = after.tables["adsl"]["USUBJID"].nunique()
    return f"{what} {len(patients)} of {everybody} patients"


def equal(*ignore: str) -> Expectation:
    """Every analysis table and the whole ARD as of the export as sent.

    ``ignore``: columns that cannot be the same (dates, where the export had days).
    """
    return Expectation("equal", ignore=frozenset(ignore))


def bound(
    reason: str, check: Check, *rules: str, shown: Callable[[Outcome], str] | None = None
) -> Expectation:
    """``check`` gives what lies beyond the bound that ``reason`` states; ``rules`` are asked."""
    return Expectation("bound", tuple(rules), reason, check, shown=shown)


def asks(*rules: str, ignore: Iterable[str] = (), check: Check | None = None) -> Expectation:
    """Queries of these rules; whoever is not asked about has the same times and responses."""
    return Expectation("asks", tuple(rules), check=check, ignore=frozenset(ignore))


def stops(*words: str) -> Expectation:
    """One message with these words."""
    return Expectation("stops", tuple(words))


def _stops(words: tuple[str, ...], after: Outcome) -> Verdict:
    if not after.stopped:
        return Verdict(False, "the run did not stop")
    missing = [word for word in words if word not in after.stopped]
    if missing:
        return Verdict(False, f"{missing} is not in the message: {after.stopped}")
    first, *rest = after.stopped.splitlines()
    return Verdict(True, f"{first} {rest[0].strip()}" if first.endswith(":") else first)


def _new(before: Outcome, after: Outcome) -> dict[str, int]:
    """Rules asked more often than of the export as sent."""
    old, new = before.asked(), after.asked()
    return {rule: n - old.get(rule, 0) for rule, n in new.items() if n != old.get(rule, 0)}


def _grave(before: Outcome, after: Outcome) -> list[str]:
    """Rules of severity error that only the changed export raises: it is not read as equal."""
    errors = after.queries[after.queries["SEVERITY"] == "error"]
    more = _new(before, after)
    return [
        f"asked: {rule}, {errors[errors['RULE'] == rule]['MESSAGE'].iloc[0]}"
        for rule in sorted(set(errors["RULE"]))
        if more.get(rule, 0) > 0
    ]


def _asked_about(before: Outcome, after: Outcome) -> set[str]:
    """Patients whom a query names that the export as sent does not raise."""
    rows = [
        set(zip(o.queries["RULE"], o.queries["USUBJID"].fillna(""), strict=True))
        for o in (before, after)
    ]
    counts = [o.queries.groupby(["RULE", "USUBJID"]).size().to_dict() for o in (before, after)]
    more = {who for (rule, who), n in counts[1].items() if n > counts[0].get((rule, who), 0)}
    more |= {who for _, who in rows[1] - rows[0]}
    # A query of a whole column is about everybody.
    return set(after.tables["adsl"]["USUBJID"]) if "" in more else more


def differences(
    before: Outcome,
    after: Outcome,
    ignore: Iterable[str] = (),
    apart: Iterable[str] = (),
    tables: Iterable[str] = COMPARED,
    ard: bool = True,
    within: float = 0,
) -> list[str]:
    """What differs in the analysis tables and in the ARD; without the patients ``apart``.

    The ARD is of all patients, so it is held only where nobody stands apart. Numbers may differ
    by a share ``within`` of themselves, if any.
    """
    found, apart = [], set(apart)
    for name in tables:
        found += _table(name, before.tables[name], after.tables[name], set(ignore), apart, within)
    if ard and not found and not apart:
        found += ard_differences(before.ard, after.ard, within)
    return found


def same_results(before: Outcome, after: Outcome) -> list[str]:
    """What differs in all but the table of assessments, which may hold rows more."""
    return differences(before, after, tables=[n for n in COMPARED if n != "assessments"])


def _table(
    name: str, old: pd.DataFrame, new: pd.DataFrame, ignore: set, apart: set, within: float = 0
) -> list[str]:
    if not apart and old.equals(new):
        return []
    left = [c for c in old.columns if c in ignore | _AS_SENT]
    keys = KEYS[name]
    frames = []
    for frame in (old, new):
        frame = frame[~frame["USUBJID"].isin(apart)].drop(columns=left, errors="ignore")
        frames.append(frame.sort_values(keys, kind="stable").reset_index(drop=True))
    old, new = frames
    if list(old.columns) != list(new.columns):
        return [f"{name}: columns {sorted(set(old.columns) ^ set(new.columns))}"]
    if len(old) != len(new):
        merged = old[keys].merge(new[keys], how="outer", indicator=True)
        odd = merged[merged["_merge"] != "both"].head(3).to_dict("records")
        return [f"{name}: {len(new)} rows, not {len(old)} {odd}"]
    found = []
    for column in old.columns:
        differ = ~same(old[column], new[column], within)
        if differ.any():
            at = differ.idxmax()
            found.append(
                f"{name}.{column}: {int(differ.sum())} rows, first {old.loc[at, keys].tolist()}:"
                f" {new[column][at]}, not {old[column][at]}"
            )
    return found


def same(old: pd.Series, new: pd.Series, within: float = 0) -> pd.Series:
    """Where both are empty, or the same to the last digit, or ``within`` a share of themselves."""
    both_empty = old.isna() & new.isna()
    if pd.api.types.is_numeric_dtype(old) and pd.api.types.is_numeric_dtype(new):
        old, new = old.astype("Float64"), new.astype("Float64")
        if within:
            near = (old - new).abs() <= within * old.abs()
            return both_empty | near.fillna(False).astype(bool)
    return both_empty | (old == new).fillna(False).astype(bool)


def ard_differences(old: pd.DataFrame, new: pd.DataFrame, within: float = 0) -> list[str]:
    """Rows of the ARD that are not the same, but for the name of who is left out of a median."""
    old, new = (_nameless(ard).set_index("ard_id") for ard in (old, new))
    lost = sorted(set(old.index) ^ set(new.index))
    if lost:
        return [f"ARD: {len(lost)} rows more or less, first {lost[0]}"]
    new = new.loc[old.index]
    found = []
    for column in ("value", "display", "reason", "term", "time"):
        differ = ~same(old[column], new[column], within)
        if differ.any():
            at = differ[differ].index[0]
            found.append(f"ARD: {at} {column} {new[column][at]}, not {old[column][at]}")
    return found


def moved_numbers(old: pd.DataFrame, new: pd.DataFrame) -> list[tuple[str, float, float]]:
    """(row of the ARD, its value before, its value after) of those that are not the same."""
    both = _nameless(old).merge(_nameless(new), on="ard_id", how="outer", suffixes=("", "_new"))
    differ = both[~same(both["value"], both["value_new"])]
    return list(differ[["ard_id", "value", "value_new"]].itertuples(index=False, name=None))


def _nameless(ard: pd.DataFrame) -> pd.DataFrame:
    left_out = ard["method"].str.startswith("Leave one patient out")
    hidden = ard["term"].str.replace(r"^\S+", "a patient", regex=True)
    reason = ard["reason"].str.replace(r" without \S+", " without a patient", regex=True)
    return ard.assign(
        term=ard["term"].mask(left_out, hidden), reason=ard["reason"].mask(left_out, reason)
    )


def _measured_twice(before: Outcome, after: Outcome) -> list[str]:
    """All is the same, but that a laboratory value may stand there twice."""
    said = ["USUBJID", "PARAMCD", "ADY", "AVAL", "BASE", "BTOXGR", "ATOXGR"]
    rows = [
        set(o.tables["adlb"][said].astype("string").itertuples(index=False))
        for o in (before, after)
    ]
    wrong = [] if len(rows[0] ^ rows[1]) == 0 else [f"adlb: {len(rows[0] ^ rows[1])} rows"]
    others = [name for name in COMPARED if name != "adlb"]
    wrong += differences(before, after, tables=others, ard=False)
    return wrong + ard_differences(before.ard, after.ard)


TWICE = bound(
    "A value may be measured twice on one day, so that the laboratory's table keeps both rows; "
    "nothing is counted twice, and all else is the same",
    _measured_twice,
)
