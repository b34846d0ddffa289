"""The manifest: complete, sorted, the same on every machine."""

import hashlib
import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.audit.conftest import FILE
from venaza.contracts.record import write_record
from venaza.pipeline.audit import manifest

ROOT = Path(__file__).parents[2]


def names(packages):
    return sorted(re.split(r"[<>=!~ ]", package)[0] for package in packages)


def facts(study):
    return manifest.run_facts(study, "c0de")


def test_every_file_is_there_once_sorted_with_hash_and_shape(results, study):
    (results / "logs").mkdir()
    (results / "logs/clean.log").write_text("fine\n")
    (results / "audit").mkdir()
    (results / "audit/manifest.json").write_text("{}")
    (results / "clean/.queries.csv.part").write_text("half")
    files = manifest.build_manifest(results, facts(study))["files"]
    found = [entry["file"] for entry in files]
    expected = sorted(
        p.relative_to(results).as_posix()
        for p in results.rglob("*")
        if p.is_file() and p.name not in ("manifest.json", ".queries.csv.part")
    )
    assert found == expected
    by_name = {entry["file"]: entry for entry in files}
    patients = by_name["clean/patients.parquet"]
    data = (results / "clean/patients.parquet").read_bytes()
    assert patients["sha256"] == hashlib.sha256(data).hexdigest()
    assert (patients["bytes"], patients["rows"]) == (len(data), 4)
    assert patients["columns"][:3] == ["USUBJID", "SEQ", "SEX"]
    assert by_name["clean/patients.csv"]["columns"] == patients["columns"]
    assert by_name["clean/patients.csv"]["rows"] == 4
    assert by_name["logs/clean.log"]["rule"] == "clean"
    assert "rows" not in by_name["logs/clean.log"]


def test_a_line_break_within_a_cell_is_no_row(tmp_path, study):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/a.csv").write_bytes('\ufeffx,y\n"two\nlines",1\n'.encode())
    (entry,) = manifest.describe_files(tmp_path, facts(study))
    assert (entry["rows"], entry["columns"]) == (1, ["x", "y"])


def test_what_a_job_recorded_is_what_its_files_were_made_from(tmp_path, study):
    for folder, made in (("", "figures/a.svg"), ("audit/baseline/2022-12-31/", "figures/a.svg")):
        path = tmp_path / folder / made
        path.parent.mkdir(parents=True)
        path.write_text("<svg/>")
        base = f"results/{study['id']}/{folder}"
        read = [f"{base}statistics/ard.parquet", "data/reference/x.csv", f"{base}settings/a.json"]
        record = tmp_path / folder / "records/figures_curves.json"
        read += ["report/styles.css", "Snakefile"]
        write_record(record, dict.fromkeys(read, "0"), {f"{base}{made}": "1"})
    (tmp_path / "figures/b.svg").write_text("<svg/>")
    files = manifest.describe_files(tmp_path, facts(study))
    found = {e["file"]: (e["rule"], e["made_from"]) for e in files}
    read = ["data/reference/x.csv", "settings/a.json", "statistics/ard.parquet"]
    assert found["figures/a.svg"] == ("figures_curves", read)
    before = "audit/baseline/2022-12-31/"
    read = [f"{before}settings/a.json", f"{before}statistics/ard.parquet", "data/reference/x.csv"]
    assert found[f"{before}figures/a.svg"] == ("figures_curves", read)
    assert found["figures/b.svg"] == ("figures", [])


def test_files_of_no_record_are_of_the_rules_or_of_the_job_that_writes_the_manifest(
    tmp_path, study
):
    names = ("settings/clean.json", "audit/baseline/2022-12-31/settings/clean.json")
    for name in (*names, "audit/index.html", "audit/lineage.csv", "datapackage.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a\n")
    read = [f"results/{study['id']}/intake/cells.parquet", "workflow/rules/audit.smk"]
    files = manifest.describe_files(tmp_path, facts(study), read)
    assert {e["file"]: (e["stage"], e["rule"], e["made_from"]) for e in files} == {
        **dict.fromkeys(names, ("settings", "settings", ["config/"])),
        "audit/index.html": ("audit", "audit", ["intake/cells.parquet"]),
        "audit/lineage.csv": ("audit", "audit", ["intake/cells.parquet"]),
        "datapackage.json": ("audit", "audit", ["intake/cells.parquet"]),
    }


