"""Each shipped text that is printed has its Chinese sibling in config/words/zh.yaml, and once."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from venaza.contracts.analysis import ADSL_DERIVED
from venaza.contracts.clean import PATIENTS
from venaza.pipeline.statistics.display import NOT_ESTIMABLE, NOT_REACHED
from venaza.pipeline.statistics.floor import TO_COMPARE, TO_ESTIMATE
from venaza.preflight import load_study, settings
from venaza.preflight.variables import variables_of
from venaza.study.documents import read_yaml
from venaza.study.endpoints import ENGINE_MILESTONES
from venaza.study.labels import UNITS, YES_NO
from venaza.study.risk import SCHEMES
from venaza.study.risk_levels import OUTSIDE, UNKNOWN
from venaza.study.words import PRINTED, in_language, listed, printed_words, retold, say

ROOT = Path(__file__).parents[2]
#: What stands alike in both languages.
ALIKE = ("ELN 2022", "Howard 2011", "Cairo–Bishop 2004", "CTCAE v5.0")
#: What puts words into the language of the study, and which of its arguments are words.
SAYERS = {"say": slice(1, 2), "in_a_row": slice(1, None), "retold": slice(2, None)}


def words() -> dict[str, str]:
    """The words as a study gets them that teaches none of its own."""
    study = {**load_study(ROOT, "aml_venaza"), "language": "zh"}
    return printed_words(ROOT, study)


def of_keys(value: object, keys: tuple[str, ...]) -> Iterator[str]:
    """The texts under some keys, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in keys and isinstance(inner, str):
                yield inner
            yield from of_keys(inner, keys)
    elif isinstance(value, list):
        for item in value:
            yield from of_keys(item, keys)


def shipped(path: str) -> list[str]:
    """The printed texts of a shipped file."""
    return list(of_keys(read_yaml(ROOT / path, path), PRINTED))


def lacking(texts: list[str]) -> list[str]:
    """Those of the texts without a sibling: neither words in Chinese nor a mere code or unit."""
    known = words()
    mere = re.compile(r"[\d\W]*|(?:[^a-z]|[a-z](?![a-z]))*|[a-z]{1,2}|.*\d⁹/L|.*/.*")
    wanted = [t for t in dict.fromkeys(texts) if t not in ALIKE and not mere.fullmatch(t)]
    return [t for t in wanted if not re.search("[\u4e00-\u9fff]", known.get(t, ""))]


@pytest.mark.parametrize(
    "path",
    [
        "config/endpoints.yaml",
        "config/lab_grades.yaml",
        "config/tls.yaml",
        *(f"config/criteria/{path.name}" for path in sorted((ROOT / "config/criteria").iterdir())),
        *(f"config/risk/{name}.yaml" for name in SCHEMES),
    ],
)
def test_each_definition_of_the_library_has_its_sibling(path):
    without_source = [text for text in shipped(path) if not re.search(r"[;,] ?\d", text)]
    assert lacking(without_source) == []
    assert without_source


def test_each_source_in_the_library_has_its_sibling():
    known, library = words(), read_yaml(ROOT / "config/endpoints.yaml", "endpoints")
    sources = list(of_keys(library, ("source",)))
    assert [source for source in sources if source not in known] == []
    assert len(sources) > 20


def test_a_definition_without_a_short_name_has_a_sibling_for_its_own():
    known, library = words(), read_yaml(ROOT / "config/endpoints.yaml", "endpoints")
    definitions = [pair for own in library["definitions"].values() for pair in own.items()]
    names = [name for name, definition in definitions if "short" not in definition]
    assert [name for name in names if name.replace("_", " ") not in known] == []
    assert "own" in known


def test_what_stands_for_a_number_that_is_not_given_has_its_sibling():
    assert lacking([NOT_REACHED, NOT_ESTIMABLE, TO_COMPARE, TO_ESTIMATE]) == []
    assert {NOT_REACHED, NOT_ESTIMABLE, TO_COMPARE, TO_ESTIMATE} <= set(sections()["displays"])


def test_each_default_has_its_sibling():
    defaults = read_yaml(ROOT / "config/defaults.yaml", "defaults")
    assert lacking([defaults["study"]["regimen"], defaults["study"]["design"]]) == []
    assert lacking([defaults["timeline"]["index"]]) == []


def test_each_variable_that_an_analysis_may_name_has_its_sibling():
    study = load_study(ROOT, "aml_venaza")
    columns = {c.name: c for c in (*PATIENTS, *ADSL_DERIVED)}
    named = [columns[name] for name in variables_of({**study, "columns": []}) if name in columns]
    unprinted = {"Patient", "Row number within the patient"}
    assert lacking([c.label for c in named if c.label not in unprinted]) == []
    assert lacking([UNITS.get(c.unit, c.unit) for c in named if c.unit]) == []
    assert lacking([*YES_NO.values(), *ENGINE_MILESTONES.values(), UNKNOWN, OUTSIDE]) == []


