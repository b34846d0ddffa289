"""Facts on the patients: how many, in which group, of what age, who was evaluable."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, maps, no, positive, shows, uses
from venaza.pipeline.report.facts.response import evaluable_differs
from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.sentences import Always, bind
from venaza.pipeline.report.text import in_text


@in_text
def ungrouped(context: Context) -> list[str]:
    """The reasons why somebody is in no group, as the ids ``n.NOGROUP.REASON`` have them."""
    reasons = ("not_recorded", "not_compared")
    return [reason for reason in reasons if context.numbers.value(f"n.NOGROUP.{reason}")]


@in_text
def of_known_age(context: Context) -> list[Group]:
    """The groups with a median age."""
    return context.groups_knowing("desc.AGE.{}.median")


bind(
    {
        "patients.included": Always("the ARD counts the patients of every study"),
        "patients.without_group": ungrouped,
        "patients.age": of_known_age,
        "patients.evaluable": both(uses("rate_evaluable.ORR."), evaluable_differs),
        "patients.no_transplant": both(maps("transplants"), no(positive("n.TX.all"))),
        "patients.transplanted": both(maps("transplants"), positive("n.TX.all")),
        "patients.table": shows("tbl baseline"),
    }
)
