"""One letter wrong in a name of the shipped definitions: one message that names their file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.preflight.test_typos import each_told, said
from tests.preflight.typos import KINDS, Place, places, slip
from venaza.contracts.errors import StudyError
from venaza.contracts.evidence import read_rows
from venaza.preflight import load_study
from venaza.study import library
from venaza.study.documents import read_yaml

ROOT = Path(__file__).parents[2]
STUDY = "aml_venaza"
WORDS = read_yaml(ROOT / "config/vocabulary.yaml", "vocabulary")
_MOST = 2
FILES = (
    *("endpoints", "defaults", "criteria/eln2017_aml", "risk/eln2022", "risk/karyotype"),
    *("lab_grades", "tls", "vocabulary", "ctcae"),
)
#: What these files may say as they like: the places, and why no letter of them can be wrong.
FREE = {
    "what the report prints, or is for a reader": (
        r"(.+ > )?((competing_)?label|short|description|sentence|source|censor_sentence)",
        r"(.+ > )?(title|name|version)",
        r"excluded > \d+ > reason",
        r"study > .+|timeline > index",
    ),
    "a name that is given here; a study file that chooses it is told what there is": (
        r"definitions > (?!.+ > (limits|creatinine) > )(\w+ > )?key",
        r"lesions > key",
        r"terms > key",
        r"groups > \d+",
    ),
    "words of cells": (
        r"words > \w+ > \d+",
        r"terms > .+ > words > \d+",
        r"timeline > missing_dates > \d+",
    ),
    "endpoints of the published tables, held by a test below": (r"evidence > (rates|others) > .+",),
}
_FREE = re.compile("|".join(f"(?:{one})" for several in FREE.values() for one in several))
#: Of the vocabulary only its names are tried: its codes and words are those of other tests.
_WORDS = re.compile(r"(?!key$).+")


def chosen(text: str, file: str) -> Iterator[tuple[Place, str]]:
    """Places of every kind with a slip, the kinds of slips in turn; free places are left out."""
    kinds: Counter = Counter()
    for number, place in enumerate(places(text)):
        free = _WORDS if file == "vocabulary" else _FREE
        if free.fullmatch(place.path):
            continue
        kind = re.sub(r"\b(?!key\b)(\d+|[A-Z][A-Z0-9_]*)\b", "_", place.path)
        kind = re.sub(r"^(definitions|terms) > .+ > (?=\w)", r"\1 > _ > ", kind)
        made = [slip(place.word, KINDS[(number + turn) % 3]) for turn in range(3)]
        made = [new for new in made if new not in (None, "", place.word)]
        kinds[kind] += 1
        if made and kinds[kind] <= _MOST:
            yield place, made[0]


@pytest.mark.parametrize("file", FILES)
def test_one_letter_wrong_is_one_message(project, file):
    assert each_told(project, f"config/{file}.yaml", STUDY, partial(chosen, file=file)) >= 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("missing: [", "missing: x #", "Here a list of words belongs."),
        ("  M: [", "  M: x #", "Here a list of words belongs."),
        ("    缓解: [CR, PR]", "    缓解: [CR, RP]", "'RP' is not a code of response."),
    ],
)
def test_a_vocabulary_of_another_form(project, old, new, says):
    path = project / "config/vocabulary.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    told = said(project, STUDY)
    path.write_text(text, encoding="utf-8")
    assert says in told
    assert "  file:   config/vocabulary.yaml\n  line: " in told


@pytest.mark.parametrize("name", WORDS)
def test_a_vocabulary_that_is_gone_or_misspelt_is_missed(monkeypatch, name):
    words = dict(WORDS)
    words[f"{name}x"] = words.pop(name)
    monkeypatch.setattr(library, "read_yaml", lambda *_: words)
    with pytest.raises(StudyError, match=f"(?s)'{name}x' is not a voc.*Did you mean '{name}'"):
        library.vocabulary(ROOT)
    words.pop(f"{name}x")
    with pytest.raises(StudyError, match=f"'{name}' is not in this file"):
        library.vocabulary(ROOT)


def test_a_key_that_the_study_file_leaves_to_the_defaults_is_named_there(project):
    path = project / "config/defaults.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("specimens: [BLOOD", "specimens: [BLOD"), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_study(project, STUDY)
    path.write_text(text, encoding="utf-8")
    assert "  file:   config/defaults.yaml\n  line:   5" in str(caught.value)


def test_the_endpoints_of_the_defaults_stand_in_the_published_tables():
    evidence = read_yaml(ROOT / "config/defaults.yaml", "defaults")["evidence"]
    there = {row["endpoint"] for file in evidence["files"] for row in read_rows(ROOT / file)}
    assert {*evidence["rates"], *evidence["others"]} <= there
