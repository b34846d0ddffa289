"""Renders a document of a staged project, by Quarto or by the embedded renderer."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from venaza.contracts.documents import EXHIBIT_FILES, RENDERED
from venaza.contracts.errors import StudyError
from venaza.contracts.files import whole
from venaza.pipeline.report import embedded
from venaza.pipeline.report.links import link_files, link_numbers
from venaza.pipeline.report.renderer import Renderer, quarto_version
from venaza.pipeline.report.word import keep_rows_whole

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
#: How Quarto and pandoc complain of what they leave out or print as a question mark. Typst and the
#: style sheets of Quarto warn in small letters, and harm nothing.
_COMPLAINTS = ("WARNING (", "[WARNING]", "ERROR")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
#: Families that have Chinese: those that report/typst/typst-template.typ falls back on.
CJK_FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC", "SimSun", "SimHei")


def render(source: Path, fmt: str, target: Path, renderer: Renderer, document: str) -> str:
    """Write ``target`` whole or not at all; returns a line that says what rendered it.

    On the web page each number is a link to its row on the audit page.
    """
    if fmt not in embedded.FORMATS:
        raise ValueError(f"unknown format {fmt!r}: one of {', '.join(embedded.FORMATS)}")
    refuse_another_quarto(renderer)
    by = _by_quarto if renderer.name == "quarto" else embedded.render
    with whole(target) as part, _copied(source) as project:
        machine_fonts, note = with_chinese(project, document) if fmt == "pdf" else (False, "")
        by(project, document, fmt, part, machine_fonts)
        if fmt == "docx":
            keep_rows_whole(part)
        if fmt == "html":
            beside = [name for name in RENDERED["html"] if name != document]
            files = json.loads((source / EXHIBIT_FILES).read_text(encoding="utf-8"))
            linked = link_numbers(link_files(part.read_text(encoding="utf-8"), files), beside)
            part.write_text(linked, encoding="utf-8", newline="\n")
    why = f"; {renderer.why}" if renderer.why else ""
    return f"{document}.{fmt}: rendered by {renderer.words}{note}{why}"


@contextmanager
def _copied(source: Path) -> Iterator[Path]:
    """A copy of the project, so that nothing appears beside the source.

    What somebody made of the source by hand does not come along.
    """
    made = [f"{path.stem}.{fmt}" for path in source.glob("*.qmd") for fmt in embedded.FORMATS]
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        shutil.copytree(source, project, ignore=shutil.ignore_patterns(".*", *made))
        yield project


def _by_quarto(project: Path, document: str, fmt: str, part: Path, machine_fonts: bool) -> None:
    """Run Quarto in the project; its complaints are errors."""
    fonts = {} if machine_fonts else {"TYPST_IGNORE_SYSTEM_FONTS": "true"}
    command = ["quarto", "render", f"{document}.qmd", "--to", embedded.FORMATS[fmt]]
    done = subprocess.run(
        [str(shutil.which("quarto")), *command[1:]],
        cwd=project,
        env={**embedded.environment(project), **fonts},
        capture_output=True,
        check=False,
    )
    said = _COLOURS.sub("", done.stderr.decode("utf-8", "replace")).strip()
    if done.returncode != 0 or any(complaint in said for complaint in _COMPLAINTS):
        raise RuntimeError(f"Quarto could not render {document}.{fmt}:\n{said}")
    shutil.copyfile(project / f"{document}.{fmt}", part)


def refuse_another_quarto(renderer: Renderer) -> None:
    """Raise ``StudyError`` where a job's machine has not the Quarto that the run chose."""
    if renderer.name == "quarto" and (found := quarto_version()) != renderer.version:
        found_here = f"Quarto {found}" if found else "no Quarto that runs"
        raise StudyError(
            f"The run began with Quarto {renderer.version}, and this job finds {found_here}.",
            fix="Have the same Quarto on the PATH wherever jobs run, or say renderer: embedded "
            "under report in the study file; then run again.",
        )


def with_chinese(project: Path, document: str) -> tuple[bool, str]:
    """Make the project such as this machine's fonts can print it; whether they are needed to, and
    what to say of that.

    The fonts that travel with the source have no Chinese. Where the machine has none either,
    the characters give way to a mark instead of empty boxes.
    """
    import typst

    names = ("_study.yml", embedded.load(project / "_quarto.yml")["bibliography"])
    texts = {project / name: (project / name).read_text(encoding="utf-8") for name in names}
    texts[project / f"{document}.qmd"] = embedded.expand(project, document)
    if not any(map(_CJK.search, texts.values())):
        return False, ""
    if set(typst.Fonts(include_system_fonts=True).families()) & set(CJK_FONTS):
        return True, ", Chinese in a font of this machine"
    for path, text in texts.items():
        path.write_text(_CJK.sub("…", text), encoding="utf-8", newline="\n")
    return False, ", without Chinese: this machine has no font for it"
