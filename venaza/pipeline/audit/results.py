"""Reading a study's results back: every table of every stage, and what its columns are."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from venaza.contracts.clean import PLACE
from venaza.contracts.columns import Column
from venaza.contracts.errors import StudyError
from venaza.contracts.files import read_table, table_columns
from venaza.contracts.queries import RANK

#: The stages whose tables the audit reads.
STAGES = ("intake", "clean", "endpoints", "statistics")


def read_results(
    root: Path, stages: Iterable[str] = STAGES, categories: Iterable[str] = ()
) -> dict[str, pd.DataFrame]:
    """The tables in ``root`` (``results/STUDY``) by stage and name: ``clean/patients``.

    Those of the stages ``categories`` have categorical columns (``read_table``).

    Raises ``StudyError`` where a stage has not been run.
    """
    tables = {}
    for stage in stages:
        paths = sorted((root / stage).glob("*.parquet"))
        if not paths:
            raise StudyError(
                f"The study '{root.name}' has no results of the stage '{stage}' yet.",
                fix=f"Run: snakemake --cores 4 --config studies={root.name}",
                file=f"results/{root.name}/{stage}",
            )
        tables |= {f"{stage}/{path.stem}": read_table(path, stage in categories) for path in paths}
    return tables


def read_dictionaries(root: Path) -> dict[str, tuple[Column, ...]]:
    """The columns of every Parquet file of the stages, by path within ``root``."""
    return {
        path.relative_to(root).as_posix(): table_columns(path)
        for stage in STAGES
        for path in sorted((root / stage).glob("*.parquet"))
    }


def of_stage(tables: dict[str, pd.DataFrame], stage: str) -> dict[str, pd.DataFrame]:
    """The tables of one stage by name."""
    prefix = f"{stage}/"
    return {name[len(prefix) :]: t for name, t in tables.items() if name.startswith(prefix)}


def clean_rows(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The clean tables with a row for each thing of a patient."""
    wanted = {"USUBJID", "SEQ", *PLACE}
    return {name: f for name, f in of_stage(tables, "clean").items() if wanted <= set(f)}


def all_queries(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The queries of cleaning and of the endpoints, the gravest first."""
    found = [tables[name] for name in ("clean/queries", "endpoints/queries") if name in tables]
    queries = pd.concat([_as_texts(frame) for frame in found], ignore_index=True)
    rank = queries["SEVERITY"].map(RANK).fillna(len(RANK))
    return queries.assign(_rank=rank).sort_values("_rank", kind="stable").drop(columns="_rank")


def _as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with texts in place of categories."""
    return frame.astype(dict.fromkeys(frame.select_dtypes("category"), "string"))


def number_of(tables: dict[str, pd.DataFrame], ard_id: str) -> dict:
    """The row of the ARD with a number; raises ``StudyError`` where there is none of that name."""
    ard = tables["statistics/ard"]
    if ard_id not in set(ard["ard_id"]):
        raise unknown("number", ard_id, list(ard["ard_id"]), "ARD_ID")
    return ard[ard["ard_id"] == ard_id].to_dict("records")[0]


def export_of(root: Path) -> str:
    """The export that the results in ``root`` were made for; ``newest`` where they do not say."""
    path = root / "settings/intake.json"
    if not path.is_file():
        return "newest"
    try:
        return json.loads(path.read_text(encoding="utf-8"))["settings"]["export"]
    except (ValueError, LookupError, TypeError):
        raise StudyError(
            "This file of the results was altered: it does not say which export they are of.",
            fix=f"Run: snakemake --cores 4 --config studies={root.name}",
            file=f"results/{root.name}/settings/intake.json",
        ) from None


def unknown(kind: str, key: str, known: Iterable[str], column: str) -> StudyError:
    """The error for a patient or a number that the results do not have, with those near it."""
    known = list(known)
    folded = {name.casefold(): name for name in reversed(known)}
    near = difflib.get_close_matches(key.casefold(), list(folded), n=3, cutoff=0.5)
    hint = (
        f"Did you mean {' or '.join(folded[n] for n in near)}?"
        if near
        else f"There are {len(known)}, from {known[0]} to {known[-1]}."
        if known
        else "The results have none."
    )
    return StudyError(f"There is no {kind} '{key}'.", fix=hint, column=column, value=key)
