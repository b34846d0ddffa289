"""What the pipeline makes of a cohort: every stage up to the statistics, in memory."""

from __future__ import annotations

import functools
import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from tests.metamorphic.cohort import ROOT, Cohort, cohort
from tests.metamorphic.write import written
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.protect import protect
from venaza.pipeline.statistics import analyse
from venaza.preflight import check_headers, export_files, load_study, other_files, settings

#: What is compared, beside the ARD.
COMPARED = (
    *("adsl", "adrs", "adtte", "adtte_excluded", "definitions", "assessments"),
    *("adae", "adlb", "tls"),
)


@dataclass
class Outcome:
    """Analysis tables, queries and ARD of a cohort; or the message that stopped the run."""

    stopped: str = ""
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    #: Query rules with the patient and the message of each, gravest kind first as raised.
    queries: pd.DataFrame | None = None
    study: dict = field(default_factory=dict)
    account: pd.DataFrame | None = None
    clean: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def ard(self) -> pd.DataFrame:
        return _ard(self)

    def asked(self) -> dict[str, int]:
        """How many queries of each rule."""
        return {} if self.queries is None else self.queries["RULE"].value_counts().to_dict()

    def times(self, endpoint: str = "OS") -> pd.DataFrame:
        """ADTTE of an endpoint, by patient."""
        adtte = self.tables["adtte"]
        return adtte[adtte["PARAMCD"] == endpoint].set_index("USUBJID")


@contextmanager
def project(told: Cohort) -> Iterator[Path]:
    """A project with the cohort's study file and export."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "config/studies").mkdir(parents=True)
        for part in (ROOT / "config").iterdir():
            if part.name not in ("studies", "corrections"):
                (root / "config" / part.name).symlink_to(part)
        for part in ("workflow", "data/reference"):
            (root / part).parent.mkdir(exist_ok=True)
            (root / part).symlink_to(ROOT / part)
        if told.corrections:
            (root / "config/corrections").mkdir()
            (root / f"config/corrections/{told.name}.csv").write_text(
                told.corrections, encoding="utf-8"
            )
        raw = root / "data/raw" / told.name / told.export
        raw.mkdir(parents=True)
        written(told, raw)
        text = yaml.safe_dump(told.told, allow_unicode=True, sort_keys=False)
        (root / f"config/studies/{told.name}.yaml").write_text(text, encoding="utf-8")
        yield root


def run(told: Cohort) -> Outcome:
    """Intake, privacy gate, cleaning and endpoints; the ARD is made when it is asked for."""
    with project(told) as root:
        try:
            return _run(root, told.name)
        except StudyError as error:
            return Outcome(stopped=str(error))


def _run(root: Path, name: str) -> Outcome:
    study = load_study(root, name)
    check_headers(root, study)
    which = (root, name, study["export"])
    folder = root / "data/raw" / name / study["export"]
    paths = export_files(*which) + other_files(*which)
    cells, _ = read_export(paths, folder, settings(study, "intake"))
    cells, _ = protect(cells, settings(study, "intake"), root)
    cleaned = clean(cells, settings(study, "clean"))
    derived = derive(cleaned, settings(study, "endpoints"))
    del derived["trail"]  # it says in words how the times came about; no statistic reads it
    queries = pd.concat([cleaned["queries"], derived.pop("queries")], ignore_index=True)
    tables = {key: _without_places(table) for key, table in derived.items()}
    return Outcome(
        tables=tables,
        queries=queries,
        study=settings(study, "statistics"),
        account=cleaned["row_account"],
        clean=cleaned,
    )


def _without_places(table: pd.DataFrame) -> pd.DataFrame:
    """Without the columns that say from which raw cell a value comes; statistics need none."""
    return table.drop(columns=[c for c in table.columns if c.startswith("SRC")])


_ARDS: dict[str, pd.DataFrame] = {}


def _ard(outcome: Outcome) -> pd.DataFrame:
    """The ARD; made once for equal tables and settings, which are all that statistics see."""
    seen = hashlib.sha256(json.dumps(outcome.study, sort_keys=True, default=str).encode())
    for name, table in sorted(outcome.tables.items()):
        seen.update(f"{name} {list(table.columns)} {list(map(str, table.dtypes))}".encode())
        seen.update(pd.util.hash_pandas_object(table, index=True).to_numpy().tobytes())
    key = seen.hexdigest()
    if key not in _ARDS:
        _ARDS[key], _ = analyse(outcome.tables, outcome.study)
    return _ARDS[key]


@functools.cache
def as_sent(name: str, part: bool = False) -> Outcome:
    """What the shipped export gives, or a ``part`` of its patients."""
    return run(cohort(name, part))
