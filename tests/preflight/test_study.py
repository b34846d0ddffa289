"""Study files: what is refused before any job runs, and with which words."""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.copies import copied
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.intake.cells import read_export
from venaza.preflight import check_headers, load_run, load_study, settings
from venaza.study.documents import read_yaml

ROOT = Path(__file__).parents[2]
STUDIES = sorted(path.stem for path in (ROOT / "config/studies").glob("*.yaml"))


@pytest.fixture
def project(tmp_path):
    """A project with one study, `bmt`, that a test may spoil."""
    return copied(tmp_path, "data/raw/bmt")


def spoil(project: Path, change) -> None:
    path = project / "config/studies/bmt.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize("name", STUDIES)
def test_the_shipped_studies_are_valid(name):
    study = load_study(ROOT, name)
    check_headers(ROOT, study)
    assert set(settings(study, "report")) <= {*study, "id"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.update(endpoint={}), ["Unknown key 'endpoint'", "Did you mean 'endpoints'?"]),
        (
            lambda s: s["study"].pop("title"),
            ["The key 'title' is missing.", "key:    study", "line:   "],
        ),
        (
            lambda s: s["timeline"].update(dates="calender"),
            ["'calender' is not allowed here.", "Use one of: calendar, study_days."],
        ),
        (
            lambda s: s["endpoints"].update(OS="standart"),
            ["no endpoint definition 'OS.standart'", "Did you mean 'OS.standard'?"],
        ),
        (
            lambda s: s["endpoints"].update(
                EFS={"like": "EFS.documented", "events": ["RELAPS", "DEATH"]}
            ),
            ["'RELAPS' is not a milestone.", "Did you mean 'RELAPSE'?"],
        ),
        (
            lambda s: s["endpoints"].update(EFS={"label": "x"}),
            ["The endpoint EFS lacks 'start'."],
        ),
        (
            lambda s: s["tables"]["responses"]["columns"].update(RSINF="d2"),
            ["'RSINF' is not a column of 'responses'.", "Did you mean 'RSINV'?"],
        ),
        (
            lambda s: s["tables"]["patients"]["columns"].update(AGEE="z1"),
            ["'AGEE' is not a column of the clean table 'patients'.", "Did you mean 'AGE'?"],
        ),
        (
            lambda s: s["analysis"].update(table1=["AGE", "SEXX"]),
            ["'SEXX' is not a variable of the patients", "Did you mean 'SEX'?"],
        ),
        (
            lambda s: s["endpoints"].update(OS={"like": "OS.from_diagnosis", "entry": "INDEKS"}),
            ["'INDEKS' is not a milestone.", "Did you mean 'INDEX'?"],
        ),
        (
            lambda s: s["endpoints"].update(EFS={"like": "EFS.eln2022", "entry": "INDEX"}),
            ["The endpoint EFS has both an 'entry' and a 'landmark'."],
        ),
        (lambda s: s["analysis"].update(primary="PFS"), ["'PFS' is not an endpoint"]),
        (
            lambda s: s["analysis"].update(cox={"PFS": ["AGE"]}),
            ["'PFS' is not an endpoint of this study.", "analysis > cox > PFS"],
        ),
        (
            lambda s: s["analysis"].update(multivariable={"OS": ["AGE", "SEXX"]}),
            ["'SEXX' is not a variable of the patients", "analysis > multivariable > OS"],
        ),
        (
            lambda s: s["analysis"].update(subgroups={"OS": ["SEX"]}),
            ["the hazard ratio between two groups"],
        ),
        (lambda s: s["groups"].update(variable="ARMM"), ["'ARMM' is not a recorded variable."]),
        (
            lambda s: s["timeline"].update(days_per_month=3),
            [
                "'3' is too small",
                "Give a number, at least 28 and at most 31",
                "timeline > days_per_month",
            ],
        ),
        (
            lambda s: s.update(response={"criteria": "eln2023"}),
            ["'eln2023' is not a file of config/criteria", "response > criteria", "eln2022_aml"],
        ),
    ],
)
def test_a_wrong_study_file_gives_one_clear_error(project, change, words):
    spoil(project, change)
    with pytest.raises(StudyError) as caught:
        load_study(project, "bmt")
    for word in words:
        assert word in str(caught.value)
    assert "to do:" in str(caught.value)


def _curve(**changes) -> dict:
    given = {"id": "trial", "label": "A trial", "endpoint": "OS", "source": "Doe 2020"}
    return {**given, "points": "points.csv", "at_risk": "risk.csv", **changes}


