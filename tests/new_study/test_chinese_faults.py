"""What went wrong with single columns of Chinese exports, each on its least input (invented)."""

from __future__ import annotations

import csv

import pytest
import yaml

from tests.reference.four_formats import ROOT
from venaza.commands.new_study.command import new_study
from venaza.commands.new_study.content import Content
from venaza.pipeline.clean.nearest import nearest_codes

PATIENTS = [
    ["编号", "首次用药日期", "末次随访日期", "生存状态"],
    *([f"T{n}", f"2021-01-0{n}", "2021-12-01", "死亡" if n % 2 else "失访"] for n in range(1, 7)),
]


def proposed(project, tmp_path, **sheets) -> tuple[dict, str]:
    """The tables that new-study proposes for these files, and what it prints."""
    sent = tmp_path / "sent"
    sent.mkdir()
    for name, rows in {"患者": PATIENTS, **sheets}.items():
        with open(sent / f"{name}.csv", "w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
    told = new_study(project, "fresh", sent, "2022-12-31")
    text = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["tables"], told


def test_a_sheet_called_adverse_reactions_is_that_whatever_its_terms(project, tmp_path):
    words = ["怪病甲", "怪病乙", "怪病丙", "恶心", "怪病丁", "怪病戊"]
    rows = [[f"T{n}", word, 2, f"2021-02-0{n}"] for n, word in enumerate(words, start=1)]
    head = ["编号", "不良反应", "分级", "发生日期"]
    tables, told = proposed(project, tmp_path, 不良反应=[head, *rows])
    assert tables["adverse_events"]["columns"]["AETERM"] == {"from": "不良反应"}
    assert all(word in told for word in words if word != "恶心")


def test_dates_with_years_of_two_digits_are_dates_and_asked(project, tmp_path):
    rows = [[p, f"22/1/{n + 5}", f"22/12/2{n}", word]
            for n, (p, _, _, word) in enumerate(PATIENTS[1:])]  # fmt: skip
    tables, told = proposed(project, tmp_path, 患者=[PATIENTS[0], *rows])
    assert tables["patients"]["columns"]["INDEXDT"]["date_order"] == "YMD"
    assert "22/1/5 is 2022-01-05" in told


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2021-03-05", "21/5/8", "2021.6.1"], "YMD"),
        (["2021-03-05", "2021/5/8", "2021.6.1"], None),
        (["05/03/2021", "21/5/8", "06/01/2021"], None),  # the year stands last elsewhere
        (["2021-03-05", "45/13/8", "2021.6.1"], None),  # no date by any order
    ],
)
def test_a_short_year_among_whole_ones_is_asked(project, tmp_path, cells, order):
    rows = [[f"T{n}", f"2020-01-0{n}", cells[n % 3], "存活"] for n in range(1, 9)]
    tables, _ = proposed(project, tmp_path, 患者=[PATIENTS[0], *rows])
    last = tables["patients"]["columns"].get("LSTALVDT", {})
    assert (last.get("date_order") if isinstance(last, dict) else None) == order


def test_every_other_date_is_offered_for_the_index(project, tmp_path):
    head = ["编号", "确诊时间", "入院时间", "末次随访日期", "生存状态"]
    rows = [[p, day, f"2021-01-1{n}", last, word]
            for n, (p, day, last, word) in enumerate(PATIENTS[1:])]  # fmt: skip
    _, told = proposed(project, tmp_path, 患者=[head, *rows])
    assert "Times count from '确诊时间'" in told
    assert "Other candidates: 入院时间" in told


@pytest.mark.parametrize("minus", [True, False])
def test_a_minus_beside_a_plus_is_asked_once(project, tmp_path, minus):
    genes = ["FLT3-ITD", "NPM1", "TP53"]
    head = [*PATIENTS[0], *genes]
    no = "-" if minus else "阴性"
    rows = [[*row, "+" if n % 2 else no, no, no] for n, row in enumerate(PATIENTS[1:])]
    tables, told = proposed(project, tmp_path, 患者=[head, *rows])
    assert told.count("Does '-' mean not mutated") == minus
    records = tables["mutations"]["records"]
    assert [r["columns"]["GENE"]["constant"] for r in records] == genes
    for record in records:
        how = record["columns"]["GERES"]
        assert (how["values"] if minus else how) == (
            {"WILD-TYPE": ["-"]} if minus else record["columns"]["GENE"]["constant"]
        )


def test_a_column_of_minuses_alone_is_no_result(project, tmp_path):
    head = [*PATIENTS[0], "FLT3-ITD", "NPM1", "TP53"]
    tables, _ = proposed(
        project, tmp_path, 患者=[head, *([*row, "-", "-", "-"] for row in PATIENTS[1:])]
    )
    assert "+" not in str(tables)
    assert "values" not in str(tables.get("mutations", ""))


@pytest.mark.parametrize(
    ("column", "word", "never"),
    [
        ("LBTESTCD", "尿蛋白", "ALB"),
        ("LBTESTCD", "尿白蛋白", "ALB"),
        ("LBTESTCD", "脑脊液白细胞", "WBC"),
        ("RSINV", "未CR", "CR"),
        ("RSINV", "未达CR", "CR"),
        ("RSINV", "非完全缓解", "CR"),
        ("RSINV", "缓解", "NR"),
        ("TXTYPE", "異體供者", "autologous"),
        ("TXTYPE", "自體外周血", "allogeneic"),
        ("GERES", "陰性?", "MUTATED"),
        ("GERES", "陽性?", "WILD-TYPE"),
        ("DISSTAT", "CR", "RR"),
        ("DISEASE", "急性单核细胞性白血病", "CMML"),
        ("SURVSTAT", "非死亡", "DEAD"),
    ],
)
def test_no_hint_leads_across_a_specimen_or_to_the_contrary(column, word, never):
    content = Content(ROOT)
    assert never not in {code for _, code in nearest_codes(word, content.codes(column))}
