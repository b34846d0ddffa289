"""What a patient's time line shows: each dated fact with its kind, its words and its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.supportive import is_supportive

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("USUBJID", "KIND", "ADY", "ENDY", "MARK", "SAID", "SRCDOM", "SRCVAR", "SRCSEQ")
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
    import pandas as pd

    parts = [
        _milestones(tables["endpoints/milestones"]),
        _cycles(tables.get("clean/cycles")),
        _responses(tables.get("endpoints/assessments")),
        _mrd(tables),
        _therapies(tables.get("clean/therapies"), study),
        _transplants(tables.get("clean/transplants")),
    ]
    rows = [row for part in parts for row in part if row[2] is not None]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    whole = dict.fromkeys(("ADY", "ENDY", "SRCSEQ"), "Int64")
    words = dict.fromkeys(("USUBJID", "KIND", "MARK", "SAID", "SRCDOM", "SRCVAR"), "string")
    frame = frame.astype({**whole, **words})
    return frame.sort_values(["USUBJID", "ADY"], kind="stable", ignore_index=True)


def _records(frame: pd.DataFrame | None) -> list[dict]:
    if frame is None or frame.empty:
        return []
    plain = frame.astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def _milestones(frame: pd.DataFrame) -> list[tuple]:
    rows = []
    for r in _records(frame):
        kind = _MARKED.get(r["MILESTONE"], "milestone")
        source = (r["SRCDOM"], r["SRCVAR"], r["SRCSEQ"])
        rows.append((r["USUBJID"], kind, r["ADY"], None, "", r["DESCRIPTION"], *source))
    return rows


def _cycles(frame: pd.DataFrame | None) -> list[tuple]:
    rows = []
    for r in _records(frame):
        number = "" if r["CYCLE"] is None else str(r["CYCLE"])
        source = ("cycles", "EXSTDT", r["SEQ"])
        said = f"Cycle {number}".strip()
        rows.append((r["USUBJID"], "cycle", r["EXSTDY"], r["EXENDY"], number, said, *source))
    return rows


def _responses(frame: pd.DataFrame | None) -> list[tuple]:
    rows = []
    for r in _records(frame):
        by = [("investigator", r["RSINV"]), ("derived", r["RSDRV"])]
        words = ", ".join(f"{who} {what}" for who, what in by if what)
        mark = r["RESPONSE"] or "NE"
        said = f"Response {mark}" + (f" ({words})" if words else "")
        source = ("responses", "RSDT", r["SEQ"])
        rows.append((r["USUBJID"], "response", r["ADY"], None, mark, said, *source))
    return rows


def _mrd(tables: dict[str, pd.DataFrame]) -> list[tuple]:
    """MRD samples; those that ADRS counts as MRD negative are marked as such."""
    adrs = tables["endpoints/adrs"]
    counted = adrs[((adrs["PARAMCD"] == "MRDNEG") & (adrs["AVALC"] == "Y")).fillna(False)]
    negative = {(r["USUBJID"], r["SRCDOM"], r["SRCSEQ"]) for r in _records(counted)}
    rows = []
    for name, day, date in (("mrd", "MRDDY", "MRDDT"), ("responses", "RSDY", "RSDT")):
        for r in _records(tables.get(f"clean/{name}")):
            value = _mrd_value(r)
            if not value:
                continue
            kind = "mrd_negative" if (r["USUBJID"], name, r["SEQ"]) in negative else "mrd"
            method = f" ({r['MRDMETH']})" if r["MRDMETH"] else ""
            source = (name, date, r["SEQ"])
            said = f"MRD {value}{method}" + (
                ", counts as MRD negative" if kind == "mrd_negative" else ""
            )
            rows.append((r["USUBJID"], kind, r[day], None, value, said, *source))
    return rows


def _mrd_value(row: dict) -> str:
    if row["MRDVAL"] is None:
        return row["MRDRES"] or ""
    sign = row["MRDOP"] if row["MRDOP"] not in (None, "=") else ""
    return f"{sign}{row['MRDVAL']:g}%"


def _therapies(frame: pd.DataFrame | None, study: dict) -> list[tuple]:
    rows = []
    for r in _records(frame):
        said = r["CMTRT"] or r["CMCLAS"] or "not named"
        answer = f", response {r['CMRESP']}" if r["CMRESP"] else ""
        source = ("therapies", "CMSTDT", r["SEQ"])
        care = is_supportive(r["CMTRT"], r["CMCLAS"], study)
        words = f"{'Supportive care' if care else 'Next therapy'}: {said}{answer}"
        rows.append((r["USUBJID"], "therapy", r["CMSTDY"], None, said, words, *source))
    return rows


def _transplants(frame: pd.DataFrame | None) -> list[tuple]:
    rows = []
    for r in _records(frame):
        kind = f" ({r['TXTYPE']})" if r["TXTYPE"] else ""
        source = ("transplants", "TXDT", r["SEQ"])
        said = f"Transplant{kind}"
        rows.append((r["USUBJID"], "transplant", r["TXDY"], None, "", said, *source))
    return rows
