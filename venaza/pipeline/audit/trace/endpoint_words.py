"""What is said of a patient's endpoints: definition, outcome, and the raw cell that decided."""

from __future__ import annotations

from venaza.contracts.wording import shown

OUTCOMES = {0: "event", 1: "censored", 2: "competing event"}


def definition(endpoint: dict) -> str:
    """An endpoint's definition as a sentence or two, and why the data cannot support it."""
    parts = [endpoint.get("sentence"), endpoint.get("censor_sentence")]
    sentences = [part.strip() for part in parts if part]
    said = " ".join(f"{s[0].upper()}{s[1:].rstrip('.')}." for s in sentences)
    return " ".join(filter(None, [said, endpoint.get("unsupported")]))


def outcome(row: dict) -> str:
    """What ended the time: ``event: Death``."""
    said = shown(row["EVNTDESC"]) or shown(row["CNSDTDSC"])
    return f"{OUTCOMES[int(row['CNSR'])]}: {said}"
