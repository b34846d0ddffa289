"""The filter as Quarto runs it: the same look as the embedded renderer gives (as_quarto.lua)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pypandoc
import pytest

from tests.report.conftest import PROJECT

SCRIPT = Path(__file__).with_name("as_quarto.lua")


@pytest.fixture(scope="module")
def made():
    """What the filter makes of Quarto's nodes in a format, by node; what it leaves is absent."""

    def run(fmt: str) -> dict[str, str]:
        command = [pypandoc.get_pandoc_path(), "lua", str(SCRIPT)]
        command += [str(PROJECT / "filters/manuscript.lua"), fmt]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return {fmt: run(fmt) for fmt in ("html", "docx", "typst")}


def test_captions_of_word_are_counted_by_fields_and_figures_have_their_words(made):
    figure = " ".join(made["docx"]["figure"].split())
    assert r"SEQ Figure \\* ARABIC" in figure
    assert "<w:t>3</w:t>" in figure
    assert 'Image ( "" , [] , [] ) [ Str "Curves." ]' in figure
    assert "SEQ Table" in made["docx"]["table"]
    for style in ("Table Caption", "Table Note"):
        assert f'"{style}"' in made["docx"]["table"]
    assert 'Para [ Str "A" , Space , Str "note." ]' in made["docx"]["table"]


def test_a_page_has_the_table_as_it_is_and_numbers_before_the_captions(made):
    assert r"Table\160\&4." in made["html"]["table"]
    assert "<table><thead>" in made["html"]["table"]
    assert '"table-float"' in made["html"]["table"]
    assert r"Figure\160\&3." in made["html"]["figure"]
    assert '( "alt" , "Curves." )' in made["html"]["figure"]


def test_typst_draws_figures_of_quarto_and_tables_of_ours(made):
    assert "figure" not in made["typst"]
    assert "#figure(kind: table, placement: auto, caption: [Caption])[" in made["typst"]["table"]
    assert "] <tbl-a>" in made["typst"]["table"]
    assert "#table-note[A note.]" in made["typst"]["table"]


@pytest.mark.parametrize(
    ("fmt", "sign"), [("html", "callout-warning"), ("docx", '"Callout"'), ("typst", "#notice-box[")]
)
def test_a_notice_has_our_look(made, fmt, sign):
    assert sign in made[fmt]["callout"]
    assert 'Strong [ Str "Synthetic" ]' in made[fmt]["callout"]


def test_the_abstract_has_its_box_or_its_keywords(made):
    assert "#abstract-box[" in made["typst"]["abstract"]
    assert "Keywords" not in made["typst"]["abstract"]
    for fmt in ("html", "docx"):
        assert 'Strong [ Str "Keywords" ]' in made[fmt]["abstract"]
        assert 'Str "survival"' in made[fmt]["abstract"]
    assert '( "custom-style" , "Keywords" )' in made["docx"]["abstract"]


def test_the_spacer_of_word_goes_and_all_else_is_left(made):
    assert made["docx"]["spacer"] == "[]"
    for fmt, found in made.items():
        assert not {"text", "listing", "other"} & set(found)
        assert fmt == "docx" or "spacer" not in found
