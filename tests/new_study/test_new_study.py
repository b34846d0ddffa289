"""From an unknown export to a study file: what is mapped, asked, hidden, refused; and it runs."""

from __future__ import annotations

import csv
import functools
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.new_study.hospital import sheets
from tests.reference.test_four_formats import FORMATS
from venaza.commands.check import check, in_memory
from venaza.commands.new_study.command import new_study
from venaza.commands.new_study.survey import survey
from venaza.contracts.errors import StudyError
from venaza.preflight import check_headers, load_study
from venaza.preflight.persons import load_names
from venaza.study.documents import read_yaml
from venaza.study.synonyms import load_synonyms

ROOT = Path(__file__).parents[2]
DATE = "2024-03-31"


def csv_file(folder: Path, name: str, rows: list[list]) -> Path:
    """A CSV file in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return folder


def loaded(project: Path, source: Path, name: str = "fresh") -> tuple[dict, str]:
    """The study that new-study proposes, loaded, and what it said."""
    told = new_study(project, name, source, copy=DATE)
    assert "needs your hand" not in told, told
    study = load_study(project, name)
    check_headers(project, study)
    return study, told


def columns(study: dict, table: str, record: int = 0) -> dict:
    """The mapped columns of a record, where they come from."""
    mapped = study["tables"][table]["records"][record]["columns"]
    return {name: how.get("from", how.get("constant")) for name, how in mapped.items()}


def uncommented(path: Path, words: str) -> int:
    """Take the # away from the commented lines that hold one of the words; how many it were."""
    lines, edited = path.read_text(encoding="utf-8").splitlines(), 0
    for number, line in enumerate(lines):
        if re.search(words, line) and re.match(r" +# ", line):
            lines[number] = line.replace("# ", "", 1)
            edited += 1
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return edited


def test_a_shipped_export_is_mapped_as_its_study_file_maps_it(project):
    study, _ = loaded(project, ROOT / "data/raw/aml_venaza/2023-11-30")
    shipped = load_study(ROOT, "aml_venaza")
    assert set(study["tables"]) == set(shipped["tables"])
    for table, spec in shipped["tables"].items():
        own = study["tables"][table]
        assert (own["sheet"], own["header_row"], own["key"]) == (
            *(spec["sheet"], spec["header_row"], spec["key"]),
        )
        expected = columns(shipped, table)
        expected.pop(
            "CMCLAS", None
        )  # a second reading of the column 方案, which only a person sees
        assert columns(study, table) == expected
    assert study["groups"]["levels"] == shipped["groups"]["levels"]


def test_an_unknown_workbook_is_mapped_whole(project, hospital):
    study, told = loaded(project, hospital)
    assert set(study["tables"]) == {
        *("patients", "cycles", "responses", "mutations", "adverse_events", "labs"),
    }
    patients = study["tables"]["patients"]
    assert (patients["sheet"], patients["header_row"]) == ("病例登记", 3)
    mapped = patients["records"][0]["columns"]
    assert mapped["HGB"] == {"from": "Hb(g/dL)", "unit": "g/dL"}
    assert mapped["INDEXDT"] == {"from": "开始用药时间"}
    assert mapped["DTHDT"] == {"from": "末次随访时间", "when": {"末次状态": ["DEAD"]}}
    assert len(study["tables"]["responses"]["records"]) == 4
    assert columns(study, "responses", 3)["RSINV"] == "第4次疗效"
    tests = [columns(study, "labs", n)["LBTESTCD"] for n in range(3)]
    assert tests == ["WBC", "HGB", "PLT"]
    assert study["groups"]["variable"] == "DISSTAT"
    assert "Is '末次随访时间' the day of death" in told


def test_no_cell_of_a_column_that_looks_identifying_is_shown(project, hospital):
    told = new_study(project, "fresh", hospital)
    written = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    rows = sheets()["病例登记"][3:]
    names = {str(row[1]) for row in rows if len(row) > 2}
    phones = {str(row[2]) for row in rows if len(row) > 2}
    assert not any(secret in told + written for secret in names | phones)
    document = read_yaml(project / "config/studies/fresh.yaml", "fresh")
    assert document["privacy"]["columns"] == {"姓名": "drop", "联系电话": "drop"}


