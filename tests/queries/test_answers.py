"""The way back: what the clinic filled in becomes corrections; a changed sheet is refused."""

import io
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.clean.export import patients_csv, study
from tests.clean.test_build import OK, rows_with
from venaza.commands.answers import answered_rows, append, read_answers, told
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.queries.columns import EMPTY, HEADINGS, NEEDED, SHEETS
from venaza.pipeline.queries.stage import workbook
from venaza.preflight.corrections import read_corrections
from venaza.study.checks import messages

ROOT = Path(__file__).parents[2]
ABOUT = {"export": "2023-11-30", "study": {"short": "Small", "synthetic": False}}
FILLED = {"who": "Dr Li", "date": "2023-12-05"}


class Loop:
    """An export, its queries, and the workbook that goes to the clinic and comes back."""

    def __init__(self, tmp_path, rows, responses=False):
        self.folder = tmp_path / "export"
        self.folder.mkdir()
        self.study = study(responses=responses)
        self.tmp_path = tmp_path
        self.export(rows)

    def export(self, rows):
        (self.folder / "export.csv").write_text(patients_csv(rows), encoding="utf-8")
        cells, _ = read_export([self.folder / "export.csv"], self.folder, self.study)
        self.cells = cells.astype("object")
        self.tables = clean(self.cells, self.study)

    def filled(self, language="en", **answers):
        """The workbook filled in: rule -> the keys of the columns and what is written."""
        about = {**self.study, **ABOUT, "queries": {"language": language}}
        about["messages"] = messages(ROOT, language)
        queries = self.tables["queries"].assign(SEVERITY="warning")
        book = load_workbook(io.BytesIO(workbook([queries], self.cells, about, [])[0]))
        sheet, names = book[SHEETS[language]["asked"]], HEADINGS[language]
        at = {cell.value: cell.column for cell in sheet[3]}
        for row in range(4, sheet.max_row + 1):
            rule = sheet.cell(row, at[names["id"]]).value.split(":")[0]
            for key, text in answers.get(rule, {}).items():
                sheet.cell(row, at[names[key]]).value = text
        book.save(self.tmp_path / "filled.xlsx")
        return self.tmp_path / "filled.xlsx"

    def answers(self, **answers):
        rows = answered_rows(self.filled(**answers))
        return read_answers(rows, self.cells, self.tables["queries"], self.study, "filled.xlsx")

    def corrected(self, lines):
        """The clean tables with the corrections, by way of the file."""
        path = self.tmp_path / "c.csv"
        append(path, lines)
        told = {"file": "c.csv", "strict": True, "lines": read_corrections(path, "c.csv")}
        return clean(self.cells, {**self.study, "corrections": told})


@pytest.fixture
def low(tmp_path):
    return Loop(tmp_path, [rows_with(hgb="9.5"), ("p2", *OK[1:])])


def test_an_answer_becomes_a_line_and_the_next_run_asks_no_more(low):
    found = low.answers(wrong_unit={"answer": "95", "remark": "lab sheet", **FILLED})
    (line,) = found.lines
    assert (line["patient"], line["table"], line["row"], line["column"]) == (
        *("p1", "patients", ""),
        "HGB",
    )
    assert (line["old"], line["new"], line["date"]) == ("9.5", "95", "2023-12-05")
    assert line["reason"] == "lab sheet [query wrong_unit:p1:patients.HGB]"
    tables = low.corrected(found.lines)
    assert tables["queries"].empty
    assert tables["patients"].set_index("USUBJID").loc["p1", "HGB"] == 95


def test_an_empty_answer_asks_for_nothing(low):
    found = low.answers()
    assert (found.lines, found.unanswered) == ([], 1)


def test_a_value_confirmed_as_sent_needs_no_line(low):
    found = low.answers(wrong_unit={"answer": "9.5", **FILLED})
    assert found.lines == []
    assert found.confirmed == ["wrong_unit:p1:patients.HGB"]


def test_a_cell_can_be_emptied(low):
    found = low.answers(wrong_unit={"answer": EMPTY["en"], **FILLED})
    assert found.lines[0]["new"] == ""
    assert pd.isna(low.corrected(found.lines)["patients"].set_index("USUBJID").loc["p1", "HGB"])


