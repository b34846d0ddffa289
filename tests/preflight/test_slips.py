"""Names that are known ones but for a letter: codes, references, sources, instruments, headers."""

from pathlib import Path

import pytest

from venaza.contracts.errors import StudyError
from venaza.preflight import check_headers, load_study
from venaza.study.names import slip_of

ROOT = Path(__file__).parents[2]
ALL, AML = "all_venaza", "aml_venaza"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        *(("XM", "M"), ("RELAPS", "RELAPSE"), ("RELPASE", "RELAPSE"), ("RRELAPSE", "RELAPSE")),
        *(("", "M"), ("病天案号", "病案号"), ("病号", "病案号"), ("案病号", "病案号")),
    ],
)
def test_one_letter_put_in_left_out_or_swapped_is_a_slip(word, name):
    assert slip_of(word, ["OTHER", name]) == name


@pytest.mark.parametrize(
    ("word", "name"),
    [("F", "M"), ("FLT4", "FLT3"), ("M", "M"), ("PSE", "RELAPSE"), ("CBAD", "ABCD"), ("MM", "XX")],
)
def test_another_letter_two_letters_and_the_name_itself_are_none(word, name):
    assert slip_of(word, [name]) == ""


def test_a_name_that_is_known_is_no_slip_of_another():
    assert slip_of("RAS", ["NRAS", "RAS"]) == ""


@pytest.fixture
def told(project):
    """What is said of a study file in which one text stands for another."""

    def tell(study: str, old: str, new: str) -> str:
        text = (ROOT / f"config/studies/{study}.yaml").read_text(encoding="utf-8")
        assert text.count(old) == 1
        (project / f"config/studies/{study}.yaml").write_text(text.replace(old, new), "utf-8")
        with pytest.raises(StudyError) as caught:
            check_headers(project, load_study(project, study))
        return str(caught.value)

    return tell


#: Study, what stands there, what is written for it, what is said, and what was meant.
CASES = [
    (ALL, "MPAL:", "MPLA:", "'MPLA' is not a code of disease.", "MPAL"),
    (AML, "    toxicity: [", "    toxicty: [", "'toxicty' is not a code of stop", "toxicity"),
    (
        ALL,
        "supportive care:",
        "suportive care:",
        "is not a code of therapy_class",
        "supportive care",
    ),
    ("bmt", "values: {M:", "values: {XM:", "'XM' is not a code of sex.", "M"),
    ("myeloid", "SEX: M", "SEX: XM", "'XM' is not a level of SEX.", "M"),
    (AML, "citation: bai2025", "citation: bai2052", "'bai2052' is not an entry of", "bai2025"),
    (AML, "[@stahl2021]", "[@dinardo2020; @stal2021]", "'stal2021' is not an", "stahl2021"),
    (AML, "efs_median: km.EFS", "efs_median: mk.EFS", "'mk' is not a kind of numbers.", "km"),
    (AML, "efs_median: km.EFS", "efs_median: km.ESF", "'ESF' is not an endpoint of this", "EFS"),
    (AML, "km.OS.{group}.median", "km.OS.{group}.medain", "'medain' is not a stat", "median"),
    (ALL, "rates: {CR/CRp:", "rates: {CR/CPr:", "'CR/CPr' is not an endpoint of", "CR/CRp"),
    (ALL, "{bridged to", "{brigded to", "is not an endpoint of the evidence on ALL", "bridged to "),
    (ALL, "event_rate.BRIDGE.", "event_rate.BRIGDE.", "'BRIGDE' is not an endpoint", "BRIDGE"),
    (ALL, "instrument: transplant}", "instrument: tranplant}", "of the dictionary", "transplant"),
    (AML, "    病案号: {keep", "    案病号: {keep", "'案病号' is not a header of the", "病案号"),
]


@pytest.mark.parametrize(("study", "old", "new", "says", "meant"), CASES, ids=lambda p: p[:20])
def test_a_slip_is_refused_with_the_name_that_is_meant(told, study, old, new, says, meant):
    text = told(study, old, new)
    assert says in text
    assert f"Did you mean '{meant}" in text
    assert f"  file:   config/studies/{study}.yaml\n  line:  " in text


def test_a_code_without_a_letter_is_refused(told):
    text = told("bmt", 'values: {"Y":', 'values: {"":')
    assert "The name '' may not stand here." in text
    assert "Give a code of at least one character." in text


def test_a_header_is_asked_for_with_its_place_in_the_study_file(told):
    text = told("bmt", "AGE: z1", "AGE: zz1")
    assert "file:   data/raw/bmt/2026-11-21/bmt.csv" in text
    assert "(line 27: tables > patients > columns > AGE)" in text


def test_a_key_of_records_has_its_line(told):
    text = told("myeloid", "{RSDT: rltime, RSINV", "{RSDY: rltime, RSINV")
    assert "  line:   39\n  key:    tables > responses > records > 2 > columns > RSDY\n" in text


def test_a_key_that_is_missing_and_one_like_it(told):
    text = told("bmt", "    given:\n      patients:", "    given:\n      patiens:")
    assert "The key 'patients' is missing." in text
    assert "  line:   91\n" in text
    assert "Did you mean 'patients' where 'patiens' stands?" in text
