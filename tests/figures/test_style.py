"""Measuring and breaking text, colours, and the ARD's look-up."""

from __future__ import annotations

import pytest

from tests.figures.cases import Ard, make_study
from venaza.contracts.results import slug
from venaza.pipeline.figures import style
from venaza.pipeline.figures.lookup import Numbers, groups_of, p_value


@pytest.fixture(autouse=True)
def _look():
    with style.journal():
        yield


def test_no_line_is_wider_than_asked():
    text = "Venetoclax and azacitidine, newly diagnosed acute myeloid leukaemia"
    lines = style.wrap(text, 30).split("\n")
    assert len(lines) > 1
    assert " ".join(lines) == text
    assert all(style.text_width(line) <= 30 for line in lines)


def test_a_word_too_long_stays_whole():
    assert style.wrap("Aminotransferasenerhöhung", 5) == "Aminotransferasenerhöhung"


def test_bold_is_wider_and_size_scales():
    assert style.text_width("Patients", bold=True) > style.text_width("Patients")
    assert style.text_width("Patients", 16) == pytest.approx(2 * style.text_width("Patients"), 0.02)


def test_the_shipped_font_is_used_whatever_the_machine_has():
    from matplotlib.font_manager import findfont

    assert findfont(style._font(8, False)).endswith("SourceSansPro-Regular.ttf")
    assert findfont(style._font(8, True)).endswith("SourceSansPro-Semibold.ttf")


def test_type_in_group_colours_can_be_read_on_white():
    def luminance(colour):
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    for colour in style.PALETTE[:4]:
        contrast = 1.05 / (luminance(style.readable(colour)) + 0.05)
        assert contrast >= 4.5, colour


def test_groups_keep_the_order_of_the_study_file():
    groups = groups_of(make_study({"RR": "Relapsed", "AML low risk": "Low risk"}))
    assert [(g.key, g.slug, g.label) for g in groups] == [
        ("RR", "RR", "Relapsed"),
        ("AML low risk", "AML_low_risk", "Low risk"),
    ]
    assert [g.key for g in groups_of(make_study(None))] == ["all"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("AML low risk", "AML_low_risk"), ("ND/RR (old)", "ND_RR_old"), ("初诊", "初诊"), ("+", "_")],
)
def test_keys_of_ard_ids(text, expected):
    assert slug(text) == expected


@pytest.mark.parametrize(("shown", "text"), [("0.037", "P = 0.037"), ("<0.001", "P <0.001")])
def test_p_values_read_as_sentences(shown, text):
    assert p_value(shown) == text


@pytest.mark.parametrize(
    ("lower", "upper", "text"),
    [
        (1.0, 2.0, "1.5 (1–2)"),
        (1.0, None, "1.5 (1 to not reached)"),
        (None, None, "1.5"),
    ],
)
def test_intervals(lower, upper, text):
    ard = Ard()
    for name, value in (("median", 1.5), ("lower", lower), ("upper", upper)):
        ard.add(f"x.{name}", value)
    assert Numbers(ard.frame()).interval("x", "median", "lower", "upper") == text


def test_a_number_that_the_ard_lacks_is_a_dash():
    numbers = Numbers(Ard().frame())
    assert numbers.display("km.OS.ND.n") == "–"
    assert numbers.value("km.OS.ND.n") is None
