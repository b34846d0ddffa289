"""What can change in a project, an example of each, and the stages that must run for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.workflow.project import snakemake

STUDY = "aml_venaza"
FILE = f"config/studies/{STUDY}.yaml"
STAGES = (
    *("intake", "cleaning", "endpoints", "queries", "statistics"),
    *("figures", "tables", "report", "changes", "audit"),
)
#: How a job says what it does -> its stage.
_SAID = {
    "reading": "intake",
    "cleaning": "cleaning",
    "deriving": "endpoints",
    "writing the queries": "queries",
    "computing": "statistics",
    "drawing": "figures",
    "writing tables": "tables",
    "writing the manuscript": "report",
    "rendering": "report",
    "comparing": "changes",
    "saying": "changes",
    "writing the audit": "audit",
}
ALL = STAGES
FROM_CLEANING = STAGES[1:]
FROM_ENDPOINTS = STAGES[2:]
FROM_STATISTICS = STAGES[4:]
SHOWN = ("figures", "tables", "report", "changes", "audit")
TEXT = ("report", "audit")


#: A published curve; a dry run looks no further than whether its files are there.
CURVE = (
    "published_curves: [{id: trial, label: A trial, endpoint: OS, source: Doe 2020, "
    "points: data/reference/reference_cohorts.csv, at_risk: data/reference/reference_cohorts.csv}]"
)


@dataclass(frozen=True)
class Change:
    """A change for the page: its words, the file, the text replaced, and the stages that run.

    ``old`` is a regular expression, and where it is empty ``new`` is put at the end of the file.
    """

    words: str
    old: str
    new: str
    stages: tuple[str, ...]
    file: str = FILE
    key: str = ""

    def make(self, project: Path) -> None:
        """Make the change in ``project``."""
        path = project / self.file
        text = path.read_text(encoding="utf-8")
        made = f"{text}\n{self.new}\n"
        if self.old:
            made, count = re.subn(self.old, self.new, text, count=1, flags=re.MULTILINE)
            assert count == 1, self.old
        path.write_text(made, encoding="utf-8")


def of_study(key: str, words: str, old: str, new: str, stages: tuple[str, ...]) -> Change:
    return Change(f"`{key}`: {words}", old, new, stages, key=key)


CHANGES = (
    Change("a comment in the study file", "", "# a comment", ()),
    of_study("examples", "a worked example", "ends EFS, a later", "ends EFS; a later", ()),
    of_study("report", "a word of the text", "not fit for intensive", "unfit for intensive", TEXT),
    of_study("queries", "the language of the workbook", "", "queries: {language: zh}",
             ("queries", *TEXT)),
    of_study("language", "of all that is printed", "", "language: zh",
             ("queries", "figures", "tables", "report", "audit")),
    of_study("study", "the title", "  title: Veneto", "  title: On veneto",
             ("queries", *SHOWN)),
    of_study("timeline", "the words for the index date", "index: first dose of", "index: day 1 of",
             SHOWN),
    of_study("timeline", "days per month", "days_per_month: 30 ", "days_per_month: 31 ",
             FROM_CLEANING),
    of_study("groups", "a group's label", "RR: Relapsed or refractory}", "RR: R/R}", SHOWN),
    of_study("endpoints", "a definition's words", "  RFS: eln2022",
             "  RFS: {like: RFS.eln2022, sentence: from remission on}", SHOWN),
    of_study("endpoints", "another definition", "  RFS: eln2022",
             "  RFS: last_assessment", FROM_ENDPOINTS),
    of_study("analysis", "an analysis more or less", r"landmark_days: \[60, 90\]",
             "landmark_days: [60]", FROM_STATISTICS),
    of_study("published", "the citation", "citation: bai2025", "citation: dinardo2020", SHOWN),
    of_study("published", "a number compared", "    patients: n.ITT.{group}\n", "",
             FROM_STATISTICS),
    of_study("mrd", "a threshold", "negative_below: 0.01}", "negative_below: 0.02}",
             FROM_ENDPOINTS),
    of_study("response", "the criteria", "criteria: eln2017_aml", "criteria: eln2022_aml",
             FROM_ENDPOINTS),
    of_study("risk", "the scheme", "scheme: eln2022 ", "scheme: eln2024_less_intensive ",
             FROM_ENDPOINTS),
    of_study("labs", "a normal limit", "ANC: 1.8", "ANC: 1.9", FROM_ENDPOINTS),
    of_study("transfusions", "days without one", "", "transfusions: {free_days: 28}",
             FROM_ENDPOINTS),
    of_study("treatment_emergent", "days after the last dose", "",
             "treatment_emergent: {after_last_dose: 28}", FROM_ENDPOINTS),
    of_study("failure", "what counts as failure", "",
             "failure: {label: Failed, milestones: [RELAPSE]}", FROM_ENDPOINTS),
    of_study("milestones", "a milestone of the study's own", "",
             "milestones: {STOP: {description: Stopped, table: patients, date: STOPDT}}",
             FROM_ENDPOINTS),
    of_study("checks", "a check switched off", "", 'checks: {after_death: "off"}', FROM_CLEANING),
    of_study("vocabulary", "what an unknown word does", "", "vocabulary: {unmapped: query}",
             FROM_CLEANING),
    of_study("units", "what a laboratory's unit is worth", "", "units: {WBC: {kilo/drop: 0.05}}",
             FROM_CLEANING),
    of_study("numbers", "the decimal mark", "", 'numbers: {decimal: "."}', FROM_CLEANING),
    of_study("on_one_day", "what counts first on one day", "", "on_one_day: [DEATH, RELAPSE]",
             FROM_ENDPOINTS),
    of_study("changes", "the limits of an alarm", "", "changes: {mass_count: 6}", SHOWN[2:]),
    of_study("evidence", "the series pooled", "  pool:\n", "  pool:\n    least: 4\n",
             FROM_STATISTICS),
    of_study("published_curves", "a digitised curve", "", CURVE, FROM_STATISTICS),
    of_study("privacy", "a reason", "made up by the program", "invented by the program", ALL),
    of_study("tables", "a column's words", r"\{AML: \[AML, ", "{AML: [AML M2, AML, ", ALL),
    of_study("limits", "what is read at most", "", "limits: {columns: 500}", ALL),
    of_study("redcap", "codes that mean missing", "", "redcap: {missing_codes: [-99]}", ALL),
    Change("the code of figures", "", "# a comment", SHOWN[:1] + TEXT,
           "venaza/pipeline/figures/survival.py"),
    Change("the code of statistics", "", "# a comment", FROM_STATISTICS,
           "venaza/pipeline/statistics/survival.py"),
    Change("a script of cleaning", "", "# a comment", FROM_CLEANING,
           "workflow/scripts/clean.py"),
    Change("the manuscript's template", "", "{# a comment #}", TEXT,
           "report/text/en/document_manuscript.md.j2"),
    Change("the published figures", "", "", FROM_STATISTICS,
           "data/reference/published_targets_aml_venaza.csv"),
)  # fmt: skip


def planned(project: Path, studies: str = STUDY) -> dict[str, tuple[str, ...]]:
    """By study, the stages that a dry run says would run; the exports before do not count."""
    run = snakemake(project, "--dry-run", "--config", f"studies={studies}")
    said = run.stdout + run.stderr
    assert run.returncode == 0, said
    found: dict[str, set[str]] = {name: set() for name in studies.split(",")}
    for study, words in re.findall(r"^Job \d+: (\w+): (.*)$", said, re.MULTILINE):
        found[study] |= {stage for start, stage in _SAID.items() if words.startswith(start)}
    return {name: tuple(s for s in STAGES if s in stages) for name, stages in found.items()}
