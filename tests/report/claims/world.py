"""A cohort as the claims of its report are checked: its tables, and each sentence as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from venaza.contracts.analysis import NOT_RECORDED
from venaza.contracts.results import slug
from venaza.pipeline.figures import planned as planned_figures
from venaza.pipeline.report.documents import written
from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.numbers import Numbers, variable
from venaza.pipeline.report.source import Inputs, context_of
from venaza.pipeline.tables import planned as planned_tables

FACTS = {
    "export": "2023-11-30",
    "files": [{"file": "made_up.csv", "sha256": "a" * 64}],
    "code": {"version": "0", "sha256": "b" * 64},
    "configuration": {"sha256": "c" * 64},
    "python": "3",
    "packages": {"pandas": "2"},
    "renderer": {"name": "embedded", "version": "1"},
    "comparison": {"wish": "before", "export": "2023-06-30", "base": "x", "states": [1, 2]},
}


@dataclass
class World:
    """Clean tables, analysis tables and ARD of a cohort; what its report prints, by sentence."""

    name: str
    study: dict
    clean: dict[str, pd.DataFrame]
    tables: dict[str, pd.DataFrame]
    ard: pd.DataFrame
    queries: pd.DataFrame
    folder: Path
    corrections: pd.DataFrame | None = None
    changes: pd.DataFrame | None = None
    #: What is printed: name of the sentence -> what it is about -> its texts.
    said: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        printed = planned_tables(self.study)
        for name in printed:
            (self.folder / f"{name}.html").write_text("<table></table>", encoding="utf-8")
        inputs = Inputs(
            reference=Path("report/reference.docx"),
            tables={
                **self.tables,
                "queries": self.queries,
                "row_account": self.clean["row_account"],
                "corrections": self.corrections,
                "changes": self.changes,
            },
            ard=self.ard,
            study=self.study,
            facts=FACTS,
            figures=planned_figures(self.study),
            figures_folder=self.folder,
            printed=printed,
            tables_folder=self.folder,
        )
        context = context_of(inputs)
        self.context = context
        self.documents, self.parts = written(context)
        displayed = zip(self.ard["ard_id"], self.ard["display"], strict=True)
        self.shown = {variable(ard_id): text for ard_id, text in displayed}
        for one in context.said:
            texts = self.said.setdefault(one.name, {}).setdefault(about(one.about), [])
            texts.append(plain(one.text, self.shown))

    @property
    def groups(self) -> list[str]:
        """The codes of the groups; ``all`` where there are none."""
        return list(map(str, (self.study.get("groups") or {"levels": ["all"]})["levels"]))

    def label(self, group: str) -> str:
        """A group as the text calls it: by its abbreviation where it has one."""
        if not self.study.get("groups"):
            return "all"
        return self.study["groups"].get("short", {}).get(group) or self.full(group)

    def defined(self, group: str) -> str:
        """A group where the text calls it for the first time: ``newly diagnosed (ND)``."""
        short = self.label(group)
        return short if short == self.full(group) else f"{self.full(group)} ({short})"

    def full(self, group: str) -> str:
        """The label of a group with a small first letter."""
        words = str(self.study["groups"]["levels"][group])
        first = words.split(" ")[0]
        return words[0].lower() + words[1:] if first[1:].islower() else words

    @property
    def several(self) -> bool:
        return len(self.groups) > 1

    @cached_property
    def begun(self) -> pd.DataFrame:
        """The clean patients with an index date."""
        patients = self.clean["patients"]
        return patients[patients["INDEXDY"].notna()]

    @cached_property
    def analysed(self) -> pd.DataFrame:
        """ADSL of the patients who are in all that is not by group."""
        return self.tables["adsl"].loc[self.tables["adsl"]["ITTFL"] == "Y"]

    def members(self, group: str = "all") -> set[str]:
        """The patients of a group, from the clean column that makes the groups."""
        treated = set(self.analysed["USUBJID"])
        if group == "all" or not self.study.get("groups"):
            return treated
        patients = self.begun
        words = patients[self.study["groups"]["variable"]].astype("string")
        of_group = words.isna() if group == NOT_RECORDED else words == group
        return set(patients.loc[of_group.fillna(False), "USUBJID"]) & treated

    @property
    def compared(self) -> list[str]:
        """The groups that are compared: one that is not recorded is only shown."""
        return [group for group in self.groups if group != NOT_RECORDED]

    @property
    def sizes(self) -> list[int]:
        return [len(self.members(group)) for group in self.groups]

    def clean_of(self, table: str, group: str = "all") -> pd.DataFrame:
        """The rows of a clean table of a group's patients."""
        rows = self.clean[table]
        return rows[rows["USUBJID"].isin(self.members(group))]

    def adsl(self, group: str = "all") -> pd.DataFrame:
        """ADSL of a group."""
        return self.analysed[self.analysed["USUBJID"].isin(self.members(group))]

    def times(self, code: str, group: str = "all") -> pd.DataFrame:
        """AVAL and CNSR of an endpoint in a group."""
        adtte = self.tables["adtte"]
        own = adtte["USUBJID"].isin(self.members(group))
        return adtte[(adtte["PARAMCD"] == code) & own]

    def maps(self, table: str, column: str = "") -> bool:
        """Whether the study file maps a table, or a column of it."""
        records = self.study["tables"].get(table, {}).get("records", [])
        if not column:
            return table in self.study["tables"]
        return any(column in record["columns"] for record in records)

    @property
    def month(self) -> float:
        return self.study["timeline"]["days_per_month"]

    def has(self, prefix: str) -> bool:
        """Whether the ARD has a number of this kind."""
        return self.ard["ard_id"].str.startswith(prefix).any()

    def display(self, ard_id: str) -> str:
        return self.ard.set_index("ard_id").loc[ard_id, "display"]


def about(things: tuple) -> str:
    """What a sentence is about beside the context, as text."""
    words = []
    for thing in things:
        if isinstance(thing, Group):
            words.append(thing.slug)
        elif isinstance(thing, dict) and thing is not FACTS:
            words.append("+".join(thing))
        elif not isinstance(thing, (dict, list, pd.DataFrame, type(None))):
            words.append(str(thing))
    return " ".join(words)


def plain(text: str, shown: dict[str, str]) -> str:
    """A sentence as it is read: numbers in their place, no marks."""
    text = re.sub(r"\{\{< var (\S+) >\}\}", lambda m: str(shown[m[1]]), text)
    text = re.sub(r"\[((?:[^\[\]\\]|\\.)*)\]\{\.[^}]*\}", r"\1", text)
    return re.sub(r"\\(.)", r"\1", text).replace("\u00a0", " ")


def slugs(world: World) -> dict[str, str]:
    """The groups by their part of an ARD id."""
    return {slug(group): group for group in world.groups}


def level(world: World) -> Numbers:
    """The ARD as the text sees it."""
    return Numbers(world.ard, world.study)