@pytest.mark.parametrize(
    ("curves", "words"),
    [
        (
            [_curve(points="nowhere.csv")],
            ["no such file", "published_curves > 1 > points", "nowhere.csv"],
        ),
        (
            [_curve(endpoint="CIR")],
            ["does not estimate by Kaplan-Meier", "Use one of: DFS, OS, PFOS"],
        ),
        ([_curve(), _curve()], ["This id is taken", "published_curves > 2 > id", "trial"]),
        ([_curve(id="all")], ["This id is taken", "published_curves > 1 > id"]),
    ],
)
def test_a_digitised_curve_that_cannot_stand_beside_the_study(project, curves, words):
    for name in ("points.csv", "risk.csv"):
        (project / name).write_text("time,n\n0,1\n", encoding="utf-8")
    spoil(project, lambda s: s.update(published_curves=curves))
    with pytest.raises(StudyError) as error:
        load_study(project, "bmt")
    for word in words:
        assert word in str(error.value)


def test_a_digitised_curve_has_months_and_percent_unless_told(project):
    for name in ("points.csv", "risk.csv"):
        (project / name).write_text("time,n\n0,1\n", encoding="utf-8")
    spoil(project, lambda s: s.update(published_curves=[_curve(time_unit="days")]))
    (curve,) = load_study(project, "bmt")["published_curves"]
    assert (curve["time_unit"], curve["survival_unit"]) == ("days", "percent")
    assert load_study(ROOT, "bmt")["published_curves"] == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("AGE", "'AGE' is a measurement"),
        ({"SEX": 2}, "'SEX' is not a number"),
        ("DISGROUP", "'DISGROUP' is the comparison itself"),
        ({"AGEE": 30}, "'AGEE' is not a variable."),
    ],
)
def test_a_subgroup_that_cannot_be(project, asked, words):
    def change(study):
        del study["groups"]["levels"]["ALL"]
        study["groups"]["treatment"] = True
        study["analysis"].update(subgroups={"DFS": [asked]})

    spoil(project, change)
    with pytest.raises(StudyError, match=words):
        load_study(project, "bmt")


def test_subgroups_are_of_treatments(project):
    """Groups by disease are no treatments, unless the study file says so; arms are."""

    def change(study):
        del study["groups"]["levels"]["ALL"]
        study["analysis"].update(subgroups={"DFS": ["SEX"]})

    spoil(project, change)
    with pytest.raises(StudyError, match="the groups of this study are no treatments") as caught:
        load_study(project, "bmt")
    assert "treatment: true" in str(caught.value)
    assert load_study(ROOT, "bmt")["groups"]["treatment"] is False
    assert load_study(ROOT, "myeloid")["groups"]["treatment"] is True


def test_a_key_given_twice_is_refused(project):
    path = project / "config/studies/bmt.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nendpoints: {}\n", encoding="utf-8")
    with pytest.raises(StudyError, match="'endpoints' is given twice") as caught:
        load_study(project, "bmt")
    assert caught.value.place["row"]


def test_yaml_cannot_run_code(project):
    path = project / "config/studies/bmt.yaml"
    path.write_text("study: !!python/object/apply:os.system [echo]\n", encoding="utf-8")
    with pytest.raises(StudyError, match="not valid YAML"):
        load_study(project, "bmt")


def test_no_and_yes_stay_words_and_dates_stay_text(tmp_path):
    (tmp_path / "a.yaml").write_text("a: [N, no, yes, on]\nb: 2024-03-01\nc: true\n")
    assert read_yaml(tmp_path / "a.yaml", "a") == {
        **{"a": ["N", "no", "yes", "on"], "b": "2024-03-01", "c": True},
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda s: s["tables"]["patients"].update(file="*.xlsx"),
            ["No file of the export fits '*.xlsx'", "Files in data/raw/bmt/2026-11-21: bmt.csv"],
        ),
        (
            lambda s: s["tables"]["patients"]["columns"].update(AGE="z11"),
            ["no such column stands there", "column: z11", "Did you mean 'z1'?", "bmt.csv"],
        ),
        (
            lambda s: s["tables"]["patients"].update(key="patient"),
            ["no such column stands there", "column: patient"],
        ),
        (
            lambda s: s["tables"]["responses"]["columns"]["RSDT"].update(when={"dd": "1"}),
            ["no such column stands there", "column: dd"],
        ),
    ],
)
def test_what_the_export_lacks_is_named(project, change, words):
    spoil(project, change)
    with pytest.raises(StudyError) as caught:
        check_headers(project, load_study(project, "bmt"))
    for word in words:
        assert word in str(caught.value)