def test_a_chinese_workbook_is_read_back_and_its_errors_name_its_own_columns(low):
    found = low.answers(language="zh", wrong_unit={"answer": "95", "remark": "化验单", **FILLED})
    assert [(line["old"], line["new"]) for line in found.lines] == [("9.5", "95")]
    emptied = low.answers(language="zh", wrong_unit={"answer": "（空）", **FILLED})
    assert emptied.lines[0]["new"] == ""
    with pytest.raises(StudyError, match="An answer lacks '填写日期'") as caught:
        low.answers(language="zh", wrong_unit={"answer": "95", "who": "李"})
    assert (caught.value.place["sheet"], caught.value.place["column"]) == ("质疑", "填写日期")


#: The headings of the workbook until its columns became ten.
EARLIER = [
    *("Patient", "Severity", "File", "Sheet", "Row", "Column", "Cell", "Value as sent"),
    *("What is wrong", "Why it matters", "Results it touches", "Done meanwhile"),
    *("Correct value", "Remark, source", "Answered by", "Date", "Since last export", "Query"),
]


def test_a_workbook_of_the_earlier_kind_is_still_read(low, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Queries"
    book.active.append(["Queries to the clinic"])
    book.active.append(["Please fill in the yellow columns."])
    book.active.append(EARLIER)
    told = ["p1", "error", "export.csv", "", 2, "HGB", "D2", "9.5", "", "", "", "left empty"]
    line = [*told, "95", "lab sheet", "Dr Li", "2023-12-05", "", "wrong_unit:p1:patients.HGB"]
    book.active.append(line)
    book.save(tmp_path / "earlier.xlsx")
    rows = answered_rows(tmp_path / "earlier.xlsx")
    found = read_answers(rows, low.cells, low.tables["queries"], low.study, "earlier.xlsx")
    assert [line["new"] for line in found.lines] == ["95"]


@pytest.mark.parametrize("key", NEEDED)
def test_a_workbook_without_a_column_that_is_needed_is_refused(low, key):
    path = low.filled(wrong_unit={"answer": "95", **FILLED})
    book = load_workbook(path)
    head = next(c for c in book["Queries"][3] if c.value == HEADINGS["en"][key])
    head.value = "renamed"
    book.save(path)
    with pytest.raises(StudyError, match="no sheet of queries with all of its columns"):
        answered_rows(path)


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ({"answer": "95", "who": "Dr Li"}, "An answer lacks 'Date'"),
        ({"answer": "95", "date": "2023-12-05"}, "An answer lacks 'Answered by'"),
        ({"answer": "95", "who": "Dr Li", "date": "5/12/23"}, "cannot be read"),
        ({"answer": "95", **FILLED, "id": "wrong_unit:p9:patients.HGB"}, "has no query"),
        ({"answer": "=1+94", **FILLED}, "holds a formula without a value"),
        ({"answer": "95", **FILLED, "value": "8.5"}, "about another value: now it is '9.5'"),
    ],
)
def test_an_answer_that_cannot_be_relied_on_is_refused_with_its_line(low, written, part):
    with pytest.raises(StudyError) as caught:
        low.answers(wrong_unit=written)
    assert part in str(caught.value)
    assert caught.value.place["row"] == 4


def test_an_answer_to_a_query_that_is_answered_already_is_known_again(low):
    found = low.answers(wrong_unit={"answer": "95", **FILLED})
    path = low.filled(wrong_unit={"answer": "95", **FILLED})
    lines = [{**line, "line": n} for n, line in enumerate(found.lines, start=2)]
    low.study["corrections"] = {"file": "c.csv", "strict": True, "lines": lines}
    queries = clean(low.cells, low.study)["queries"]
    again = read_answers(answered_rows(path), low.cells, queries, low.study, "filled.xlsx")
    assert again.known == ["wrong_unit:p1:patients.HGB"]
    assert again.lines == []


def test_two_answers_that_give_one_cell_different_values_are_refused(low):
    asked = low.tables["queries"]
    other = asked.assign(QUERYID="another", RULE="another")
    low.tables["queries"] = pd.concat([asked, other], ignore_index=True)
    with pytest.raises(StudyError, match="Two answers give the same cell different values"):
        low.answers(wrong_unit={"answer": "95", **FILLED}, another={"answer": "96", **FILLED})
    found = low.answers(wrong_unit={"answer": "95", **FILLED}, another={"answer": "95", **FILLED})
    assert len(found.lines) == 1


