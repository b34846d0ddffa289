"""The risk tables of config/risk, read and checked against each other for a study that asks."""

from __future__ import annotations

from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.study.library import check_karyotype, check_scheme, read_definition
from venaza.study.names import check_known, did_you_mean

#: Every scheme is derived; the study file says which one is compared with the recorded group.
SCHEMES = ("eln2022", "eln2024_less_intensive", "four_gene")


def derived_levels(study: dict) -> dict[str, list[str]]:
    """The derived risk columns of ADSL that the study has, with the levels of each in order."""
    if not study["risk"]:
        return {}
    columns = {"RISKDRV": study["risk"]["scheme"], "RISK2024": SCHEMES[1], "SIG4": SCHEMES[2]}
    schemes = study["risk_tables"]["schemes"]
    return {column: schemes[name]["groups"] for column, name in columns.items()}


def risk_tables(root: Path, study: dict, shown: str) -> dict:
    """``schemes`` by name and ``karyotype``; empty where the study derives no risk groups."""
    spec = study["risk"]
    if not spec:
        return {}
    patients = study["tables"]["patients"]["records"][0]["columns"]
    column = spec.get("compare_with")
    if column is not None and column not in patients:
        hint = did_you_mean(column, patients)
        raise StudyError(
            f"'{column}' is not a column of this study's patients.",
            fix=f"{hint}Map it under tables > patients > columns, or leave compare_with out.",
            at=Key(shown, "risk > compare_with", column),
        )
    tables = {name: read_definition(root, _path(name), "scheme") for name in SCHEMES}
    karyotype = read_definition(root, _path("karyotype"), "karyotype")
    check_karyotype(karyotype, _path("karyotype"))
    for name, scheme in tables.items():
        check_scheme(scheme, karyotype["lesions"], study, _path(name))
    return {"schemes": tables, "karyotype": karyotype}


def check_panel(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a gene of the laboratory's panel that no vocabulary has."""
    panel, genes = (study["risk"] or {}).get("panel", {}), study["vocabulary"]["gene"]
    for key, named in panel.items():
        named = named if isinstance(named, list) else [named]
        check_known(named, genes, "a gene of the vocabulary", shown, f"risk > panel > {key}")


def _path(name: str) -> str:
    return f"config/risk/{name}.yaml"