def test_words_in_no_vocabulary_stand_commented_and_make_it_run(project, hospital):
    new_study(project, "fresh", hospital, copy=DATE)
    with pytest.raises(StudyError, match="in no vocabulary"):
        check(project, "fresh")
    path = project / "config/studies/fresh.yaml"
    assert uncommented(path, r"values:$|# nearest") == 2
    text, passed = check(project, "fresh")
    assert passed
    assert re.search(r"patients +48 ", text)
    assert re.search(r"OS +standard +ND +\d+ +\d+", text)


def test_a_hospital_number_as_key_is_hashed(project, tmp_path):
    rows = [["住院号", "性别", "开始治疗日期", "末次随访日期"]]
    rows += [[f"00{n}", "男", f"2021-03-{n + 10}", "2022-01-01"] for n in range(8)]
    folder = csv_file(tmp_path / "export", "随访.csv", rows)
    told = new_study(project, "fresh", folder, copy=DATE)
    assert "python -m venaza make-key fresh" in told
    assert "needs your hand" not in told
    document = read_yaml(project / "config/studies/fresh.yaml", "fresh")
    assert document["privacy"]["columns"] == {"住院号": "hash"}
    assert load_study(project, "fresh")["tables"]["patients"]["key"] == "住院号"


def test_study_days_are_recognised(project):
    study, told = loaded(project, ROOT / "data/raw/myeloid")
    shipped = load_study(ROOT, "myeloid")
    assert study["timeline"]["dates"] == "study_days"
    mine = columns(study, "patients")
    assert mine["LSTALVDT"] == mine["DTHDT"] == "futime"
    when = study["tables"]["patients"]["records"][0]["columns"]["DTHDT"]["when"]
    assert when == {"death": ["DEAD"]}
    assert columns(study, "transplants") == columns(shipped, "transplants")
    for record in (0, 1):
        assert columns(study, "responses", record) == columns(shipped, "responses", record)
    assert set(study["endpoints"]) == set(shipped["endpoints"])


@functools.cache
def survival_times(root: Path, name: str) -> list[tuple[int, int]]:
    """Time and status of overall survival of every patient."""
    *_, results = in_memory(root, load_study(root, name))
    survival = results["adtte"].query("PARAMCD == 'OS'")
    return sorted(zip(survival["AVAL"], survival["CNSR"], strict=True))


@pytest.mark.parametrize(
    ("form", "name"),
    [(form, "bmt") for form in FORMATS] + [("redcap", "myeloid")],
)
def test_a_public_cohort_in_any_format_gives_its_survival_without_an_edit(form, name, tmp_path):
    root = FORMATS[form](tmp_path / "sent", name)
    told = new_study(root, "fresh", root / "data/raw" / name, copy=DATE)
    assert "needs your hand" not in told, told
    assert survival_times(root, "fresh") == survival_times(ROOT, name)


def test_headers_that_say_nothing_lead_to_questions_and_a_file_that_loads(project):
    study, told = loaded(project, ROOT / "data/raw/bmt")
    assert "Which column says who died?" in told
    written = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    assert "# DTHDT: {from: t1, when: {HEADER: '1'}}" in written
    assert study["analysis"]["table1"] == ["OWN1"]


def test_every_guess_says_how_sure_it_is(project, hospital):
    new_study(project, "fresh", hospital)
    lines = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8").splitlines()
    start, end = lines.index("tables:"), lines.index("groups:")
    mapped = [line for line in lines[start:end] if re.match(r" {6,10}[A-Z]{2,8}:", line)]
    assert len(mapped) > 20
    assert all(re.search(r"# (?:sure|likely|guess)", line) for line in mapped)


def test_a_redcap_export_is_taken_apart_by_instrument(project, tmp_path):
    head = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
            "sex", "age", "treatment_start_date", "last_contact_date", "vital_status", "death_date",
            "assessment_date", "response", "bm_blasts_pct"]  # fmt: skip
    rows = [head]
    for n in range(1, 9):
        base = [str(n), "baseline_arm_1", "", "", "Male", 60 + n, f"2021-01-{n + 10}", "2022-01-01",
                "alive", ""]  # fmt: skip
        rows.append([*base, "", "", ""])
        for i, word in enumerate(("PR", "CR"), start=1):
            rows.append([str(n), "baseline_arm_1", "response_assessment", i, *[""] * 6,
                         f"2021-0{i + 2}-03", word, 20 - 9 * i])  # fmt: skip
    study, _ = loaded(project, csv_file(tmp_path / "export", "redcap.csv", rows))
    responses = study["tables"]["responses"]
    assert responses["where"] == {"redcap_repeat_instrument": ["response_assessment"]}
    assert columns(study, "responses") == {
        **{"RSDT": "assessment_date", "RSINV": "response", "MBLAST": "bm_blasts_pct"},
    }
    assert columns(study, "patients")["INDEXDT"] == "treatment_start_date"


