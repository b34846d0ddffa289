"""Text in ASCII, names and codes of eight characters: the rules, by example and for anything."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venaza.pipeline.bridges.adam import pieces
from venaza.pipeline.bridges.ascii import to_ascii
from venaza.pipeline.bridges.names import short_codes, short_names

NASTY = st.text(st.characters(codec="utf-8"), max_size=700) | st.text(" ab", max_size=700)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain, 'quoted' \"text\" \\ 100%", "plain, 'quoted' \"text\" \\ 100%"),
        ("Döhner – “naïve”", 'Dohner - "naive"'),
        ("≥ 10⁹/L, µmol", ">= 10^9/L, umol"),
        ("ＡＬＴ１", "ALT1"),
        ("贫血", "\\u8D2B\\u8840"),
        ("😀", "\\U0001F600"),
        ("a\tb\nc\x00", "a\\u0009b\\u000Ac\\u0000"),
        ("e\u0301", "e"),
        ("½", "1/2"),
        ("", ""),
    ],
)
def test_what_ascii_cannot_say(text, written):
    assert to_ascii(text) == written


@given(NASTY)
def test_any_text_becomes_printable_ascii_and_ascii_stays(text):
    written = to_ascii(text)
    assert re.fullmatch(r"[ -~]*", written)
    assert to_ascii(written) == written


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=900))
def test_pieces_fit_and_put_together_are_the_text(text):
    parts = pieces(text)
    assert "".join(parts) == text
    assert all(len(part) <= 200 for part in parts)


def test_a_text_is_split_before_a_blank_and_no_piece_ends_in_one():
    text = "word " * 100
    first, *rest = pieces(text.strip())
    assert first.endswith("word")
    assert all(part.startswith(" word") for part in rest)
    assert pieces("x" * 401) == ["x" * 200, "x" * 200, "x"]


def test_names_of_more_than_eight_characters():
    names = ["LSTALVDT", "LSTALVDTF", "RISKDRVRS", "GROUP", "BCDFGHJKL", "BCDFGHJKM", "患者", "1st"]
    assert short_names(names) == {
        **{"LSTALVDT": "LSTALVDT", "LSTALVDTF": "LSTLVDTF", "RISKDRVRS": "RSKDRVRS"},
        **{"GROUP": "GROUP", "BCDFGHJKL": "BCDFGHJK", "BCDFGHJKM": "BCDFGHJ1"},
        **{"患者": "V", "1st": "V1ST"},
    }


@given(st.lists(st.text("ABEIOUXYZ_09é", min_size=1, max_size=14), unique=True))
def test_names_are_valid_and_never_the_same(names):
    made = short_names(names)
    assert len(set(made.values())) == len(names)
    assert all(re.fullmatch(r"[A-Z_][A-Z0-9_]{0,7}", name) for name in made.values())


def test_codes_of_parameters():
    codes = ["EFS", "EFS.viale_a", "EFS.eln2022", "EFS.eln2017", "MRDNEG.by_day_90", "OS"]
    made = short_codes(codes)
    assert made == {
        **{"EFS": "EFS", "EFS.viale_a": "EFSVIALE", "OS": "OS", "MRDNEG.by_day_90": "MRDNEGBY"},
        **{"EFS.eln2017": "EFSELN20", "EFS.eln2022": "EFSELN21"},
    }
    assert short_codes(reversed(codes)) == made
