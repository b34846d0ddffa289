"""Every sentence of the report is written under a name and with its fact, nowhere else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from venaza.pipeline.report import source
from venaza.pipeline.report.sentences import FACTS, Always, Said, bind
from venaza.pipeline.report.text import TEXT, _sentence

REPORT = Path(source.__file__).parent
MODULES = [*REPORT.glob("prose*.py"), *REPORT.glob("facts/*.py")]
#: Captions say what their exhibit shows, which stands above them.
TEMPLATES = sorted(p for p in TEXT.rglob("*.md.j2") if p.name != "captions.md.j2")
ENGLISH = [path for path in TEMPLATES if path.parent.name == "en"]
OTHERS = [path for path in TEMPLATES if path.parent.name != "en"]
#: A sentence of a template: its name and its words.
BLOCK = re.compile(r'{%-? sentence "([^"]+)".*?%}(.*?){%-? endsentence -?%}', re.DOTALL)
#: What a sentence is called and what it is about.
SAID = re.compile(r"{%-? sentence (.*?) -?%}")
#: The paragraphs, parts and exhibits of a template.
HELD = re.compile(
    r"(?:exhibits\.(?:exhibit|figure_of|table)|documents\.\w+)\(.*?\)"
    r"|{% (?:paragraph|include .*?) %}"
)
TAGS = re.compile(r"{#.*?#}|{%.*?%}", re.DOTALL)
#: The end of a sentence, with words before it; in the middle, another begins.
END = re.compile(r"[a-z)}\]]\.(?=\s*$|\s+[A-Z])|[\u4e00-\u9fff）]。")
TWO = re.compile(r"[a-z)}\]]\.\s+[A-Z]|。.*。")


def texts(tree: ast.AST) -> list[tuple[ast.AST, str]]:
    """The texts that a piece of code writes, a part that is filled in as ``{}``."""
    found, inner = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(value) for value in node.values}
            parts = [v.value if isinstance(v, ast.Constant) else "{}" for v in node.values]
            found.append((node, "".join(map(str, parts))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append((node, node.value))
    return [(node, text) for node, text in found if id(node) not in inner]


def is_sentence(node: ast.AST) -> bool:
    calls = [d for d in getattr(node, "decorator_list", []) if isinstance(d, ast.Call)]
    return any(getattr(call.func, "id", "") == "sentence" for call in calls)


def without_sentences_and_docstrings(tree: ast.Module) -> ast.Module:
    """The module without its sentences, its docstrings and what its errors say."""
    tree.body = [node for node in tree.body if not is_sentence(node)]
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(tree):
        if ast.get_docstring(node) if isinstance(node, documented) else None:
            node.body = node.body[1:]
    return _NoErrors().visit(tree)


class _NoErrors(ast.NodeTransformer):
    def visit_Raise(self, node):  # noqa: N802 - as ast calls it
        return ast.Pass()


def fixed(code: str) -> list[str]:
    """The sentences that code writes without a fact."""
    tree = without_sentences_and_docstrings(ast.parse(code))
    return [text for _, text in texts(tree) if is_one(text)]


def is_one(text: str) -> bool:
    """Whether a text holds a sentence: an end, and words before it."""
    return bool(END.search(text)) and (len(text.split()) > 2 or "。" in text)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_no_sentence_stands_outside_the_mechanism(path):
    assert fixed(path.read_text(encoding="utf-8")) == []


def words(template: str) -> str:
    """A template without its tags and comments, what is filled in as ``{}``."""
    return re.sub(r"{{.*?}}", "{}", TAGS.sub("", template), flags=re.DOTALL)


def loose(template: str) -> list[str]:
    """The lines of a template with a sentence outside of the blocks of sentences."""
    lines = words(BLOCK.sub("", template)).splitlines()
    return [line for line in lines if is_one(line)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_sentence_of_a_template_stands_outside_its_block(path):
    assert loose(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_a_block_is_one_sentence(path):
    blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
    assert [name for name, text in blocks if TWO.search(" ".join(words(text).split()))] == []


def test_each_name_of_a_template_has_a_fact_and_stands_in_one_place():
    names = [n for path in ENGLISH for n, _ in BLOCK.findall(path.read_text(encoding="utf-8"))]
    assert sorted(names) == sorted(set(names))
    assert set(names) == set(FACTS)


@pytest.mark.parametrize("path", OTHERS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_another_language_says_the_same_sentences_of_the_same_things(path):
    both = (TEXT / "en" / path.name, path)
    english, other = (p.read_text(encoding="utf-8") for p in both)
    assert sorted(SAID.findall(other)) == sorted(SAID.findall(english))
    assert sorted(HELD.findall(other)) == sorted(HELD.findall(english))


def test_the_scan_of_templates_finds_what_stands_outside():
    said = '{% sentence "a.b" %}\nNobody was {{ word }}. Two were.\n{% endsentence %}'
    assert loose(f"{said}\nNobody was {{{{ word }}}} at all.") == ["Nobody was {} at all."]
    assert loose(said) == []
    assert TWO.search(" ".join(words(BLOCK.findall(said)[0][1]).split()))
    assert loose("中位生存期{{ x }}个月，未达到。\n{{ x }}。\n") == ["中位生存期{}个月，未达到。"]
    assert TWO.search("未达到。其后无事件。")
    assert not TWO.search("中位生存期为{}个月。")


def test_two_sentences_have_two_names():
    with pytest.raises(ValueError, match=r"survival\.follow_up"):
        bind({"survival.follow_up": Always("twice in all of the report")})


def test_the_scan_finds_what_stands_outside():
    code = 'def f(context):\n    """Says it."""\n    return f"Nobody was {word} in all of them."\n'
    assert fixed(code) == ["Nobody was {} in all of them."]
    assert fixed(f'@sentence("a.b", when=fact)\n{code}') == []


def test_a_sentence_is_written_where_its_fact_holds_and_noted():
    class Context:
        said: list = []
        true = False

        def place(self, *_):
            pass

    def said(context, what):
        return _sentence(context, "test.only", what, caller=lambda: f"\nThis is\n{what}.\n")

    bind({"test.only": lambda context, what: context.true})
    try:
        context = Context()
        assert said(context, "so") == ""
        assert context.said == []
        context.true = True
        assert said(context, "so") == "This is so.\n"
        assert context.said == [Said("test.only", ("so",), "This is so.")]
    finally:
        FACTS.pop("test.only")


def test_a_fact_that_always_holds_says_why():
    always = [fact for fact in FACTS.values() if isinstance(fact, Always)]
    assert always
    assert all(len(fact.reason.split()) > 3 for fact in always)
