"""What a patient's time line shows: each dated fact with its kind, its words and its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from venaza.contracts.supportive import is_supportive
from venaza.contracts.truth import is_true
from venaza.pipeline.audit.page.compressed_tables import combined

COLUMNS = ("USUBJID", "KIND", "ADY", "ENDY", "MARK", "SAID", "SRCDOM", "SRCVAR", "SRCSEQ")
_TYPES = {
    **dict.fromkeys(COLUMNS, "string"),
    **dict.fromkeys(("ADY", "ENDY", "SRCSEQ"), "Int64"),
}
#: Milestones that have a mark of their own. The rest are told in words only: they repeat a
#: response, or are made for one endpoint.
_MARKED = {"DIAGNOSIS": "diagnosis", "INDEX": "index", "FAILURE": "failure", "DEATH": "death",
           "LAST_ALIVE": "contact", "TOXICITY_STOP": "stop"}  # fmt: skip


def courses(tables: dict[str, pd.DataFrame], study: dict) -> pd.DataFrame:
    """The dated facts of every patient by day (``COLUMNS``), for the page's time lines.

    ``tables`` are those of ``results.read_results``. ``ADY`` and ``ENDY`` are days from the
    index date; rows without a day are left out. ``MARK`` is the short text beside the mark,
    ``KIND`` one of diagnosis, index, cycle, response, mrd, mrd_negative, failure, stop, therapy,
    transplant, death, contact, milestone.
    """

    def therapy(name: str | None, kind: str | None, response: str | None) -> tuple:
        said = name or kind or "not named"
        what = "Supportive care" if is_supportive(name, kind, study) else "Next therapy"
        return "therapy", said, f"{what}: {said}" + (f", response {response}" if response else "")

    response = ("RESPONSE", "RSINV", "RSDRV")
    parts = [
        _said(tables["endpoints/milestones"], _milestone, "MILESTONE", "DESCRIPTION"),
        _of_rows(tables.get("clean/cycles"), "cycles", "EXST", _cycle, "CYCLE"),
        _of_rows(tables.get("endpoints/assessments"), "responses", "RS", _response, *response),
        *_mrd(tables),
        _of_rows(tables.get("clean/therapies"), "therapies", "CMST", therapy, "CMTRT", "CMCLAS",
                 "CMRESP"),
        _of_rows(tables.get("clean/transplants"), "transplants", "TX", _transplant, "TXTYPE"),
    ]  # fmt: skip
    facts = [part.reindex(columns=list(COLUMNS)).astype(_TYPES) for part in parts]
    frame = pd.concat(facts, ignore_index=True)
    frame = frame[frame["ADY"].notna() & frame["SAID"].notna()]
    return frame.sort_values(["USUBJID", "ADY"], kind="stable", ignore_index=True)


def _said(frame: pd.DataFrame, says: Callable[..., tuple], *columns: str) -> pd.DataFrame:
    """The rows with ``KIND``, ``MARK`` and ``SAID``, which ``says`` makes of ``columns``.

    It is asked once for each combination of their values, with None for what is missing.
    """
    numbers, first = combined([frame[name] for name in columns])
    asked = frame.iloc[first][list(columns)].astype(object)
    told = [says(*row) for row in asked.where(asked.notna(), None).itertuples(index=False)]
    words = pd.DataFrame(told, columns=["KIND", "MARK", "SAID"], dtype="string")
    return frame.assign(**words.iloc[numbers].set_axis(frame.index))


def _of_rows(
    frame: pd.DataFrame | None, table: str, date: str, says: Callable[..., tuple], *columns: str
) -> pd.DataFrame:
    """The facts of the rows of a clean table, dated by ``date``."""
    if frame is None:
        return pd.DataFrame()
    names = {"SEQ": "SRCSEQ", f"{date}DY": "ADY", "EXENDY": "ENDY"}
    pointed = _said(frame, says, *columns).rename(columns=names)
    return pointed.assign(SRCDOM=table, SRCVAR=f"{date}DT")


def _milestone(milestone: str, description: str | None) -> tuple:
    return _MARKED.get(milestone, "milestone"), "", description


def _cycle(number: int | None) -> tuple:
    text = "" if number is None else str(number)
    return "cycle", text, f"Cycle {text}".strip()


def _response(response: str | None, investigator: str | None, derived: str | None) -> tuple:
    by = (("investigator", investigator), ("derived", derived))
    words = ", ".join(f"{who} {what}" for who, what in by if what)
    mark = response or "NE"
    return "response", mark, f"Response {mark}" + (f" ({words})" if words else "")


def _mrd(tables: dict[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """MRD samples; those that ADRS counts as MRD negative are marked as such."""
    adrs = tables["endpoints/adrs"]
    counted = adrs[is_true(adrs["PARAMCD"] == "MRDNEG") & is_true(adrs["AVALC"] == "Y")]
    for table, date in (("mrd", "MRD"), ("responses", "RS")):
        frame = tables.get(f"clean/{table}")
        if frame is not None:
            of = counted[is_true(counted["SRCDOM"] == table)]
            keys = pd.MultiIndex.from_frame(of[["USUBJID", "SRCSEQ"]])
            samples = pd.MultiIndex.from_frame(frame[["USUBJID", "SEQ"]])
            told = ("MRDVAL", "MRDOP", "MRDRES", "MRDMETH", "NEGATIVE")
            yield _of_rows(frame.assign(NEGATIVE=samples.isin(keys)), table, date, _sample, *told)


def _sample(
    value: float | None, sign: str | None, result: str | None, method: str | None, negative: bool
) -> tuple:
    measured = "" if value is None else f"{'' if sign in (None, '=') else sign}{value:g}%"
    said = measured or result
    if not said:
        return None, None, None
    kind, more = ("mrd_negative", ", counts as MRD negative") if negative else ("mrd", "")
    return kind, said, f"MRD {said}" + (f" ({method})" if method else "") + more


def _transplant(kind: str | None) -> tuple:
    return "transplant", "", "Transplant" + (f" ({kind})" if kind else "")
