"""`python -m venaza simulate`: a shipped synthetic study, or a new cohort of any size."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import yaml

from venaza.contracts.errors import StudyError
from venaza.contracts.files import write_bytes, write_text
from venaza.study.documents import merge, read_yaml

#: The most patients of a simulated cohort.
MOST = 50_000
#: Above so many patients a line for each, and an analysis without each, say nothing.
FEW = 100
#: What a simulated cohort takes of a report: its look, not its authors, approvals and exhibits.
_LAYOUT = ("renderer", "submission", "reference_docx", "tiff")
_MARK = "# Written by `python -m venaza simulate --like"


def run(options: argparse.Namespace, root: Path) -> None:
    """Write what is asked for; prints the files."""
    asked = (options.patients, options.seed, options.median_os)
    if not options.like and any(value is not None for value in asked):
        raise StudyError(
            "--patients, --seed and --median-os say what a new cohort is to be.",
            fix="Give --like PLAN as well; without it a shipped study is written again.",
        )
    if options.like:
        patients = 100 if options.patients is None else options.patients
        written = write_like(
            root, options.like, patients, options.to, options.seed, options.median_os,
            replace=options.force,
        )  # fmt: skip
    else:
        primary = read_yaml(root / "config/config.yaml", "config/config.yaml")["studies"]
        name = options.study or primary
        written = write_shipped(root, name, options.to or root / "data/raw" / name)
    for path in written:
        print(path)


def write_shipped(root: Path, name: str, folder: Path) -> list[Path]:
    """The exports of a shipped synthetic study under ``folder``, as they are committed."""
    from venaza.commands.simulate.cohort import make_cohort, read_plan
    from venaza.commands.simulate.cuts import export_of, exports_of
    from venaza.commands.simulate.readme import shipped_readme
    from venaza.commands.simulate.workbook import workbook

    plan = read_plan(root, name)
    cohort, paths, planted = make_cohort(plan, plan["seed"]), [], []
    for export in exports_of(plan):
        known, planted = export_of(cohort, export)
        if "workbook" in plan:
            data, more = workbook(known, plan["seed"])
            paths.append(folder / export["cutoff"] / plan["workbook"]["name"])
            write_bytes(data, paths[-1])
            planted += more
        else:
            paths += _write_export(known, plan["seed"], folder)
    readme = folder / "README.md"
    write_text(shipped_readme(plan, name, planted), readme)
    return [*paths, readme]


def write_like(
    root: Path,
    like: str,
    patients: int,
    folder: Path | None,
    seed: int | None = None,
    medians: str | None = None,
    replace: bool = False,
) -> list[Path]:
    """A cohort of ``patients`` by the plan ``like``: export, README and a study file; their paths.

    ``folder`` is ``data/raw/NAME`` of a project; the study file is ``config/studies/NAME.yaml``.
    The same arguments give the same bytes. Raises ``StudyError`` for a size, a name or a median
    that cannot be, and where the study is there already.
    """
    from venaza.commands.simulate.cohort import make_cohort, read_plan
    from venaza.commands.simulate.readme import like_readme

    plan = read_plan(root, like)
    if not 1 <= patients <= MOST:
        raise StudyError(
            f"A cohort of {patients} patients cannot be simulated.",
            fix=f"Give --patients a number from 1 to {MOST}.",
            value=str(patients),
        )
    project, name = _place(folder, like)
    study_file = project / f"config/studies/{name}.yaml"
    _refuse_to_overwrite(folder, study_file, name, replace)
    own = read_yaml(root / f"config/studies/{like}.yaml", f"config/studies/{like}.yaml")
    days = own["timeline"].get("days_per_month", 30.4375)
    plan = with_medians(plan, medians, days)
    seed = plan["seed"] if seed is None else seed
    cohort = make_cohort(plan, seed, patients)
    paths = list(_write_export(cohort, seed, folder))
    command = _command(like, patients, seed, name, medians)
    readme = folder / "README.md"
    write_text(like_readme(plan, like, patients, seed, command), readme)
    study = _study(own, plan, like, patients, seed, paths)
    head = f"{_MARK} {like}`: a SYNTHETIC cohort.\n# {command}\n"
    text = yaml.safe_dump(study, allow_unicode=True, sort_keys=False, width=110)
    write_text(head + text, study_file)
    return [*paths, readme, study_file]


def _command(like: str, patients: int, seed: int, name: str, medians: str | None) -> str:
    more = f" --median-os {medians}" if medians else ""
    return (
        f"python -m venaza simulate --like {like} --patients {patients} --seed {seed}{more} "
        f"--to data/raw/{name}"
    )


def _place(folder: Path | None, like: str) -> tuple[Path, str]:
    """The project and the study's name that ``folder`` stands for."""
    fix = f"Give --to data/raw/NAME of the project, for instance --to data/raw/like_{like}."
    if folder is None:
        raise StudyError("It is not said where the simulated cohort belongs.", fix=fix)
    whole = folder.resolve()
    project = whole.parents[2] if len(whole.parents) > 2 else whole
    if whole.parent != project / "data/raw" or not (project / "config/studies").is_dir():
        raise StudyError(
            f"The folder '{folder.name}' is not a study's folder below data/raw of a project.",
            fix=fix,
            value=folder.name,
        )
    if not whole.name.replace("_", "").isalnum() or not whole.name.isascii():
        raise StudyError(
            f"'{whole.name}' cannot be the name of a study.",
            fix="Use letters, digits and _.",
            value=whole.name,
        )
    return project, whole.name


