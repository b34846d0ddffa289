"""The documents of a report: the sections of each, the exhibits that each shows, their references.

The manuscript shows the exhibits of ``report.main``; the supplement has what is left, in the same
order, numbered S1, S2, ...; the record has what concerns the data and the run and is in neither.
A section stands in the manuscript where it is one of every paper or holds an exhibit of its.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from venaza.contracts.figures import exhibit_id
from venaza.pipeline.report.context import Context, Written
from venaza.pipeline.report.sentences import Always, bind
from venaza.pipeline.report.text import in_text, part

#: The documents in the order in which they are written, with what precedes their numbers.
DOCUMENTS = {
    "manuscript": "", "supplement": "S", "record": "R", "cover_letter": "", "checklist": "",
}  # fmt: skip
#: How many exhibits the main text has where the study file does not choose, at most.
MOST = 8
#: What a paper shows first; ``{primary}`` is the primary endpoint. Not the table of survival: the
#: text and the keys of the curves say its numbers.
_USUAL = (
    "fig flow",
    "tbl baseline",
    "tbl response",
    "fig km_{primary}",
    "fig km_OS",
    "fig km_EFS",
    "tbl failure",
    "fig km_PFOS",
    "tbl adverse_events",
    "tbl cox",
    "fig response",
    "fig cif_*",
    "tbl dynamic",
)


@dataclass(frozen=True)
class Section:
    """A part of the text, the patterns of its exhibits, and whether every paper has it."""

    part: str
    exhibits: tuple[str, ...] = ()
    core: bool = False


METHODS = (
    Section("methods_setting", core=True),
    Section("methods_patients", core=True),
    Section("methods_response", core=True),
    Section("methods_endpoints", core=True),
    Section("methods_safety", core=True),
    Section("methods_statistics", core=True),
    Section("methods_definitions", ("tbl definitions",)),
    Section("methods_support"),
    Section("methods_risk", ("tbl risk",)),
    Section("methods_transfusions"),
    Section("methods_labs"),
    Section("methods_models"),
    Section("methods_time_dependent"),
    Section("methods_evidence", ("fig evidence", "tbl evidence")),
)
RESULTS = (
    Section("results_patients", ("fig flow", "tbl baseline"), core=True),
    Section("results_risk", ("tbl risk",)),
    Section("results_response", ("fig response", "tbl response"), core=True),
    Section("results_survival", ("fig km_*", "fig cif_*", "tbl survival"), core=True),
    Section("results_models", ("fig hazards_*", "fig forest_*", "tbl cox", "tbl influence")),
    Section("results_time_dependent", ("fig simon_makuch_*", "tbl dynamic")),
    Section("results_definitions", ("fig definitions_*", "tbl sensitivity")),
    Section("results_failure", ("fig km_PFOS", "fig swimmer", "tbl failure"), core=True),
    Section("results_safety", ("fig ae", "tbl adverse_events"), core=True),
    Section("results_labs", ("tbl labs", "tbl labs_shift")),
    Section("results_reconstructed_curves", ("fig beside_*",)),
    Section("results_evidence", ("fig evidence", "tbl evidence")),
    Section("results_trials", ("tbl trials",)),
)
_ID = re.compile(r"\{#((?:fig|tbl)-[\w-]+)")
#: A figure or a table that floats, whole; a table's own lines may be blank.
_EXHIBIT = re.compile(
    r"(^::: \{#tbl-[\w-]+\}$.*?^:::$|^!\[[^\n]*\]\(figures/[^)]*\)\{#fig-[^\n]*\}$)",
    re.MULTILINE | re.DOTALL,
)
_REFERENCE = re.compile(r"(?<![\w{#])@((?:fig|tbl)-[\w-]*\w)", re.ASCII)


def written(context: Context) -> tuple[dict[str, str], dict[str, str]]:
    """The documents (``NAME.qmd``) by name, and the parts that they include by theirs."""
    context = composed(context)
    parts = {name: document.parts for name, document in context.written.items()}
    documents = {name: document.text for name, document in context.written.items()}
    return documents, _crossed(parts, context)


def composed(context: Context) -> Context:
    """The context with its documents ``written`` and the places of what is printed in them."""
    context = replace(context, main=main_exhibits(context), written={}, placed={})
    for name in DOCUMENTS:
        own: dict[str, str] = {}
        text = part(f"document_{name}", replace(context, document=name, parts=own))
        context.written[name] = Written(text, own)
    return context


def _apart(match: re.Match) -> str:
    """A reference that pandoc sees between Chinese words; the filter takes the space away."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    name = f"@{{{match[1]}}}" if after.isalnum() else match[0]
    return f" {name}" if before.isalnum() else name


def title_page(context: Context) -> str:
    """The title page with the counts of the manuscript, which is written by then."""
    return part("title_page", context)


def main_exhibits(context: Context) -> tuple[str, ...]:
    """The exhibits of the main text: those that the study file names, or the usual ones."""
    wish = context.study["report"]["main"]
    primary = context.study["analysis"]["primary"]
    usual = [pattern.format(primary=primary) for pattern in _USUAL]
    if "therapies" not in context.study["tables"]:  # what is left of them the text says whole
        usual = [name for name in usual if name not in ("tbl failure", "fig km_PFOS")]
    patterns = usual if wish == "auto" else wish
    found = dict.fromkeys(name for one in patterns for name in _fitting(one, context))
    most = min(MOST, context.journal["limits"].get("exhibits", MOST))
    return tuple(found)[: most if wish == "auto" else None]