def test_a_contradiction_is_put_right_in_every_row_of_the_patient(tmp_path):
    loop = Loop(tmp_path, [OK, rows_with(hgb="70")])
    found = loop.answers(contradicting_rows={"answer": "95", **FILLED})
    assert [(line["row"], line["old"]) for line in found.lines] == [("HGB=70", "70")]
    tables = loop.corrected(found.lines)
    assert tables["patients"]["HGB"].tolist() == [95]


def test_the_row_is_named_by_what_it_says_and_found_again_when_rows_have_moved(tmp_path):
    rows = [
        ("p1", "男", "CR", "2021-01-01", "2021-06-01", "2021-05-01", "死亡"),
        ("p1", "男", "PR", "2021-01-01", "2021-04-01", "2021-05-01", "死亡"),
    ]
    loop = Loop(tmp_path, [rows[0]], responses=True)
    late = next(q for q in loop.tables["queries"]["QUERYID"] if q.startswith("after_death"))
    found = loop.answers(after_death={"answer": "2021-04-20", **FILLED})
    assert late in found.lines[0]["reason"]
    assert found.lines[0]["row"] == "疗效=CR" or found.lines[0]["row"] == "末次随访日期=2021-06-01"


def test_a_row_under_a_mistyped_patient_number_is_given_to_the_right_one(tmp_path):
    loop = Loop(tmp_path, [("007", *OK[1:])], responses=True)
    loop.study["tables"]["responses"]["file"] = "visits*"
    visits = loop.folder / "visits.csv"
    visits.write_text("病案号,末次随访日期,疗效\n7,2021-03-01,CR\n", encoding="utf-8")
    loop.study["tables"]["patients"]["file"] = "export*"
    paths = [loop.folder / "export.csv", visits]
    loop.cells = read_export(paths, loop.folder, loop.study)[0].astype("object")
    loop.tables = clean(loop.cells, loop.study)
    assert loop.tables["responses"].empty
    found = loop.answers(unknown_patient={"answer": "007", **FILLED})
    assert (found.lines[0]["patient"], found.lines[0]["column"]) == ("7", "病案号")
    assert loop.corrected(found.lines)["responses"]["USUBJID"].tolist() == ["007"]


def test_a_query_about_a_whole_row_is_left_to_people(tmp_path):
    loop = Loop(tmp_path, [OK, OK])
    found = loop.answers(duplicate_row={"answer": "yes", **FILLED})
    assert [name for name, _ in found.by_hand] == ["duplicate_row:p1:patients"]
    assert found.lines == []


def test_a_workbook_without_the_queries_is_refused(tmp_path):
    from openpyxl import Workbook

    Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(StudyError, match="no sheet of queries"):
        answered_rows(tmp_path / "other.xlsx")
    with pytest.raises(StudyError, match="no such workbook"):
        answered_rows(tmp_path / "none.xlsx")


def test_lines_are_added_behind_those_of_a_file_that_a_spreadsheet_has_saved(tmp_path, low):
    path = tmp_path / "c.csv"
    head = "patient;table;row;column;old;new;reason;who;date\n"
    old = f"{head}p2;patients;;性别;男;女;核对;李;2023/12/1\n"
    path.write_bytes(old.encode("gb18030"))
    found = low.answers(wrong_unit={"answer": "95", "remark": "+1+1", **FILLED})
    append(path, found.lines)
    text = path.read_text(encoding="utf-8-sig")
    assert "'+1+1 [query" in text
    lines = read_corrections(path, "c.csv")
    assert [line["new"] for line in lines] == ["女", "95"]
    assert lines[1]["reason"].startswith("+1+1")


def test_the_terminal_shows_each_line_and_says_whether_it_was_written(low):
    found = low.answers(wrong_unit={"answer": "95", **FILLED})
    text = told(found, "config/corrections/small.csv", written=False)
    assert "Lines for config/corrections/small.csv" in text
    assert "Nothing was written; --write adds the lines." in text
    assert "Run snakemake" in told(found, "config/corrections/small.csv", written=True)
