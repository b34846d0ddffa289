"""The command: its questions, its files, its words and its errors."""

import json
import re
import shlex
from pathlib import Path

import pytest

from venaza.cli import main
from venaza.commands.published.findings import NOT_REPRODUCED

ROOT = Path(__file__).parents[2]
TARGETS = "data/reference/published_targets_aml_venaza.csv"
HEADER = "study,group,measure,value,numerator,denominator,unit,note\n"


@pytest.fixture
def ask(capsys):
    def run(*arguments):
        code = main(["check-published", *map(str, arguments)])
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def test_a_percentage(ask):
    assert ask("--percent", "67.9", "--n", 28)[1] == (
        "67.9% of 28\n  of 28: 19/28\n  of fewer than 28: none\n"
    )
    text = ask("--percent", "12.4", "--n", 51)[1]
    assert NOT_REPRODUCED in text
    assert "of fewer than 51: none" in text


def test_months(ask):
    text = ask("--months", "11.93", "9.87", "8.53")[1]
    assert "All 3 values are whole days at: 30\n" in text


def test_a_comparison_and_its_printed_p(ask):
    assert (
        "stated p 0.02: agrees with Fisher's exact test"
        in (ask("--compare", "24/28", "11/21", "--p", "0.02")[1])
    )
    assert (
        f"stated p 0.2: {NOT_REPRODUCED}" in (ask("--compare", "24/28", "11/21", "--p", "0.2")[1])
    )


def test_parts(ask):
    assert NOT_REPRODUCED in ask("--parts", 44.9, 13.2, "--total", 58.8)[1]
    assert (
        "adds up: 19 + 5 = 24 of 28"
        in (ask("--parts", "67.9", "17.9", "--total", "85.7", "--n", 28)[1])
    )


def test_everything_as_json(ask):
    found = json.loads(ask("--months", "11.93", "--json")[1])
    assert found["days"]["11.93"]["30"] == [358]
    found = json.loads(ask("--json")[1])
    assert "published_targets_aml_venaza.csv" in found


def test_the_primary_study(ask):
    found = json.loads(ask("--file", ROOT / TARGETS, "--json")[1])
    by = {(f["measure"], f["group"]): f for f in found["published_targets_aml_venaza.csv"]}
    assert {f["verdict"] for f in by.values()} == {"reproduced", "computed"}
    assert by["cr_cri", "ND"]["text"] == "19/28 prints 67.9; of all 29, no k/29 prints it"
    assert by["months", "all"]["details"]["all"] == ["30"]
    assert by["patients", "all"]["verdict"] == "reproduced"
    p = {m: by[m, "ND against RR"]["details"]["p_values"]["fisher"] for m in ("orr", "cr_cri")}
    assert p == {"orr": pytest.approx(0.023, abs=5e-4), "cr_cri": pytest.approx(0.092, abs=5e-4)}


def test_all_files_of_the_folder_and_what_cannot_be_given(ask):
    code, text, _ = ask()
    assert code == 0
    for path in (ROOT / "data/reference").glob("*.csv"):
        assert path.name in text
    assert f"{NOT_REPRODUCED}: RR CR+CRi: 12.4% of 51" in text
    assert "values pooled from several studies are no counts of days" in text


def test_a_file_of_cohorts(ask, tmp_path):
    path = tmp_path / "cohorts.csv"
    columns = "id,setting,n,endpoint,events_k,denominator,denominator_kind,rate_pct,"
    path.write_text(
        f"{columns}os_median_mo,os_lo,os_hi,efs_median_mo\n"
        "one,ND,28,CR,19,28,all,67.9,11.93,,,9.87\n",
        encoding="utf-8",
    )
    text = ask("--file", path)[1]
    assert "reproduced: ND CR: 67.9% = 19/28" in text
    assert "reproduced: ND months: 11.93, 9.87" in text


def test_a_file_of_one_s_own(ask, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        HEADER
        + "A,all,patients,30,,,n,\nA,x,patients,19,,,n,\nA,y,patients,10,,,n,\n"
        + "A,x,orr,50.0,9,19,percent,\nA,y,orr,33,,,percent,\nA,z,orr,10,,,percent,\n"
        + "A,x,os_median,3.14,,,months,\nA,y,os_median,2.72,,,months,\n",
        encoding="utf-8-sig",
    )
    text = ask("--file", path)[1]
    assert f"{NOT_REPRODUCED}: x orr: 50.0% = 9/19\n      9/19 prints 47.4" in text
    assert f"{NOT_REPRODUCED}: y orr: 33%\n      no k/10 prints it, but 1/3, 2/6, 3/9 do" in text
    assert "not checked: z orr: 10%\n      no number of patients is stated" in text
    assert f"{NOT_REPRODUCED}: all patients: 30 = 19 (x) + 10 (y)" in text
    assert f"{NOT_REPRODUCED}: all months: 3.14, 2.72" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--percent", "67.9"], "--percent needs --n"),
        (["--percent", "abc", "--n", "3"], "no printed percentage"),
        (["--percent", "5", "--n", "0"], "at least 1"),
        (["--months", "3", "--n", "3"], "--n says nothing here"),
        (["--parts", "3"], "--parts needs --total"),
        (["--compare", "3/2", "1/2"], "no count of patients"),
        (["--file", "nowhere.csv"], "cannot be read"),
    ],
)
def test_errors_are_one_message(ask, arguments, message):
    code, text, error = ask(*arguments)
    assert (code, text) == (1, "")
    assert message in error
    assert "to do:" in error


def test_a_file_without_known_columns(ask, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    code, _, error = ask("--file", path)
    assert code == 1
    assert "none of the forms" in error


def test_a_number_of_patients_that_is_none(ask, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(HEADER + "A,x,orr,50,nine,18,percent,\n", encoding="utf-8")
    error = ask("--file", path)[2]
    assert "nine" in error
    assert "numerator" in error


def test_no_word_accuses(ask):
    words = ("wrong", "error", "false", "fraud", "mistake", "incorrect", "suspicious")
    text = ask()[1] + ask("--parts", 44.9, 13.2, "--total", 58.8)[1]
    text += ask("--compare", "24/28", "11/21", "--p", "0.2")[1]
    assert [word for word in words if word in text.lower()] == []


def examples():
    page = (ROOT / "docs/check-published.md").read_text(encoding="utf-8")
    return re.findall(r"^```\n\$ python -m venaza check-published (.*)\n([^`]*)^```", page, re.M)


@pytest.mark.parametrize(("arguments", "printed"), examples())
def test_the_examples_of_the_page_print_what_they_say(ask, monkeypatch, arguments, printed):
    monkeypatch.chdir(ROOT)
    assert ask(*shlex.split(arguments))[1] == printed


def test_the_page_has_an_example_of_each_question():
    asked = " ".join(arguments for arguments, _ in examples())
    for option in ("--percent", "--months", "--compare", "--p", "--parts", "--n", "--file"):
        assert option in asked
