"""The journal whose style the report has: a file of config/journals on top of the house's own."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.record import file_hash
from venaza.study.documents import merge, read_yaml, validate
from venaza.study.names import like_file, no_such

FOLDER = "config/journals"
HOUSE = "house"
_SCHEMA = "workflow/schemas/journal.schema.yaml"
_CSL = "{http://purl.org/net/xbiblio/csl}"


def journal_of(root: Path, study: dict, shown: str) -> dict:
    """The journal that ``report > journal`` of the study file ``shown`` names.

    What its file does not say is as in ``house.yaml``; ``id`` is its name, ``csl_sha256`` the hash
    of its citation style. Raises ``StudyError`` for a journal that there is not, a file that breaks
    the schema, and a citation style that is none.
    """
    name = study["report"]["journal"]
    known = sorted(path.stem for path in (root / FOLDER).glob("*.yaml"))
    if name not in known:
        raise no_such(name, known, f"a journal of {FOLDER}", shown, "report > journal")
    found = merge(_read(root, HOUSE), _read(root, name))
    _check_style(root, found["csl"], f"{FOLDER}/{name}.yaml")
    return {**found, "id": name, "csl_sha256": file_hash(root / found["csl"])}


def _read(root: Path, name: str) -> dict:
    path = f"{FOLDER}/{name}.yaml"
    found = read_yaml(root / path, path)
    validate(found, read_yaml(root / _SCHEMA, _SCHEMA), path)
    return found


def _check_style(root: Path, file: str, shown: str) -> None:
    """Raise ``StudyError`` where a file is no citation style, or one that only names another."""
    at = Key(shown, "csl", file)
    try:
        style = ElementTree.parse(root / file).getroot()  # noqa: S314 - a file of the user's own
    except (OSError, ElementTree.ParseError):
        style = None
    if style is None or style.tag != f"{_CSL}style":
        raise StudyError(
            "This citation style is not a CSL file that can be read.",
            fix=f"{like_file(root, file)}Give the path of a .csl file from the project's folder, "
            "as those of config/journals/csl/.",
            at=at,
        )
    for link in style.iter(f"{_CSL}link"):
        if link.get("rel") == "independent-parent":
            other = link.get("href")
            raise StudyError(
                "This citation style holds no rules: it only names another one.",
                fix=f"Fetch the style that it names, {other}, and give its file.",
                at=at,
            )
