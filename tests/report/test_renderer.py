"""Quarto or the embedded renderer: which is chosen, and what is asked of a Quarto.

A stand-in on the PATH says what it was asked and what it found.
"""

from __future__ import annotations

import shutil

import pytest

from tests.report.cohort import FACTS, ard, study
from tests.report.conftest import PROJECT
from venaza.contracts.errors import StudyError
from venaza.pipeline.report import render
from venaza.pipeline.report.renderer import Renderer, choose

SHOWN = "config/studies/s.yaml"
QUARTO = Renderer("quarto", "1.9.38")
#: Writes the document, and beside it what a real one leaves.
DRAWS = """
echo "$@" > "made.txt"
env >> made.txt
ls -a >> made.txt
for format in html docx pdf; do cp made.txt "${2%.qmd}.$format"; done
mkdir .quarto
"""


@pytest.fixture
def quarto(tmp_path, monkeypatch):
    """Puts a stand-in on the PATH: ``quarto(version, what it does)``."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    folder = tmp_path / "bin"
    folder.mkdir()

    def put(version: str, does: str = DRAWS) -> None:
        program = folder / "quarto"
        told = f'if [ "$1" = --version ]; then {version}; exit; fi'
        program.write_text(f"#!/bin/sh\n{told}\n{does}", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return put


@pytest.mark.parametrize("version", ["1.9", "1.9.38", "1.10.18", "2.0.1", "99.9.9", "1.9.0-rc1"])
def test_a_quarto_that_is_new_enough_is_taken(quarto, version):
    quarto(f"echo {version}")
    for wish in ("auto", "quarto"):
        assert choose(wish, SHOWN) == Renderer("quarto", version)
    assert choose("auto", SHOWN).said == f"Quarto {version}"
    assert choose("embedded", SHOWN).said == "the embedded renderer"


def test_without_one_the_embedded_renderer_is_taken(quarto):
    chosen = choose("auto", SHOWN)
    assert (chosen.name, chosen.said) == ("embedded", "the embedded renderer")
    assert chosen.version.startswith("pypandoc-binary 1")
    assert " and typst " in chosen.version
    assert chosen.told() == {"name": "embedded", "version": chosen.version}


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ("echo 1.8.27", "the Quarto on the PATH is 1.8.27, older than 1.9"),
        ("echo 0.9", "the Quarto on the PATH is 0.9, older than 1.9"),
        ("echo Deno is missing", "the Quarto on the PATH does not tell its version"),
        ("echo 1.9.1; exit 3", "the Quarto on the PATH does not tell its version"),
    ],
)
def test_an_old_or_broken_one_gives_way_with_a_line(quarto, says, why):
    quarto(says)
    assert choose("auto", SHOWN).said == f"the embedded renderer ({why})"
    with pytest.raises(StudyError, match="older|does not tell") as refused:
        choose("quarto", SHOWN)
    assert why in str(refused.value)


def test_one_that_was_asked_for_and_is_not_there_is_an_error(quarto):
    with pytest.raises(StudyError) as refused:
        choose("quarto", SHOWN)
    text = str(refused.value)
    assert "is to be rendered by Quarto, and there is no Quarto on the PATH" in text
    assert "report > renderer" in text
    assert "quarto.org" in text


@pytest.mark.parametrize(("fmt", "asked"), [("html", "html"), ("docx", "docx"), ("pdf", "typst")])
def test_quarto_works_on_a_copy_with_a_clock_a_language_and_fonts_of_its_own(
    source, tmp_path, quarto, monkeypatch, fmt, asked
):
    quarto("echo 1.9.38")
    monkeypatch.setenv("LC_ALL", "POSIX")
    monkeypatch.setattr("venaza.pipeline.report.rendering.keep_rows_whole", lambda path: None)
    own = tmp_path / "source"
    shutil.copytree(source, own)
    (own / ".quarto").mkdir()
    for left in (".gitignore", "manuscript.html", "manuscript.docx", "manuscript.pdf"):
        (own / left).touch()
    before = sorted(path.name for path in own.iterdir())
    target = tmp_path / "out" / f"m.{fmt}"
    assert render(own, fmt, target, QUARTO) == f"manuscript.{fmt}: rendered by Quarto 1.9.38"
    told = target.read_text(encoding="utf-8").splitlines()
    assert told[0] == f"render manuscript.qmd --to {asked}"
    assert {"SOURCE_DATE_EPOCH=1701302400", "LC_ALL=C.UTF-8"} <= set(told)
    assert "TYPST_IGNORE_SYSTEM_FONTS=true" in told
    assert {"_variables.yml", "manuscript.qmd", "filters", "_generated"} <= set(told)
    assert not {".quarto", ".gitignore", *(f"manuscript.{f}" for f in ("html", "docx", "pdf"))} & {
        *told
    }
    assert sorted(path.name for path in own.iterdir()) == before


def test_another_document_of_the_project_is_rendered_by_its_name(source, tmp_path, quarto):
    quarto("echo 1.9.38")
    own = tmp_path / "source"
    shutil.copytree(source, own)
    (own / "letter.qmd").write_text("Dear editor", encoding="utf-8")
    said = render(own, "html", tmp_path / "l.html", QUARTO, "letter")
    assert said == "letter.html: rendered by Quarto 1.9.38"
    assert (tmp_path / "l.html").read_text(encoding="utf-8").startswith("render letter.qmd")
    embedded = choose("embedded", SHOWN)
    render(own, "html", tmp_path / "l.html", embedded, "letter")
    assert "Dear editor" in (tmp_path / "l.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "complaint",
    [
        r"\033[33mWARNING (/opt/quarto/x.lua:1) Unable to resolve crossref @tbl-no\033[39m",
        "[WARNING] Citeproc: citation nobody1999 not found",
        r"\033[1mERROR: no such file",
        r"WARN\033[33mING (a colour in between)",
    ],
)
def test_a_complaint_of_quarto_is_an_error_and_leaves_the_old_file(
    source, tmp_path, quarto, complaint
):
    quarto("echo 1.9.38", f"{DRAWS}\nprintf '%b\\n' '{complaint}' >&2\n")
    target = tmp_path / "m.html"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"Quarto could not render manuscript\.html:\n"):
        render(source, "html", target, QUARTO)
    assert target.read_text(encoding="utf-8") == "old"


def test_what_harms_nothing_is_no_complaint(source, tmp_path, quarto):
    harmless = "warning: unknown font family: simsun\nWarning: variable used before declaration"
    quarto("echo 1.9.38", f"{DRAWS}\necho '{harmless}' >&2\n")
    render(source, "html", tmp_path / "m.html", QUARTO)
    assert (tmp_path / "m.html").is_file()


def test_a_quarto_that_fails_says_why(source, tmp_path, quarto):
    quarto("echo 1.9.38", "echo no such format >&2; exit 1\n")
    with pytest.raises(RuntimeError, match="no such format"):
        render(source, "html", tmp_path / "m.html", QUARTO)


@pytest.mark.parametrize(("here", "said"), [("echo 1.10.1", "Quarto 1.10.1"), (None, "no Quarto")])
def test_formats_of_two_quartos_are_never_mixed(source, tmp_path, quarto, here, said):
    if here:
        quarto(here)
    with pytest.raises(StudyError, match=r"began with Quarto 1\.9\.38") as refused:
        render(source, "html", tmp_path / "m.html", QUARTO)
    assert f"finds {said}" in str(refused.value)


def test_the_paragraph_on_reproducibility_names_what_renders(staged):
    def reproducibility(renderer: dict) -> str:
        made = staged(study(), ard().frame(), facts={**FACTS, "renderer": renderer})
        return (made / "_generated/record.md").read_text(encoding="utf-8")

    embedded = reproducibility({"name": "embedded", "version": "1"})
    assert "typst" in embedded
    assert "rendered by" not in embedded
    quarto = reproducibility({"name": "quarto", "version": "1.9.38"})
    assert "rendered by Quarto [1.9.38]{.fact" in quarto
    assert "typst" not in quarto
    assert "pandas" in quarto


def test_the_project_asks_for_the_quarto_that_the_pipeline_asks_for():
    settings = (PROJECT / "_quarto.yml").read_text(encoding="utf-8")
    assert 'quarto-required: ">=1.9"' in settings


@pytest.mark.skipif(shutil.which("quarto") is None, reason="no Quarto on this machine")
@pytest.mark.parametrize("fmt", ["html", "docx", "pdf"])
def test_both_renderers_print_the_same_words(source, rendered, tmp_path, fmt):
    render(source, fmt, tmp_path / f"m.{fmt}", choose("quarto", SHOWN))
    assert words_of(tmp_path / f"m.{fmt}") == words_of(rendered[fmt][0])


def words_of(path) -> list[str]:
    """The words of a document, but for the heading over the contents, which is hidden."""
    import re
    from html import unescape

    if path.suffix == ".html":
        text = path.read_text(encoding="utf-8")
        assert "?var:" not in text
        body = re.sub(r"<(style|script).*?</\1>", "", text[text.index("<body") :], flags=re.DOTALL)
        return unescape(re.sub(r'<h2 id="toc-title">.*?</h2>|<[^>]+>', " ", body)).split()
    if path.suffix == ".docx":
        from docx import Document

        document = Document(path)
        return " ".join("".join(p.itertext()) for p in document.element.body).split()
    from pypdf import PdfReader

    return " ".join(page.extract_text() for page in PdfReader(path).pages).split()
