"""SPSS syntax: what is asked of SPSS, what is not, and why; hand-made numbers."""

import re

import numpy as np
import pandas as pd
import pytest

from tests.bridges.conftest import COLUMNS
from venaza.contracts.files import conform
from venaza.contracts.results import ARD
from venaza.pipeline.bridges.breslow import breslow
from venaza.pipeline.bridges.sav import sheet, with_covariates
from venaza.pipeline.bridges.syntax import (
    LATE,
    NOT_REPEATED,
    PENALISED,
    SEVERAL,
    UNEVEN,
    Facts,
    syntax,
)
from venaza.pipeline.bridges.write import write_spss

EFRON = "Cox regression, univariable, Efron ties"


def log_rank(name: str, **more) -> list[dict]:
    rows = {"chi_square": 1.25, "df": 1.0, "p_value": 0.2636}
    return [
        {"ard_id": f"{name}.OS.{k}", "analysis": name, "endpoint": "OS", "statistic": k, "value": v}
        | more
        for k, v in rows.items()
    ]


def ratios(place: str, term: str, method: str, value: float | None = 2.0) -> list[dict]:
    values = {"hazard_ratio": value, "lower": 0.5, "upper": 8.0, "p_value": 0.3}
    shared = {"analysis": "cox", "endpoint": "OS", "term": term, "method": method}
    reason = None if value else "fewer than 5 events"
    return [
        {"ard_id": f"{place}.{k}", "statistic": k, "value": v if value else None, "reason": reason}
        | shared
        for k, v in values.items()
    ]


def cox(variable: str, *parts: list[dict]) -> list[dict]:
    head = {"ard_id": f"cox.OS.{variable}.n", "analysis": "cox", "endpoint": "OS"}
    return [{**head, "term": variable, "statistic": "n", "value": 8.0}, *sum(parts, [])]


def made(tables, study, rows) -> str:
    """The syntax of the hand-made study for an ARD of ``rows``."""
    wide, columns = with_covariates(tables["adtte"], tables["adsl"], COLUMNS, study)
    ard = conform(pd.DataFrame(rows), ARD)
    return syntax(Facts(wide, ard, sheet(wide, columns, study)[2], study))


def test_a_log_rank_test_with_its_number(tables, study):
    text = made(tables, study, log_rank("logrank"))
    assert text.startswith("\ufeff* Encoding: UTF-8.\n")
    assert 'ECHO "ARD logrank.OS: chi-square 1.25, df 1, p-value 0.2636".' in text
    assert text.count('SELECT IF (PARAMCD = "OS" AND ANY(GROUP, 1, 2)).') == 2
    assert "KM AVAL BY GROUP\n  /STATUS=CNSR(0)\n  /PRINT=MEAN\n  /TEST=LOGRANK\n" in text


def test_the_reference_is_the_place_among_the_categories_that_occur(tables, study):
    method = f"{EFRON}; reference high"
    text = made(tables, study, cox("RISK", ratios("cox.OS.RISK.low", "low", method)))
    # low is 1 and high is 3; mid, 2, does not occur, so high is the second category
    assert "/CATEGORICAL=RISK\n  /CONTRAST (RISK)=INDICATOR(2)\n  /METHOD=ENTER RISK" in text
    assert 'ECHO "ARD cox.OS.RISK.low (low vs high): 2, 0.5 to 8, p 0.3 (Efron\'s ties)".' in text
    assert 'ECHO "ARD cox.OS.RISK: n 5, events 3".' in text


def test_a_number_is_no_category(tables, study):
    text = made(tables, study, cox("AGE", ratios("cox.OS.AGE", "AGE", EFRON)))
    assert "  /METHOD=ENTER AGE\n  /PRINT=CI(95)\n" in text
    assert "CATEGORICAL" not in text


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (
            cox("AGE", ratios("cox.OS.AGE", "AGE", "Cox regression, univariable, Firth's penalty")),
            PENALISED,
        ),
        (cox("AGE", ratios("cox.OS.AGE", "AGE", EFRON, None)), "fewer than 5 events"),
    ],
)
def test_a_model_that_is_not_repeated_says_why(tables, study, rows, reason):
    text = made(tables, study, rows).replace('".\nECHO "', " ")
    assert "COXREG AVAL" not in text
    assert f"Not repeated: cox.OS.AGE. {reason[0].upper()}{reason[1:]}." in text