def not_there(context: Context) -> list[str]:
    """What the study file names for the main text, and no section of the study shows."""
    wish = context.study["report"]["main"]
    return [] if wish == "auto" else [name for name in wish if not _fitting(name, context)]


def _fitting(pattern: str, context: Context) -> list[str]:
    """The exhibits of methods and results that a name with ``*`` fits."""
    found = [name for name in _there(context) if fnmatchcase(name, pattern)]
    return [name for name in found if any(_of(name, section) for section in METHODS + RESULTS)]


def _there(context: Context) -> list[str]:
    """The exhibits that the study has."""
    return [*(f"fig {n}" for n in context.figures), *(f"tbl {n}" for n in context.printed)]


def shown(name: str, context: Context) -> bool:
    """Whether the document that is being written shows an exhibit: ``fig km_OS``."""
    return not context.document or (name in context.main) == (context.document == "manuscript")


@in_text
def sections(context: Context, of: str) -> list[str]:
    """The parts of the methods or the results that the document holds, in their order."""
    known = {"methods": METHODS, "results": RESULTS}[of]
    in_main = context.document == "manuscript"
    return [s.part for s in known if _in_main(s, context) == in_main]


def _in_main(section: Section, context: Context) -> bool:
    return section.core or any(_of(name, section) for name in context.main)


def _of(exhibit: str, section: Section) -> bool:
    """Whether an exhibit stands in a section; that of PFOS is one of the course after failure."""
    own = any(fnmatchcase(exhibit, pattern) for pattern in section.exhibits)
    return own and not (exhibit == "fig km_PFOS" and section.part == "results_survival")


@in_text
def left_over(context: Context) -> list[str]:
    """The exhibits that sections of the manuscript leave to the supplement, in their order."""
    there = _there(context)
    sections = [section for section in RESULTS if _in_main(section, context)]
    found = (n for section in sections for n in there if _of(n, section))
    return [name for name in found if name not in context.main]


@in_text
def others(context: Context) -> list[str]:
    """The exhibits that the other of manuscript and supplement shows, in its order."""
    there = _there(context)
    in_order = dict.fromkeys(n for section in RESULTS for n in there if _of(n, section))
    in_main = context.document != "manuscript"
    return [name for name in in_order if (name in context.main) == in_main]


@in_text
def id_of(_: Context, name: str) -> str:
    """The identifier of an exhibit: ``fig-km-os``."""
    return exhibit_id(name)


@in_text
def include(context: Context, name: str) -> str:
    """Writes a part for the document and includes it; nothing where the study lacks it."""
    context.parts[name] = at_mention(part(name, replace(context, part=name)))
    if not context.parts[name].strip():
        return ""
    return f"{{{{< include _generated/{name}.md >}}}}"


def at_mention(text: str) -> str:
    """A part with each figure after the paragraph that first mentions it, and each table that
    floats after the last, as figures of its paragraphs go before it.

    So they are numbered in the order in which they are mentioned, and printed near. What no
    paragraph above mentions stays.
    """
    pieces = _EXHIBIT.split(text)  # text, exhibit, text, ...
    blocks = [b for i, p in enumerate(pieces) for b in ([p] if i % 2 else p.split("\n\n"))]
    order: list[tuple[int, int, int]] = []  # the block that it follows, where it is mentioned
    for i, block in enumerate(blocks):
        place = (i, -1)
        if _EXHIBIT.fullmatch(block):
            name = _ID.search(block)[1]
            mention = re.compile(rf"(?<![\w{{#])@{name}(?![\w-]*\w)")
            above = ((j, mention.search(b)) for j, b in enumerate(blocks[:i]))
            found = [(j, m.start()) for j, m in above if m] or [place]
            place = found[-1 if name.startswith("tbl") else 0]
        order.append((*place, i))
    inorder = (blocks[i].strip("\n") for *_, i in sorted(order))
    return "\n\n".join(block for block in inorder if block) + "\n"


bind(
    {
        "moved.supplement": Always("the definitions of every study stand there"),
        "moved.record": Always("every run is recorded so"),
        "moved.manuscript": others,
    }
)


def numbered(parts: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    """The document of each exhibit and its number there, by its identifier: ``S3``."""
    where = {}
    for document, own in parts.items():
        counts = {"fig": 0, "tbl": 0}
        for found in _ID.findall("\n".join(own.values())):
            counts[found[:3]] += 1
            where[found] = (document, f"{DOCUMENTS[document]}{counts[found[:3]]}")
    return where


def _crossed(parts: dict[str, dict[str, str]], context: Context) -> dict[str, str]:
    """The parts with each reference to an exhibit of another document as words and a link."""
    where = numbered(parts)

    def named(match: re.Match, document: str) -> str:
        home, number = where.get(match[1], (document, ""))
        if home == document:  # or nowhere, which the renderer tells
            return _apart(match)
        name = part("exhibit_name", context, kind=match[1][:3], number=number).strip()
        return f"[{name}]({home}.html#{match[1]}){{.elsewhere}}"

    return {
        name: _REFERENCE.sub(lambda match, d=document: named(match, d), text)
        for document, own in parts.items()
        for name, text in own.items()
    }
