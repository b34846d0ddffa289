"""Milestones, endpoints and responses of a study file: whatever they name must exist."""

from __future__ import annotations

from collections.abc import Iterable

from venaza.clean.words import codes
from venaza.config.names import check_known, no_such
from venaza.contracts.clean import RESPONSES, TABLES
from venaza.contracts.columns import Column
from venaza.errors import StudyError

#: Milestones that the engine makes before, and after, it looks up those of the study.
_MADE_FIRST = ("INDEX", "LAST_ALIVE", "LAST_ASSESSMENT")
_MADE_LAST = ("ASSESSED", "FAILURE")
#: Columns that hold names of drugs beside a study's own codes.
_OPEN = ("CMTRT", "CMCLAS")
#: The assessments: the table of responses with the response that counts.
_ASSESSMENTS = (*RESPONSES, Column("RESPONSE", "string", "Response that counts"))


def check_milestones(study: dict, shown: str) -> list[str]:
    """The names of all milestones; raises ``StudyError`` for what one of them names wrongly."""
    known = [*study["milestones"], *_MADE_FIRST]
    for name, spec in study["milestones"].items():
        place = f"milestones > {name}"
        if name in (*_MADE_FIRST, *_MADE_LAST):
            raise StudyError(
                f"The milestone {name} is made by the pipeline itself.",
                fix="Give yours another name; endpoints can name both.",
                file=shown,
                column=place,
            )
        _check_rows(spec, study, shown, place)
        for key in ("after", "unless_before"):
            named = [spec[key]] if key in spec else []
            check_known(named, known, "a milestone", shown, f"{place} > {key}")
        _refuse_circle(name, study["milestones"], shown)
    own = list(study["milestones"])
    check_known(study["failure"]["milestones"], own, "a milestone", shown, "failure > milestones")
    return [*known, *_MADE_LAST]


def _check_rows(spec: dict, study: dict, shown: str, place: str) -> None:
    """Table, date and conditions of a milestone."""
    tables = {**TABLES, "assessments": _ASSESSMENTS}
    table = spec["table"]
    check_known([table], tables, "a clean table", shown, f"{place} > table")
    columns = {column.name: column for column in tables[table]}
    if table == "patients":
        own = study["columns"]
        columns |= {c["name"]: Column(c["name"], c["type"], c["label"], c["unit"]) for c in own}
    dates = [name for name, column in columns.items() if column.dtype == "date"]
    check_known([spec["date"]], dates, f"a date of '{table}'", shown, f"{place} > date")
    words = [name for name, column in columns.items() if column.dtype == "string"]
    for column, wanted in spec.get("where", {}).items():
        at = f"{place} > where > {column}"
        check_known([column], words, f"a column of words in '{table}'", shown, at)
        _check_codes(table, column, wanted, study, shown, at)
    numbers = [name for name, column in columns.items() if column.dtype in ("integer", "number")]
    counts = [name for name, value in study["response"].items() if type(value) is int]
    for column, least in spec.get("min", {}).items():
        at = f"{place} > min > {column}"
        check_known([column], numbers, f"a column of numbers in '{table}'", shown, at)
        if isinstance(least, str):
            check_known([least], counts, "a number under 'response'", shown, at)


def _check_codes(
    table: str, column: str, wanted: str | list, study: dict, shown: str, place: str
) -> None:
    """What a column is asked to be is one of its codes, or the name of a list of them."""
    lists = [name for name, value in study["response"].items() if isinstance(value, list)]
    if wanted in lists:
        return
    if table == "assessments":
        table, column = "responses", "RSINV" if column == "RESPONSE" else column
    known = _codes(table, column, study)
    if known is None:
        return
    if isinstance(wanted, str):
        kind = f"a code of {column}, and no list under 'response'"
        check_known([wanted], [*known, *lists], kind, shown, place)
    else:
        check_known(wanted, known, f"a code of {column}", shown, place)


def _codes(table: str, column: str, study: dict) -> list[str] | None:
    """The codes of a column, those that the study adds included; None for free text."""
    if column in _OPEN:
        return None
    records = study["tables"].get(table, {"records": []})["records"]
    hows = [r["columns"][column] for r in records if column in r["columns"]] or [{}]
    found = [codes(column, how, study) for how in hows]
    return None if None in found else [code for known in found for code in known]


def _refuse_circle(name: str, milestones: dict, shown: str) -> None:
    asking, ahead = [name], _before(milestones[name])
    while ahead:
        other = ahead.pop()
        if other == name:
            raise StudyError(
                f"The milestone {name} hangs on itself: {' -> '.join([*asking, name])}.",
                fix="Take out one 'after' or 'unless_before' of these.",
                file=shown,
                column=f"milestones > {name}",
            )
        if other in milestones and other not in asking:
            asking.append(other)
            ahead += _before(milestones[other])


def _before(spec: dict) -> list[str]:
    return [spec[key] for key in ("after", "unless_before") if key in spec]


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
            file=shown,
            column=place,
        )
    landmark = endpoint.get("landmark", {})
    if landmark and "entry" in endpoint:
        raise StudyError(
            f"The endpoint {code} has both an 'entry' and a 'landmark'.",
            fix="Leave one out: who failed at time zero was never under observation after it.",
            file=shown,
            column=place,
        )
    named = {key: [endpoint[key]] for key in ("start", "entry") if key in endpoint}
    lists = ("events", "competing", "censors", "censor_at")
    named |= {key: endpoint[key] for key in lists if key in endpoint}
    named |= {
        f"landmark > {key}": [landmark[key]] for key in ("reached", "milestone") if key in landmark
    }
    for key, names in named.items():
        for name in names:
            if name not in milestones:
                raise no_such(name, milestones, "a milestone", shown, f"{place} > {key}")
    for name in endpoint["competing"]:
        if name in endpoint["events"]:
            raise StudyError(
                f"{name} is both an event of {code} and a competing event.",
                fix="Take it out of 'events' or of 'competing'.",
                file=shown,
                column=f"{place} > competing",
                value=name,
            )


def check_response(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a response that is no code, or that has no place in the order."""
    rule, known = study["response"], study["vocabulary"]["response"]
    for key in ("order", "remission", "overall"):
        check_known(rule[key], known, "a code of RSINV", shown, f"response > {key}")
    given = {category["response"] for category in study["criteria"]["categories"]}
    for key, codes_of in (
        ("remission", rule["remission"]),
        ("overall", rule["overall"]),
        ("criteria", sorted(given)),
    ):
        for code in codes_of:
            if code not in rule["order"]:
                raise StudyError(
                    f"The response {code} of response > {key} has no place in response > order.",
                    fix="Put it into the order, the best response first.",
                    file=shown,
                    column="response > order",
                    value=code,
                )
