"""`venaza verify`: every kind of difference is named, and nothing else."""

import json
import shutil
from pathlib import Path

import pytest

from tests.audit.conftest import CONTRACTS
from venaza.cli import main
from venaza.commands import verify as module
from venaza.contracts.errors import StudyError
from venaza.contracts.files import read_table, write_json, write_table
from venaza.contracts.record import file_hash
from venaza.pipeline.audit.manifest import CODE, build_manifest, run_facts, tree_hash
from venaza.preflight import load_study

ROOT = Path(__file__).parents[2]
STUDY = "aml_venaza"


@pytest.fixture
def project(tmp_path, made_results):
    """A project with its own code, a raw export, and results as a run leaves them."""
    root = tmp_path / "project"
    for part in ("config", *CODE):
        source, target = ROOT / part, root / part
        if source.is_dir():
            skipped = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, ignore=skipped)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    shutil.copytree(ROOT / "data/raw" / STUDY, root / "data/raw" / STUDY)
    shutil.copytree(ROOT / "data/reference", root / "data/reference")
    results = root / "results" / STUDY
    shutil.copytree(made_results, results, ignore=shutil.ignore_patterns("records"))
    study = load_study(root, STUDY)
    before, now = sorted(p.name for p in (root / "data/raw" / STUDY).iterdir() if p.is_dir())
    for folder, export in ((results, now), (results / "audit/baseline" / before, before)):
        raw = root / "data/raw" / STUDY / export
        rows = [
            {"SRCFILE": p.name, "SHA256": file_hash(p), "BYTES": p.stat().st_size, "FORMAT": "x"}
            for p in sorted(raw.iterdir())
        ]
        frame = read_table(results / "intake/files.parquet").iloc[:0]
        frame = type(frame)(rows)
        write_table(frame, CONTRACTS["intake/files"], folder / "intake/files.parquet")
    write_json({"code": "x"}, results / "settings/clean.json")
    facts = run_facts(study, tree_hash(root, CODE))
    write_json(build_manifest(results, facts), results / "audit/manifest.json")
    (results / "logs").mkdir()
    (results / "logs/audit.log").write_text("written last\n")
    return root


def differences(root, export="newest"):
    found = module.verify(root, STUDY, export)
    return {k: getattr(found, k) for k in module._WORDS if getattr(found, k)}


def test_all_as_made(project):
    (project / "results" / STUDY / "check").mkdir()
    (project / "results" / STUDY / "check/index.html").write_text("no part of the run")
    found = module.verify(project, STUDY)
    assert found.as_made
    assert "All is as the run made it." in module.as_text(found)


def test_altered_missing_and_unlisted_are_told_apart(project):
    results = project / "results" / STUDY
    path = results / "statistics/ard.csv"
    path.write_bytes(path.read_bytes().replace(b"3.33", b"9.33"))
    (results / "clean/labs.csv").unlink()
    (results / "tables").mkdir()
    (results / "tables/mine.csv").write_text("x\n")
    (results / "settings/clean.json").write_text("{}")
    assert differences(project) == {
        "altered": ["settings/clean.json", "statistics/ard.csv"],
        "missing": ["clean/labs.csv"],
        "unlisted": ["tables/mine.csv"],
    }
    text = module.as_text(module.verify(project, STUDY))
    for words in ("Altered since the run", "Missing (", "without being in the manifest"):
        assert words in text
    assert "delete the\nfiles here and run: snakemake" in text


def test_a_changed_raw_file_is_stale_in_both_exports(project):
    raw = project / "data/raw" / STUDY
    for export in sorted(p for p in raw.iterdir() if p.is_dir()):
        (first, *_) = sorted(export.iterdir())
        first.write_bytes(first.read_bytes() + b" ")
    (export / "more.csv").write_text("a\n")
    (export / "~$lock.xlsx").write_text("open in a spreadsheet")
    found = differences(project)["stale"]
    assert sum("has changed since the run" in line for line in found) == 2
    assert sum("more.csv is new" in line for line in found) == 1
    assert len(found) == 3


def test_a_raw_file_that_is_gone(project):
    (path,) = [p for p in (project / "data/raw" / STUDY).glob("*/*") if "2023-06" in str(p)]
    path.unlink()
    (line,) = differences(project)["stale"]
    assert line.endswith("is gone.")


def test_files_out_of_an_archive_are_as_the_archive_is(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"zip")
    entries = [
        {"file": "a.zip", "sha256": file_hash(tmp_path / "a.zip")},
        {"file": "a.zip/inner/b.csv", "sha256": "0"},
    ]
    found = module.Verdict("s", "e", 0)
    module.compare_raw(tmp_path, entries, found)
    assert found.as_made


