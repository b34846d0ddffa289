"""Endpoints of a study: by code, with their other definitions; what they name exists."""

from __future__ import annotations

from collections.abc import Iterable

from venaza.contracts.errors import Key, StudyError
from venaza.study.names import check_known
from venaza.study.words import say

#: The milestones that the engine makes, beside those that ``config/endpoints.yaml`` describes.
ENGINE_MILESTONES = {
    "INDEX": "Index date",
    "FAILURE": "Failure of the regimen",
    "ASSESSED": "Assessment",
    "LAST_ASSESSMENT": "Last assessment",
    "LAST_ALIVE": "Last date known alive",
}


def milestone_name(milestone: str, study: dict) -> str:
    """What a milestone is called: ``First response``."""
    own = study["milestones"].get(milestone, {}).get("description")
    return own or say(study, ENGINE_MILESTONES.get(milestone, milestone))


def clean_table(milestone: dict) -> str:
    """The clean table with the rows of a milestone; assessments are responses."""
    return "responses" if milestone["table"] == "assessments" else milestone["table"]


def definitions_of(study: dict) -> dict[str, dict]:
    """The endpoints (``EFS``) and, where there are any, their alternatives (``EFS.eln2022``)."""
    return {**study["endpoints"], **study.get("alternatives", {})}


def check_endpoints(study: dict, milestones: Iterable[str], shown: str) -> None:
    """Raise ``StudyError`` for an endpoint that lacks a part or names a milestone wrongly."""
    for code, endpoint in study["endpoints"].items():
        _check_endpoint(code, endpoint, milestones, shown, f"endpoints > {code}")
    for code, endpoint in study["alternatives"].items():
        own, _, name = code.partition(".")
        place = f"endpoints > {own} > alternatives > {name}"
        _check_endpoint(code, endpoint, milestones, shown, place)


def _check_endpoint(
    code: str, endpoint: dict, milestones: Iterable[str], shown: str, place: str
) -> None:
    missing = [k for k in ("label", "start", "events", "censors") if k not in endpoint]
    if missing:
        raise StudyError(
            f"The endpoint {code} lacks '{missing[0]}'.",
            fix="Give it, or start from a definition of the library with 'like'.",
            at=Key(shown, place),
        )
    landmark = endpoint.get("landmark", {})
    if landmark and "entry" in endpoint:
        raise StudyError(
            f"The endpoint {code} has both an 'entry' and a 'landmark'.",
            fix="Leave one out: who failed at time zero was never under observation after it.",
            at=Key(shown, place),
        )
    check_named(endpoint, milestones, shown, place)
    if "competing_label" in endpoint and not endpoint["competing"]:
        raise StudyError(
            f"The endpoint {code} names competing events and has none.",
            fix="Leave 'competing_label' out, or say under 'competing' which they are.",
            at=Key(shown, f"{place} > competing_label", endpoint["competing_label"]),
        )
    for name in endpoint["competing"]:
        if name in endpoint["events"]:
            raise StudyError(
                f"{name} is both an event of {code} and a competing event.",
                fix="Take it out of 'events' or of 'competing'.",
                at=Key(shown, f"{place} > competing", name),
            )


def check_named(endpoint: dict, known: Iterable[str], shown: str, place: str) -> None:
    """Raise ``StudyError`` for a milestone of a definition that is none of ``known``."""
    named = {key: [endpoint[key]] for key in ("start", "entry") if key in endpoint}
    lists = ("events", "competing", "censors", "censor_at")
    named |= {key: endpoint[key] for key in lists if key in endpoint}
    landmark = endpoint.get("landmark", {})
    named |= {f"landmark > {k}": [landmark[k]] for k in ("reached", "milestone") if k in landmark}
    for key, names in named.items():
        check_known(names, known, "a milestone", shown, f"{place} > {key}")


def check_response(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a word that is no response, or where remission could not be best.

    Best response is the first of ``response.order``: a remission whose word stands behind one that
    is none could be reached without being the best response.
    """
    rule, known = study["response"], study["vocabulary"]["response"]
    for key in ("order", "remission", "overall"):
        check_known(rule[key], known, "a code of RSINV", shown, f"response > {key}")
    order, place = rule["order"], "response > order"
    given = sorted({category["response"] for category in study["criteria"]["categories"]})
    for key, words in (*((k, rule[k]) for k in ("remission", "overall")), ("criteria", given)):
        for word in words:
            if word not in order:
                raise StudyError(
                    f"'{word}' of response.{key} has no place in response.order.",
                    fix="Put it there, the best response first.",
                    at=Key(shown, place, word),
                )
    remission = study["response"]["remission"]
    last = max(remission, key=order.index)
    better = [word for word in order[: order.index(last)] if word not in remission]
    if better:
        raise StudyError(
            f"response.order puts {better[0]}, no remission here, before {last}, which is one.",
            fix=f"Put the words of response.remission first, or name {better[0]} there too.",
            at=Key(shown, place, better[0]),
        )
