"""Regimens: drugs by any of their names, doses left out, the class by the first that fits."""

import pytest

from tests.clean.export import study
from venaza.contracts.text import tidy
from venaza.pipeline.clean.therapies import read_therapy

STUDY = study()
VENAZA = "venetoclax + azacitidine"


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("VA", VENAZA, "venetoclax-based"),
        ("VA方案", VENAZA, "venetoclax-based"),
        ("VEN+AZA", VENAZA, "venetoclax-based"),
        ("AZA+VEN", VENAZA, "venetoclax-based"),
        ("维奈克拉+阿扎胞苷", VENAZA, "venetoclax-based"),
        ("维奈托克/阿扎", VENAZA, "venetoclax-based"),
        ("唯可来 联合 维达莎", VENAZA, "venetoclax-based"),
        ("阿扎胞苷75mg/m2 d1-7 + 维奈克拉 400mg qd", VENAZA, "venetoclax-based"),
        ("V+A+吉瑞替尼", f"{VENAZA} + gilteritinib", "venetoclax-based"),
        ("地西他滨", "decitabine", "low-intensity therapy"),
        ("吉瑞替尼", "gilteritinib", "targeted therapy"),
        ("7+3", "7+3", "intensive chemotherapy"),
        ("FLAG-IDA+VEN", "venetoclax + FLAG-IDA", "intensive chemotherapy"),
        ("羟基脲", "hydroxyurea", "supportive care"),
        ("临床试验", "clinical trial", "clinical trial"),
        ("支持治疗", "best supportive care", "supportive care"),
    ],
)
def test_regimens(text, name, kind):
    read = read_therapy(tidy(text), STUDY)
    assert (read.name, read.kind, read.problem, read.unknown) == (name, kind, "", "")


def test_one_unknown_part_makes_the_whole_unknown():
    assert read_therapy("VA+魔药", STUDY).unknown == "魔药"
    assert read_therapy("VA+魔药", STUDY).name is None


def test_two_therapies_in_a_cell_are_asked():
    assert read_therapy("VA→吉瑞替尼", STUDY).problem == "more than one therapy in the cell"


def test_every_drug_and_regimen_has_a_class():
    words = STUDY["vocabulary"]
    classed = {member for members in words["therapy_class"].values() for member in members}
    names = [n for n in (*words["drug"], *words["regimen"]) if " + " not in n]
    assert [name for name in names if name not in classed] == []
