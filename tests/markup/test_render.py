"""Templates: what they are given is text, what they lack stops them, values read as written."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from venaza import markup

VENAZA = Path(__file__).parents[2] / "venaza"
TEMPLATES = sorted(VENAZA.rglob("*.html.j2"))


def put(text: str, **values: object) -> str:
    return markup._templates().from_string(text).render(values)


def test_a_value_is_text_and_a_template_s_own_is_not():
    assert put("<p>{{ x }}</p>", x="<b>&\"'") == "<p>&lt;b&gt;&amp;&#34;&#39;</p>"
    assert put("{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m('<') }}") == "<i>&lt;</i>"
    assert put("{{ x }}", x=Markup("<b>")) == "<b>"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((None, ""), (pd.NA, ""), (pd.NaT, ""), (float("nan"), "")),
        *((2.0, "2"), (0.1 + 0.2, "0.3"), (0, "0"), ("", "")),
        (pd.Timestamp("2023-06-30 10:00"), "2023-06-30"),
    ],
)
def test_a_value_is_written_as_people_read_it(value, text):
    assert put("{{ x }}", x=value) == text


def test_what_was_not_given_stops_the_page():
    with pytest.raises(UndefinedError, match="'x' is undefined"):
        put("{{ x }}")
    with pytest.raises(UndefinedError, match="no attribute 'y'"):
        put("{{ x.y }}", x={})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_template_lets_a_value_through_as_markup(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("{#")
    assert not re.search(r"\|\s*safe|autoescape|Markup", text)
    assert markup._templates().get_template(path.relative_to(VENAZA).as_posix())


def test_an_address_leads_to_its_anchor():
    assert markup.anchor("patient", "P 1\t%") == "patient-P~1~%"
    assert markup.address("patient", "P 1\t%") == "#patient-P~1~%25"
