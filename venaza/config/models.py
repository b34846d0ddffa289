"""What the study file says of regression models, beyond what its schema can check."""

from __future__ import annotations

from venaza.config.names import no_such
from venaza.contracts import clean
from venaza.errors import StudyError


def check_models(study: dict, variables: list[str], shown: str) -> None:
    """Raises ``StudyError`` for an endpoint or a variable that is not there, or a needless cut.

    ``variables`` are the patients' columns.
    """
    analysis = study["analysis"]
    for key in ("cox", "multivariable", "subgroups"):
        for code, asked in analysis[key].items():
            if code not in study["endpoints"]:
                known = list(study["endpoints"])
                raise no_such(code, known, "an endpoint", shown, f"analysis > {key}")
            for entry in asked:
                name = entry if isinstance(entry, str) else next(iter(entry))
                if name not in [*variables, "GROUP"]:
                    place = f"analysis > {key} > {code}"
                    raise no_such(name, variables, "a variable", shown, place)
    for code, asked in analysis["subgroups"].items():
        _check_subgroups(code, asked, study, shown)


def _check_subgroups(code: str, asked: list, study: dict, shown: str) -> None:
    place = f"analysis > subgroups > {code}"
    if not study["groups"] or len(study["groups"]["levels"]) != 2:
        raise StudyError(
            "Subgroups show the hazard ratio between two groups, which this study does not have.",
            fix="Give 'groups' two levels, or leave 'subgroups' out.",
            file=shown,
            column=place,
        )
    types = {column.name: (column.dtype, column.unit) for column in clean.PATIENTS}
    types |= {own["name"]: (own["type"], own["unit"]) for own in study["columns"]}
    for entry in asked:
        name = entry if isinstance(entry, str) else next(iter(entry))
        dtype, unit = types.get(name, ("string", ""))
        if name in ("GROUP", study["groups"]["variable"]):
            what, fix = "is the comparison itself, not a subgroup", "Name another variable."
        elif isinstance(entry, str) and (dtype == "number" or (dtype == "integer" and unit)):
            what, fix = (
                "is a measurement without levels",
                f"Say where it is cut: {{{name}: VALUE}}.",
            )
        elif not isinstance(entry, str) and dtype not in ("number", "integer"):
            what, fix = "is not a number and cannot be cut", f"Write {name} without a value."
        else:
            continue
        raise StudyError(f"'{name}' {what}.", fix=fix, file=shown, column=place, value=name)
