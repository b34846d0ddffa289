"""The two exports of the synthetic cohort and the note that goes with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from venaza.contracts.files import write_bytes, write_text
from venaza.simulate.cohort import Patient
from venaza.simulate.defects import Defect, plant
from venaza.simulate.history import cohort_at, make_cohort, removed_number, revised
from venaza.simulate.hospital import rows_by_table, write_rows
from venaza.simulate.plan import EARLY_CUTOFF, FINAL_CUTOFF, SEED
from venaza.simulate.wording import SHEETS
from venaza.simulate.workbook import workbook_bytes

FILE_NAME = "VEN-AZA随访导出.xlsx"
TITLE = "合成数据 SYNTHETIC DATA: 程序生成, 非真实患者 / made by a program, no real patients"
#: Tables in which rows are repeated exactly, with the places of the rows, as shares of the sheet.
_REPEATED = {
    "patients": (0.3,),
    "cycles": (0.55,),
    "responses": (0.2,),
    "mutations": (0.7,),
    "adverse_events": (0.35, 0.8),
    "labs": (0.1, 0.45, 0.9),
}


def build_export(
    cohort: list[Patient], cutoff: date, seed: int
) -> tuple[dict[str, list[list[object]]], list[Defect]]:
    """The sheets of the export of ``cutoff`` (name -> lines) and the defects planted in them."""
    rows = rows_by_table(cohort_at(cohort, cutoff, seed))
    removed = f"VA{removed_number(cohort):03d}"
    planted = plant(rows, cohort, removed, cutoff)
    sheets = {}
    for table, (name, columns) in SHEETS.items():
        lines = write_rows(table, rows[table], seed)
        planted += _repeat(table, rows[table], lines)
        head = [list(columns.values())]
        if table == "patients":
            head = [[TITLE], *head]
            patients = len({row["USUBJID"] for row in rows[table]})
            lines.append([None, f"合计：{patients}例"])
            what = "a line with a total below the table"
            planted.append(Defect(name, "", what, "row_without_patient"))
        sheets[name] = head + lines
    return sheets, planted


def _repeat(table: str, rows: list[dict], lines: list[list[object]]) -> list[Defect]:
    """Repeat a few lines exactly, right below themselves; in place."""
    found = []
    for share in sorted(_REPEATED.get(table, ()), reverse=True):
        place = int(share * len(rows))
        lines.insert(place + 1, list(lines[place]))
        patient = str(rows[place]["USUBJID"])
        found.append(Defect(SHEETS[table][0], patient, "row repeated exactly", "duplicate_row"))
    return found


def planted_defects(seed: int = SEED, cutoff: date = FINAL_CUTOFF) -> list[Defect]:
    """The defects in the export of ``cutoff``: sheet, patient, what, and the check to find it."""
    return build_export(make_cohort(seed), cutoff, seed)[1]


def write_exports(folder: Path, seed: int = SEED) -> list[Path]:
    """Write both exports and their README under ``folder`` (data/raw/STUDY); return the paths."""
    folder, cohort = Path(folder), make_cohort(seed)
    header_rows = {name: 2 if table == "patients" else 1 for table, (name, _) in SHEETS.items()}
    paths, planted = [], []
    for cutoff in (EARLY_CUTOFF, FINAL_CUTOFF):
        path = folder / cutoff.isoformat() / FILE_NAME
        sheets, planted = build_export(cohort, cutoff, seed)
        title = f"SYNTHETIC DATA, export of {cutoff.isoformat()}"
        data = workbook_bytes(sheets, title=title, day=cutoff, header_rows=header_rows)
        write_bytes(data, path)
        paths.append(path)
    readme = folder / "README.md"
    write_text(_readme(cohort, planted, seed), readme)
    return [*paths, readme]


def _readme(cohort: list[Patient], planted: list[Defect], seed: int) -> str:
    early = cohort_at(cohort, EARLY_CUTOFF, seed)
    aged, graded, twice = revised(cohort)
    removed = f"VA{removed_number(cohort):03d}"
    sheets = {sheet: table for table, (sheet, _) in SHEETS.items()}
    defects = "\n".join(
        f"| {d.sheet} ({sheets[d.sheet]}) | {d.patient or '(none)'} | {d.what} | `{d.rule}` |"
        for d in planted
    )
    return _README.format(
        **{"seed": seed, "early": EARLY_CUTOFF, "final": FINAL_CUTOFF, "file": FILE_NAME},
        **{"n_early": len(early), "n_final": len(cohort), "aged": aged, "graded": graded},
        **{"twice": twice, "removed": removed, "defects": defects},
        **{"late": len(cohort) - len(early) + 1},
    )


_README = """# SYNTHETIC DATA (合成数据): the cohort of the primary study

No row describes a real person. The patients were made by a program, `python -m venaza simulate`
(package `venaza/simulate`, seed {seed}), not by a hospital. Licence: CC0 1.0.

## What is taken from the publication and what is invented
Taken from Bai et al., BMC Cancer 2025;25:990, as listed in
`data/reference/published_targets_aml_venaza.csv`: the numbers of patients (29 newly diagnosed,
21 relapsed or refractory), the median ages, median follow-up, median event-free, overall and
post-failure survival, the response and MRD counts, the number treated after failure and the
regimens named there. The times of single patients are placed so that these figures come out.
Everything else is invented: sex, risk, karyotype, counts, mutations, adverse events, laboratory
values, the course of each patient. None of it says anything about the patients of the publication.

## The two exports
Each folder holds `{file}`, an Excel workbook of nine sheets, written the way a
hospital sends it: Chinese and English mixed, dates in several styles, units in headers,
duplicates, stray spaces. The title above the header of the patients' sheet says that the data
are synthetic.

- `{early}`: {n_early} registrations, as known on that day.
- `{final}`: {n_final} patients. What changed besides the passing of time:
  - the {late} who started later are new;
  - {removed}, a second registration of {twice}, was removed;
  - the age of {aged} was corrected (its digits had been turned round);
  - a response of {graded} was re-graded from CR to CRi, since a count had not recovered.

## Planted defects of the final export
Each should become a query; none moves a published figure.

| sheet | patient | what | check |
|---|---|---|---|
{defects}
"""