def test_repeated_columns_beside_the_patients_are_turned_long(project, tmp_path):
    head = ["patient id", "gender", "index date", "last follow-up", "died",
            "response_date_1", "response_1", "response_date_2", "response_2", "C1 start date",
            "C2 start date", "C1 venetoclax days", "C2 venetoclax days"]  # fmt: skip
    rows = [head]
    for n in range(8):
        rows.append([f"P{n}", "F", "2021-01-04", "2021-12-01", "no", "2021-02-03", "PR",
                     "2021-03-10", "CR", "2021-01-04", "2021-02-05", 28, 21])  # fmt: skip
    study, _ = loaded(project, csv_file(tmp_path / "export", "wide.csv", rows))
    assert columns(study, "responses", 1) == {"RSDT": "response_date_2", "RSINV": "response_2"}
    cycles = study["tables"]["cycles"]["records"]
    assert [str(r["columns"]["CYCLE"]["constant"]) for r in cycles] == ["1", "2"]
    assert columns(study, "cycles", 1)["EXSTDT"] == "C2 start date"


def test_a_sheet_of_visits_gives_the_patients_as_well(project, tmp_path):
    rows = [["patient id", "sex", "treatment start", "last contact", "status", "marrow date",
             "response", "ANC"]]  # fmt: skip
    for n in range(12):
        rows.append([f"P{n // 2}", "M", "2021-01-04", "2022-01-01", "alive",
                     f"2021-0{n % 2 + 2}-10", ("PR", "CR")[n % 2], 0.5 + n])  # fmt: skip
    study, told = loaded(project, csv_file(tmp_path / "export", "visits.csv", rows))
    assert columns(study, "patients") == {
        **{"SEX": "sex", "INDEXDT": "treatment start", "LSTALVDT": "last contact"},
        **{"SURVSTAT": "status", "DTHDT": "last contact"},
    }
    assert "Is nobody dead? No word of 'status' means so." in told
    assert columns(study, "responses")["RSDT"] == "marrow date"
    text, _ = check(project, "fresh")
    assert re.search(r"OS +standard +all +6 ", text)


def test_an_archive_is_looked_into(project, hospital, tmp_path):
    with zipfile.ZipFile(tmp_path / "随访.zip", "w") as archive:
        for path in hospital.iterdir():
            archive.write(path, path.name)
    study, told = loaded(project, tmp_path / "随访.zip")
    assert "responses" in study["tables"]


def test_a_statistics_file_is_read_by_its_labels(project, tmp_path):
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame(
        {
            "v1": [f"P{n}" for n in range(8)],
            "v2": [1.0, 2.0] * 4,
            "v3": ["2021-01-04"] * 8,
            "v4": ["2022-01-04"] * 8,
        }
    )
    labels = ["Patient ID", "Sex", "Treatment start date", "Date of last contact"]
    (tmp_path / "export").mkdir()
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "export/cohort.sav"),
        column_labels=labels,
        variable_value_labels={"v2": {1.0: "male", 2.0: "female"}},
    )
    study, _ = loaded(project, tmp_path / "export")
    assert study["tables"]["patients"]["key"] == "v1"
    assert columns(study, "patients") == {"SEX": "v2", "INDEXDT": "v3", "LSTALVDT": "v4"}
    check(project, "fresh")


def test_sheets_without_speaking_names_are_known_by_their_content(project, tmp_path):
    book = Workbook()
    book.active.title = "Sheet1"
    book.active.append(["ID", "Gender", "Age", "Therapy start", "Last FU date", "Status"])
    tables = {"Sheet2": ["ID", "X", "Y"], "Sheet3": ["ID", "when", "what"]}
    for name, head in tables.items():
        book.create_sheet(name).append(head)
    for n in range(8):
        book["Sheet1"].append([f"P{n}", "m", 60 + n, "2021-01-04", "2021-12-01", "alive"])
        book["Sheet2"].append([f"P{n}", ("NPM1", "TP53")[n % 2], "mutated"])
        book["Sheet3"].append([f"P{n}", "2021-03-04", ("CR", "PR", "NR")[n % 3]])
    (tmp_path / "export").mkdir()
    book.save(tmp_path / "export/book.xlsx")
    study, told = loaded(project, tmp_path / "export/book.xlsx")
    assert columns(study, "mutations")["GENE"] == "X"
    assert columns(study, "responses") == {"RSDT": "when", "RSINV": "what"}
    assert "guess" in told


