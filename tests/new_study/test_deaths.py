"""Where no death of anybody is known, new-study asks (invented patients)."""

from __future__ import annotations

import pytest
import yaml

from venaza.commands.new_study.command import new_study

SAID = "No death of anybody is known"


def told(project, tmp_path, text: str) -> str:
    sent = tmp_path / "sent"
    sent.mkdir()
    (sent / "患者.csv").write_text(text, encoding="utf-8")
    return new_study(project, "fresh", sent, "2022-12-31")


@pytest.mark.parametrize(
    ("columns", "first", "second", "asked"),
    [
        ("末次随访日期", "2021-12-01", "2021-11-01", True),
        ("末次随访日期,死亡日期", "2021-12-01,", "2021-11-01,", True),
        ("末次随访日期,死亡日期", "2021-12-01,", "2021-11-01,2021-11-01", False),
        ("末次随访日期,生存状态", "2021-12-01,存活", "2021-11-01,死亡", False),
        ("末次随访/死亡时间", "2021-12-01存活", "2021-11-01死亡", False),
    ],
)
def test_it_is_asked_where_the_deaths_are(project, tmp_path, columns, first, second, asked):
    rows = f"编号,首次用药日期,{columns}\nA1,2021-01-01,{first}\nA2,2021-02-01,{second}\n"
    assert (SAID in told(project, tmp_path, rows)) == asked


def test_a_status_in_words_that_nobody_knows_is_mapped_by_its_header_and_listed(project, tmp_path):
    words = [
        "驾鹤西去（家中）",
        "安好",
        "去了",
        "很好",
        "还行",
        "走了",
        "状况好",
        "归西",
        "不错",
        "好的",
    ]
    words += ["良好无事", "平安", "康健", "走失"]
    rows = "".join(f"A{n},2021-01-0{n % 9 + 1},2021-12-01,{word}\n" for n, word in enumerate(words))
    printed = told(project, tmp_path, f"编号,首次用药日期,末次随访日期,生存状态\n{rows}")
    text = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    columns = yaml.safe_load(text)["tables"]["patients"]["columns"]
    assert columns["SURVSTAT"] == {"from": "生存状态"}
    assert "No word of '生存状态' is known to mean dead" in printed
