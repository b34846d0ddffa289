"""The embedded renderer: Quarto's manuscript on plain pandoc, and Typst for the PDF."""

from __future__ import annotations

import calendar
import datetime
import os
import re
import subprocess
from pathlib import Path

import yaml

FILTER = Path(__file__).with_name("embedded.lua")
#: The file format -> the format of the project that it is made from.
FORMATS = {"html": "html", "docx": "docx", "pdf": "typst"}
_INCLUDE = re.compile(r"^\{\{<\s*include\s+(\S+)\s*>\}\}[ \t]*$", re.MULTILINE)
_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(var|meta)\s+(\S+)\s*>\}\}")
#: Spans that say where a number comes from, in the text and in the tables.
_SOURCES = (
    re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\{\.(?:ard|given|fact) [^}]*\}"),
    re.compile(r'<span class="(?:ard|fact)" data-[^>]*>(.*?)</span>'),
)
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
#: Families that have Chinese: those that report/typst/typst-template.typ falls back on.
CJK_FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC", "SimSun", "SimHei")


def render(source: Path, fmt: str, part: Path) -> str:
    """Render the project in ``source`` into the file ``part``."""
    project = _load(source / "_quarto.yml")
    options = {**project, **project["format"][FORMATS[fmt]]}
    text = expand(source)
    if fmt != "html":
        text = _without_sources(text)
    if fmt == "pdf":
        said = _pdf(text, options, source, part)
    else:
        _pandoc(text, _arguments(fmt, options), source, ["--output", str(part.resolve())])
        said = ""
    return f"manuscript.{fmt}: rendered by the embedded renderer (pandoc{said})"


def expand(source: Path) -> str:
    """manuscript.qmd with its includes, and each ``var`` and ``meta`` replaced by its value."""
    values = {"var": _load(source / "_variables.yml"), "meta": _load(source / "_study.yml")}

    def include(match: re.Match) -> str:
        return _read(source / match[1])

    def value(match: re.Match) -> str:
        found: object = values[match[1]]
        for key in match[2].split("."):
            if not isinstance(found, dict) or key not in found:
                raise RuntimeError(f"There is no {match[1]} {match[2]} for the manuscript.")
            found = found[key]
        return str(found)

    return _SHORTCODE.sub(value, _INCLUDE.sub(include, _read(source / "manuscript.qmd")))


def _without_sources(text: str) -> str:
    """The text without the spans that only a web page can show; they would cost time."""
    for pattern in _SOURCES:
        text = pattern.sub(r"\1", text)
    return text


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _load(path: Path) -> dict:
    return yaml.load(_read(path), yaml.CSafeLoader) or {}  # noqa: S506 - a safe loader


def epoch(source: Path) -> int:
    """Seconds since 1970 of the manuscript's own date: the clock of every file made from it."""
    day = datetime.datetime.strptime(_load(source / "_study.yml")["date"], "%d %B %Y")
    return calendar.timegm(day.timetuple())


def _arguments(fmt: str, options: dict) -> list[str]:
    """The options of ``_quarto.yml`` as pandoc's."""
    arguments = [
        "--standalone",
        "--metadata-file",
        "_study.yml",
        "--metadata",
        f"lang={options['lang']}",
        "--lua-filter",
        str(FILTER),
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
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch(source))},
        capture_output=True,
        check=False,
    )
    complaint = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode != 0 or "[WARNING]" in complaint:
        raise RuntimeError(f"pandoc could not render the manuscript:\n{complaint}")
    return done.stdout.decode("utf-8")


def _pdf(text: str, options: dict, source: Path, part: Path) -> str:
    """Pandoc to Typst, Typst to PDF; figures are taken as PDF, whose text can be searched."""
    import typst

    template = Path(options["template-partials"][0]).parent / "embedded.typ"
    options = {**options, "default-image-extension": "pdf"}
    arguments = [*_arguments("pdf", options), "--to", "typst", "--template", str(template)]
    body = _pandoc(text, arguments, source, [])
    chinese = _CJK.search(body) is not None
    # Typst's own fonts, the same everywhere, give the typewriter face of the hashes.
    fonts = typst.Fonts(
        include_system_fonts=chinese,
        font_paths=[str(source / options["font-paths"])],
    )
    said = " and Typst"
    if chinese:
        body, note = _with_chinese(body, set(fonts.families()))
        said += note
    typst.compile(
        body.encode("utf-8"),
        output=str(part),
        root=str(source),
        font_paths=fonts,
        format="pdf",
        timestamp=epoch(source),
    )
    return said


def _with_chinese(body: str, families: set[str]) -> tuple[str, str]:
    """The text as this machine's fonts can print it, and what to say of that.

    The fonts that travel with the source have no Chinese. Where the machine has none either,
    the characters give way to a mark instead of empty boxes.
    """
    if families & set(CJK_FONTS):
        return body, ", Chinese in a font of this machine"
    return _CJK.sub("…", body), ", without Chinese: this machine has no font for it"
