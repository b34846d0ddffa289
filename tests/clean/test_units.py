"""The units in which the world's laboratories write, and what each is worth."""

import pytest
import yaml

from tests.clean.export import ROOT, study
from tests.clean.test_columns import lab_tables, tables_of, values_of
from venaza.contracts.errors import StudyError
from venaza.contracts.unit_conversion import (
    about_unit,
    strange_unit,
    unit_factor,
    unit_in_header,
    unit_key,
)

STUDY = study()
#: Spellings of one unit of a count, one to a line where it holds a space.
COUNTS = {
    1: """
        10^9/L ×10^9/L x10^9/l *10^9/L ×10⁹/L 10E9/L x10E9/L 10e9/l 10*9/L 10**9/L 10~9/L ×10~9/L
        *10~9/L 10+9/L x10e+09/l 10^9 109/L 10＾9/L 10(9)/L 10.e9/L E9/L 10^9·L⁻¹ 10^9L-1
        10<sup>9</sup>/L 10^9个/L 10\\S\\9/L 10^9/Liter G/L G/l giga/L Giga/l gig/L
        Gpt/l Gpt/L mia/l
        Mrd/l /nL /nl 10^6/mL 10^3/µL 10³/µl 10^3/mcL 10*3/uL [10*3/uL] x10E3/uL 10x3/uL 10.e3/uL
        X1000/uL 1000/µL 103/uL 10(3)/uL 10^3/㎕ 10\\S\\3/uL 10^3/mm3 10^3/cumm K/cumm K/cmm K/cu.mm
        K/uL k/mm3 K/mcL thou/mm3 thous/mcL thou/cumm th/cumm thousand/uL thousands/µl Tsd/µl
        Tsd./µl Tsd./ul Tsd/mm3 тыс/мкл 千/µL 千/μl 10^9/升 ×10^9个/升 10的9次方/L 千/微升
        x 10^9 / L|×10 9/L|cells x10^9/L|10^9 cells/L|K/cu mm|x 10³/ mm³|thousand per microliter
    """,
    10: "10^4/µL ×10^4/μL 万/µL 万/mm3 10^10/L",
    100: "lakhs/cumm lakh/cumm Lakhs/mm3 lac/cumm lacs/cumm lakhs 10^5/µL",
    1000: "10^12/L 10^6/µL Mio/µl Mio./µl million/cumm millions/mm3 Tpt/L",
    0.1: "10^2/µL ×10^2/μL 百/μl",
    0.001: """
        /µL /ul 1/µl /mcL /mm3 /mm³ /mm^3 /cmm /cumm /cu.mm cells/cumm Cells/cu.mm cells/µL
        Zellen/µl 个/µL 个/微升 10^6/L Mpt/l
        per cu mm|cells per microliter|cells/cu mm|/ mm3
    """,
}
OTHERS = {
    "HGB": {1: "g/L g·L⁻¹ г/л mg/mL 克/升", 10: "g/dl 克/分升 gm/dL gms/dL g/100ml g% gm% gr/dl",
            16.114: "mmol/L mmol/l ммоль/л mmol/L(Fe)", 64.456: "mmol/L(Hb4)", 0.01: "mg/dL"},
    "CREAT": {1: "µmol/L umol/l μmol/L mcmol/L micromol/L мкмоль/л 微摩尔/升",
              88.42: "mg/dl mgs/dL 毫克/分升",
              1000: "mmol/L", 8.842: "mg/L"},
    "BILI": {1: "µmol/L", 17.104: "mg/dL", 1.7104: "mg/L"},
    "UA": {1: "µmol/L", 59.48: "mg/dL", 1000: "mmol/L"},
    "K": {1: "mmol/L 毫摩尔/升 mEq/L meq/l mval/L"},
    "CA": {1: "mmol/L", 0.5: "mEq/L", 0.2495: "mg/dL"},
    "PHOS": {1: "mmol/L", 0.3229: "mg/dL"},
    "LDH": {1: "U/L IU/L UI/L U.I./L IE/l E/l Ед/л mU/mL 单位/升 国际单位/升",
            60: "µkat/L ukat/l", 0.06: "nkat/L"},
    "ALB": {1: "g/L", 10: "g/dL", 0.0665: "µmol/L"},
    "FIB": {1: "g/L", 0.01: "mg/dL", 0.34: "µmol/L"},
    "VAF": {1: "% percent", 100: "fraction", 0.1: "‰"},
    "MRDVAL": {1: "%", 100: "fraction", 0.01: "10^-4 10⁻⁴ x10^-4"},
}  # fmt: skip


