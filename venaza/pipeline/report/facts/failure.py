"""Facts on the course after failure: its kinds, the therapies that followed, survival after it."""

from __future__ import annotations

from venaza.contracts.results import FOLLOWED
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, has_patients, maps, no, positive, shows
from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text

#: So many first therapies are named even where each was given to one patient.
_FEW = 3


@in_text
def from_relapse(context: Context) -> bool:
    """Whether survival after failure counts from relapse alone."""
    return context.study["endpoints"]["PFOS"]["start"] == "RELAPSE"


@in_text
def failed(context: Context) -> list[Group]:
    """The groups with a failure."""
    return context.groups_with("failure.{}.any.n")


@in_text
def not_failed(context: Context) -> list[Group]:
    """The groups without one."""
    return [group for group in context.groups if group not in failed(context)]


@in_text
def treated(context: Context) -> list[Group]:
    """The groups in which somebody had a therapy against the leukaemia after failure."""
    return context.groups_with("failure.{}.treated.n")


@in_text
def supported(context: Context) -> list[Group]:
    """The groups in which somebody had supportive care alone after failure."""
    return context.groups_with("failure.{}.supportive.n")


@in_text
def untreated(context: Context) -> list[Group]:
    """The groups in which somebody had no recorded therapy after failure."""
    return context.groups_with("failure.{}.untreated.n")


@in_text
def with_patients(context: Context) -> list[Group]:
    """The groups with a patient whose survival after failure is counted."""
    return context.with_patients("PFOS")


@in_text
def kinds(context: Context, group: Group) -> list[str]:
    """The ids of the kinds of failure that came in a group."""
    others = "|".join(("any", "treated", *FOLLOWED))
    return counted(context, rf"failure\.{group.slug}\.(?!(?:{others})\.|treated_)[^.]+\.n")


@in_text
def kinds_treated(context: Context, group: Group) -> list[str]:
    """The ids of the kinds of failure after which somebody of a group was treated."""
    return counted(context, rf"failure\.{group.slug}\.treated_[^.]+\.n")


@in_text
def followed(context: Context, group: Group, *what: str) -> list[str]:
    """The ids of the first therapies after failure, of responses to them, or of other care."""
    stem = r"\.".join(("postfailure", group.slug, *what))
    return counted(context, rf"{stem}\.[^.]+\.n")


@in_text
def most_given(context: Context, group: Group) -> list[str]:
    """The ids of the first therapies that the text names: few, or those that several had."""
    given = followed(context, group)
    few = len(given) <= _FEW
    return given if few else [i for i in given if context.numbers.value(i) > 1]


def counted(context: Context, pattern: str) -> list[str]:
    """The ids of that pattern of what was counted at least once."""
    return [i for _, i in context.numbers.matching(pattern) if context.numbers.value(i)]


def _with_section(context: Context, *_: object) -> bool:
    return "PFOS" in context.study["endpoints"]


_any_kind = both(_with_section, no(from_relapse))
_relapses = both(_with_section, from_relapse)
_some_failed = both(maps("therapies"), positive("failure.all.any.n"))


bind(
    {
        "failure.none": both(_any_kind, no(failed)),
        "failure.kinds": both(_any_kind, failed),
        "failure.spared": both(_any_kind, failed, not_failed),
        "failure.no_relapse": both(_relapses, no(has_patients("PFOS"))),
        "failure.relapses": both(_relapses, has_patients("PFOS")),
        "failure.not_treated": both(_some_failed, no(treated)),
        "failure.treated": both(_some_failed, treated),
        "failure.first_therapy": lambda c, group: _some_failed(c) and group in treated(c),
        "failure.untreated": both(_some_failed, lambda c: supported(c) or untreated(c)),
        "failure.survival": has_patients("PFOS"),
        "failure.not_estimated": both(_with_section, no(has_patients("PFOS"))),
        "failure.courses": shows("fig swimmer"),
    }
)
