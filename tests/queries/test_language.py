"""Every text of a query has its Chinese sibling, and is found again in what was written."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from venaza.pipeline.queries.language import Language
from venaza.study.checks import load_checks, messages

ROOT = Path(__file__).parents[2]
RULES = load_checks(ROOT, {}, "small.yaml")["rules"]
ZH = messages(ROOT, "zh")
CHINESE = Language(ZH, RULES)


def named(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_check_has_its_sibling_with_the_same_names():
    assert set(ZH["rules"]) == set(RULES)
    for rule, own in ZH["rules"].items():
        assert set(own) == {"title", "message", "why"}, rule
        assert all(re.search("[\u4e00-\u9fff]", own[key]) for key in ("title", "why")), rule
        assert named(own["message"]) == named(RULES[rule]["message"]), rule


def test_every_action_and_result_has_its_sibling():
    assert {rule["action"] for rule in RULES.values()} <= set(ZH["actions"])
    touched = {name for rule in RULES.values() for name in rule["touches"]}
    assert {name for name in touched if not name.isupper()} == set(ZH["touches"])
    assert set(ZH["severities"]) == {"error", "warning", "note"}


def test_every_phrase_has_a_sibling_with_the_same_names():
    assert {k: named(k) for k in ZH["phrases"]} == {k: named(v) for k, v in ZH["phrases"].items()}


@pytest.mark.parametrize("rule", RULES)
def test_what_fills_a_message_in_is_found_again(rule):
    template = RULES[rule]["message"]
    given = {name: 7 + n for n, name in enumerate(sorted(named(template)))}
    given |= {name: "; 3" for name in ("about", "hint") if name in given}
    written = CHINESE.message(rule, template.format(**given))
    plain = re.sub(r":[^{}]*}", "}", ZH["rules"][rule]["message"]).format(**given)
    assert written == plain


def problems() -> set[str]:
    """What reading a cell or a karyotype can find wrong, as the code says it."""
    found = set()
    for path in sorted((ROOT / "venaza/pipeline").glob("[ce]*/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "problem":
                found |= set(texts(node.value))
            if isinstance(node, ast.Raise) and path.name == "karyotype.py" and node.exc.args:
                found |= set(texts(node.exc.args[0]))
    return found


def texts(node: ast.expr) -> list[str]:
    """The fixed texts of an expression, X1 for what differs."""
    if isinstance(node, ast.Constant):
        return [node.value] if node.value else []
    if isinstance(node, ast.JoinedStr):
        return ["".join(getattr(part, "value", "") if isinstance(part, ast.Constant) else "X1"
                        for part in node.values)]  # fmt: skip
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    return []


def test_every_problem_of_a_cell_has_its_sibling():
    assert len(problems()) > 30
    for problem in problems():
        written = CHINESE.phrase(re.sub("(?<=[a-z])X1$", "; X1", problem))
        assert not re.search("[a-z]{4}", written.replace("unit", "").replace("values", "")), written


@pytest.mark.parametrize(
    ("rule", "header", "text", "written"),
    [
        (
            *("unreadable_value", "结果: mmol"),
            "结果: mmol: a word that no vocabulary knows; nearest known word: CR or CRi.",
            "“结果: mmol”：词表中没有该词；最接近的是 CR 或 CRi。",
        ),
        (
            *("risk_disagrees", "Risk"),
            "Recorded risk is adverse, by ELN 2022 it is favourable (no lesion of another group).",
            "记录的危险分层为高危，按 ELN 2022 应为低危（没有其他组的异常）。",
        ),
        (
            *("condition_empty", "died of it"),
            'died of it says nothing in any row: the 3 empty cell(s) are taken for "no".',
            "“died of it”各行均为空：3个空单元格按“否”处理。",
        ),
        (
            *("unknown_patient", "ID"),
            "The patient is not in the patients' sheet; is it 007?",
            "该患者不在患者表中；是否为 007？",
        ),
        ("unknown_patient", "ID", "Of another version.", "Of another version."),
        ("unheard_of", "", "A text.", "A text."),
    ],
)
def test_a_message_is_put_together_again(rule, header, text, written):
    assert CHINESE.message(rule, text, header) == written
    assert Language({}, RULES).message(rule, text, header) == text
