"""A file of the export, opened; and the tables of the study file that take it."""

from __future__ import annotations

from venaza.contracts.errors import StudyError
from venaza.contracts.headers import takes_file, takes_sheet
from venaza.pipeline.intake.archives import Source
from venaza.pipeline.intake.formats import FORMATS
from venaza.pipeline.intake.limits import Limits
from venaza.pipeline.intake.read import open_file
from venaza.pipeline.intake.sheet import Opened


def open_source(source: Source, study: dict, limits: Limits, head: int | None = None) -> Opened:
    """A file of the export; without sheets where it is an archive or of no known kind."""
    ending = source.path.suffix.lower()
    if source.archive:
        return Opened("zip", [])
    if ending == ".sas7bcat":
        return Opened("sas7bcat", [], notes=["value labels for the SAS file of the same name"])
    if ending not in FORMATS:
        return Opened(ending.lstrip("."), [], notes=["not read: no reader for this kind of file"])
    try:
        return open_file(source.path, encoding_of(source.base, study), limits, head)
    except StudyError as error:
        error.place["file"] = source.name
        raise


def encoding_of(name: str, study: dict) -> str | None:
    """The encoding that the study file names for a file."""
    for spec in study["tables"].values():
        if takes_file(spec, name) and "encoding" in spec:
            return spec["encoding"]
    return None


def specs_of(name: str, sheet: str, study: dict) -> list[dict]:
    """The tables of the study file that a sheet of a file belongs to."""
    return [
        spec
        for spec in study["tables"].values()
        if takes_file(spec, name) and takes_sheet(spec, sheet)
    ]
