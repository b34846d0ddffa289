"""Headers that name a cycle, and what new-study makes of them (invented patients)."""

from __future__ import annotations

import csv

import pytest
import yaml

from venaza.commands.new_study.by_cycle import cycle_of
from venaza.commands.new_study.command import new_study


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("C1治疗日期", (1, "治疗日期")),
        ("C12MRD(%)", (12, "MRD(%)")),
        ("C2D1", (2, "date")),
        ("C2 D1 日期", (2, "日期")),
        ("1疗程后疗效", (1, "疗效")),
        ("第2疗程疗效", (2, "疗效")),
        ("第三個療程後療效", (3, "疗效")),
        ("首疗程疗效", (1, "疗效")),
        ("疗程4后疗效", (4, "疗效")),
        ("Cycle 3 response", (3, "response")),
        ("response after cycle 2", (2, "response")),
        ("response_c2", (2, "response")),
        ("CD34", None),
        ("C反应蛋白", None),
        ("ABC1", None),
        ("cycle", None),
        ("疗效", None),
        ("HLA-C1 C2", None),
        ("第1次骨穿日期", None),
        ("C123", None),
    ],
)
def test_the_cycle_that_a_header_names(header, found):
    assert cycle_of(header) == found


def proposed(project, tmp_path, head: str, *rows: str) -> tuple[dict, str]:
    """The tables that new-study proposes for a sheet, and what it prints."""
    sent = tmp_path / "sent"
    sent.mkdir()
    with open(sent / "a.csv", "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(line.split(" ") for line in (head, *rows))
    told = new_study(project, "fresh", sent, "2022-12-31")
    text = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["tables"], told


START = "编号 首次用药日期 末次随访日期 生存状态 "
P = ("A1 2021-01-01 2021-12-01 存活 ", "A2 2021-02-01 2021-11-01 死亡 ")
RULE = "The responses have no date of their own"


def test_responses_without_any_date_of_cycles_ask_for_a_length_of_these(project, tmp_path):
    tables, told = proposed(
        project, tmp_path, START + "第一疗程后疗效 第二疗程后疗效", P[0] + "CR CR", P[1] + "PR NR"
    )
    assert tables["responses"]["dated_by_cycles"] == {"days": 28, "every": 28}
    assert tables["responses"]["records"] == [
        {"columns": {"CYCLE": {"constant": n}, "RSINV": f"第{word}疗程后疗效"}}
        for n, word in ((1, "一"), (2, "二"))
    ]
    assert "cycles that no column dates 28 days apart" in told
    assert "cycles" not in tables


def test_cycles_with_other_columns_are_written_apart(project, tmp_path):
    head = START + "C1治疗日期 C2治疗日期 C3治疗日期 C1疗效评估 C2疗效评估 C1MRD(%)"
    tables, told = proposed(
        project, tmp_path, head, P[0] + "2021-01-01 2021-02-01 2021-03-01 CR CR 0.1",
        P[1] + "2021-02-01 2021-03-05 2021-04-01 PR NR 2.0",
    )  # fmt: skip
    assert tables["cycles"]["records"][0]["repeat"] == [1, 3]
    first, second = tables["responses"]["records"]
    assert set(first["columns"]) == {"CYCLE", "RSINV", "MRDVAL"}
    assert set(second["columns"]) == {"CYCLE", "RSINV"}
    assert second["columns"]["CYCLE"] == {"constant": 2}
    assert tables["responses"]["dated_by_cycles"] == {"days": 28}
    assert RULE in told


def test_responses_with_dates_of_their_own_need_no_rule(project, tmp_path):
    head = START + "C1评估日期 C1疗效 C2评估日期 C2疗效"
    tables, told = proposed(
        project, tmp_path, head, P[0] + "2021-01-28 CR 2021-03-01 CR",
        P[1] + "2021-02-27 PR 2021-03-30 NR",
    )  # fmt: skip
    assert "dated_by_cycles" not in tables["responses"]
    assert tables["responses"]["records"][0]["columns"]["RSDT"] == "C{n}评估日期"
    assert RULE not in told


def test_a_response_beside_each_cycle_of_a_long_sheet_is_dated_by_it(project, tmp_path):
    sent = tmp_path / "sent"
    sent.mkdir()
    (sent / "a.csv").write_text("\n".join((START.strip(), *P)).replace(" ", ","), encoding="utf-8")
    rows = ["编号,疗程,用药日期,疗效", "A1,1,2021-01-01,NR", "A1,2,2021-02-01,CR"]
    (sent / "疗程.csv").write_text("\n".join([*rows, "A2,1,2021-02-01,PR"]), encoding="utf-8")
    new_study(project, "fresh", sent, "2022-12-31")
    tables = yaml.safe_load((project / "config/studies/fresh.yaml").read_text("utf-8"))["tables"]
    assert tables["responses"]["columns"] == {"CYCLE": "疗程", "RSINV": "疗效"}
    assert tables["responses"]["dated_by_cycles"] == {"days": 28}
    assert tables["cycles"]["columns"] == {"CYCLE": "疗程", "EXSTDT": "用药日期"}
