"""What `regimen` of a table names: drugs and regimens of the vocabulary."""

from __future__ import annotations

from venaza.study.names import check_known


def check_regimens(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a drug or a regimen that the vocabulary does not have."""
    known = [*study["vocabulary"]["drug"], *study["vocabulary"]["regimen"]]
    for table, spec in study["tables"].items():
        for key in ("holds", "lacks"):
            words = spec.get("regimen", {}).get(key, [])
            place = f"tables > {table} > regimen > {key}"
            check_known(words, known, "a drug or regimen of the vocabulary", shown, place)
