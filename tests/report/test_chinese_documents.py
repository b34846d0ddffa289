"""The documents of a Chinese report: nothing English left, in each format, and in a whole run."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import replace

import pytest
import yaml
from pypdf import PdfReader

from tests.report.claims.worlds import NAMES, ROOT, world
from tests.report.cohort import ard
from tests.report.cohort import study as made_up
from tests.report.conftest import EMBEDDED
from tests.workflow.project import copy_project, snakemake
from venaza.contracts.wording import small
from venaza.pipeline.report import render
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.documents import written
from venaza.pipeline.report.grammar import groups_of
from venaza.preflight import load_study
from venaza.study.checks import check_words, messages
from venaza.study.words import in_language as said
from venaza.study.words import printed_words

WIDE = "\u2e80-\u9fff\uff00-\uffef"
#: What stays in Latin letters: names of methods and of programs, and units.
NAMED = frozenset(
    "Kaplan Meier Cox Firth log rank Clopper Pearson Brookmeyer Crowley Efron Fisher Newcombe "  # noqa: SIM905
    "Kruskal Wallis Wilcoxon Wilson Aalen Johansen Fine Gray Greenwood Mantel Byar Simon Makuch "
    "Hartung Knapp logit Cochran Guyot Cairo Bishop Howard Deauville Python lifelines Snakemake "
    "pandas venaza CRediT made csv".split()
)
#: What is Markdown's or HTML's own, and what says where a number comes from.
MARKUP = re.compile(
    r"<script>.*?</script>|\{\{<.*?>\}\}|\]\([^)]*\)(?:\{[^}]*\})?|(?<=\])\{[^}]*\}|\{[#.][^}]*\}"
    r"|\[@[^\]]*\]|@\{[^}]*\}|@[\w-]+|`[^`]*`|<[^>]*>|:::[^\n]*|!\[|[\\*]",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    study = load_study(ROOT, "aml_venaza") | {"language": "zh"}
    return check_words(study["checks"]["rules"], messages(ROOT, "zh")) | printed_words(ROOT, study)


def in_language(
    context: Context, language: str, words: dict | None = None, **own
) -> tuple[Context, dict[str, str]]:
    """The context and the parts of the same study in a language."""
    study = said({**context.study, **own, "language": language, "words": words or {}})
    numbers = copy(context.numbers)
    numbers._words = study["words"]
    changed = {"study": study, "numbers": numbers, "groups": groups_of(study)}
    told = replace(context, **changed, said=[], lacking=[])
    return told, written(told)[1]


def strings(value: object) -> Iterator[str]:
    """The texts of a part of a study file, as one line each."""
    if isinstance(value, str):
        yield " ".join(value.split())
    for part in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from strings(part)
    if isinstance(value, dict):
        yield from (str(key).replace("_", " ") for key in value)


def letters(text: str) -> str:
    """The text without markup and signs."""
    return re.sub(r"[^A-Za-z\u4e00-\u9fff]+", " ", MARKUP.sub(" ", text)).strip()


def own_words(study: dict) -> list[str]:
    """What the study file itself says, the longest first."""
    files = [yaml.safe_load(path.read_text("utf-8")) for path in ROOT.glob("config/studies/*.yaml")]
    keys = ("study", "groups", "columns", "timeline", "report", "mrd", "published")
    parts = [study[key] for key in keys]
    parts += [study["published_curves"], study["alternatives"], study["milestones"], study["id"]]
    found = {
        text for part in [*files, *parts] for text in strings(part) if re.search("[a-z]{3}", text)
    }
    return sorted(found | set(map(small, found)), key=len, reverse=True)


@pytest.mark.parametrize("name", NAMES)
def test_no_english_is_left_but_names_and_the_words_of_the_study_file(name, words):
    context = world(name).context
    author = {**context.study["author"], "texts": {}}
    _, parts = in_language(context, "zh", words, author=author)
    kept = {*strings(context.study["groups"]), *strings(context.study["published"])}
    own = [letters(text) for text in own_words(context.study) if text in kept or text not in words]
    left = {}
    for part, text in parts.items():
        plain = letters(text)
        for phrase in own:
            plain = plain.replace(phrase, " ")
        found = set(re.findall(r"[A-Za-z]*[a-z]{3}[A-Za-z]*", plain)) - NAMED
        if found:
            left[part] = found
    assert left == {}


@pytest.fixture(scope="module")
def rendered(staged, words, tmp_path_factory):
    """The made-up study in Chinese, in each format."""
    source = staged(said(made_up(language="zh", words=words)), ard().frame())
    folder = tmp_path_factory.mktemp("chinese")
    for fmt in ("html", "docx", "pdf"):
        render(source, fmt, folder / f"m.{fmt}", EMBEDDED, words=words)
    return folder


def test_the_web_page_is_chinese_to_its_ways(rendered):
    html = (rendered / "m.html").read_text(encoding="utf-8")
    assert '<html xmlns="http://www.w3.org/1999/xhtml" lang="zh-CN"' in html
    assert '<p class="date">2023年11月30日</p>' in html
    for text in (
        "<strong>图1\u3000</strong>",
        ">全部结果</a>",
        ">补充材料</a>",
        "Source Han Serif SC",
    ):
        assert text in html
    shown = re.sub(r"<(style|script).*?</\1>", "", html, flags=re.DOTALL)
    assert not re.search(rf"(?:Figure|Table)\s*\d|Keywords|[{WIDE}] +[{WIDE}]", shown)
    xrefs = re.findall(r'<a[^>]*class="xref"[^>]*>([^<]*)</a>', html)
    assert xrefs
    assert all(re.fullmatch(r"[图表]\d+", text) for text in xrefs)


def test_the_word_file_names_the_faces_that_chinese_readers_know(rendered):
    with zipfile.ZipFile(rendered / "m.docx") as archive:
        styles, fonts, text = (
            archive.read(f"word/{n}.xml").decode() for n in ("styles", "fontTable", "document")
        )
    assert 'w:eastAsia="zh-CN"' in styles
    faces = re.findall(r'<w:rFonts w:ascii="([^"]*)"[^>]*w:eastAsia="([^"]*)"', styles)
    assert set(faces) == {("Arial", "SimHei"), ("Times New Roman", "SimSun")}
    assert '<w:font w:name="SimHei"><w:altName w:val="黑体"' in fonts
    assert "SEQ 图" in text
    assert "关键词：" in text


def test_the_pdf_needs_no_font_of_the_machine(rendered):
    reader = PdfReader(rendered / "m.pdf")
    fonts = [font.get_object() for p in reader.pages for font in p["/Resources"]["/Font"].values()]
    assert any("NotoSerifSC" in font["/BaseFont"] for font in fonts)
    assert all(re.match(r"/[A-Z]{6}\+", font["/BaseFont"]) for font in fonts)  # subsets
    text = "".join(page.extract_text() for page in reader.pages)
    assert "摘要" in text
    assert "图1" in text.replace(" ", "")
    assert not set(text) & set("\ufffd\u25a1\0")


def test_a_whole_run_is_chinese_and_has_the_numbers_of_the_english_one(tmp_path):
    project = copy_project(tmp_path / "project")
    file, report = project / "config/studies/bmt.yaml", project / "results/bmt/report"
    english, found = file.read_text(encoding="utf-8"), {}
    for language in ("zh", "en"):
        file.write_text(f"language: {language}\n{english}", encoding="utf-8")
        run = snakemake(project, "--config", "studies=bmt")
        assert run.returncode == 0, run.stdout + run.stderr
        pages = PdfReader(report / "manuscript.pdf").pages
        text = "\n".join(page.extract_text() for page in pages)
        page = (project / "results/bmt/index.html").read_text(encoding="utf-8")
        told = json.loads((project / "results/bmt/settings/queries.json").read_text("utf-8"))
        assert bool(told["settings"]["messages"]) == (language == "zh")  # queries.language: auto
        found[language] = (text, page)
        decimals = Counter(re.findall(r"\d+\.\d+", text))
        assert found.setdefault("decimals", decimals) == decimals
    assert "摘要" in found["zh"][0]
    assert not set(found["zh"][0]) & set("\ufffd\u25a1")
    assert '<html lang="zh-CN">' in found["zh"][1]
    assert '<html lang="en">' in found["en"][1]
