"""The tables of laboratory grades and of tumour lysis syndrome fit the other configuration."""

from pathlib import Path

import pytest
import yaml

from tests.copies import copied
from venaza.contracts.errors import StudyError
from venaza.preflight import load_study

ROOT = Path(__file__).parents[2]


def read(name: str) -> dict:
    return yaml.safe_load((ROOT / f"config/{name}.yaml").read_text(encoding="utf-8"))


def test_every_test_is_known_to_the_vocabulary_with_the_same_unit():
    grades, tls, units, words = map(read, ("lab_grades", "tls", "units", "vocabulary"))
    for test, spec in {**grades["tests"], **tls["tests"]}.items():
        assert test in words["lab_test"]
        assert units[test]["standard"] == spec["unit"]
    assert units["ALB"]["standard"] == "g/L"


def test_terms_are_those_of_ctcae():
    terms = read("ctcae")["terms"]
    assert {spec["term"] for spec in read("lab_grades")["tests"].values()} <= set(terms)
    assert set(read("tls")["events"]) <= set(terms)
    assert read("lab_grades")["version"] == read("ctcae")["version"]


@pytest.mark.parametrize(("test", "spec"), read("lab_grades")["tests"].items())
def test_each_grade_lies_beyond_the_one_before(test, spec):
    limit = read("lab_grades")["normal"].get(test, 100)
    edges = [limit if e == "LLN" else e for e in spec.get("below", {}).values()]
    for limits in (limit if isinstance(limit, dict) else {"": limit}).values():
        numbers = [limits if isinstance(e, dict) else e for e in edges]
        assert numbers == sorted(numbers, reverse=True)
    for scale in ("above_uln", "above_baseline"):
        times = list(spec.get(scale, {}).values())
        assert times == sorted(times)


def test_definitions_of_tumour_lysis_have_a_limit_for_each_test_and_a_reference():
    tls = read("tls")
    references = (ROOT / "report/references.bib").read_text(encoding="utf-8")
    for rule in tls["definitions"].values():
        assert list(rule["limits"]) == list(tls["tests"])
        assert f"{{{rule['cite']}," in references


@pytest.mark.parametrize(
    ("labs", "words"),
    [
        ({"normal": {"ANC": "low"}}, "labs > normal > ANC"),
        ({"normal": {"HGB": {"M": 130}}}, "labs > normal > HGB"),
        ({"normal": {"LDH": 250}}, "labs > normal"),
        ({"until": "relapse"}, "Known here: normal, specimens."),
    ],
)
def test_a_wrong_limit_is_refused(tmp_path, labs, words):
    copied(tmp_path)
    study = yaml.safe_load((ROOT / "config/studies/bmt.yaml").read_text(encoding="utf-8"))
    text = yaml.safe_dump(study | {"labs": labs}, allow_unicode=True)
    (tmp_path / "config/studies/bmt.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        load_study(tmp_path, "bmt")
    assert words in str(error.value)
