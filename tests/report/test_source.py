"""The staged Quarto project: self-contained, whole or not at all, the same bytes each time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml

from tests.report.cohort import ard, study
from tests.report.conftest import FIGURES, PROJECT
from venaza.contracts.documents import RENDERED
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.documents import DOCUMENTS, at_mention, main_exhibits, not_there
from venaza.pipeline.report.exhibits import with_content
from venaza.pipeline.report.grammar import groups_of
from venaza.pipeline.report.numbers import Numbers
from venaza.pipeline.report.source import metadata_yaml


def files(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_project_has_all_that_it_names(source):
    documents = [(source / f"{name}.qmd").read_text(encoding="utf-8") for name in DOCUMENTS]
    included = re.findall(r"\{\{< include (\S+) >\}\}", "".join(documents))
    assert len(included) > 20
    assert [name for name in included if not (source / name).is_file()] == []
    written = {p.name for p in (source / "_generated").iterdir() if p.read_text("utf-8").strip()}
    assert written == {name.split("/")[1] for name in included}
    for name in FIGURES:
        for suffix in (".svg", ".pdf", ".png"):
            assert (source / "figures" / f"{name}{suffix}").is_file()


def test_every_document_is_rendered_in_some_format_and_known_to_quarto(source):
    rendered = {name for documents in RENDERED.values() for name in documents}
    assert rendered == set(DOCUMENTS)
    project = yaml.safe_load((source / "_quarto.yml").read_text(encoding="utf-8"))
    assert project["project"]["render"] == [f"{name}.qmd" for name in DOCUMENTS]


def test_the_configuration_names_files_that_travel_with_it(source):
    project = yaml.safe_load((source / "_quarto.yml").read_text(encoding="utf-8"))
    html, docx, typst = (project["format"][name] for name in ("html", "docx", "typst"))
    named = [project["bibliography"], project["csl"], html["css"], docx["reference-doc"]]
    named += [*typst["template-partials"], typst["font-paths"], *project["metadata-files"]]
    assert [name for name in named if not (source / name).exists()] == []
    css = (source / html["css"]).read_text(encoding="utf-8")
    fonts = re.findall(r'url\("\.\./(fonts/[^"]+)"\)', css)
    assert fonts
    assert [name for name in fonts if not (source / name).is_file()] == []


def test_the_true_project_knows_no_study(source):
    kept = {p.relative_to(PROJECT).as_posix() for p in PROJECT.rglob("*") if p.is_file()}
    for name in sorted(kept - {"reference.docx", "make_reference.py"}):
        if "__pycache__" not in name and not name.startswith(("text/", "languages/")):
            assert (source / name).read_bytes() == (PROJECT / name).read_bytes()


A = "![**A.** Words](figures/a){#fig-a width=1}"
B = "::: {#tbl-b}\n\n```{=html}\n<table>\n</table>\n```\n\nCaption of @fig-a\n\n:::"
HERE = "::: {#tbl-c .here}\n\nCaption\n\n:::"


def test_an_exhibit_follows_the_paragraph_that_mentions_it():
    def order(*blocks: str) -> list[str]:
        found = at_mention("\n\n".join(blocks) + "\n")
        names = {A: "A", B: "B", HERE: "here"}
        for block, name in names.items():
            found = found.replace(block, name)
        return found.split("\n\n")

    assert order("1 @tbl-b.", "2 @fig-a.", A, B) == ["1 @tbl-b.", "B", "2 @fig-a.", "A\n"]
    assert order("1 (@tbl-b, @fig-a).", "2", A, B) == ["1 (@tbl-b, @fig-a).", "B", "A", "2\n"]
    assert order("1 @tbl-b @fig-a.", "2 @tbl-b @fig-a", A, B, "3 @tbl-b") == [
        *("1 @tbl-b @fig-a.", "A", "2 @tbl-b @fig-a", "B", "3 @tbl-b\n")
    ]
    assert order("1 @fig-a-2, @tbl-c", "2", A, HERE) == ["1 @fig-a-2, @tbl-c", "2", "A", "here\n"]
    assert order(A, "1 @fig-a") == ["A", "1 @fig-a\n"]
    assert order("1", "    2", "3") == ["1", "    2", "3\n"]


def test_variables_are_nested_by_their_ids(source):
    values = yaml.safe_load((source / "_variables.yml").read_text(encoding="utf-8"))
    assert values["km"]["OS"]["ND"]["median"] == '[11.93]{.ard data-ard="km.OS.ND.median"}'
    assert values["fisher"]["ORR"]["p_value"].startswith("[\\<0.001]")


def test_the_same_inputs_give_the_same_bytes(source, staged):
    again = files(staged(study(), ard().frame()))
    assert again == files(source)


def test_what_lay_there_before_is_gone(source, staged, figures, tmp_path):
    from tests.report.cohort import FACTS
    from venaza.pipeline.report import stage

    target = tmp_path / "source"
    target.mkdir()
    (target / "left over.md").write_text("old", encoding="utf-8")
    arguments = {
        "tables": {},
        "study": study(),
        "facts": FACTS,
        "figures": ["flow"],
        "figures_folder": figures,
        "printed": [],
        "tables_folder": tmp_path,
        "project_folder": PROJECT,
        "reference": PROJECT / "reference.docx",
    }
    with pytest.raises(KeyError):
        stage(target, ard=ard().frame().iloc[:3], **arguments)
    assert (target / "left over.md").is_file()
    stage(target, ard=ard().frame(), **arguments)
    assert not (target / "left over.md").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["source"]


def metadata(own: dict) -> dict:
    context = Context(Numbers(ard().frame(), own), own, groups_of(own), [], [])
    return yaml.safe_load(metadata_yaml(context))


def test_metadata_are_plain_text():
    own = study(
        report={
            "authors": ["Ann Author", {"name": "Bo Writer", "affiliation": "A hospital"}],
            "keywords": ["a", "b"],
            "introduction": "",
            "submission": False,
        }
    )
    values = metadata(own)
    assert values["author"] == ["Ann Author", "Bo Writer (A hospital)"]
    assert (values["date"], values["printed-date"]) == ("2023-11-30", "30 November 2023")
    assert "notice" not in values
    assert metadata(study(cutoff=None, export="2024-03-01"))["printed-date"] == "1 March 2024"


def test_a_figure_that_draws_nothing_is_not_in_the_manuscript(tmp_path):
    """Its sentence would stand under a number and a caption that speaks of curves."""
    for name, text in (("km_OS", "MONTHS,ESTIMATE\n0,100\n"), ("simon_makuch_OS_tx", "MONTHS\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    names = ("km_OS", "simon_makuch_OS_tx")
    paths = [f"{tmp_path}/{name}.{kind}" for name in names for kind in ("svg", "csv")]
    assert with_content(paths) == ["km_OS"]


def context_with(main: object) -> Context:
    own = study(report={**study()["report"], "main": main})
    return Context(
        Numbers(ard().frame(), own), own, groups_of(own), [*FIGURES], ["baseline", "published"]
    )


def test_the_main_text_has_the_usual_exhibits_and_eight_at_most():
    usual = main_exhibits(context_with("auto"))
    assert usual == (
        *("fig flow", "tbl baseline", "fig km_OS", "fig km_EFS", "fig km_PFOS", "fig response"),
        "fig cif_CIR",
    )
    many = replace(context_with("auto"), printed=["baseline", "response", "survival", "failure"])
    many = replace(many, printed=[*many.printed, "adverse_events", "cox"])
    assert len(main_exhibits(many)) == 8
    assert "tbl cox" not in main_exhibits(many)


def test_a_study_without_therapies_tells_of_what_followed_in_the_text():
    study = context_with("auto").study
    without = {k: v for k, v in study["tables"].items() if k != "therapies"}
    context = replace(context_with("auto"), study={**study, "tables": without}, printed=["failure"])
    assert not {"tbl failure", "fig km_PFOS"} & set(main_exhibits(context))
    assert "tbl failure" in main_exhibits(replace(context, study=study))


def test_the_study_file_chooses_the_main_text_and_is_told_what_is_not_there():
    chosen = context_with(["fig km_*", "tbl baseline", "fig km_XYZ", "tbl published"])
    names = ("fig km_OS", "fig km_EFS", "fig km_PFOS", "tbl baseline")
    assert main_exhibits(chosen) == names
    assert not_there(chosen) == ["fig km_XYZ", "tbl published"]
    assert not_there(context_with("auto")) == []
