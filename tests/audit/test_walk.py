"""The way back in a terminal: one patient, one number."""

import json
import re

import pytest

from tests.audit.conftest import CONTRACTS, FILE, NOTED, PATIENTS, RAW, make, origin
from tests.spec.spec import ROOT
from venaza.contracts import terminal
from venaza.contracts.errors import StudyError
from venaza.contracts.files import write_table
from venaza.contracts.record import file_hash
from venaza.pipeline.audit.trace.number import explained
from venaza.pipeline.audit.trace.number_text import number_text
from venaza.pipeline.audit.trace.patient import printed_numbers, traced
from venaza.pipeline.audit.trace.patient_text import patient_text
from venaza.pipeline.audit.trace.printed import trace, trace_json, why, why_json


def part(text: str, heading: str) -> str:
    """The lines under a heading."""
    return re.search(rf"^{re.escape(heading)}.*?\n(.*?)(?=\n\n\S|\Z)", text, re.M | re.S).group(1)


def test_trace_shows_a_patient_from_raw_cells_to_endpoints(results, study):
    text = trace(results, study, "P 1")
    raw = part(text, "Raw cells")
    assert f"{FILE} · 病人" in raw
    assert re.search(r"^ *2 +P 1 +2023\.4\.11 +2023/6/1$", raw, re.M)
    assert f"{FILE} · 疗效" in raw
    assert "患者-3" not in raw
    assert "'男' -> 'M'" in part(text, "What cleaning changed")
    assert "correction: chart (Dr <Li>, 2023-12-05)" in part(text, "What cleaning changed")
    assert re.search(r"#2 +40 +RELAPSE +疗效 · row 9", part(text, "Clean rows"))
    assert re.search(r"day 100 +2023-04-11 +Death", part(text, "Course"))
    endpoints = part(text, "Endpoints")
    assert "OS  os: 100 days, event: Death" in endpoints
    assert re.search(
        r"> +2 +event +Death +day 100 .* 病人 · row 2 · 死亡日期: 2023\.4\.11$", endpoints, re.M
    )
    assert re.search(
        r"1 +start +Failure of the regimen: Relapse +day 40 .* 疗效 · row 9 · rltime: 40$",
        endpoints,
        re.M,
    )
    assert re.search(
        r"3 +censor +Last date known alive +day 151 +not needed: the time has ended", endpoints
    )
    assert "From index to death. Patients alive were censored. [standard]" in endpoints
    assert part(text, "Without a row").strip() == "none"
    assert re.search(r"group +ND \(New\)", part(text, "Populations"))


def test_of_a_row_of_another_patient_trace_has_the_cell_that_was_read_alone(results, study):
    merged = origin(RAW, ("patients", "P<2>", 1, "SEX"), "末次随访", 2)
    path = results / "clean/origins.parquet"
    write_table(make("clean/origins", [*NOTED, merged]), CONTRACTS["clean/origins"], path)
    known = json.loads(trace_json(results, study, "P<2>"))["raw"]
    rows = {row["SRCROW"]: [cell["VALUE"] for cell in row["cells"]] for row in known}
    assert rows == {2: ["2023/6/1"], 3: ["P<2>", "2023年6月2日"]}
    assert "2023.4.11" not in trace(results, study, "P<2>")


def test_trace_says_why_an_endpoint_is_missing_and_what_is_asked(results, study):
    text = trace(results, study, "P<2>")
    assert re.search(r"PFOS +no failure", part(text, "Without a row"))
    assert "Odd. Done: kept. 病人 · row 3" in part(text, "Queries")


def test_trace_shows_the_worst_values_and_what_was_found_of_tumour_lysis(results, study):
    assert "Laboratory safety" not in trace(results, study, "P 1")
    value = {"PARAMCD": "ANC", "AVALU": "10^9/L", "WORSTFL": "Y"}
    graded = [
        {**value, "USUBJID": "P 1", "AVAL": 0.2, "ADY": 8, "ATOXGR": 4, "BASE": 2.5, "BTOXGR": 0},
        {**value, "USUBJID": "P<2>", "AVAL": 0.8, "ADY": 9, "ATOXGR": 3},
    ]
    lysis = [
        {"USUBJID": patient, "DEFN": "cairo_bishop", "REASON": "no potassium"}
        for patient in ("P 1", "P<2>")
    ]
    for name, rows in (("endpoints/adlb", graded), ("endpoints/tls", lysis)):
        write_table(make(name, rows), CONTRACTS[name], results / f"{name}.parquet")
    found = part(trace(results, study, "P 1"), "Laboratory safety")
    assert "0.2 10^9/L on day 8, grade 4; at baseline 2.5, grade 0" in found
    assert re.search(r"lysis, cairo bishop +no potassium", found)
    found = part(trace(results, study, "P<2>"), "Laboratory safety")
    assert "on day 9, grade 3; at baseline not recorded" in found


@pytest.mark.parametrize("name", PATIENTS)
def test_every_patient_can_be_traced(results, study, name):
    assert trace(results, study, name).startswith(f"{name}, study demo, export of 2023-06-30\n")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("p 1", "Did you mean P 1?"), ("PATIENT-9999", "There are 4, from P 1 to 患者-3.")],
)
def test_an_unknown_patient_is_answered_with_those_there_are(results, study, asked, hint):
    with pytest.raises(StudyError) as error:
        trace(results, study, asked)
    assert error.value.what == f"There is no patient '{asked}'."
    assert hint in error.value.fix


