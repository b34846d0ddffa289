"""The Word file whose styles the report has: the project's own, or the user's."""

from __future__ import annotations

from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.record import file_hash
from venaza.pipeline.report.word import missing_styles
from venaza.study.names import like_file

_OWN = "report/reference.docx"


def with_reference(root: Path, report: dict, shown: str) -> dict:
    """The section ``report`` of the study file ``shown`` with the hash of a reference document.

    The project's own is part of the code, and has its hash there. Raises ``StudyError`` where the
    file is no Word file, or has not every style that is used.
    """
    file = report["reference_docx"]
    if file == _OWN:
        return report
    at = Key(shown, "report > reference_docx", file)
    try:
        missing = missing_styles(root / file)
    except ValueError:
        raise StudyError(
            "This reference document is not a Word file that can be read.",
            fix=f"{like_file(root, file)}Give the path of a .docx file from the project's folder: "
            f"a copy of {_OWN} with styles of your own.",
            at=at,
        ) from None
    if missing:
        raise StudyError(
            f"This reference document lacks styles that the report uses: {', '.join(missing)}.",
            fix=f"Make the styles in Word, by these names, or begin with a copy of {_OWN} and "
            "change how its styles look.",
            at=at,
        )
    return {**report, "reference_sha256": file_hash(root / file)}