def test_files_with_the_same_headers_are_one_table(project, tmp_path):
    head = ["patient id", "sex", "index date", "last contact date", "death date"]
    for year in (2021, 2022):
        rows = [[f"{year}-{n}", "F", f"{year}-01-0{n + 1}", f"{year}-12-01", ""] for n in range(5)]
        csv_file(tmp_path / "export", f"cohort_{year}.csv", [head, *rows])
    study, _ = loaded(project, tmp_path / "export")
    assert study["tables"]["patients"]["file"] == "cohort_202*.csv"
    text, _ = check(project, "fresh")
    assert re.search(r"patients +10 ", text)


def test_files_with_the_same_headers_stay_apart_where_a_pattern_would_fit_others(tmp_path):
    head = ["patient id", "sex", "index date", "last contact date", "death date"]
    rows = [["1", "F", "2021-01-01", "2021-12-01", ""]]
    for name in ("ab.csv", "cd.csv"):
        csv_file(tmp_path, name, [head, *rows])
    csv_file(tmp_path, "responses.csv", [["patient id", "date", "response"], ["1", "2021", "CR"]])
    found, *_ = survey(tmp_path, load_synonyms(ROOT), [], {}, load_names(ROOT))
    assert [sheet.file for sheet in found] == ["ab.csv", "cd.csv", "responses.csv"]


def test_an_index_date_that_no_header_names_is_asked_for(project, tmp_path):
    rows = [["patient id", "diagnosis date", "last contact date", "death date"]]
    rows += [[f"P{n}", "2021-01-01", "2022-01-01", ""] for n in range(6)]
    study, told = loaded(project, csv_file(tmp_path / "export", "a.csv", rows))
    assert columns(study, "patients")["INDEXDT"] == "diagnosis date"
    assert "Times count from 'diagnosis date' (INDEXDT). Is that the day" in told


def test_without_copy_nothing_is_copied_and_the_commands_are_said(project, hospital):
    told = new_study(project, "fresh", hospital)
    assert not (project / "data").exists()
    assert "mkdir -p data/raw/fresh/DATE" in told
    assert "the newest date in it is 2024-" in told
    assert "python -m venaza check fresh" in told
    assert "snakemake --cores 4 --config studies=fresh" in told


def test_an_export_that_lies_in_its_place_needs_no_copy(project, hospital):
    place = project / "data/raw/fresh" / DATE
    shutil.copytree(hospital, place)
    told = new_study(project, "fresh", project / "data/raw/fresh")
    assert "mkdir" not in told
    assert load_study(project, "fresh")["export"] == DATE


def test_the_same_export_gives_the_same_file(project, hospital):
    new_study(project, "fresh", hospital)
    path = project / "config/studies/fresh.yaml"
    first = path.read_bytes()
    new_study(project, "fresh", hospital, force=True)
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "aml_venaza"}, "a study file of this name already"),
        ({"name": "Ven Aza"}, "cannot be the name of a study"),
        ({"copy": "yesterday"}, "--copy needs the day"),
        ({"source": Path("nowhere")}, "no such folder or file"),
    ],
)
def test_what_cannot_be_is_refused(project, hospital, arguments, words):
    with pytest.raises(StudyError, match=words):
        new_study(project, **{"name": "fresh", "source": hospital, **arguments})
    assert not (project / "config/studies/fresh.yaml").exists()


def test_an_export_folder_with_files_is_not_written_into(project, hospital):
    new_study(project, "fresh", hospital, copy=DATE)
    with pytest.raises(StudyError, match="holds files already"):
        new_study(project, "fresh", hospital, copy=DATE, force=True)


def test_dates_whose_order_is_open_are_asked_for(project, tmp_path):
    rows = [["patient id", "index date", "last contact date", "death date"]]
    rows += [[str(n), f"0{n}/03/2021", f"{n + 12}/01/2022", ""] for n in range(1, 7)]
    study, told = loaded(project, csv_file(tmp_path / "export", "a.csv", rows))
    assert columns(study, "patients")["INDEXDT"] == "index date"
    assert "'index date': with dates such as 03/05/2021, is the day first" in told
    assert "the cells do not say" in told
    written = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    assert "  # date_order: DMY" in written


