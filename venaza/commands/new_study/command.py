"""`python -m venaza new-study NAME --from PATH`: profile, map, write, say what is next."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.contracts.files import write_text
from venaza.preflight.exports import DATED

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def run(options: argparse.Namespace, root: Path) -> None:
    """Write a study file; prints what was found and what is next."""
    print(new_study(root, options.name, options.source, options.copy, options.force))


def new_study(
    root: Path, name: str, source: Path, copy: str | None = None, force: bool = False
) -> str:
    """Write ``config/studies/NAME.yaml`` for the export at ``source``; returns what was found.

    Nothing of the export is copied unless ``copy`` names its date: the date is the data cut-off
    of the study, so only the user can give it. Raises ``StudyError`` where there is nothing to
    map, where a study of that name exists, and where files would be overwritten.
    """
    from venaza.commands.new_study.propose import propose
    from venaza.commands.new_study.summary import summary
    from venaza.commands.new_study.write import study_text

    target = root / f"config/studies/{name}.yaml"
    _refuse(name, target, copy, force)
    source = _newest(source)
    draft, content = propose(root, source)
    folder = _copied(root, name, source, copy)
    text = study_text(name, draft, source.name, content)
    without_key = study_text(name, draft, source.name, content, "{keep: tried without its key}")
    problem = tried(root, name, source, without_key)
    write_text(text, target)
    steps = _next(name, source, folder, draft, problem)
    return summary(name, draft, source.name, problem, steps)


def _refuse(name: str, target: Path, copy: str | None, force: bool) -> None:
    if not _NAME.fullmatch(name):
        raise StudyError(
            "This cannot be the name of a study.",
            fix="Use small letters, digits and _, beginning with a letter: for instance ven_aza.",
            value=name,
        )
    if target.exists() and not force:
        raise StudyError(
            "There is a study file of this name already.",
            fix="Choose another name, or replace the file with --force.",
            file=f"config/studies/{name}.yaml",
        )
    if copy is not None and not DATED.fullmatch(copy):
        raise StudyError(
            "--copy needs the day on which the hospital made the export.",
            fix="Write it as YYYY-MM-DD, for instance --copy 2024-03-31.",
            value=copy,
        )


def _newest(source: Path) -> Path:
    """The newest dated folder, where the path is a study's folder of exports."""
    from venaza.preflight.exports import dated_folders

    return source.joinpath(*dated_folders(source)[-1:])


def _copied(root: Path, name: str, source: Path, date: str | None) -> Path | None:
    """The export's folder under data/raw/, after copying where that was asked for."""
    raw = (root / "data/raw" / name).resolve()
    if source.is_dir() and source.resolve().parent == raw:
        return source.resolve()
    if date is None:
        return None
    folder = raw / date
    if folder.exists() and any(folder.iterdir()):
        raise StudyError(
            "This export folder holds files already, and none of them is touched.",
            fix="Give another date, or take the files away yourself.",
            file=f"data/raw/{name}/{date}",
        )
    _lay(source, folder, shutil.copyfile)
    return folder


def _lay(source: Path, folder: Path, give: Callable[[Path, Path], object]) -> None:
    """Give the files that can be read to ``folder``, each at its place."""
    from venaza.commands.new_study.survey import files_of

    base = source if source.is_dir() else source.parent
    for path in files_of(source):
        place = folder / path.relative_to(base)
        place.parent.mkdir(parents=True, exist_ok=True)
        give(path, place)


def tried(root: Path, name: str, source: Path, text: str) -> str:
    """Load a study file on its export, in a folder of its own: the problem, or nothing."""
    from venaza.preflight import check_headers, load_study

    with tempfile.TemporaryDirectory() as made:
        project = Path(made)
        shutil.copytree(root / "config", project / "config")
        shutil.copytree(root / "workflow/schemas", project / "workflow/schemas")
        _lay(source, project / "data/raw" / name / "2000-01-01", _give)
        (project / f"config/studies/{name}.yaml").write_text(text, encoding="utf-8")
        try:
            check_headers(project, load_study(project, name))
        except StudyError as error:
            return str(error)
    return ""


def _give(path: Path, place: Path) -> None:
    """The same file under another name, without a copy where the disk allows that."""
    try:
        os.link(path.resolve(), place)
    except OSError:
        shutil.copyfile(path, place)


def _next(name: str, source: Path, folder, draft, problem: str) -> list[str]:
    """The commands to type, in order."""
    steps = []
    if folder is None:
        what = f"{shlex.quote(str(source))}/." if source.is_dir() else shlex.quote(str(source))
        days = [str(p.high) for s in draft.sheets for h in s.known()
                if (p := s.columns[h]).kind == "date"]  # fmt: skip
        newest = f"; the newest date in it is {max(days)}" if days else ""
        steps += [
            f"mkdir -p data/raw/{name}/DATE     # DATE: the day of the export, YYYY-MM-DD{newest}",
            f"cp -r {what} data/raw/{name}/DATE/",
        ]
    if any(t.key in t.sheet.identifying for t in draft.tables.values()):
        steps.append(f"python -m venaza make-key {name}    # once: for pseudonyms of the patients")
    edit = f"config/studies/{name}.yaml"
    return [
        *steps,
        f"open {edit}: answer the questions at its head" + (", correct it" if problem else ""),
        f"python -m venaza check {name}",
        f"snakemake --cores 4 --config studies={name}",
    ]
