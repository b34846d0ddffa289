"""What the study file says of its analyses, beyond its schema: names, kinds, doubles."""

from __future__ import annotations

from collections.abc import Iterable

from venaza.contracts.columns import Column
from venaza.contracts.errors import Key, StudyError
from venaza.preflight.variables import has_levels
from venaza.study.names import check_known

#: Sections of ``analysis`` whose keys are endpoints: those that need an endpoint without
#: competing events, and all.
_SURVIVAL = ("strata", "rmst_months", "time_dependent")
_BY_ENDPOINT = ("cox", "multivariable", "subgroups", "fine_gray", *_SURVIVAL)


def check_analyses(
    study: dict, variables: dict[str, Column], milestones: list[str], shown: str
) -> None:
    """Raise ``StudyError`` for an endpoint, variable or milestone that is not there or of no use.

    ``variables`` are what may be named of the patients, ``milestones`` the dated facts.
    """
    analysis, endpoints = study["analysis"], study["endpoints"]
    primary = [analysis["primary"]]
    check_known(primary, endpoints, "an endpoint of this study", shown, "analysis > primary")
    _check_endpoints(analysis, endpoints, shown)
    check_known(analysis["table1"], variables, _VARIABLE, shown, "analysis > table1")
    grouped = {**variables, "GROUP": Column("GROUP", "string", "Group")}
    for key in ("cox", "multivariable", "subgroups", "strata", "fine_gray"):
        for code, asked in analysis[key].items():
            place = f"analysis > {key} > {code}"
            named = [_name(entry) for entry in asked]
            check_known(named, grouped if study["groups"] else variables, _VARIABLE, shown, place)
            _refuse_twice(named, study, shown, place)
    for code, asked in analysis["strata"].items():
        _check_strata(asked, grouped, study, shown, f"analysis > strata > {code}")
    for code, asked in analysis["subgroups"].items():
        _check_subgroups(code, asked, grouped, study, shown)
    _check_scales(analysis, grouped, shown)
    _check_references(study, shown)
    days = [own["name"] for own in study["columns"] if own["type"] != "string"]
    for code, asked in analysis["time_dependent"].items():
        place = f"analysis > time_dependent > {code}"
        check_known(asked.values(), [*milestones, *days], "a milestone", shown, place)


_VARIABLE = "a variable of the patients that can be analysed"


def _check_scales(analysis: dict, variables: dict[str, Column], shown: str) -> None:
    """A unit of change is of a number, a reference of a category."""
    for key, of_number in (("per", True), ("reference", False)):
        place = f"analysis > {key}"
        check_known(analysis[key], variables, _VARIABLE, shown, place)
        for name in analysis[key]:
            if (variables[name].dtype != "string") == of_number:
                continue
            if of_number:
                what, fix = "has levels, and no unit of change", "Take it out of 'per'."
            else:
                what, fix = "is a number, and has no reference level", "Take it out of 'reference'."
            raise StudyError(f"'{name}' {what}.", fix=fix, at=Key(shown, place, name))


def _check_references(study: dict, shown: str) -> None:
    """A reference is a level of its variable, where the study file knows the levels."""
    groups = study["groups"] or {"variable": "GROUP", "levels": {}}
    for name, level in study["analysis"]["reference"].items():
        levels = study["levels"].get(name)
        if name in ("GROUP", groups["variable"]):
            levels = list(groups["levels"])
        if levels is not None:
            place = f"analysis > reference > {name}"
            check_known([str(level)], levels, f"a level of {name}", shown, place)


def _name(entry: str | dict) -> str:
    return entry if isinstance(entry, str) else next(iter(entry))


def _check_endpoints(analysis: dict, endpoints: dict, shown: str) -> None:
    with_competing = [code for code, e in endpoints.items() if e["competing"]]
    survival = [code for code, e in endpoints.items() if not e["competing"]]
    kind = "an endpoint with competing events"
    check_known(analysis["event_rates"], with_competing, kind, shown, "analysis > event_rates")
    for key in _BY_ENDPOINT:
        known, kind = endpoints, "an endpoint of this study"
        if key in _SURVIVAL:
            known, kind = survival, "an endpoint without competing events"
        if key == "fine_gray":
            known, kind = with_competing, "an endpoint with competing events"
        for code in analysis[key]:
            check_known([code], known, kind, shown, f"analysis > {key} > {code}")


def _refuse_twice(named: list[str], study: dict, shown: str, place: str) -> None:
    """The groups' variable is GROUP by another name; a variable cut at two values is one."""
    compared = study["groups"]["variable"] if study["groups"] else "GROUP"
    same = ["GROUP" if name == compared else name for name in named]
    for n, name in enumerate(named):
        if same[n] in same[:n]:
            also = f" (GROUP is {compared})" if same[n] == "GROUP" != compared else ""
            raise StudyError(
                f"'{name}' stands here twice{also}.",
                fix="Take one of them out.",
                at=Key(shown, place, name),
            )


def _check_strata(
    asked: Iterable[str], variables: dict[str, Column], study: dict, shown: str, place: str
) -> None:
    for name in asked:
        if name in ("GROUP", (study["groups"] or {}).get("variable")):
            what, fix = "is the comparison itself, not a stratum", "Name another variable."
        elif not has_levels(variables[name]):
            what = "is a measurement, and each of its values would be a stratum"
            fix = "Map a column of your own whose 'values' sort the numbers, and name it here."
        else:
            continue
        raise StudyError(f"'{name}' {what}.", fix=fix, at=Key(shown, place, name))


def _check_subgroups(
    code: str, asked: list, variables: dict[str, Column], study: dict, shown: str
) -> None:
    place = f"analysis > subgroups > {code}"
    if not study["groups"] or len(study["groups"]["levels"]) != 2:
        raise StudyError(
            "Subgroups show the hazard ratio between two groups, which this study does not have.",
            fix="Give 'groups' two levels, or leave 'subgroups' out.",
            at=Key(shown, place),
        )
    if not study["groups"]["treatment"]:
        raise StudyError(
            "Subgroups show where a treatment works, and the groups of this study are no "
            "treatments.",
            fix="Leave 'subgroups' out: the models of 'cox' are drawn as a forest. If the groups "
            "are treatments, say so: treatment: true under 'groups'.",
            at=Key(shown, place, study["groups"]["variable"]),
        )
    for entry in asked:
        name = _name(entry)
        if name in ("GROUP", study["groups"]["variable"]):
            what, fix = "is the comparison itself, not a subgroup", "Name another variable."
        elif isinstance(entry, str) and not has_levels(variables[name]):
            what, fix = (
                "is a measurement without levels",
                f"Say where it is cut: {{{name}: VALUE}}.",
            )
        elif not isinstance(entry, str) and variables[name].dtype == "string":
            what, fix = "is not a number and cannot be cut", f"Write {name} without a value."
        else:
            continue
        raise StudyError(f"'{name}' {what}.", fix=fix, at=Key(shown, place, name))
