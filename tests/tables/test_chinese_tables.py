"""The printed tables in Chinese: the shape and the numbers of the English ones, and no English."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import mkdtemp

import pytest
from openpyxl import load_workbook

from tests.report.claims.worlds import world
from venaza.contracts.evidence import read_rows
from venaza.contracts.wording import capital, small
from venaza.pipeline.report.text import macro
from venaza.pipeline.tables import build_all, planned
from venaza.pipeline.tables.book import title_of
from venaza.study.words import in_language, printed_words

ROOT = Path(__file__).parents[2]
WORLDS = ("aml_venaza", "all_venaza", "bmt", "myeloid", "four_groups", "no_groups", "no_responses")
#: Persons, journals and trials that stand in Latin letters; an abbreviation has two capitals.
NAMES = """
Aalen Bishop Blood Byar Cairo Clin Clopper Cox DiNardo Döhner Engl Fine Firth Fisher Gray Gökbuget
Haematol Haematologica Howard Hyper Johansen Jones Kaplan Kim Klein Kruskal Maiti Mantel Med Meier
Moeschberger Newcombe Pearson Pui Res Springer Survival Analysis Cancer Wallis Wilcoxon Wilson log
rank et al ed nd
"""


def told(name: str, language: str) -> dict:
    """What the tables of a world are told in a language."""
    study = {**world(name).study, "language": language}
    return in_language({**study, "words": printed_words(ROOT, study)})


def read(study: dict) -> dict[str, list[dict]]:
    """The rows of the reference tables that a study shows."""
    spec = study.get("evidence")
    if not spec:
        return {}
    found = [row for path in spec["files"] for row in read_rows(ROOT / path)]
    trials = [] if spec["trials"] == "none" else read_rows(ROOT / spec["trials"])
    return {"evidence": found, "trials": trials}


@cache
def printed(name: str, language: str) -> Path:
    """The folder with the tables of a world in a language."""
    folder, study = Path(mkdtemp(prefix="tables")), told(name, language)
    build_all({**world(name).tables, **read(study)}, world(name).ard, study, folder)
    return folder


def cells(path: Path) -> list[tuple[str, list[str], str]]:
    """Each cell of a table in HTML: its tag, the ARD ids in it, its text."""
    found = re.findall(r"<(t[hd]\b[^>]*)>(.*?)</t[hd]>", path.read_text(encoding="utf-8"), re.S)
    return [
        (tag, re.findall(r'data-ard="([^"]*)"', inside), plain(inside)) for tag, inside in found
    ]


def plain(html: str) -> str:
    """The text of a piece of HTML."""
    return unescape(re.sub(r"<[^>]*>", " ", html))


def numbers(text: str) -> Counter:
    """The numbers that a text prints; ``per year`` is by one year in Chinese."""
    return Counter(re.findall(r"\d+(?:\.\d+)?", re.sub(r"每增加1(?![\d.])", "", text)))


@pytest.mark.parametrize("name", WORLDS)
def test_shape_and_numbers_are_those_of_the_english_tables(name):
    english, chinese = printed(name, "en"), printed(name, "zh")
    assert sorted(p.name for p in english.iterdir()) == sorted(p.name for p in chinese.iterdir())
    for path in english.glob("*.html"):
        pairs = list(zip(cells(path), cells(chinese / path.name), strict=True))
        assert [(a[0], a[1]) for a, _ in pairs] == [(b[0], b[1]) for _, b in pairs], path.name
        differing = [(a[2], b[2]) for a, b in pairs if numbers(a[2]) != numbers(b[2])]
        assert differing == [], path.name


def own_words(study: dict) -> list[str]:
    """Phrases that a study file or a publication wrote, the longest first."""
    found = [study["study"]["short"], study["timeline"]["index"]]
    if groups := study.get("groups"):
        found += [groups["label"], *groups["levels"].values()]
    for column in study["columns"]:
        found += [column["label"], *study["levels"].get(column["name"], [])]
    found += [rule["label"] for rule in study["mrd"]["alternatives"]]
    shipped = set(study["words"].values())
    for section, key in (("endpoints", "label"), ("milestones", "description")):
        found += [spec[key] for spec in study[section].values() if spec[key] not in shipped]
    for record in study["tables"].get("therapies", {}).get("records", []):
        found += [code for how in record["columns"].values() for code in how.get("values", {})]
    if study.get("published"):
        found.append(study["published"]["study"])
    for rows in read(study).values():
        found += [value for row in rows for value in row.values()]
    every = {form for text in map(str, found) for form in (text, small(text), capital(text))}
    return sorted(filter(None, every), key=len, reverse=True)


def english_in(text: str, own: list[str]) -> list[str]:
    """The English words of a text beside the study's own, names and abbreviations."""
    for phrase in own:
        if re.search("[a-z]{2}", phrase):
            text = text.replace(phrase, " ")
    found = re.findall(r"[A-Za-zö]+", text)
    words = [w for w in found if re.search("[a-z]{2}", w) and not re.search("[A-Z].*[A-Z]", w)]
    return [word for word in words if word not in NAMES.split()]


@pytest.mark.parametrize("name", WORLDS)
def test_no_english_word_is_left(name):
    own, left = own_words(told(name, "zh")), {}
    for path in printed(name, "zh").glob("*.html"):
        for _, _, text in cells(path):
            if words := english_in(text, own):
                left[f"{path.stem}: {text.strip()}"] = words
    assert left == {}


def test_an_english_word_is_seen():
    assert english_in("总生存期（OS），Kaplan–Meier，VEN-AZA，χ² = 3.0", []) == []
    assert english_in("Not reached（初诊，n = 3）", []) == ["Not", "reached"]
    assert english_in("First relapse后的relapse", ["First relapse"]) == ["relapse"]


@pytest.mark.parametrize("name", WORLDS)
def test_the_workbook_says_what_the_tables_say(name):
    own = own_words(told(name, "zh"))
    book = load_workbook(printed(name, "zh") / "tables.xlsx")
    assert book.sheetnames[0] == "表格"
    assert len(book.sheetnames) == len(planned(told(name, "zh"))) + 1
    for sheet, stem in zip(book.worksheets[1:], planned(told(name, "zh")), strict=True):
        said = {str(c.value).strip() for line in sheet.iter_rows() for c in line if c.value}
        path = printed(name, "zh") / f"{stem}.csv"
        for line in list(csv.reader(path.open(encoding="utf-8-sig")))[1:]:
            assert {text.strip().removeprefix("'") for text in line if text.strip()} <= said
        assert english_in(" ".join([*said, sheet.title, sheet.oddFooter.center.text]), own) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["aml_venaza", "all_venaza", "bmt"])
def test_the_workbook_calls_tables_as_the_manuscript_does(name, language):
    study, context = told(name, language), world(name).context
    about = replace(context, study=study, tables_folder=printed(name, language))
    for table in planned(study):
        written = macro("captions", f"tbl_{table}", about)[0]
        assert title_of(table, study).lower() in written.lower(), table
