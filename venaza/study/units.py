"""The units of config/units.yaml with those that a study adds; units of the study file judged."""

from __future__ import annotations

from pathlib import Path

from venaza.contracts.errors import QUOTED, Key, StudyError
from venaza.contracts.errors import shown as shorter
from venaza.contracts.unit_conversion import about_unit, unit_factor, unit_key
from venaza.study.documents import read_yaml, validate
from venaza.study.names import check_known


def load_units(root: Path, own: dict, shown: str) -> dict:
    """``standard``, ``factors`` and the rest of each value, with the study's ``own`` factors.

    Raises ``StudyError`` for a value that has no unit, and for a unit that is known with another
    factor.
    """
    path, schema = "config/units.yaml", "workflow/schemas/units.schema.yaml"
    units = read_yaml(root / path, path)
    validate(units, read_yaml(root / schema, schema), path)
    check_known(own, units, "a value with units", shown, "units")
    units = {name: {**spec, "factors": dict(spec["factors"])} for name, spec in units.items()}
    for name, factors in own.items():
        for unit, factor in factors.items():
            known = unit_factor(name, unit, {"units": units})
            if known not in (None, factor):
                raise StudyError(
                    f"The unit '{unit}' of {name} is known, and worth {known:g} "
                    f"{units[name]['standard']}.",
                    fix="Take the line out, or give the unit another name.",
                    at=Key(shown, f"units > {name} > {unit}", str(factor)),
                )
            units[name]["factors"][unit] = factor
        doubtful = units[name].get("ask", {})
        told = {unit_key(unit) for unit in factors}
        units[name]["ask"] = {u: why for u, why in doubtful.items() if unit_key(u) not in told}
    return units


def check_units(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a ``unit`` of the study file that its column is not measured in."""
    for table, spec in study["tables"].items():
        for record in spec["records"]:
            tests = _tests(record["columns"], study)
            for name, how in record["columns"].items():
                if unit := how.get("unit"):
                    names = (
                        tests if name == "LBSTRESN" else [name] if name in study["units"] else []
                    )
                    place = f"tables > {table} > columns > {name} > unit"
                    _check_unit(unit, name, names, study, shown, place)


def _tests(columns: dict, study: dict) -> list[str]:
    """The laboratory tests of a record: the one that it names, or all."""
    named = columns.get("LBTESTCD", {}).get("constant")
    return [
        name
        for name in ([named] if named else study["vocabulary"]["lab_test"])
        if name in study["units"]
    ]


def _check_unit(
    unit: str, name: str, names: list[str], study: dict, shown: str, place: str
) -> None:
    if not names or any(unit_factor(test, unit, study) is not None for test in names):
        return
    known = list(dict.fromkeys(u for test in names for u in study["units"][test]["factors"]))
    about = about_unit(names[0], unit, study) if len(names) == 1 else ""
    whose = names[0] if len(names) == 1 else "any laboratory test"
    quoted = shorter(unit, QUOTED)
    raise StudyError(
        f"The unit '{quoted}' is not known for {whose}{about}.",
        fix=f"Known for {name}: {', '.join(known)}. A unit of your own, with what it is worth: "
        f"units > {names[0]} > '{quoted}': FACTOR.",
        at=Key(shown, place, unit),
    )


def with_lab_units(records: list[dict]) -> list[dict]:
    """The records of ``labs`` in which a column given as LBSTRESU is the unit of the results."""
    made = []
    for record in records:
        columns = {name: how for name, how in record["columns"].items() if name != "LBSTRESU"}
        unit = record["columns"].get("LBSTRESU", {})
        result = dict(columns.get("LBSTRESN", {}))
        for key, told in (("from", "unit_from"), ("constant", "unit")):
            if key in unit:
                result.setdefault(told, unit[key])
        made.append({**record, "columns": {**columns, **({"LBSTRESN": result} if result else {})}})
    return made