def test_late_entries_are_not_repeated(tables, study):
    tables["adtte"]["ENTRYDY"] = pd.array([None] * 15 + [4], dtype="Int64")
    tables["adtte"]["PARAMCD"] = "OS"
    rows = [*log_rank("logrank"), *log_rank("logrank_stratified")]
    rows += cox("AGE", ratios("cox.OS.AGE", "AGE", EFRON))
    text = made(tables, study, rows).replace('".\nECHO "', " ")
    assert text.count(f"{LATE[0].upper()}{LATE[1:]}.") == 3
    assert "KM AVAL" not in text
    assert "COXREG AVAL" not in text


def test_strata_that_spss_cannot_pool(tables, study):
    rows = [
        *log_rank("logrank_stratified"),
        {"ard_id": "logrank_stratified.OS.n", "analysis": "logrank_stratified", "value": 8.0},
    ]
    text = made(tables, study, rows).replace('".\nECHO "', " ")
    assert UNEVEN[3:] in text, "each sex is in one group only"
    study["analysis"]["strata"]["OS"] = ["SEX", "RISK"]
    assert SEVERAL[3:] in made(tables, study, rows).replace('".\nECHO "', " ")
    study["analysis"]["strata"]["OS"] = ["SEX"]
    tables["adsl"]["SEX"] = pd.array(list("MMFFMMFF"), dtype="string")
    text = made(tables, study, rows)
    assert "NOT MISSING(SEX)" in text
    assert "  /STRATA=SEX\n" in text


def test_other_analyses_are_named_with_the_reason(tables, study):
    rows = [{"ard_id": f"{name}.x", "analysis": name} for name in NOT_REPEATED]
    text = made(tables, study, rows).replace('".\nECHO "', " ")
    for name, reason in NOT_REPEATED.items():
        assert f"{name.replace('_', ' ')}: {reason}" in text


def test_lines_are_short_and_every_command_ends(tables, study):
    study["id"] = 'a "quoted" study'
    text = made(
        tables, study, [*log_rank("logrank"), *cox("AGE", ratios("cox.OS.AGE", "AGE", EFRON))]
    )
    assert max(map(len, text.splitlines())) <= 120
    for block in filter(None, text.split("\n\n")):
        assert block.rstrip().endswith(".")
    assert not re.search(r"(?m)^\*.*[^.]$", text)


def test_a_study_without_groups_has_its_models_still(tables, study, tmp_path):
    study["groups"] = None
    tables["adsl"]["GROUP"] = pd.array([None] * 8, dtype="string")
    ard = conform(pd.DataFrame(cox("AGE", ratios("cox.OS.AGE", "AGE", EFRON))), ARD)
    write_spss(tables, COLUMNS, ard, study, tmp_path)
    assert "COXREG AVAL" in (tmp_path / "survival.sps").read_text(encoding="utf-8-sig")


def test_breslow_by_hand():
    # Two events tie at time 1 among 4, one with x = 1: d/db = 1 - 2 * 2e^b / (2e^b + 2) + 0,
    # so e^b = 1; the information is 2 * (1/2)(1/2) = 1/2.
    time, event = np.array([1.0, 1.0, 2.0, 2.0]), np.array([True, True, False, False])
    beta, errors = breslow(time, event, np.array([[1.0], [0.0], [1.0], [0.0]]))
    assert beta[0] == pytest.approx(0, abs=1e-9)
    assert errors[0] == pytest.approx(2**0.5)
    separated = breslow(time, event, np.array([[1.0], [1.0], [0.0], [0.0]]))
    assert separated is None or separated[1][0] > 100
