"""The report's words, from templates: ``report/text/LANGUAGE/NAME.md.j2``, one for each part.

A template holds what is said. Whether it is true, and of what, is asked in Python: a sentence
stands in a block of its own under the name of its fact (``sentences.py``)::

    {% paragraph %}
    {% sentence "survival.follow_up" %}
    Median observed follow-up was {{ spreads("followup", "months") }}.
    {% endsentence %}
    {% endparagraph %}

A block whose fact does not hold gives nothing, and a paragraph without a sentence gives none. What
templates may call are the functions of ``facts/NAME.py`` that ``in_text`` has registered, as
``NAME.function(...)`` without the context, the words of ``phrases.md.j2``, and what ``_globals``
names. A name that is none of these raises ``UndefinedError``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket
from jinja2.ext import Extension
from jinja2.parser import Parser

from venaza.contracts.figures import exhibit_id
from venaza.contracts.results import p_sign, slug
from venaza.contracts.wording import capital, small
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.numbers import NBSP, config_markdown, config_text, escape, fact, given
from venaza.pipeline.report.sentences import FACTS, Said
from venaza.study.journal import letter
from venaza.study.support import MARK

TEXT = Path(__file__).parents[3] / "report/text"
#: What templates may call, by module and name: ``{{ survival.last_landmark(code) }}``.
CALLED: dict[str, dict[str, Callable[..., object]]] = {}


def in_text(function: Callable[..., object]) -> Callable[..., object]:
    """Lets templates call a function of the context as ``MODULE.NAME``, the context left out."""
    module = function.__module__.rpartition(".")[2]
    CALLED.setdefault(module, {})[function.__name__] = function
    return function


def part(name: str, context: Context, **values: object) -> str:
    """The template ``NAME.md.j2`` in the language of the study; may be empty."""
    text = _environment(context).get_template(f"{name}.md.j2").render(values)
    return re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", text).strip() + "\n"


def macro(template: str, name: str, context: Context, *about: object) -> list[str]:
    """What a macro of a template writes of what it is about: its parts, each as one line."""
    module = _environment(context).get_template(f"{template}.md.j2").make_module()
    text = getattr(module, name)(*about).strip()
    return [_line(part) for part in re.split(r"^---$", text, flags=re.MULTILINE)]


def phrase(context: Context, name: str, *about: object) -> str:
    """What a turn of phrase of ``phrases.md.j2`` gives in the language of the study."""
    return _environment(context).globals[name](*about)


class _Blocks(Extension):
    """``{% sentence NAME, about... %}`` and ``{% paragraph %}`` as calls of these functions."""

    tags = {"sentence", "paragraph"}

    def parse(self, parser: Parser) -> nodes.Node:
        """A call block of the function that has the tag's name."""
        tag = next(parser.stream)
        about = []
        while parser.stream.current.type != "block_end":
            about.append(parser.parse_expression())
            parser.stream.skip_if("comma")
        body = parser.parse_statements((f"name:end{tag.value}",), drop_needle=True)
        call = nodes.Call(nodes.Name(tag.value, "load"), about, [], None, None)
        return nodes.CallBlock(call, [], [], body).set_lineno(tag.lineno)


def _environment(context: Context) -> Environment:
    """What renders the templates of a context's language, the context bound to what they call."""
    made = Environment(
        loader=FileSystemLoader(TEXT / context.language),
        bytecode_cache=_Compiled(),
        extensions=[_Blocks],
        undefined=StrictUndefined,
    )
    made.globals |= _globals(context)
    for module, functions in CALLED.items():
        bound = {name: partial(function, context) for name, function in functions.items()}
        made.globals[module] = SimpleNamespace(**bound)
    phrases = made.get_template("phrases.md.j2").make_module()
    made.globals |= {k: v for k, v in vars(phrases).items() if not k.startswith("_")}
    return made


def _globals(context: Context) -> dict[str, object]:
    """The numbers, the study and the marks of where a number comes from."""
    numbers = context.numbers
    return {
        "study": context.study,
        "groups": context.groups,
        "several": context.several,
        "var": numbers.var,
        "value": numbers.value,
        "known": lambda ard_id: numbers.value(ard_id) is not None,
        "all_known": lambda ard_id, of: set(of) <= set(context.groups_knowing(ard_id)),
        "term": numbers.term,
        "field": numbers.field,
        "used": numbers.used,
        "too_few": numbers.too_few,
        "level": numbers.level,
        "P": letter(context.study, lambda p: f"*{p}*"),
        "label": context.label,
        "reference": lambda name: f"@{exhibit_id(name)}",
        "has": context.has,
        "has_number": lambda ard_id: ard_id in numbers,
        "clauses": _clauses,
        "p_sign": p_sign,
        "sentence": partial(_sentence, context),
        "paragraph": _paragraph,
        "capital": capital,
        "small": small,
        "slug": slug,
        "escape": escape,
        "given": given,
        "fact": fact,
        "config_text": config_text,
        "config_markdown": config_markdown,
        "NBSP": NBSP,
        "MARK": MARK,
    }


def _sentence(context: Context, name: str, *about: object, caller: Callable[[], str]) -> str:
    """The words between the tags as one line, noted as said; nothing where they are not true."""
    if not FACTS[name](context, *about):
        return ""
    text = _line(caller())
    context.said.append(Said(name, about, text))
    context.place(f"sentence {name}", text)
    return f"{text}\n"


def _paragraph(caller: Callable[[], str]) -> str:
    """The sentences between the tags as one line."""
    return f"\n\n{text}\n\n" if (text := _line(caller())) else "\n"


def _clauses(items: Iterable[object], clause: Callable[[object], str]) -> list[str]:
    """What is said of each thing, where anything is."""
    return [text for item in items if (text := clause(item).strip())]


def _line(text: str) -> str:
    """White space of the template as single spaces; a space that may not break stays."""
    return re.sub(r"[ \t\n]+", " ", text).strip(" ")


class _Compiled(BytecodeCache):
    """Templates compiled once for all the contexts of a process."""

    _code: dict[str, object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled from the same text."""
        if found := self._code.get(bucket.key + bucket.checksum):
            bucket.code = found

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled."""
        self._code[bucket.key + bucket.checksum] = bucket.code
