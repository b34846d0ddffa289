"""What a run is compared with: which export, which record, and by which steps."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest

from tests.copies import copied
from tests.workflow.project import ROOT
from venaza.contracts.errors import StudyError
from venaza.preflight import compare_with, load_run, load_study
from venaza.preflight.comparison import choose_baseline, published_hash, raw_hashes
from venaza.preflight.kept import fingerprint, fingerprints, kept_configuration, read_record

PRESENT = {"code": {"version": "0.1.0", "sha256": "c0de"}, "python": "3.11", "packages": {"a": "1"}}
NAME, OLD, NEW = "bmt", "2024-01-01", "2024-06-01"
HEADER = "patient,table,row,column,old,new,reason,who,date\n"
LINES = (
    "1,patients,,z1,26,27,chart,Dr Li,2024-01-05\n",
    "2,patients,,z1,21,22,chart,Dr Li,2024-07-01\n",
)


@pytest.fixture
def root(tmp_path):
    """The configuration and two exports of a study, no results."""
    copied(tmp_path, "data/reference")
    (source,) = [p for p in (ROOT / "data/raw" / NAME).iterdir() if p.is_dir()]
    for date in (OLD, NEW):
        shutil.copytree(source, tmp_path / "data/raw" / NAME / date)
    return tmp_path


def record(root, export=OLD, **changes) -> None:
    """A record of an export as if kept now, with ``changes`` to what it says."""
    study = load_study(root, NAME, export)
    configuration = changes.pop("kept", kept_configuration(study))
    folder = root / "data/kept" / NAME / export
    folder.mkdir(parents=True, exist_ok=True)
    files = {"ard.csv": b"ard_id\n", "configuration.json": json.dumps(configuration).encode()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    said = {
        **{"study": NAME, "export": export, "note": "", **PRESENT},
        **{"corrections": fingerprints(study), "raw": raw_hashes(root, study)},
        "published": published_hash(root, study),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    (folder / "record.json").write_text(json.dumps({**said, **changes}), encoding="utf-8")


def steps(root, wish="before", export=NEW, present=PRESENT) -> list[tuple]:
    """(run, causes) of each state, by the folder of its numbers."""
    found = compare_with(root, load_study(root, NAME, export), wish, present)
    assert {state["ard"].split("/")[0] for state in found.states} <= {"results", "data"}
    names = [s["ard"].split("/statistics")[0].removesuffix("/ard.csv") for s in found.states]
    short = [n.removeprefix(f"results/{NAME}").removeprefix("/audit/baseline/") for n in names]
    needed = {s for s in short if s and not s.startswith("data/")}
    assert {run.rpartition("/")[2] for run in found.runs} == needed
    return [(name, *state["causes"]) for name, state in zip(short, found.states, strict=True)]


def correct(root, *lines: str) -> None:
    path = root / "config/corrections" / f"{NAME}.csv"
    path.write_text(HEADER + "".join(lines), encoding="utf-8")


KEPT = f"data/kept/{NAME}/{OLD}"


def test_the_export_before_is_compared_by_its_data(root):
    assert steps(root) == [(OLD,), ("", "data")]


def test_the_first_export_and_none_are_compared_with_nothing(root):
    assert steps(root, export=OLD) == []
    assert steps(root, "none") == []


def test_an_earlier_export_can_be_compared_with_a_later_one(root):
    assert steps(root, NEW, OLD) == [(NEW,), ("", "data")]


def test_corrections_that_came_since_are_a_step_of_their_own(root):
    correct(root, LINES[0])
    assert steps(root) == [(OLD,), ("", "data")]
    correct(root, *LINES)
    assert steps(root) == [(OLD,), (f"{NEW}.corrections", "data"), ("", "corrections")]
    found = compare_with(root, load_study(root, NAME), "before", PRESENT)
    then = found.runs[f"{NAME}/audit/baseline/{NEW}.corrections"]["corrections"]
    assert [line["patient"] for line in then["lines"]] == ["1"]
    assert then["strict"] is False


OTHER = {**PRESENT, "code": {"version": "0.2.0", "sha256": "other"}}


def test_a_record_of_the_same_code_and_configuration_adds_no_run(root):
    record(root)
    assert steps(root) == [(KEPT,), (OLD,), ("", "data")]


def test_code_is_what_differs_from_the_record(root):
    record(root)
    assert steps(root, present=OTHER) == [(KEPT,), (OLD, "code"), ("", "data")]
    newer = {**PRESENT, "packages": {"a": "2"}}
    assert steps(root, present=newer)[1] == (OLD, "code")


def other_configuration(root) -> dict:
    kept = kept_configuration(load_study(root, NAME, OLD))
    kept["timeline"]["days_per_month"] = 28
    del kept["transfusions"]
    return kept


def test_configuration_is_what_differs_from_the_record(root):
    record(root, kept=other_configuration(root))
    assert steps(root) == [(KEPT,), (OLD, "configuration"), ("", "data")]


def test_code_and_configuration_are_told_apart_by_a_run_of_the_kept_configuration(root):
    record(root, kept=other_configuration(root))
    assert steps(root, present=OTHER) == [
        (KEPT,),
        (f"{OLD}.kept", "code"),
        (OLD, "configuration"),
        ("", "data"),
    ]
    found = compare_with(root, load_study(root, NAME), "before", OTHER)
    then = found.runs[f"{NAME}/audit/baseline/{OLD}.kept"]
    assert then["timeline"]["days_per_month"] == 28
    assert then["export"] == OLD
    assert then["transfusions"] == {"free_days": 56, "after_last_dose": 30}, "came since: defaults"


def test_the_record_of_the_same_export(root):
    record(root, NEW, kept=other_configuration(root))
    kept = f"data/kept/{NAME}/{NEW}"
    assert steps(root, "kept") == [(kept,), ("", "configuration")]
    assert steps(root, "kept", present=OTHER) == [
        (kept,),
        (f"{NEW}.kept", "code"),
        ("", "configuration"),
    ]
    correct(root, LINES[0])
    assert steps(root, "kept") == [
        (kept,),
        (f"{NEW}.corrections", "configuration"),
        ("", "corrections"),
    ]


def test_only_a_record_is_left(root):
    record(root)
    shutil.rmtree(root / "data/raw" / NAME / OLD)
    assert steps(root) == [(KEPT,), ("", "data")]
    assert steps(root, present=OTHER) == [(KEPT,), ("", "code", "data")]
    found = compare_with(root, load_study(root, NAME), "before", PRESENT)
    assert found.base is None
    assert "only the kept record is left" in found.notes[0]


def test_raw_files_that_are_not_those_of_the_record_are_said(root):
    record(root, raw={"another.csv": "00"})
    assert steps(root)[1] == (OLD, "data")
    found = compare_with(root, load_study(root, NAME), "before", PRESENT)
    assert "are not those of the kept record" in found.notes[0]


def test_corrections_that_were_taken_back_cannot_be_told_apart_and_it_says_so(root):
    correct(root, LINES[0])
    record(root)
    correct(root, LINES[1])
    assert steps(root, present=OTHER)[1] == (OLD, "code", "corrections")
    found = compare_with(root, load_study(root, NAME), "before", OTHER)
    assert "stand no longer in config/corrections/bmt.csv" in found.notes[0]


def test_an_older_export_that_the_study_file_cannot_read_is_left_out_and_it_says_why(root):
    for path in (root / "data/raw" / NAME / OLD).iterdir():
        path.write_text("nothing,here\n1,2\n", encoding="utf-8")
    assert steps(root) == []
    found = compare_with(root, load_study(root, NAME), "before", PRESENT)
    assert "cannot be read with the present study file" in found.notes[0]
    with pytest.raises(StudyError, match="such columns do not stand there"):
        compare_with(root, load_study(root, NAME), OLD, PRESENT)


@pytest.mark.parametrize(
    ("wish", "message", "cure"),
    [
        ("2023-01-01", "The study 'bmt' has no export of 2023-01-01 to compare with.", OLD),
        (NEW, "would be compared with itself", "baseline=kept"),
        ("kept", "There is no kept record of the export of 2024-06-01", "keep bmt"),
    ],
)
def test_a_comparison_that_cannot_be_made(root, wish, message, cure):
    with pytest.raises(StudyError) as caught:
        choose_baseline(root, NAME, NEW, wish)
    assert message in caught.value.what
    assert cure in caught.value.fix


def test_the_wish_is_checked_by_the_schema(root):
    told = {"studies": NAME, "export": "newest", "formats": "html"}
    assert load_run(root, told)["baseline"] == "before"
    assert load_run(root, {**told, "baseline": "kept"})["baseline"] == "kept"
    with pytest.raises(StudyError, match="does not have the form"):
        load_run(root, {**told, "baseline": "last year"})


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("ard.csv", "was altered after it was kept"),
        ("configuration.json", "was altered after it was kept"),
        ("record.json", "cannot be read"),
    ],
)
def test_a_record_that_was_touched_is_refused(root, file, message):
    record(root)
    (root / KEPT / file).write_text("{}", encoding="utf-8")
    with pytest.raises(StudyError, match="The kept record of the export of") as caught:
        read_record(root, NAME, OLD)
    assert message in caught.value.what
    assert KEPT in caught.value.fix


def test_a_record_holds_no_patients_and_a_correction_is_known_wherever_it_stands(root):
    correct(root, *LINES)
    study = load_study(root, NAME)
    assert "corrections" not in kept_configuration(study)
    lines = study["corrections"]["lines"]
    assert fingerprint(lines[0]) == fingerprint({**lines[0], "line": 99})
    assert fingerprint(lines[0]) != fingerprint({**lines[0], "new": "28"})


def test_a_record_from_before_responses_had_a_window_is_run_by_the_language_of_now(root):
    """No window, no days of a failure, fewer checks, a landmark without an end."""
    now = load_study(root, NAME, OLD)
    kept = other_configuration(root)
    for key in ("until", "baseline_remission", "blood_relapse_days"):
        del kept["response"][key]
    del kept["failure"]["treated_before_days"]
    kept["failure"]["label"] = "As it was"
    del kept["on_one_day"]
    del kept["checks"]["rules"]["blood_blasts_once"]
    kept["milestones"] = {k: v for k, v in kept["milestones"].items() if k != "PRIMARY_REFRACTORY"}
    del kept["milestones"]["FIRST_REMISSION"]["until"]
    landmark = {"milestone": "SECOND_CYCLE", "reached": "FIRST_REMISSION", "failure_dated": "start"}
    kept["endpoints"]["DFS"] = {**kept["endpoints"]["DFS"], "landmark": landmark}
    record(root, kept=kept)
    found = compare_with(root, load_study(root, NAME, NEW), "before", OTHER)
    study = found.runs[f"{NAME}/audit/baseline/{OLD}.kept"]
    assert study["milestones"] == now["milestones"]
    assert study["response"]["until"] == ["NEXT_THERAPY", "TRANSPLANT"]
    assert study["failure"] == {**kept["failure"], "treated_before_days": 14}
    assert study["on_one_day"] == now["on_one_day"]
    assert study["checks"]["rules"]["blood_blasts_once"]["severity"] == "warning"
    assert study["endpoints"]["DFS"]["landmark"] == {**landmark, "at_most_days": 120}
    assert study["timeline"]["days_per_month"] == 28


def test_a_record_that_has_the_window_keeps_its_milestones(root):
    kept = other_configuration(root)
    kept["milestones"]["RELAPSE"] = {**kept["milestones"]["RELAPSE"], "description": "As it was"}
    record(root, kept=kept)
    found = compare_with(root, load_study(root, NAME, NEW), "before", OTHER)
    study = found.runs[f"{NAME}/audit/baseline/{OLD}.kept"]
    assert study["milestones"]["RELAPSE"]["description"] == "As it was"
