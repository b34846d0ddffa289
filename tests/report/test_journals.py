"""The style of a journal: P values, decimals, headings, citations, limits and what is counted."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.report.cohort import ard, study
from tests.report.conftest import EMBEDDED
from venaza.contracts.errors import StudyError
from venaza.pipeline.report import counts, render
from venaza.pipeline.tables.letter import in_italics
from venaza.preflight.journal import journal_of
from venaza.preflight.stage_settings import settings
from venaza.study.documents import merge
from venaza.study.journal import in_print, letter, p_value, with_letter

ROOT = Path(__file__).parents[2]
JOURNALS = sorted(path.stem for path in (ROOT / "config/journals").glob("*.yaml"))
HOUSE = {"letter": "P", "italic": False, "leading_zero": True, "digits": 3}
AMA = {**HOUSE, "italic": True, "leading_zero": False, "two_digits_from": 0.01}


def journal(name: str, root: Path = ROOT) -> dict:
    return journal_of(root, {"report": {"journal": name}}, "config/studies/s.yaml")


def printed_as(name: str, **changed) -> dict:
    """The made-up study with a journal."""
    return {**study(), "journal": merge(journal(name), changed)}


@pytest.mark.parametrize(
    ("how", "value", "text"),
    [
        (HOUSE, 0.0009999, "<0.001"),
        (HOUSE, 0.001, "0.001"),
        (HOUSE, 0.0365, "0.037"),
        (HOUSE, 0.9994, "0.999"),
        (HOUSE, 0.9996, ">0.999"),
        (HOUSE, 1.0, ">0.999"),
        (HOUSE, 0.0, "<0.001"),
        ({**HOUSE, "digits": 2}, 0.0099, "<0.01"),
        ({**HOUSE, "digits": 2}, 0.01, "0.01"),
        ({**HOUSE, "digits": 2}, 0.996, ">0.99"),
        ({**HOUSE, "digits": 4}, 0.00012, "0.0001"),
        ({**HOUSE, "leading_zero": False}, 0.0365, ".037"),
        ({**HOUSE, "leading_zero": False}, 0.0001, "<.001"),
        ({**HOUSE, "leading_zero": False}, 0.9999, ">.999"),
        (AMA, 0.00999, ".010"),
        (AMA, 0.0051, ".005"),
        (AMA, 0.01, ".01"),
        (AMA, 0.63, ".63"),
        (AMA, 0.0449, ".04"),
        (AMA, 0.0496, ".050"),
        (AMA, 0.0494, ".049"),
        (AMA, 0.05, ".05"),
        (AMA, 0.0549, ".05"),
        (AMA, 0.9949, ".99"),
        (AMA, 0.996, ">.99"),
        (AMA, 0.0004, "<.001"),
    ],
)
def test_p_values(how, value, text):
    assert p_value(value, how) == text


ROWS = [
    ("km.OS.ND.median", "median", "months", 11.9266, "11.93"),
    ("km.OS.RR.median", "median", "months", None, "not reached"),
    ("rate.ORR.ND.percent", "percent", "percent", 85.714, "85.7"),
    ("cox.OS.hazard_ratio", "hazard_ratio", "ratio", 1.9634, "1.96"),
    ("logrank.OS.p_value", "p_value", "", 0.0365, "0.037"),
    ("logrank.EFS.p_value", "p_value", "", None, "too few to compare"),
    ("published.os.nd", "value", "months", 11.9, "11.9"),
    ("n.ITT.all", "n", "count", 50.0, "50"),
]


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ({}, ["11.93", "not reached", "85.7", "1.96", "0.037", "too few to compare", "11.9", "50"]),
        (
            {"decimals": {"months": 1, "percent": 0}, "p": {**AMA}},
            ["11.9", "not reached", "86", "1.96", ".04", "too few to compare", "11.9", "50"],
        ),
        (
            {"decimals": {"months": 0}, "p": {"digits": 2}},
            ["12", "not reached", "85.7", "1.96", "0.04", "too few to compare", "11.9", "50"],
        ),
    ],
)
def test_what_is_printed_changes_and_no_value(how, shown):
    names = ["ard_id", "statistic", "unit", "value", "display"]
    table = pd.DataFrame(ROWS, columns=names)
    found = in_print(table, {"journal": merge(journal("house"), how)})
    assert list(found["display"]) == shown
    assert list(found["recorded"]) == list(table["display"])
    pd.testing.assert_series_equal(found["value"], table["value"])


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("Log-rank P = 0.04", "Log-rank p = 0.04"),
        (", P ", ", p "),
        ("χ² = 3.04, 1 d.f., P\u00a0<0.001", "χ² = 3.04, 1 d.f., p\u00a0<0.001"),
        ("P", "p"),
        ("P values are not adjusted; P by Fisher's exact test", None),
        ("P for\ninteraction", "p for\ninteraction"),
        ("P值均为双侧", "p值均为双侧"),
        ("PH, P value of the score test", "PH, p value of the score test"),
        ("Group P patients", "Group P patients"),
        ("P. Smith, ECOG PS, BCR::ABL1 P210, TP", "P. Smith, ECOG PS, BCR::ABL1 P210, TP"),
    ],
)
def test_only_the_sign_of_a_probability_is_another(text, signed):
    expected = "p values are not adjusted; p by Fisher's exact test" if signed is None else signed
    assert with_letter(text, "p") == expected


def test_italics_in_a_table_are_marks_of_its_words_alone():
    wanted = {"journal": {"p": {**HOUSE, "italic": True}}}
    html = '<td title="P = 1">P = <span>0.04</span></td><td>P &lt;0.05</td>'
    assert in_italics(html, wanted) == (
        '<td title="P = 1"><em>P</em> = <span>0.04</span></td><td><em>P</em> &lt;0.05</td>'
    )
    assert in_italics(html, {"journal": {"p": HOUSE}}) == in_italics(html, {}) == html
    assert letter({}) == "P"


@pytest.mark.parametrize("name", JOURNALS)
def test_each_journal_says_where_its_guide_was_read_and_its_citation_style_has_its_licence(name):
    found = journal(name)
    assert ("sources" in found) is (name != "house")
    assert name == "house" or found["limits"] or "csl" in found
    style = (ROOT / found["csl"]).read_text(encoding="utf-8")
    own = Path(found["csl"]).name == "numeric.csl"
    assert ("MIT" if own else "creativecommons.org/licenses/by-sa/3.0/") in style
    known = (ROOT / "config/journals/csl/README.md").read_text(encoding="utf-8")
    assert "CC BY-SA 3.0" in known


def test_every_journal_and_every_style_is_used_and_documented():
    page = (ROOT / "docs/manuscript.md").read_text(encoding="utf-8")
    assert [name for name in JOURNALS if f"`{name}`" not in page] == []
    styles = {path.name for path in (ROOT / "config/journals/csl").glob("*.csl")}
    assert styles == {Path(journal(name)["csl"]).name for name in JOURNALS}


def test_an_unknown_journal_is_one_error_with_those_that_are_known():
    with pytest.raises(StudyError) as error:
        journal("bloood")
    assert error.value.what == "'bloood' is not a journal of config/journals."
    assert "Did you mean 'blood'? " in error.value.fix
    assert f"Known: {', '.join(JOURNALS)}." in error.value.fix
    assert error.value.place["column"] == "report > journal"


@pytest.fixture
def own(tmp_path):
    """A project with a journal of one's own: ``own(text, style)``."""
    for part in ("config/journals", "workflow/schemas"):
        shutil.copytree(ROOT / part, tmp_path / part)

    def write(text: str, style: str = "") -> dict:
        (tmp_path / "config/journals/mine.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "config/journals/mine.csl").write_text(style, encoding="utf-8")
        return journal("mine", tmp_path)

    return write


CSL = '<style xmlns="http://purl.org/net/xbiblio/csl"><info>{}</info></style>'


def test_a_journal_of_ones_own(own):
    found = own("name: Mine\ncsl: config/journals/mine.csl\np: {letter: p}\n", CSL.format(""))
    assert (found["id"], found["name"], found["limits"]) == ("mine", "Mine", {})
    assert found["p"] == {**HOUSE, "letter": "p"}
    assert len(found["csl_sha256"]) == 64


@pytest.mark.parametrize(
    ("text", "style", "said"),
    [
        ("limits: {abstract: 1}", "", "The key 'name' is missing."),
        ("name: A\nlimits: {abstract: 0}", "", "'0' is too small."),
        ("name: A\nlimits: {words: 9}", "", "Unknown key 'words'."),
        ("name: A\np: {letter: q}", "", "'q' is not allowed here."),
        ("name: A\np: {digits: 1}", "", "'1' is too small."),
        ("name: A\np: {digits: 7}", "", "'7' is too large."),
        ("name: A\nabstract: {headings: {methods: M}}", "", "'background' is missing"),
        ("name: A\ncsl: gone.csl", "", "not a CSL file that can be read"),
        ("name: A\ncsl: config/journals/mine.csl", "no XML", "not a CSL file that can be read"),
        ("name: A\ncsl: config/journals/mine.csl", "<style/>", "not a CSL file that can be read"),
        (
            "name: A\ncsl: config/journals/mine.csl",
            CSL.format('<link rel="independent-parent" href="http://x/y"/>'),
            "holds no rules",
        ),
    ],
)
def test_a_journal_that_is_wrong_is_refused_by_its_file(own, text, style, said):
    with pytest.raises(StudyError) as error:
        own(text, style)
    assert said in error.value.what
    assert error.value.place["file"] == "config/journals/mine.yaml"


LIMITS = {"abstract": 250, "text": 4000, "figures": 7, "tables": 3, "exhibits": 9, "references": 50}


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_from_both_sides(name):
    most = LIMITS[name]
    assert counts.over({**LIMITS, name: most}, LIMITS) == {}
    assert counts.over({**LIMITS, name: most + 1}, LIMITS) == {name: (most + 1, most)}
    assert counts.over({**LIMITS, name: most + 1}, {}) == {}


def project(folder: Path, **parts: str) -> Path:
    (folder / "_generated").mkdir()
    for name, text in parts.items():
        (folder / f"_generated/{name}.md").write_text(text, encoding="utf-8")
    includes = "\n\n".join(f"{{{{< include _generated/{name}.md >}}}}" for name in parts)
    (folder / "manuscript.qmd").write_text(includes, encoding="utf-8")
    (folder / "_variables.yml").write_text('km: "[11.9]{.ard data-ard=\\"km\\"}"\n')
    (folder / "_study.yml").write_text("title: A\ndate: '2020-05-01'\n")
    return folder


def test_what_is_counted(tmp_path):
    found = counts.counted(
        project(
            tmp_path,
            title_page="**Running title:** not counted",
            abstract="::: {.abstract}\n\n# Abstract\n\n**Aim.** Five words -- *of course* here.\n\n"
            ":::",
            introduction="# Introduction\n\nTwo words [@a; @b].",
            methods_patients="Median {{< var km >}} months (@fig-x).",
            results_patients="![A **legend** of words](x.png){#fig-x}\n\n- one\n- 95% CI\n\n"
            "::: {#tbl-y}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nIts caption.\n\n:::\n",
            declarations="Not counted, but it cites [@c].",
        )
    )
    assert found == {
        "abstract": 6,
        "text": 2 + 3 + 2 + 3,
        "figures": 1,
        "tables": 1,
        "exhibits": 2,
        "references": 3,
    }


def test_a_chinese_character_counts_as_a_word(tmp_path):
    found = counts.counted(
        project(tmp_path, abstract="中位OS为11.9个月（95%CI）。", introduction="")
    )
    assert found["abstract"] == 5 + 3


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.fixture(scope="module")
def written(staged, tmp_path_factory):
    """The made-up study in each journal: the project and the web page."""
    folder, found = tmp_path_factory.mktemp("journals"), {}
    for name in JOURNALS:
        source = staged(printed_as(name), ard().frame(), style=ROOT / journal(name)["csl"])
        page = folder / f"{name}.html"
        render(source, "html", page, EMBEDDED)
        found[name] = (source, page.read_text(encoding="utf-8"))
    return found


def ids(html: str) -> list[str]:
    return re.findall(r'data-ard="([^"]+)"', html)


@pytest.mark.parametrize("name", JOURNALS)
def test_each_journal_renders_the_same_numbers(written, name):
    source, html = written[name]
    found = journal(name)
    assert sorted(ids(html)) == sorted(ids(written["house"][1]))
    style = (source / "style/references.csl").read_bytes()
    assert style == (ROOT / found["csl"]).read_bytes()
    assert "csl: style/references.csl" in (source / "_quarto.yml").read_text(encoding="utf-8")
    assert ("Background." in text_of(html)) is (found["abstract"]["headings"] == "own")
    said = text_of(html)
    for what, most in found["limits"].items():
        assert what == "exhibits" or f"(at most {most})" in said
    over = json.loads((source / "_author.json").read_text(encoding="utf-8"))["over"]
    assert set(over.get("counts", {})) <= set(found["limits"])


def test_an_abstract_without_headings_is_one_paragraph(written):
    for name, many in (("house", 4), ("blood", 1)):
        abstract = (written[name][0] / "_generated/abstract.md").read_text(encoding="utf-8")
        lines = [line for line in abstract.splitlines() if line and line[0] not in ":#"]
        assert len(lines) == many


def test_headings_of_ones_own(staged):
    names = {"background": "Purpose", "methods": "Patients", "results": "R", "conclusions": "So"}
    source = staged(printed_as("house", abstract={"headings": names}), ard().frame())
    abstract = (source / "_generated/abstract.md").read_text(encoding="utf-8")
    assert re.findall(r"\*\*(\w+)\.\*\*", abstract) == list(names.values())


def test_p_values_are_the_same_in_text_and_tables(written):
    _, html = written["ama"]
    values = re.findall(r'data-ard="[^"]+\.p_value"[^>]*>([^<]+)<', html)
    assert values
    assert all(text.lstrip("&lt;>=")[:1] == "." for text in values if "." in text)
    assert "<em>P</em>" in html
    assert not re.search(r"(?<![\w>])P(?=[ \u00a0](?:=|&lt;|values?))", html)
    assert "<em>P</em>" not in written["house"][1]


def test_what_is_too_long_is_told_with_the_journal(staged):
    source = staged(printed_as("blood", limits={"abstract": 1, "tables": 1}), ard().frame())
    over = json.loads((source / "_author.json").read_text(encoding="utf-8"))["over"]
    assert (over["journal"], sorted(over["counts"])) == ("Blood", ["abstract", "tables"])


@pytest.mark.parametrize(("most", "many"), [(8, 8), (7, 7), (1, 1), (99, 8)])
def test_a_limit_of_exhibits_holds_for_what_is_chosen_by_itself(staged, most, many):
    source = staged(printed_as("house", limits={"exhibits": most}), ard().frame())
    assert counts.counted(source)["exhibits"] == many


def test_limits_and_headings_draw_no_figure_and_print_no_table_again():
    from venaza.preflight import load_study

    told = load_study(ROOT, "bmt")
    for stage in ("figures", "tables"):
        assert sorted(settings(told, stage)["journal"]) == ["decimals", "p"]
    assert "journal" not in settings(told, "audit")
    assert "limits" in settings(told, "report")["journal"]


def test_figures_have_the_sign_and_the_digits():
    from matplotlib.figure import Figure

    from venaza.pipeline.figures.draw import _sign

    drawing = Figure()
    for text in ("Log-rank P = .04", "in $ P = .04", "Months"):
        drawing.text(0, 0, text)
    _sign(drawing, {"journal": {"p": AMA}})
    found = [(artist.get_text(), artist.get_parse_math()) for artist in drawing.texts]
    assert found[0] == (r"Log-rank $\mathit{P}$ = .04", True)
    assert [text for text, _ in found[1:]] == ["in $ P = .04", "Months"]


def test_the_end_of_the_run_says_what_is_too_long(tmp_path, monkeypatch):
    from venaza.rerun.summary import _of_authors

    monkeypatch.chdir(tmp_path)
    notes = Path("results/s/report/source/_author.json")
    notes.parent.mkdir(parents=True)
    over = {"journal": "Blood", "counts": {"abstract": [265, 250], "references": [101, 100]}}
    notes.write_text(json.dumps({"over": over}), encoding="utf-8")
    assert " ".join(" ".join(_of_authors(Path("results/s"))).split()) == (
        "too long for Blood: 265 words in the abstract, at most 250; 101 references, at most 100"
    )
