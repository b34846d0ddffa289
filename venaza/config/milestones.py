"""The milestones of a study: the library's, the study's own in their place, and what they name."""

from __future__ import annotations

from venaza.config.names import no_such
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import names
from venaza.endpoints.milestones import needed_before
from venaza.errors import StudyError

#: Milestones that the engine makes itself, beside those of the library.
ENGINE_MILESTONES = ("INDEX", "LAST_ALIVE", "ASSESSED", "LAST_ASSESSMENT", "FAILURE")


def milestones_of(library: dict, own: dict) -> dict:
    """The library's milestones with those of the study file, each of which replaces one whole.

    A condition of the library would otherwise live on in a milestone that was defined anew.
    """
    return {**library["milestones"], **(own.get("milestones") or {})}


def check_milestones(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a table, column or milestone that a milestone names in vain."""
    known = [*study["milestones"], *ENGINE_MILESTONES]
    tables = ["assessments", *TABLES]
    for key, chosen in (
        ("failure > milestones", study["failure"]["milestones"]),
        ("response > until", study["response"]["until"]),
        ("on_one_day", study["on_one_day"]),
    ):
        for name in chosen:
            if name not in study["milestones"]:
                raise no_such(name, list(study["milestones"]), "a milestone", shown, key)
    for name, spec in study["milestones"].items():
        place = f"milestones > {name}"
        if spec["table"] not in tables:
            raise no_such(spec["table"], tables, "a table of milestones", shown, place)
        columns = _columns(spec["table"], study)
        for column in (spec["date"], *(c for key in _CONDITIONS for c in spec.get(key, {}))):
            if column not in columns:
                kind = f"a column of '{spec['table']}'"
                raise no_such(column, columns, kind, shown, place)
        for other in needed_before(spec, study):
            if other not in known:
                raise no_such(other, known, "a milestone", shown, place)
    for name in study["milestones"]:
        _no_circle(name, (), study, shown)


_CONDITIONS = ("where", "min", "also", "needs")


def _columns(table: str, study: dict) -> list[str]:
    """The columns that a milestone may ask of a table."""
    if table == "assessments":
        return [*names(TABLES["responses"]), "RESPONSE"]
    own = [column["name"] for column in study["columns"]] if table == "patients" else []
    return [*names(TABLES[table]), *own]


def _no_circle(name: str, asking: tuple[str, ...], study: dict, shown: str) -> None:
    if name in asking:
        raise StudyError(
            f"The milestones {' -> '.join((*asking, name))} hang on each other.",
            fix="Change 'after', 'unless_before', 'until' or response.until: one must come first.",
            file=shown,
            column=f"milestones > {name}",
        )
    for other in needed_before(study["milestones"].get(name, {}), study):
        _no_circle(other, (*asking, name), study, shown)


def check_response(study: dict, shown: str) -> None:
    """Raise ``StudyError`` where best response and remission could not agree.

    Best response is the first of ``response.order``: a remission whose word stands behind one that
    is none could be reached without being the best response.
    """
    order, place = study["response"]["order"], "response > order"
    for key in ("remission", "overall"):
        for word in study["response"][key]:
            if word not in order:
                raise StudyError(
                    f"'{word}' of response.{key} has no place in response.order.",
                    fix="Put it there, the best response first.",
                    file=shown,
                    column=place,
                    value=word,
                )
    remission = study["response"]["remission"]
    last = max(remission, key=order.index)
    better = [word for word in order[: order.index(last)] if word not in remission]
    if better:
        raise StudyError(
            f"response.order puts {better[0]}, no remission here, before {last}, which is one.",
            fix=f"Put the words of response.remission first, or name {better[0]} there too.",
            file=shown,
            column=place,
            value=better[0],
        )