def test_a_comment_is_no_change_and_a_setting_is(project):
    path = project / "config/studies" / f"{STUDY}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"# a comment\n{text}", encoding="utf-8")
    assert differences(project) == {}
    assert text.count("days_per_month: 30") == 1
    path.write_text(text.replace("days_per_month: 30", "days_per_month: 31"), encoding="utf-8")
    (project / "results" / STUDY / "settings/clean.json").write_text("{}")
    config, told = differences(project)["stale"]
    assert config.startswith("The configuration has changed since the run")
    assert told.startswith("settings/clean.json tells the stage")
    path.write_text("study: [", encoding="utf-8")
    assert "The configuration cannot be compared." in differences(project)["stale"][0]


def test_the_advice_fits_what_was_found():
    def last(**found):
        return module.as_text(module.Verdict("demo", "2023-06-30", 1, **found))

    deleted, renewed = "delete the\nfiles here and run: snakemake", "stale: snakemake --cores 4"
    assert deleted in last(altered=["a"], missing=["b"], stale=["b"])
    assert "make anew what is missing: snakemake --cores 4" in last(missing=["a"], stale=["b"])
    assert renewed in last(stale=["b"], unlisted=["c"])
    assert "delete" not in last(stale=["b"])
    assert last(unlisted=["c"]).endswith("out of results/demo.\n")


def test_changed_code_and_another_export_are_stale(project):
    with (project / "venaza/contracts/errors.py").open("a") as file:
        file.write("# changed\n")
    assert differences(project) == {"stale": ["The code has changed since the run."]}
    stale = differences(project, "2023-06-30")["stale"]
    assert stale[0] == "The results are of export 2023-11-30; the one wanted is 2023-06-30."


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"run": {}, "files": [], "raw": []}'])
def test_a_manifest_that_is_none(project, text):
    (project / "results" / STUDY / "audit/manifest.json").write_text(text)
    with pytest.raises(StudyError, match="This manifest cannot be read, so nothing"):
        module.verify(project, STUDY)


def test_the_command_and_its_exit_code(project, monkeypatch, capsys):
    monkeypatch.setattr("venaza.cli.ROOT", project)
    assert main(["verify", STUDY]) == 0
    assert main(["verify", STUDY, "--json"]) == 0
    said = json.loads(capsys.readouterr().out.partition("made it.\n")[2])
    assert said["as_made"] is True
    (project / "results" / STUDY / "clean/labs.csv").write_text("x")
    assert main(["verify", STUDY, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["as_made"], said["altered"]) == (False, ["clean/labs.csv"])
    (project / "results" / STUDY / "audit/manifest.json").unlink()
    assert main(["verify", STUDY]) == 1
    assert f"The study '{STUDY}' has no manifest to verify." in capsys.readouterr().err


def test_a_record_or_an_export_that_came_since_makes_the_comparison_stale(project):
    path = project / "results" / STUDY / "audit/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    before, now = sorted(p.name for p in (project / "data/raw" / STUDY).iterdir() if p.is_dir())
    told = {"wish": "before", "export": before, "record": None}
    manifest["run"]["comparison"] = told
    write_json(manifest, path)
    assert differences(project) == {}
    manifest["run"]["comparison"] = {**told, "record": {"sha256": "00"}}
    write_json(manifest, path)
    (said,) = differences(project)["stale"]
    assert said == f"The kept record of the export of {before} came, went or changed."
    manifest["run"]["comparison"] = {**told, "wish": "none"}
    write_json(manifest, path)
    (said,) = differences(project)["stale"]
    assert said == f"The results are compared with {before}; it would now be nothing."
    manifest["run"]["comparison"] = {**told, "wish": "kept"}
    write_json(manifest, path)
    (said,) = differences(project)["stale"]
    assert "There is no kept record of the export" in said
    assert now in said


def test_a_run_of_another_configuration_of_the_same_export_reads_its_raw_files(project):
    base = project / "results" / STUDY / "audit/baseline"
    (folder,) = base.iterdir()
    other = base / f"{folder.name}.kept"
    shutil.copytree(folder, other)
    found = module.Verdict(STUDY, None, 0)
    module.compare_raw(project / "data/raw" / STUDY / folder.name, module.raw_files(other), found)
    assert found.as_made
    assert not [s for s in differences(project).get("stale", []) if "raw file" in s]
