"""Reads the authors' room of a study: their texts, and the numbers as they last saw them."""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.pipeline.figures import planned as planned_figures
from venaza.pipeline.tables import planned as planned_tables
from venaza.study.author import TEXTS
from venaza.study.citations import check_cited
from venaza.study.names import no_such

#: Beside the texts: the numbers that they quote, as they were when the authors last looked.
SEEN = "seen.csv"
_HEAD = ["ard_id", "display"]


def author_of(root: Path, study: dict, shown: str) -> dict:
    """``{"texts": {name: Markdown}, "seen": {ard_id: display}}`` of ``config/studies/STUDY/``.

    Both are empty where there is no such folder. Raises ``StudyError`` for a file that is none of
    the texts, one that is not UTF-8, a citation without an entry, and a background that the study
    file gives as well (``report > introduction``).
    """
    folder = root / "config/studies" / study["id"]
    files = sorted(p for p in folder.glob("*") if not p.name.startswith("."))
    texts = {path.stem: _text(path, root) for path in files if path.name != SEEN}
    for name, text in texts.items():
        check_cited(root, text, f"config/studies/{study['id']}/{name}.md", "")
    if "background" in texts and study["report"]["introduction"].strip():
        raise StudyError(
            "The background of this study is written twice.",
            fix=f"Keep config/studies/{study['id']}/background.md or this key, not both.",
            file=shown,
            column="report > introduction",
        )
    return {"texts": texts, "seen": _seen(folder / SEEN, root)}


def check_main(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for an exhibit of ``report > main`` that the study cannot have."""
    wish = study["report"]["main"]
    if wish == "auto":
        return
    known = [f"fig {name}" for name in planned_figures(study)]
    known += [f"tbl {name}" for name in planned_tables(study)]
    for name in wish:
        if not any(fnmatchcase(one, name) for one in known):
            place = "report > main"
            raise no_such(name, known, "a figure or table of this study", shown, place)


def _text(path: Path, root: Path) -> str:
    shown = path.relative_to(root).as_posix()
    if path.suffix != ".md" or path.stem not in TEXTS:
        known = [f"{name}.md" for name in TEXTS]
        raise no_such(path.name, known, "a text that the report has a place for", shown, "")
    try:
        return path.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise StudyError(
            "This text is not in UTF-8.", fix="Write it in UTF-8.", file=shown
        ) from error


def _seen(path: Path, root: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        head, *rows = list(csv.reader(lines)) or [[]]
    if head != _HEAD or any(len(row) != len(_HEAD) for row in rows):
        raise StudyError(
            "This is not the list of numbers that the authors have seen.",
            fix="Remove it, read your texts, and write it again: python -m venaza seen STUDY",
            file=path.relative_to(root).as_posix(),
        )
    return dict(rows)
