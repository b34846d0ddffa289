"""The selections that the statistics take their rows through: what is read of each table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from venaza.contracts.files import conform
from venaza.contracts.selections import (
    ARD_SELECTIONS,
    SELECTIONS,
    Condition,
    Selection,
    distinct,
    tabled,
)

_WHO = ("USUBJID", "GROUP")
#: What is read of a row, after the patient and the group.
_COLUMNS = {
    "adtte": ("STARTDT", "STARTDY", "ADT", "ADY", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC"),
    "adrs": ("AVALC", "AVAL", "ADT", "ADY"),
    "adae": ("AEDECOD", "AETERM", "AETOXGR", "ASTDT", "ASTDY", "AEREL"),
    "adlb": ("ADT", "ADY", "AVAL", "AVALU", "BASE", "BTOXGR", "ATOXGR"),
    "tls": ("LTLS", "CTLS", "ADY", "REASON"),
}
_NUMBER = ("ard_id", "display", "term", "method")


def _of(table: str, where: tuple[Condition, ...], more: Iterable[str] = (), **about) -> Selection:
    columns = dict.fromkeys((*_WHO, *more, *_COLUMNS[table]))
    return Selection(table, tuple(columns), where, **about)


def entered(adtte: pd.DataFrame) -> frozenset[str]:
    """The endpoints of which somebody came under observation late."""
    return frozenset(adtte.loc[adtte["ENTRYDY"].notna(), "PARAMCD"])


def times(
    endpoint: str,
    study: dict,
    covariates: Iterable[str] = (),
    where: tuple[Condition, ...] = (),
    beside: str | None = None,
    **about,
) -> Selection:
    """The rows of an endpoint with ``covariates`` of ADSL; with those of the definition ``beside``.

    ``change`` is the milestone or column of a change during follow-up that counts.
    """
    codes = (endpoint, beside) if beside else (endpoint,)
    more = ["PARAMCD"] if beside else []
    more += covariates
    more += ["CHANGEDY"] if about.get("change") else []
    more += ["ENTRYDY"] if set(codes) & study.get("entered", frozenset()) else []
    return _of("adtte", (("PARAMCD", "in", codes), *where), more, **about)


def responses(parameter: str, every: bool = True) -> Selection:
    """The rows of a response parameter; of ``every`` patient, or of those who have one."""
    return _of("adrs", (("PARAMCD", "=", parameter),), every=every)


def events(term: str | None, least: int) -> Selection:
    """Treatment-emergent events of a term, or all, of a grade of at least ``least``."""
    where: tuple[Condition, ...] = (("TRTEMFL", "=", "Y"),)
    where += (("AEDECOD|AETERM", "=", term),) if term else ()
    return _of("adae", (*where, ("AETOXGR", ">=", least)) if least else where)


def values(test: str, flag: str) -> Selection:
    """The row of each patient for a laboratory test that has the flag: worst, or baseline."""
    return _of("adlb", (("PARAMCD", "=", test), (flag, "=", "Y")))


def shifts(test: str) -> Selection:
    """The worst row of each patient, or that at baseline of those without a later one."""
    own = ("PARAMCD", "=", test)
    before = (own, ("ABLFL", "=", "Y"))
    return _of("adlb", (own, ("WORSTFL", "=", "Y")), ["WORSTFL"], otherwise=before)


def lysis(definition: str, more: Iterable[str] = ()) -> Selection:
    """The row of each patient by a definition of tumour lysis."""
    found = _of("tls", (("DEFN", "=", definition),))
    return Selection(found.table, (*found.columns, *more), found.where)


def patients(*columns: str, where: tuple[Condition, ...] = ()) -> Selection:
    """Patients with columns of ADSL."""
    return Selection("adsl", tuple(dict.fromkeys((*_WHO, *columns))), where)


def published(*where: Condition, references: Iterable[str] = ()) -> Selection:
    """Published numbers of the ARD that belong together, and the files that they stand in."""
    return Selection("ard", _NUMBER, where, references=tuple(references))


def none(references: Iterable[str]) -> Selection:
    """No row of this study: the number was read from a file."""
    return published(("ard_id", "none", ""), references=references)


def ours(stem: str | None) -> Selection:
    """The numbers of this study that a published one is held against."""
    where = ("ard_id", "starts", f"{stem}.") if stem else ("ard_id", "none", "")
    return Selection("ard", ("ard_id", "display", "value", "unit", "method"), (where,))


def tables(rows: list[dict]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``SELECTIONS`` and ``ARD_SELECTIONS`` of rows of the ARD (``ard.rows``)."""
    found, numbers = distinct([row["selection"] for row in rows])
    which = pd.DataFrame({"ard_id": [row["ard_id"] for row in rows], "SELECTION": numbers})
    return conform(tabled(found), SELECTIONS), conform(which, ARD_SELECTIONS)