def _refuse_to_overwrite(folder: Path, study_file: Path, name: str, replace: bool) -> None:
    if not folder.exists() and not study_file.exists():
        return
    ours = study_file.exists() and study_file.read_text(encoding="utf-8").startswith(_MARK)
    if replace and ours:
        return
    fix = "Choose another name" + (", or replace it with --force." if ours else ".")
    kind = "a simulated study" if ours else "a study that no simulation wrote"
    raise StudyError(f"There is {kind} called '{name}' already.", fix=fix, value=name)


def with_medians(plan: dict, medians: str | None, days_per_month: float) -> dict:
    """The plan with the median overall survival of some groups changed (``ND=12,RR=8``: months)."""
    if not medians:
        return plan
    groups = {name: dict(spec) for name, spec in plan["groups"].items()}
    for part in medians.split(","):
        group, given, text = part.rpartition("=")
        group = group.strip() if given else next(iter(groups))
        try:
            months = float(text)
        except ValueError:
            months = 0.0
        if group not in groups or not 0 < months < 1000 or (not given and len(groups) > 1):
            raise StudyError(
                f"'{part}' gives no group a median overall survival.",
                fix=f"Write GROUP=MONTHS with commas between; groups: {', '.join(groups)}.",
                value=part,
            )
        groups[group]["median_os"] = months * days_per_month
    return {**plan, "groups": groups}


def _write_export(cohort, seed: int, folder: Path) -> Iterator[Path]:
    """Write the files of the export of the plan's cut-off; yields their paths."""
    from venaza.commands.simulate.redcap import redcap_files
    from venaza.commands.simulate.sheets import sheet_files

    files = redcap_files if "redcap" in cohort.plan else sheet_files
    dated = folder / str(cohort.plan["cutoff"])
    dated.mkdir(parents=True, exist_ok=True)
    for name, parts in files(cohort, seed):
        with (dated / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
        yield dated / name


def _study(own: dict, plan: dict, like: str, patients: int, seed: int, paths: list[Path]) -> dict:
    """The study file: the like study's analysis, with words that say what these patients are."""
    from venaza.commands.simulate.readme import said

    told_of_others = ("published", "examples", "evidence")
    kept = {key: value for key, value in own.items() if key not in told_of_others}
    words = {
        "title": f"Simulated cohort: {plan['title']}",
        "synthetic": True,
        "short": f"Simulated: {plan['short']}",
        "data": said(like, patients, seed),
        "licence": "CC0-1.0",
        "source": f"the plan config/simulate/{like}.yaml with the seed {seed}",
    }
    report = {key: value for key, value in own.get("report", {}).items() if key in _LAYOUT}
    study = {**kept, "study": {**own["study"], **words}, "report": report}
    if plan.get("export") == "sheets":
        study["tables"] = {name: _as_csv(spec) for name, spec in own["tables"].items()}
    if "study" in plan:
        study = {**study, **plan["study"]}
    if patients > FEW:
        study["analysis"] = merge(study["analysis"], {"swimmer": False, "influence": False})
    size = max(path.stat().st_size for path in paths) // 1_000_000
    if patients > 1000:  # what intake refuses as more than an export should hold
        study["limits"] = {
            "file_mb": size + 500,
            "cells": 400 * patients + 12_000_000,
            "grid": 5000 * patients,
        }
    return study


def _as_csv(spec: dict) -> dict:
    """A table of a workbook's sheet, as the CSV file of the same name."""
    plain = {key: value for key, value in spec.items() if key not in ("sheet", "header_row")}
    return {**plain, "file": f"{spec['sheet']}.csv"}