def test_why_shows_a_number_with_its_method_patients_and_files(results, study):
    text = why(results, study, "km.OS.ND.median")
    assert text.startswith("km.OS.ND.median = 3.33\n")
    said = part(text, "The number")
    for line in (
        r"value +3\.33333333333 months",
        r"a month +30 days",
        r"method +Kaplan-Meier",
        r"population +ITTFL",
        r"group +status = ND",
        r"endpoint +Overall survival\. From index to death\.",
        r"source +Somebody 2022",
    ):
        assert re.search(line, said), line
    rows = part(text, "Analysis rows: 2 rows of 2 patients")
    assert re.search(
        r"^ *P 1 .* 100 .* patients\.DTHDT #1 +病人 · row 2 · 死亡日期: 2023\.4\.11$", rows, re.M
    )
    assert "患者-3" not in rows
    files = part(text, "Files")
    assert file_hash(results / "endpoints/adtte.parquet") in files
    assert f"data/raw/demo/2023-06-30/{FILE}" in files
    assert "ab" * 32 in files


def test_why_gives_the_reason_where_there_is_no_value(results, study):
    text = why(results, study, "km.OS.中_级.median")
    said = part(text, "The number")
    assert re.search(r"no value +fewer than half died", said)
    assert not re.search(r"^ *value ", said, re.M)


def test_an_unknown_number_is_answered_with_those_near_it(results, study):
    with pytest.raises(StudyError, match=r"Did you mean km\.OS\.ND\.median") as error:
        why(results, study, "km.OS.nd.mediann")
    assert error.value.place["column"] == "ARD_ID"


def test_a_study_that_has_not_been_run_says_what_to_run(tmp_path, study):
    with pytest.raises(StudyError, match="snakemake --cores 4 --config studies=demo"):
        why(tmp_path / "demo", study, "x")


def test_chinese_and_latin_columns_line_up():
    lines = terminal.table(["a", "b"], [("中文", "x"), ("abc", "y")])
    starts = {terminal.width(line[: -len(line.split()[-1])]) for line in lines}
    assert starts == {6}
    assert terminal.width("é") == terminal.width("e\u0301") == 1
    assert terminal.table(["a", "empty"], [("1", ""), ("2", "")]) == ["a", "1", "2"]


def test_the_numbers_of_the_manuscript_that_a_patient_counts_in(results, study):
    assert "Numbers: behind 1 of the ARD; the report has not been made" in trace(
        results, study, "P 1"
    )
    (results / "report").mkdir()
    page = results / "report/manuscript.html"
    page.write_text('<span class="ard" data-ard="km.OS.ND.median">3.33</span>', encoding="utf-8")
    text = trace(results, study, "P 1")
    assert "Numbers: behind 1 of the report, and 0 more of the ARD" in text
    assert re.search(r"kaplan meier +1 +OS +km\.OS\.ND\.median = 3\.33", text)
    other = json.loads(trace_json(results, study, "患者-3"))
    assert other["numbers"] == {"printed": [], "further": 1}


def test_without_a_page_the_text_says_what_is_printed(results):
    folder = results / "report/source/_generated"
    folder.mkdir(parents=True)
    text = 'x {{< var desc.ECOG.ND._2.n >}} <b data-ard="km.OS.ND.median">1</b> {{< var a._b.n >}}'
    (folder / "results.md").write_text(text, encoding="utf-8")
    assert printed_numbers(results) == {"desc.ECOG.ND.2.n", "km.OS.ND.median", "a._b.n"}


def test_json_and_text_are_made_of_the_same(results, study):
    for name in PATIENTS:
        known = traced(results, study, name)
        assert json.loads(trace_json(results, study, name)) == known
        assert trace(results, study, name) == patient_text(known)
    for ard_id in ("km.OS.ND.median", "km.OS.中_级.median"):
        known = explained(results, study, ard_id)
        assert json.loads(why_json(results, study, ard_id)) == known
        assert why(results, study, ard_id) == number_text(known)


def test_the_json_of_a_patient(results, study):
    text = trace_json(results, study, "P 1")
    known = json.loads(text)
    assert text == json.dumps(known, ensure_ascii=False, sort_keys=True, indent=1)
    assert set(known) == documented("trace --json")
    assert known["raw"][0]["cells"][1] == {"COL": "B", "HEADER": "死亡日期", "VALUE": "2023.4.11"}
    (endpoint, _) = known["endpoints"]
    decided = [t for t in endpoint["tried"] if t["DECIDED"] == "Y"]
    assert [t["cells"][0]["RAW"] for t in decided] == ["2023.4.11"]
    assert known["laboratory"] is None


def documented(command: str) -> set[str]:
    """The keys that docs/audit.md lists for the JSON of a command."""
    page = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
    table = re.search(rf"`{command}`.*?\n\n(\|.*?)\n\n", page, re.S).group(1)
    return set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\|(.*?)\|", table, re.M))))


@pytest.mark.parametrize("lacking", ["endpoints/facts", "endpoints/trail", "clean/origins"])
@pytest.mark.parametrize(("walk", "asked"), [(trace, "P 1"), (why, "km.OS.ND.median")])
def test_results_of_an_older_version_say_so(results, study, walk, asked, lacking):
    (results / f"{lacking}.parquet").unlink()
    with pytest.raises(StudyError, match="were made by an older version") as error:
        walk(results, study, asked)
    assert error.value.fix == "Run: snakemake --cores 4 --config studies=demo"
    assert error.value.place["file"] == f"results/demo/{lacking}.parquet"


def test_origins_without_the_lines_of_corrections_are_of_an_older_version(results, study, tables):
    columns = [c for c in CONTRACTS["clean/origins"] if c.name != "LINE"]
    frame = tables["clean/origins"].drop(columns="LINE")
    write_table(frame, columns, results / "clean/origins.parquet")
    with pytest.raises(StudyError, match="were made by an older version"):
        trace(results, study, "P 1")