def test_a_hash_that_is_known_is_not_computed_again(tmp_path, study):
    (tmp_path / "a.txt").write_text("a")
    known = {(tmp_path / "a.txt").as_posix(): "known"}
    (entry,) = manifest.describe_files(tmp_path, facts(study), hashes=known)
    assert entry["sha256"] == "known"


def test_a_csv_beside_a_parquet_has_its_rows_and_another_its_own(results, study):
    (results / "clean/labs.csv").write_text("x\n1\n2\n3\n")
    (results / "clean/other.csv").write_text("x\n1\n2\n3\n")
    found = {
        e["file"]: e["rows"] for e in manifest.describe_files(results, facts(study)) if "rows" in e
    }
    assert found["clean/labs.csv"] == found["clean/labs.parquet"] == 0
    assert found["clean/other.csv"] == 3


def test_nothing_of_the_machine_gets_in_and_another_place_gives_the_same(results, study):
    first = json.dumps(manifest.build_manifest(results, facts(study)))
    elsewhere = results.parent.parent / "elsewhere/demo"
    shutil.copytree(results, elsewhere)
    assert json.dumps(manifest.build_manifest(elsewhere, facts(study))) == first
    assert str(results.parent.parent) not in first


def test_raw_files_are_named_with_their_hashes(results, study):
    raw = manifest.build_manifest(results, facts(study))["raw"]
    expected = {"file": FILE, "sha256": "ab" * 32, "bytes": 1234, "format": "xlsx"}
    assert raw == [expected | {"encoding": None}]
    json.dumps(raw)


def test_run_facts_name_code_configuration_and_packages(study):
    found = facts(study)
    assert found["code"]["sha256"] == "c0de"
    assert found["synthetic"] is True
    assert set(found["packages"]) == set(manifest.DIRECT)
    turned = dict(reversed(study.items()))
    assert facts(turned)["configuration"] == found["configuration"]
    changed = {**study, "timeline": {"days_per_month": 30.4375}}
    assert facts(changed)["configuration"] != found["configuration"]
    assert manifest.package_versions(["no-such-package"]) == {"no-such-package": "not installed"}


def test_tree_hash_follows_names_and_contents_only(tmp_path):
    (tmp_path / "code/__pycache__").mkdir(parents=True)
    (tmp_path / "code/a.py").write_text("1")
    (tmp_path / "Snakefile").write_text("rule")
    parts = ["code", "Snakefile"]
    first = manifest.tree_hash(tmp_path, parts)
    (tmp_path / "code/__pycache__/a.pyc").write_text("x")
    (tmp_path / "code/.hidden").write_text("x")
    assert manifest.tree_hash(tmp_path, reversed(parts)) == first
    (tmp_path / "code/a.py").rename(tmp_path / "code/b.py")
    renamed = manifest.tree_hash(tmp_path, parts)
    (tmp_path / "code/b.py").write_text("2")
    assert len({first, renamed, manifest.tree_hash(tmp_path, parts)}) == 3


def test_lineage_says_once_for_each_job_what_it_read_and_made():
    before = "audit/baseline/2022-12-31/"
    entries = [
        {"file": "a,b.csv", "rule": "clean", "made_from": ["x", "y"]},
        {"file": "c.csv", "rule": "clean", "made_from": ["x", "y"]},
        {"file": f"{before}c.csv", "rule": "clean", "made_from": [f"{before}x"]},
        {"file": "records/clean.json", "rule": "clean", "made_from": []},
    ]
    assert manifest.lineage_csv(entries).splitlines() == [
        *("job,did,file", f"{before}clean,read,{before}x", f"{before}clean,made,{before}c.csv"),
        *("clean,read,x", "clean,read,y", 'clean,made,"a,b.csv"', "clean,made,c.csv"),
        "clean,made,records/clean.json",
    ]


@pytest.mark.parametrize("where", ["manifest", "conda"])
def test_direct_packages_are_those_of_pyproject(where):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = sorted(project["dependencies"])
    if where == "manifest":
        assert sorted(manifest.DIRECT) == names(wanted)
    else:
        conda = yaml.safe_load((ROOT / "workflow/envs/venaza.yaml").read_text())
        assert sorted(conda["dependencies"][-1]["pip"]) == wanted