def spelled(text: str) -> list[str]:
    """The units of a text: apart by spaces, those of its last line by bars where it has some."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return [unit for line in lines for unit in (line.split("|") if "|" in line else line.split())]


CASES = [(name, unit, factor) for name in ("WBC", "ANC", "PLT")
         for factor, text in COUNTS.items() for unit in spelled(text)]  # fmt: skip
CASES += [(name, unit, factor) for name, told in OTHERS.items()
          for factor, text in told.items() for unit in spelled(text)]  # fmt: skip


@pytest.mark.parametrize(("name", "unit", "factor"), CASES)
def test_a_unit_is_worth_so_much(name, unit, factor):
    assert unit_factor(name, unit, STUDY) == factor


@pytest.mark.parametrize(
    ("name", "unit"),
    [("WBC", unit) for unit in ("T/L", "T/µl", "M/µl", "M/uL", "mil/mm3", "BILL/L", "10^3", "K",
                                "10-9/L", "X10-3/UL")]
    + [("CREAT", "mg%"), ("CA", "mval/L"), ("PHOS", "mEq/L")],
)  # fmt: skip
def test_a_unit_that_means_two_things_is_none(name, unit):
    assert unit_factor(name, unit, STUDY) is None
    assert about_unit(name, unit, STUDY).startswith((": it may be",))


@pytest.mark.parametrize(("name", "unit"), [("WBC", "furlong"), ("HGB", "U/L"), ("K", "10^9/L")])
def test_a_unit_of_something_else_is_none(name, unit):
    assert unit_factor(name, unit, STUDY) is None


def test_no_unit_is_given_twice_with_two_factors_or_as_known_and_doubtful():
    units = yaml.safe_load((ROOT / "config/units.yaml").read_text(encoding="utf-8"))
    for name, spec in units.items():
        worth: dict[str, set] = {}
        for unit, factor in spec["factors"].items():
            worth.setdefault(unit_key(unit), set()).add(factor)
        assert all(len(found) == 1 for found in worth.values()), name
        assert spec["factors"][spec["standard"]] == 1, name
        both = {unit_key(unit) for unit in spec.get("ask", {})} & set(worth)
        assert not both or name.startswith("MRD"), name


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("3.5 K/cumm", 3.5),
        ("1.5 lakhs/cumm", 150),
        ("2.5 Gpt/l", 2.5),
        ("3.5 10*9/L", 3.5),
        ("3.5 10^3/mcL", 3.5),
        ("3.5×10^9", 3.5),
        ("3.5E9/L", 3.5),
        ("3500 /cumm", 3.5),
        ("3500/µl", 3.5),
        ("1,50,000 /cumm", 150),
        ("3.5 Tsd./µl", 3.5),
        ("0,35 Mio/µl", 350),
        ("35 T/L", None),
        ("3.5×10^3", None),
    ],
)
def test_a_unit_in_the_cell(text, clean):
    assert values_of("PLT", [text], how={"decimal": ","} if text == "0,35 Mio/µl" else {}) == [
        clean
    ]


@pytest.mark.parametrize(
    ("header", "raw", "clean"),
    [
        ("WBC (K/cumm)", "3.5", 3.5),
        ("WBC K/cumm", "3.5", 3.5),
        ("WBC, Tsd/µl", "3.5", 3.5),
        ("WBC [Gpt/l]", "3.5", 3.5),
        ("WBC cells/cumm", "3500", 3.5),
        ("WBC per cu mm", "3500", 3.5),
        ("wbc_10^9/L", "3.5", 3.5),
        ("WBC", "3.5", 3.5),
        ("WBC pre/post", "3.5", 3.5),
    ],
)
def test_a_unit_in_the_header(header, raw, clean):
    # The comma of a header would part the columns of the text file.
    assert values_of("WBC", [raw], header.replace(",", ";")) == [clean]


@pytest.mark.parametrize(
    ("name", "header", "unit"),
    [
        ("HGB", "Hb g/dl", "g/dl"),
        ("HGB", "hb_g_dl", "g/dl"),
        ("AGE", "Age months", "months"),
        ("AGE", "age_days", "days"),
        ("BMBLAST", "BM blasts %", "%"),
        ("VAF", "variant allele fraction", ""),
        ("VAF", "VAF (fraction)", "fraction"),
        ("MRDVAL", "MRD (10^-4)", ""),
        ("WBC", "WBC T/L", ""),
        ("WBC", "K/uL", ""),
    ],
)
def test_the_unit_behind_a_name(name, header, unit):
    assert unit_in_header(header, name, STUDY) == unit


@pytest.mark.parametrize(
    ("name", "header", "unit"),
    [
        ("WBC", "WBC (T/L)", "T/L"),
        ("WBC", "WBC T/L", "T/L"),
        ("WBC", "WBC (10^3)", "10^3"),
        ("WBC", "WBC (M/µl)", "M/μl"),
        ("HGB", "Hb (mg/kg)", "mg/kg"),
        ("CREAT", "Crea (mg%)", "mg%"),
        ("MRDVAL", "MRD (10^-4)", "10^-4"),
        ("WBC", "WBC (baseline)", ""),
        ("WBC", "WBC (n/a)", ""),
        ("WBC", "WBC (10^9/L)", ""),
    ],
)
def test_a_strange_unit_in_a_header(name, header, unit):
    assert strange_unit(header, name, STUDY) == unit


@pytest.mark.parametrize("header", ["WBC (T/L)", "WBC T/L", "WBC (furlong/L)"])
def test_a_header_with_a_unit_that_nobody_can_convert_stops_the_run(header):
    with pytest.raises(StudyError, match="is not known for WBC"):
        values_of("WBC", ["3.5"], header)
    assert values_of("WBC", ["3.5"], header, how={"unit": "10^9/L"}) == [3.5]


def test_a_unit_of_two_meanings_in_a_column_of_units_is_asked():
    made = lab_tables(["WBC,3.5,T/L", "WBC,4.5,K/cumm", "K,4,-"], {"unit_from": "单位"})
    assert sorted(made["labs"]["LBSTRESN"].dropna()) == [4, 4.5]
    asked = made["queries"].set_index("RULE").loc["unknown_unit", "MESSAGE"]
    assert asked == (
        "The unit 'T/L' is not known for WBC: it may be tera (10^12) per litre, or thousand."
    )


def test_the_unit_of_a_limit_of_detection_is_needed_as_that_of_the_value():
    how = {"columns": [{"name": "MRDLOD", "label": "x", "type": "number", "unit": "%"}]}
    assert values_of("MRDLOD", ["10^-4", "0.01%", "1E-5", "<0.1%"], **how) == [
        0.01,
        0.01,
        0.001,
        0.1,
    ]
    with pytest.raises(StudyError, match="neither percent nor a power of ten: 0.0001"):
        tables_of("MRDLOD", ["0.0001"], **how)
    assert values_of("MRDLOD", ["0.0001"], how={"unit": "fraction"}, **how) == [0.01]