def test_a_missing_sheet_and_a_doubled_header_are_named(project):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Patient"
    book.active.append(["rownames", "z1", "z1"])
    folder = project / "data/raw/bmt/2026-11-21"
    book.save(folder / "bmt.xlsx")
    (folder / "bmt.csv").unlink()

    def simple(document):
        columns = {"AGE": "z1", "DISGROUP": {"from": "z1", "label": "x"}}
        table = {"file": "*.xlsx", "sheet": "Patients", "key": "rownames", "columns": columns}
        document["tables"] = {"patients": table}
        document["analysis"] = {"primary": "OS", "table1": ["AGE"]}
        document["endpoints"] = {"OS": "standard"}

    spoil(project, simple)
    with pytest.raises(StudyError, match="Did you mean 'Patient'?") as caught:
        check_headers(project, load_study(project, "bmt"))
    assert caught.value.place["sheet"] == "Patients"
    spoil(project, lambda s: s["tables"]["patients"].update(sheet="Patient"))
    with pytest.raises(StudyError, match="stands there twice"):
        check_headers(project, load_study(project, "bmt"))


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"studies": "bmd"}, ["There is no study 'bmd'", "Did you mean 'bmt'?"]),
        ({"exports": "newest"}, ["Unknown key 'exports'", "Did you mean 'export'?"]),
        (
            {"formats": "html,doc"},
            ["does not have the form", "formats", "any of html, docx and pdf"],
        ),
    ],
)
def test_a_wrong_run_is_refused(overrides, words):
    run = {"studies": "bmt", "export": "newest", "formats": "html", **overrides}
    with pytest.raises(StudyError) as caught:
        load_run(ROOT, run)
    for word in words:
        assert word in str(caught.value)


def test_the_newest_export_is_taken_unless_one_is_named(project):
    folder = project / "data/raw/bmt"
    shutil.copytree(folder / "2026-11-21", folder / "2025-01-01")
    assert load_study(project, "bmt")["export"] == "2026-11-21"
    assert load_study(project, "bmt", "2025-01-01")["export"] == "2025-01-01"
    with pytest.raises(StudyError, match="no export of 2024-01-01") as caught:
        load_study(project, "bmt", "2024-01-01")
    assert "2025-01-01, 2026-11-21" in str(caught.value)


def test_a_study_without_an_export_says_where_to_put_one(project):
    shutil.rmtree(project / "data/raw/bmt")
    with pytest.raises(StudyError, match="There is no export") as caught:
        load_study(project, "bmt")
    assert "data/raw/bmt/YYYY-MM-DD/" in str(caught.value)


EXPORT = "data/raw/bmt/2026-11-21/bmt.csv"


@pytest.mark.parametrize("title", ["Export of the clinic\n", "\n", "Export of,the clinic\n,\n"])
def test_a_title_above_the_headers_is_pointed_out(project, title):
    path = project / EXPORT
    path.write_text(title + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        check_headers(project, load_study(project, "bmt"))
    row = title.count("\n") + 1
    hint = f"Row {row} has them: set header_row: {row} (tables > patients > header_row)."
    assert hint in caught.value.fix
    assert "Exportof" not in str(caught.value)


def test_two_tables_of_one_sheet_agree_on_its_header_row(project):
    spoil(project, lambda s: s["tables"]["responses"].update(header_row=2))
    with pytest.raises(StudyError, match="with different header rows") as caught:
        check_headers(project, load_study(project, "bmt"))
    assert caught.value.place["file"] == "config/studies/bmt.yaml"
    assert caught.value.place["row"]


def test_a_patients_sheet_without_rows_is_named(project):
    path = project / EXPORT
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    spoil(project, lambda s: s["tables"]["patients"].update(file="*.csv"))
    study = load_study(project, "bmt")
    cells, _ = read_export([path], path.parent, settings(study, "intake"))
    with pytest.raises(StudyError, match="no row below its header") as caught:
        clean(cells, settings(study, "clean"))
    assert caught.value.place["file"] == "bmt.csv"


def test_an_empty_export_folder_is_named(project):
    for path in (project / "data/raw/bmt/2026-11-21").iterdir():
        path.unlink()
    with pytest.raises(StudyError, match="holds no file that can be read"):
        check_headers(project, load_study(project, "bmt"))


def test_a_cutoff_follows_the_export_unless_given(project):
    columns = {"INDEXDT": "t1", "LSTALVDT": "t1", "DTHDT": "t1"}
    spoil(project, lambda s: s["timeline"].update(cutoff="export", dates="calendar"))
    spoil(project, lambda s: s["tables"]["patients"]["columns"].update(columns))
    assert load_study(project, "bmt")["cutoff"] == "2026-11-21"
    spoil(project, lambda s: s["timeline"].update(cutoff="none"))
    assert load_study(project, "bmt")["cutoff"] is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("formats: htlm", "'htlm' does not have the form"),
        ("studies: bmd", "Did you mean 'bmt'?"),
        ("exprot: newest", "Unknown key 'exprot'."),
    ],
)
def test_what_is_wrong_in_the_run_configuration_has_its_line(tmp_path, line, says):
    copied(tmp_path)
    given = {"studies": "bmt", "export": "newest", "formats": "html"}
    path = tmp_path / "config/config.yaml"
    told = yaml.safe_load(line)
    path.write_text(f"# What a run does.\n{line}\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_run(tmp_path, {**given, **told})
    assert says in str(caught.value)
    assert "  file:   config/config.yaml\n  line:   2\n" in str(caught.value)
    path.write_text("studies: bmt\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_run(tmp_path, {**given, **told})
    assert "  file:   config/config.yaml and --config\n" in str(caught.value)
