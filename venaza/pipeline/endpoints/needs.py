"""What the definitions of a study need: milestones, and the tables and columns of these."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.contracts.wording import small
from venaza.study.endpoints import ENGINE_MILESTONES, definitions_of, milestone_name

#: Findings that an export of events records too: they do not show who was assessed without one.
_EVENTS = ("REFRACTORY", "PD", "RELAPSE", "NE")
#: How the milestones that the engine makes itself are looked up, as far as that can be said.
ENGINE = {
    name: {"description": ENGINE_MILESTONES[name], "table": table, "date": date}
    for name, table, date in (
        ("INDEX", "patients", "INDEXDT"),
        ("LAST_ALIVE", "patients", "LSTALVDT"),
        ("ASSESSED", "assessments", "RSDT"),
        ("LAST_ASSESSMENT", "assessments", "RSDT"),
    )
}
#: Keys of a definition that list what ends a time, with the role that these play.
ENDINGS = {"events": "event", "competing": "competing", "censor_at": "censor_at"}


def described(milestone: str, study: dict) -> str:
    """What a milestone or a column is called within a sentence: ``first response``."""
    if milestone == "CYCLE":
        return "a known cycle"
    return small(milestone_name(milestone, study))


def needed_before(spec: dict, study: dict) -> list[str]:
    """The milestones that a milestone hangs on."""
    found = [spec[key] for key in ("after", "unless_before") if key in spec]
    if "until" in spec:
        found += [*study["response"]["until"], "DEATH"]
    return found


def sources_of(definition: dict, study: dict) -> Iterator[tuple[str, str]]:
    """Role and name of each milestone of a definition, in the order in which they are asked.

    FAILURE stands for those that it gathers.
    """
    landmark = definition.get("landmark", {})
    asked = [("start", definition["start"])]
    asked += [("entry", definition["entry"])] if "entry" in definition else []
    asked += [("landmark", landmark[key]) for key in ("milestone", "reached") if key in landmark]
    asked += [("landmark", "ASSESSED")] if landmark else []
    for key, role in {**ENDINGS, "censors": "censor"}.items():
        asked += [(role, name) for name in definition.get(key, [])]
    for role, name in asked:
        gathered = study["failure"]["milestones"] if name == "FAILURE" else [name]
        yield from ((role, one) for one in gathered)


def short_of_remission(study: dict) -> list[str]:
    """The responses that only an export of all assessments records: short of remission, no event.

    A landmark asks who was assessed and had not reached remission. In an export of remissions and
    failures alone whoever had neither looks as if never assessed.
    """
    response = study["response"]
    return [word for word in response["order"] if word not in (*response["remission"], *_EVENTS)]


def used_milestones(study: dict) -> list[str]:
    """The milestones by which the study's endpoints and failure start or end a time, by name."""
    used = [*study["failure"]["milestones"]]
    for definition in definitions_of(study).values():
        used += [name for role, name in sources_of(definition, study) if role in ENDINGS.values()]
    return list(dict.fromkeys(name for name in used if name in study["milestones"]))


def columns_of(spec: dict) -> list[str]:
    """The columns of its table that a milestone asks for, its date first."""
    asked = [column for key in ("where", "also", "min") for column in spec.get(key, {})]
    return list(dict.fromkeys([spec["date"], *asked]))