def test_an_export_without_a_table_says_so(project, tmp_path):
    folder = csv_file(tmp_path / "a", "a.csv", [["合成数据"], ["只有说明"]])
    with pytest.raises(StudyError, match="No sheet here has a header row and rows below it"):
        new_study(project, "fresh", folder)
    (tmp_path / "b").mkdir()
    with pytest.raises(StudyError, match="This folder holds no file that can be read"):
        new_study(project, "fresh", tmp_path / "b")


def test_patients_without_any_date_where_others_have_some_say_what_is_missing(project, tmp_path):
    csv_file(tmp_path / "a", "patients.csv", [["patient id", "sex"], ["1", "F"], ["2", "M"]])
    rows = [["patient id", "assessment date", "response"], ["1", "2021-01-01", "CR"]]
    folder = csv_file(tmp_path / "a", "responses.csv", rows)
    with pytest.raises(StudyError, match="No date of the patients' sheet can be the index date"):
        new_study(project, "fresh", folder)


def test_an_export_without_patients_or_times_says_what_is_missing(project, tmp_path):
    rows = [["test", "value"], ["WBC", "1"], ["WBC", "1"], ["PLT", "5"]]
    with pytest.raises(StudyError, match="one row for each patient"):
        new_study(project, "fresh", csv_file(tmp_path / "a", "a.csv", rows))
    rows = [["patient id", "sex"], ["1", "F"], ["2", "M"]]
    with pytest.raises(StudyError, match="no time can be counted"):
        new_study(project, "fresh", csv_file(tmp_path / "b", "b.csv", rows))


def test_the_key_is_the_column_whose_numbers_are_the_patients(project, tmp_path):
    """A laboratory's own number beside the hospital's, which identifies and is hashed."""
    header = ["住院号", "性别", "首次用药日期", "末次随访日期"]
    rows = [header, *([f"ZY0{n}12", "男", f"2021-03-{n + 10}", "2022-01-01"] for n in range(8))]
    csv_file(tmp_path / "export", "患者.csv", rows)
    tests = [["病人ID", "住院号", "项目名称", "结果", "单位", "检查日期"]]
    for n in range(8):
        line = ["白细胞", 4.5 + n, "10^9/L", f"2021-03-{n + 10}"]
        tests += [[f"9{n}", f"ZY0{n}12", *line], [f"9{n}", f"ZY0{n}12", *line]]
    folder = csv_file(tmp_path / "export", "化验.csv", tests)
    study, _ = loaded(project, folder)
    assert {study["tables"][name]["key"] for name in ("patients", "labs")} == {"住院号"}
    assert study["privacy"]["columns"] == {"住院号": "hash"}


def test_hospital_numbers_are_known_under_another_header(project, tmp_path):
    header = ["研究编号", "住院号", "性别", "首次用药日期", "末次随访日期"]
    rows = [[n, f"ZY0{n}12", "男", f"2021-03-{n + 10}", "2022-01-01"] for n in range(8)]
    csv_file(tmp_path / "export", "患者.csv", [header, *rows])
    others = [["序", "对应"], *([n, f"ZY0{n}12"] for n in range(8))]
    folder = csv_file(tmp_path / "export", "对照.csv", others)
    new_study(project, "fresh", folder, copy=DATE)
    document = read_yaml(project / "config/studies/fresh.yaml", "fresh")
    assert document["privacy"]["columns"] == {"住院号": "drop", "对应": "drop"}


def test_words_that_could_be_names_are_counted_and_not_listed(project, tmp_path):
    words = ["死亡", "存活", "存活", "失访", "王小明", "Zhang Wei", "改善中", "存活"]
    rows = [["编号", "性别", "首次用药日期", "末次随访日期", "生存状态", "参与者"]]
    persons = ["阿里", "巴图", "扎西", "那日", "达娃", "格桑", "其其格", "乌云"]
    for n, (word, person) in enumerate(zip(words, persons, strict=True)):
        rows.append([f"p{n}", "男", f"2021-03-{n + 10}", "2022-01-01", word, person])
    folder = csv_file(tmp_path / "export", "患者.csv", rows)
    told = new_study(project, "fresh", folder)
    written = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    assert not [word for word in ("王小明", "Zhang Wei", *persons) if word in told + written]
    assert "改善中" not in written or "2 word(s)" in written
    assert "are not shown: they could be names" in written
    assert "not shown: they could be names" in told
    assert "生存状态: scrub  # single cells look like names" in written
    assert "Could the cells of 参与者 be names of persons?" in told
