"""One letter wrong in any name of the shipped study files: one message, before any job runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from tests.preflight.typos import KINDS, Place, places, slip
from venaza.commands.check import _examples
from venaza.contracts.errors import StudyError
from venaza.contracts.key_lines import lines_named
from venaza.preflight import check_headers, load_study
from venaza.study import documents as read

ROOT = Path(__file__).parents[2]
STUDIES = ("aml_venaza", "all_venaza", "bmt", "myeloid")
#: Of what has a form and is no name, the form is said.
_FORM = "does not have the form"
#: Places of one kind (a column of a table, say) that are tried in each study file.
_MOST = 2

#: What a study file may say as it likes: the places, and why no letter of them can be wrong.
FREE = {
    "the report prints it as it is written": (
        r"study > (title|short|disease|regimen|design|data|source|licence)",
        r"timeline > index",
        r"(.+ > )?label",
        r"report > (introduction|running_title|ethics|consent|registration|keywords > \d+)",
        r"groups > (levels|short) > .+",
        r"privacy > columns > .+ > keep",
        r"tables > patients > columns > \w+ > unit",
    ),
    "a name that is given here, and used nowhere else": (
        r"groups > name",
        r"mrd > alternatives > \d+ > name",
        r"analysis > time_dependent > \w+ > key",
        r"examples > \d+ > name",
        r"evidence > pool > classes > key",
        r"examples > .+ > USUBJID",
    ),
    "a code of the study's own": (
        r"tables > patients > columns > (FAB45|FLT3|PRIOR\w+|STATUS) > values > key",
        r"tables > therapies > columns > CM\w+ > values > key",
    ),
    "a word of cells: what it leaves unread stops the run or is asked, once they are read": (
        r"tables > .+ > values > .+ > \d+",
        r"tables > .+ > where > .+",
        r"groups > levels > key",
        r"tables > labs > records > \d+ > columns > LBTESTCD > constant",
    ),
    "what an example expects: where it is not so, the example fails and says so": (
        r"examples > \d+ > expected > .+ > (?!header|key)[A-Z]+",
        r"examples > \d+ > given > therapies > CMTRT",
    ),
}
_FREE = re.compile("|".join(f"(?:{one})" for several in FREE.values() for one in several))


@pytest.fixture(autouse=True)
def _remembered(monkeypatch):
    """Files of definitions, which stay as they are, are parsed once."""
    known: dict[str, object] = {}
    parse = read.yaml.load

    def load(text, loader):
        if text.startswith("# What a study file") or len(text) > 30_000:
            if text not in known:
                known[text] = parse(text, loader)
            return deepcopy(known[text])
        return parse(text, loader)

    monkeypatch.setattr(read.yaml, "load", load)


def chosen(text: str) -> Iterator[tuple[Place, str]]:
    """Places of every kind with a slip, the kinds of slips in turn; free places are left out."""
    kinds: Counter = Counter()
    for number, place in enumerate(places(text)):
        if _FREE.fullmatch(place.path):
            continue
        kind = re.sub(r"\b(?!key\b|header\b)(\d+|[A-Z][A-Z0-9]*)\b", "_", place.path)
        kind = re.sub(r"^tables > \w+", "tables > _", kind)
        made = [slip(place.word, KINDS[(number + turn) % 3]) for turn in range(3)]
        made = [new for new in made if new not in (None, "", place.word)]
        kinds[kind] += 1
        if made and kinds[kind] <= _MOST:
            yield place, made[0]


def said(project: Path, study: str) -> str:
    """What is said of a study file before a job runs; the examples are run too."""
    try:
        with lines_named(project):
            loaded = load_study(project, study)
            check_headers(project, loaded)
            _examples(loaded)
    except StudyError as error:
        return str(error)
    return ""


def lacks(text: str, place: Place, new: str, file: str) -> list[str]:
    """What the message for a slip at ``place`` does not say."""
    key = re.search(r"^  (?:key|column|sheet): +(.+)$", text, re.MULTILINE)
    right, wrong = _parts_apart(place.word, new)
    lines = [int(n) for n in re.findall(r"\bline:? +(\d+)\b", text)]
    both = wrong in text and right in text
    found = {
        "anything": bool(text),
        "the file": file in text,
        "a key": bool(key),
        "its line": place.line in lines or (bool(lines) and both),
        "the value": wrong in text,
        "the right name": right in text or new.isdigit() or "*" in new or _FORM in text,
        "one message": text.count("  to do:") == 1,
        "no word of the machine": not re.search(r"Traceback|Error:|does not match|is not of", text),
    }
    return [what for what, there in found.items() if not there]


def _parts_apart(word: str, new: str) -> tuple[str, str]:
    """The part of a word, between points and signs, that the slip is in, before and after it.

    A pattern has no name that is right, nor has what became a number: the message lists the files,
    or says what belongs there.
    """
    apart = zip(re.split(r"[.{} ]", word), re.split(r"[.{} ]", new), strict=False)
    return next((one, other) for one, other in apart if one != other)


def each_told(project: Path, file: str, study: str, slips: Callable) -> int:
    """Asserts that each slip of a file, made alone, is told as one message; how many there were."""
    text = (ROOT / file).read_text(encoding="utf-8")
    tried, wrong = 0, []
    for place, new in slips(text):
        (project / file).write_text(text[: place.begin] + new + text[place.end :], "utf-8")
        told = said(project, study)
        tried += 1
        if missing := lacks(told, place, new, file):
            wrong.append((place.path, place.line, place.word, new, missing, told))
    (project / file).write_text(text, "utf-8")
    assert "\n\n".join(f"{case[:5]}\n{case[5]}" for case in wrong) == ""
    return tried


@pytest.mark.parametrize("study", STUDIES)
def test_one_letter_wrong_is_one_message(project, study):
    file = f"config/studies/{study}.yaml"
    assert each_told(project, file, study, chosen) > 60


@pytest.mark.parametrize("study", STUDIES)
def test_the_study_files_as_they_are_have_no_message(project, study):
    assert said(project, study) == ""


def test_each_pattern_of_free_places_has_one():
    paths = [
        place.path
        for study in STUDIES
        for place in places((ROOT / f"config/studies/{study}.yaml").read_text(encoding="utf-8"))
    ]
    unused = [
        one for several in FREE.values() for one in several
        if not any(re.fullmatch(one, path) for path in paths)
    ]  # fmt: skip
    assert unused == []


def test_a_slip_changes_one_letter():
    assert [slip("RSDT", kind) for kind in KINDS] == ["RSXDT", "RST", "SRDT"]
    assert [slip("年龄", kind) for kind in KINDS] == ["年天龄", "年", "龄年"]
    assert [slip("12", kind) for kind in KINDS] == [None, None, None]
    assert [slip("A", kind) for kind in KINDS] == ["XA", None, None]


def test_every_word_of_a_file_is_a_place():
    text = 'a:\n  "b c": [d, "e f"]\n  t: |\n    | U | V |\n    |---|---|\n    | p | 9 |\n'
    found = [(place.path, place.line, place.word) for place in places(text)]
    assert found == [
        ("key", 1, "a"),
        ("a > key", 2, "b c"),
        ("a > b c > 1", 2, "d"),
        ("a > b c > 2", 2, "e f"),
        ("a > key", 3, "t"),
        ("a > t > header", 4, "U"),
        ("a > t > header", 4, "V"),
        ("a > t > U", 6, "p"),
        ("a > t > V", 6, "9"),
    ]
    assert all(text[place.begin : place.end] == place.word for place in places(text))
