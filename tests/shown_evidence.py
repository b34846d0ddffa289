"""A made-up study that shows the shipped evidence: its section, its ARD, the reference rows."""

from __future__ import annotations

import copy
from pathlib import Path

import pandas as pd

from venaza.contracts.evidence import read_rows
from venaza.pipeline.statistics import ard
from venaza.pipeline.statistics.evidence import evidence
from venaza.preflight.evidence import evidence_of
from venaza.study.documents import read_yaml

ROOT = Path(__file__).parents[1]
TRIALS = "data/reference/all_ongoing_trials.csv"
#: Three series are enough, and regimens are one: so that the shipped cohorts are pooled at all.
CLASS = {"venetoclax": ["VEN-AZA", "VEN-HMA", "VEN-DAC", "VEN-LDAC"], "azacitidine": ["AZA"]}
POOL = {"least": 3, "classes": CLASS, "where": {}, "leave_out": []}


def with_evidence(study: dict, own: pd.DataFrame, **more) -> tuple[dict, pd.DataFrame, dict]:
    """``study`` with the section ``evidence``, ``own`` with its numbers, and the rows of tables."""
    study = copy.deepcopy(study)
    base = read_yaml(ROOT / "config/defaults.yaml", "defaults")["evidence"]
    given = {"disease": "AML", "settings": {"ND": "ND", "RR": "RR"}, "trials": TRIALS, "pool": POOL}
    study["evidence"] = base | given | more
    study["evidence"] = evidence_of(ROOT, study, "study.yaml")
    study["analysis"] = {"confidence": 0.95, "least_patients": 5, "least_events": 5} | study[
        "analysis"
    ]
    study["groups"] = study["groups"] and {"name": "group", **study["groups"]}
    tables = {file: read_rows(ROOT / file) for file in study["evidence"]["files"]}
    trials = read_rows(ROOT / TRIALS)
    found = list(evidence(set(own["ard_id"]), study, tables, trials))
    published = ard.assemble(found)
    both = pd.concat([own.astype("object"), published[own.columns].astype("object")])
    return (
        study,
        both.reset_index(drop=True),
        {
            "evidence": [r for t in tables.values() for r in t],
            "trials": trials,
            "selections": {row["ard_id"]: row["selection"] for row in found},
        },
    )