def test_each_group_of_a_scheme_and_each_class_and_term_has_its_sibling():
    schemes = [read_yaml(ROOT / f"config/risk/{name}.yaml", name) for name in SCHEMES]
    terms = read_yaml(ROOT / "config/ctcae.yaml", "ctcae")["terms"]
    assert lacking([group for scheme in schemes for group in scheme["groups"]]) == []
    assert lacking([*terms, *(spec["class"] for spec in terms.values())]) == []


def said_in(path: Path) -> Iterator[str]:
    """The texts that a file puts into the language of the study."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        for argument in node.args[SAYERS[name]] if name in SAYERS else ():
            yield from texts_of(argument)


def texts_of(node: ast.expr) -> list[str]:
    """The words that are written there, of a choice between several each."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return texts_of(node.body) + texts_of(node.orelse)
    return []


def test_each_text_that_is_said_has_its_sibling():
    known = words()
    said = [text for path in sorted((ROOT / "venaza").rglob("*.py")) for text in said_in(path)]
    assert [text for text in said if text and text not in known] == []
    assert len(said) > 100


def sections() -> dict[str, dict[str, str]]:
    return read_yaml(ROOT / "config/words/zh.yaml", "words")


def test_a_text_stands_once():
    written = (ROOT / "config/words/zh.yaml").read_text(encoding="utf-8")
    keys = re.findall(r'^  ("(?:[^"\\]|\\.)*"):', written, re.MULTILINE)
    assert [key for key, n in Counter(keys).items() if n > 1] == []
    assert sum(map(len, sections().values())) == len(keys)


def test_what_is_filled_in_is_the_same_in_both_languages():
    def gaps(text: str) -> Counter:
        return Counter(re.findall(r"\{[^}]*\}", text))

    pairs = [(e, c) for section in sections().values() for e, c in section.items()]
    assert [e for e, c in pairs if gaps(e) != gaps(c)] == []


def test_a_pattern_of_numbers_keeps_their_order():
    assert [e for e, c in sections()["displays"].items() if e.count("{}") != c.count("{}")] == []


def test_a_study_of_its_own_words_keeps_them():
    study = {"words": {"Relapse": "复发", "{a}, {b}": "{a}、{b}"}}
    assert say(study, "Relapse") == "复发"
    assert say(study, "Own words, {in braces}") == "Own words, {in braces}"
    assert say(study, "{a}, {b}", a="甲", b="{乙}") == "甲、{乙}"
    assert say({}, "{a}, {b}", a=1, b=2) == "1, 2"


def test_a_list_has_its_last_word():
    chinese = {"words": {", ": "、", "{some} or {other}": "{some}或{other}"}}
    assert [listed({}, ["a", "b", "c"], "or"), listed({}, ["a"], "or")] == ["a, b or c", "a"]
    assert [listed(chinese, ["a", "b", "c"], "or"), listed(chinese, ["a", "b"])] == [
        "a、b或c",
        "a、b",
    ]


def test_a_sentence_of_the_data_is_told_again_by_its_pattern():
    why = "no row of the data shows {what}, nor that it was looked for"
    study = {"words": {why: "没有{what}", "Relapse": "复发"}}
    assert retold(study, why.format(what="relapse"), why) == "没有复发"
    assert retold(study, why.format(what="own event"), why) == "没有own event"
    assert retold(study, "another sentence", why) == "another sentence"
    assert retold({}, why.format(what="relapse"), why) == why.format(what="relapse")


def test_only_what_is_printed_is_put_into_chinese():
    study = load_study(ROOT, "aml_venaza")
    english = settings(study, "tables")
    told = in_language({**english, "words": words()})
    assert told["milestones"]["RELAPSE"] == {
        **english["milestones"]["RELAPSE"],
        "description": "复发",
    }
    assert told["endpoints"]["EFS"]["label"] == "无事件生存期"
    assert told["endpoints"]["EFS"]["events"] == english["endpoints"]["EFS"]["events"]
    for section in ("groups", "columns", "response", "tables"):
        assert told[section] == english[section]
    assert in_language(english) == english


def test_a_group_that_is_not_recorded_is_called_so():
    groups = {"label": "Status", "levels": {"ND": "初诊", "not_recorded": "Not recorded"}}
    told = in_language({"groups": groups, "words": {"Not recorded": "未记录"}})
    assert told["groups"]["levels"] == {"ND": "初诊", "not_recorded": "未记录"}
    assert groups["levels"]["not_recorded"] == "Not recorded"
