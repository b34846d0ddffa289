"""Every name that a study file uses must exist: a wrong one is refused, with the nearest one."""

import re
from pathlib import Path

import pytest
import yaml

from venaza.contracts.errors import StudyError
from venaza.preflight import load_study

ROOT = Path(__file__).parents[2]
STUDY = "config/studies/bmt.yaml"


@pytest.fixture
def told(project):
    """What is said of the study file with some keys laid over it (``a > b > c``: value)."""

    def tell(keys: dict) -> str:
        document = yaml.safe_load((ROOT / STUDY).read_text(encoding="utf-8"))
        for path, value in keys.items():
            *above, last = path.split(" > ")
            inner = document
            for key in above:
                inner = inner.setdefault(key, {})
            inner[last] = value
        (project / STUDY).write_text(yaml.safe_dump(document), encoding="utf-8")
        with pytest.raises(StudyError) as caught:
            load_study(project, "bmt")
        return str(caught.value)

    return tell


NUMBERS = "data/reference/published_targets_aml_venaza.csv"
PUBLISHED = {"file": NUMBERS, "study": "Bai 2025", "citation": "x"}
CASES = yaml.safe_load((Path(__file__).parent / "wrong_names.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["key"])
def test_a_wrong_name_is_refused_with_its_key_and_line(told, case):
    text = told(case["lay"])
    for sentence in case["says"]:
        assert sentence in text
    assert f"  key:    {case['key']}\n" in text
    assert re.search(r"^  line:   \d+$", text, re.MULTILINE)
    assert f"  file:   {STUDY}\n" in text


def test_the_line_is_that_of_the_wrong_word(told, project):
    text = told({"analysis > table1": ["AGE", "SEXX"]})
    line = int(re.search(r"line: +(\d+)", text)[1])
    assert (project / STUDY).read_text(encoding="utf-8").splitlines()[line - 1].strip() == "- SEXX"


def test_a_measure_that_is_published_twice(told, project):
    path = project / NUMBERS
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "Bai 2025,ND,os_median,9,,,months,\n", encoding="utf-8")
    text = told({"published": {**PUBLISHED, "numbers": {"os_median": "km.OS.{group}.median"}}})
    path.write_text(before, encoding="utf-8")
    assert "The measure 'os_median' is published twice for one group." in text
    assert f"  row:    {before.count(chr(10)) + 1}\n" in text
