"""The embedded renderer: Quarto's manuscript on plain pandoc, and Typst for the PDF."""

from __future__ import annotations

import calendar
import datetime
import os
import re
import subprocess
from pathlib import Path

import yaml

#: The file format -> the format of the project that it is made from.
FORMATS = {"html": "html", "docx": "docx", "pdf": "typst"}
_INCLUDE = re.compile(r"^\{\{<\s*include\s+(\S+)\s*>\}\}[ \t]*$", re.MULTILINE)
_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(var|meta)\s+(\S+)\s*>\}\}")
#: Spans that say where a number comes from, in the text and in the tables.
_SOURCES = (
    re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\{\.(?:ard|given|fact) [^}]*\}"),
    re.compile(r'<span class="(?:ard|fact)" data-[^>]*>(.*?)</span>'),
)


def render(project: Path, document: str, fmt: str, part: Path) -> None:
    """Render a document of the project into the file ``part``, a PDF in the project's fonts."""
    settings = load(project / "_quarto.yml")
    options = {**settings, **settings["format"][FORMATS[fmt]]}
    options["date"] = load(project / "_study.yml")["printed-date"]
    text = expand(project, document)
    if fmt != "html":
        text = _without_sources(text)
    if fmt == "pdf":
        _pdf(text, options, project, part)
    else:
        _pandoc(text, _arguments(fmt, options), project, ["--output", str(part.resolve())])


def expand(source: Path, document: str) -> str:
    """A document with its includes, and each ``var`` and ``meta`` replaced by its value."""
    return _expanded(source, f"{document}.qmd", _read(source / f"{document}.qmd"))


def to_json(source: Path, text: str) -> str:
    """A part of a document as pandoc reads it."""
    expanded = _without_sources(_expanded(source, "a part", text))
    return _pandoc(expanded, ["--to", "json"], source, [])


def _expanded(source: Path, name: str, text: str) -> str:
    values = {"var": load(source / "_variables.yml"), "meta": load(source / "_study.yml")}

    def include(match: re.Match) -> str:
        return _read(source / match[1])

    def value(match: re.Match) -> str:
        found: object = values[match[1]]
        for key in match[2].split("."):
            if not isinstance(found, dict) or key not in found:
                raise RuntimeError(f"There is no {match[1]} {match[2]} for {name}.")
            found = found[key]
        return str(found)

    return _SHORTCODE.sub(value, _INCLUDE.sub(include, text))


def _without_sources(text: str) -> str:
    """The text without the spans that only a web page can show; they would cost time."""
    for pattern in _SOURCES:
        text = pattern.sub(r"\1", text)
    return text


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def load(path: Path) -> dict:
    """A YAML file of the project."""
    return yaml.load(_read(path), yaml.CSafeLoader) or {}  # noqa: S506 - a safe loader


def epoch(source: Path) -> int:
    """Seconds since 1970 of the manuscript's own date: the clock of every file made from it."""
    day = datetime.date.fromisoformat(load(source / "_study.yml")["date"])
    return calendar.timegm(day.timetuple())


def environment(source: Path) -> dict[str, str]:
    """The environment of a renderer: the manuscript's own clock, and files named in UTF-8."""
    return {**os.environ, "SOURCE_DATE_EPOCH": str(epoch(source)), "LC_ALL": "C.UTF-8"}


def _arguments(fmt: str, options: dict) -> list[str]:
    """The options of ``_quarto.yml`` as pandoc's."""
    arguments = [
        "--standalone",
        "--data-dir",
        "language",
        "--metadata-file",
        "_study.yml",
        "--metadata",
        f"lang={options['lang']}",
        "--metadata",
        f"date={options['date']}",
        "--lua-filter",
        options["filters"][0]["path"],
        "--citeproc",
        "--bibliography",
        options["bibliography"],
        "--csl",
        options["csl"],
        "--metadata",
        "link-citations=true",
        "--default-image-extension",
        options["default-image-extension"],
    ]
    if fmt == "html":
        arguments += ["--to", "html5", "--embed-resources", "--css", options["css"]]
        arguments += ["--variable", "document-css=false", "--section-divs"]
        if options.get("toc"):
            arguments += ["--toc", "--toc-depth", str(options["toc-depth"])]
    elif fmt == "docx":
        arguments += ["--to", "docx", "--reference-doc", options["reference-doc"]]
    return arguments


def _pandoc(text: str, arguments: list[str], source: Path, output: list[str]) -> str:
    import pypandoc

    command = [pypandoc.get_pandoc_path(), "--from", "markdown", *arguments, *output]
    done = subprocess.run(
        command,
        cwd=source,
        input=text.encode("utf-8"),
        env=environment(source),
        capture_output=True,
        check=False,
    )
    complaint = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode != 0 or "[WARNING]" in complaint:
        raise RuntimeError(f"pandoc could not render the manuscript:\n{complaint}")
    return done.stdout.decode("utf-8")


def _pdf(text: str, options: dict, source: Path, part: Path) -> None:
    """Pandoc to Typst, Typst to PDF."""
    import typst

    template = Path(options["template-partials"][0]).parent / "embedded.typ"
    arguments = [*_arguments("pdf", options), "--to", "typst", "--template", str(template)]
    # Typst's own fonts, the same everywhere, give the typewriter face of the hashes.
    folder = str(source / options["font-paths"])
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    typst.compile(
        _pandoc(text, arguments, source, []).encode("utf-8"),
        output=str(part),
        root=str(source),
        font_paths=fonts,
        format="pdf",
        timestamp=epoch(source),
    )
