"""Whether a study file maps what its definitions ask for, where that is plain before any data."""

from __future__ import annotations

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import mapped_columns
from venaza.pipeline.endpoints.needs import ENGINE, columns_of, described, sources_of
from venaza.study.endpoints import clean_table, definitions_of

#: Where a response can come from: a recorded word, marrow blasts, or a Deauville score.
_RESPONSE = ("RSINV", "MBLAST", "DEAUV")


def check_needs(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a definition that the study's tables can never fulfil.

    A milestone that starts or ends a time (or judges it at a landmark) needs its table, its date
    and the columns of its conditions among those that the study maps; a response may come from a
    word or from blasts, a cycle number from the assessment or from the cycles. Where death is not
    mapped, nobody may have died: that is marked once the data are there (``endpoints/support``).
    """
    for code, definition in definitions_of(study).items():
        for role, name in sources_of(definition, study):
            spec = study["milestones"].get(name) or ENGINE[name]
            lack = None if role == "censor" else _lacks(name, spec, study)
            if lack is None:
                continue
            what = described(name, study)
            raise StudyError(
                f"{code} ({definition['definition']}) asks for {what}, "
                f"and this study maps no {lack}.",
                fix="Map it, or choose a definition that does without; docs/endpoints.md says what "
                "each asks for.",
                at=Key(shown, f"endpoints > {code.partition('.')[0]}", definition["definition"]),
            )


def _lacks(name: str, spec: dict, study: dict) -> str | None:
    """What the study does not map of a milestone: a table or a column; None where all is there."""
    table = clean_table(spec)
    if name in ("DEATH", "INDEX"):
        return None
    if table not in study["tables"]:
        return f"table '{table}'"
    mapped = _mapped(table, study)
    for column in columns_of(spec):
        if column == "RESPONSE":
            there = any(one in mapped for one in _RESPONSE)
        elif column == "CYCLE" and table == "responses":
            there = "also" in spec or "CYCLE" in mapped or "cycles" in study["tables"]
        else:
            there = column in mapped
        if not there:
            return f"column {column} of the table '{table}'"
    return None


def _mapped(table: str, study: dict) -> set[str]:
    spec = study["tables"][table]
    mapped = {column for column, _ in mapped_columns(spec)}
    return mapped | ({"RSDT"} if "dated_by_cycles" in spec else set())
