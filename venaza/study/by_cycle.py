"""What `dated_by_cycles` of the responses needs: their cycles, and when these began."""

from __future__ import annotations

from venaza.contracts.errors import Key, StudyError


def check_by_cycles(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for responses that are to be dated by cycles and cannot be."""
    for table, spec in study["tables"].items():
        if "dated_by_cycles" not in spec:
            continue
        place = f"tables > {table} > dated_by_cycles"
        if table != "responses":
            raise StudyError(
                f"Rows of the table '{table}' cannot be dated by cycles: responses alone can.",
                fix="Take the key out; MRD by cycle is read as MRDVAL of the responses.",
                at=Key(shown, place),
            )
        if not any("CYCLE" in record["columns"] for record in spec["records"]):
            raise _without_cycle(shown, place)
        if "cycles" not in study["tables"] and "every" not in spec["dated_by_cycles"]:
            raise StudyError(
                "The responses are to be dated by cycles, and nothing says when cycles begin.",
                fix="Map the table 'cycles' (CYCLE, EXSTDT), or say how many days apart they "
                "begin: every: 28.",
                at=Key(shown, place),
            )


def _without_cycle(shown: str, place: str) -> StudyError:
    return StudyError(
        "The responses are to be dated by their cycles, and no record has the number of the cycle.",
        fix='Map CYCLE: a column, or constant: "{n}" where the headers have the number.',
        at=Key(shown, place),
    )
