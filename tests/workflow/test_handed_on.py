"""What leaves the project: manifest, data package, RO-Crate; and `verify` on real runs."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
import yaml

from tests.workflow.conftest import STUDIES
from tests.workflow.official_crate import PROFILES, required_of
from venaza.cli import main
from venaza.commands.crate.command import crate
from venaza.commands.verify import verify
from venaza.contracts.errors import StudyError

ROOT = Path(__file__).parents[2]
SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/manifest.schema.yaml").read_text())


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest_of(project: Path, study: str) -> dict:
    return json.loads((project / "results" / study / "audit/manifest.json").read_text("utf-8"))


# The manifest


def held_against_records(root: Path, made_from: dict[str, list[str]]) -> None:
    """Each file is made from the files that the record of its job names; the rest is code."""
    own, seen = f"results/{root.name}/", set()
    for path in root.rglob("records/*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["job"] == "audit":
            continue
        for file in record["made"]:
            data = [s for s in record["made_from"] if not s.startswith("report/")]
            read = {source.removeprefix(own) for source in data}
            assert set(made_from[file.removeprefix(own)]) == read
            seen.add(file.removeprefix(own).split("/")[0])
    assert {"intake", "clean", "endpoints", "statistics", "figures", "tables", "report"} <= seen


@pytest.mark.parametrize("study", STUDIES)
def test_the_manifest_keeps_its_schema_and_is_true(finished, study):
    manifest = manifest_of(finished, study)
    jsonschema.Draft202012Validator(SCHEMA).validate(manifest)
    root = finished / "results" / study
    listed = {entry["file"] for entry in manifest["files"]}
    for entry in manifest["files"]:
        path = root / entry["file"]
        assert (sha256(path), path.stat().st_size) == (entry["sha256"], entry["bytes"])
        assert ("rows" in entry) == (path.suffix in (".parquet", ".csv"))
        assert entry["made_from"] or entry["stage"] in ("logs", "records")
        for source in entry["made_from"]:
            there = finished if source.startswith(("data/", "config")) else root
            assert (there / source).exists(), (entry["file"], source)
    held_against_records(root, {entry["file"]: entry["made_from"] for entry in manifest["files"]})
    for entry in manifest["raw"]:
        raw = finished / "data/raw" / study / manifest["run"]["export"] / entry["file"]
        assert (sha256(raw), raw.stat().st_size) == (entry["sha256"], entry["bytes"])
    named = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()} - listed
    named = {name for name in named if "/." not in name}
    assert named <= {"audit/manifest.json", "logs/audit.log", "records/audit.json"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: m["files"][0].pop("sha256"),
        lambda m: m["files"][0].update(file="/etc/passwd"),
        lambda m: m["files"][0].update(made_from=["../x"]),
        lambda m: m["run"]["code"].update(sha256="x"),
        lambda m: m["run"].update(machine="host"),
        lambda m: m.update(raw=[]),
    ],
)
def test_the_schema_finds_faults(finished, spoil):
    manifest = manifest_of(finished, "bmt")
    spoil(manifest)
    assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(manifest))


# The data package


def test_frictionless_validates_the_package_and_finds_a_changed_cell(finished, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    root = tmp_path / "bmt"
    shutil.copytree(finished / "results/bmt", root)
    report = frictionless.validate(str(root / "datapackage.json"))
    assert report.flatten(["type", "message"]) == []
    assert len(report.tasks) == len(
        json.loads((root / "datapackage.json").read_text())["resources"]
    )
    path = root / "endpoints/adtte.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert text.startswith("STUDYID,")
    path.write_text(text.replace("2081", "long", 1), encoding="utf-8-sig")
    report = frictionless.validate(str(root / "datapackage.json"))
    found = {(task.name, error.type) for task in report.tasks for error in task.errors}
    assert ("endpoints.adtte", "type-error") in found
    path.write_text(text.replace("2081", "2082", 1), encoding="utf-8-sig")
    report = frictionless.validate(str(root / "datapackage.json"))
    found = {(task.name, error.type) for task in report.tasks for error in task.errors}
    assert found == {("endpoints.adtte", "hash-count")}


# verify


def bytes_of(path: Path) -> bytes:
    data = path.read_bytes()
    place = len(data) // 2
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


PARTS = (
    *("Snakefile", "config", "data/raw/bmt", "data/reference", "report", "venaza", "workflow"),
)


@pytest.fixture
def bmt(finished, tmp_path):
    """A copy of the project with the results of one study, to spoil; unchanged files are links."""
    project = tmp_path / "project"
    for part in PARTS:
        source, target = finished / part, project / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            skipped = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, copy_function=os.link, ignore=skipped)
        else:
            os.link(source, target)
    target = project / "results/bmt"
    shutil.copytree(finished / "results/bmt", target, copy_function=os.link)
    return project


def spoil(path: Path, data: bytes | None) -> None:
    """Replace a linked file, never the one behind the link; ``None`` removes it."""
    path.unlink(missing_ok=True)
    if data is not None:
        path.write_bytes(data)


def test_every_finished_run_is_as_made(finished):
    for study in STUDIES:
        found = verify(finished, study)
        assert found.as_made, found


def test_one_byte_anywhere_is_found_and_nothing_else_is_blamed(bmt):
    root = bmt / "results/bmt"
    files = [
        *("endpoints/adtte.parquet", "statistics/ard.csv", "report/manuscript.html"),
        *("report/manuscript.docx", "queries/queries.xlsx", "datapackage.json"),
        next(p.relative_to(root).as_posix() for p in sorted(root.glob("figures/*.svg"))),
    ]
    for file in files:
        own = (root / file).read_bytes()
        spoil(root / file, bytes_of(root / file))
        found = verify(bmt, "bmt")
        assert (found.altered, found.missing, found.unlisted, found.stale) == ([file], [], [], [])
        spoil(root / file, own)
    assert verify(bmt, "bmt").as_made
    spoil(root / "clean/patients.csv", None)
    spoil(root / "tables/mine.csv", b"x\n")
    found = verify(bmt, "bmt")
    assert (found.missing, found.unlisted) == (["clean/patients.csv"], ["tables/mine.csv"])


def test_what_the_run_was_made_from_has_changed(bmt, monkeypatch, capsys):
    monkeypatch.setattr("venaza.cli.ROOT", bmt)
    raw = next(p for p in (bmt / "data/raw/bmt").rglob("*.csv"))
    study, code = bmt / "config/studies/bmt.yaml", bmt / "venaza/contracts/errors.py"
    cases = {
        raw: (raw.read_bytes() + b"\n", "has changed since the run."),
        study: (
            study.read_bytes().replace(b"days_per_month: 30.4375", b"days_per_month: 30"),
            "The configuration has changed since the run",
        ),
        code: (code.read_bytes() + b"# more\n", "The code has changed since the run."),
        raw.with_name("more.csv"): (b"a\n", "more.csv is new"),
    }
    for path, (data, said) in cases.items():
        own = path.read_bytes() if path.exists() else None
        spoil(path, data)
        assert main(["verify", "bmt"]) == 1
        text = capsys.readouterr().out
        assert "Stale (made from something that has changed since): 1\n" in text
        assert said in text
        assert "To renew what is stale: snakemake --cores 4 --config studies=bmt" in text
        spoil(path, own)
    assert main(["verify", "bmt"]) == 0


# The RO-Crate


def faults(folder: Path) -> list[str]:
    """What RO-Crate and the Workflow Run profiles forbid, by the MUSTs of their pages.

    Quoted: 1.1 "Root Data Entity", "Data Entities", "Workflows and Scripts", appendix JSON-LD;
    Process, Workflow and Provenance Run Crate 0.5; Workflow RO-Crate 1.0.
    """
    found = []

    def must(holds, what):
        if not holds:
            found.append(what)

    told = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    graph = told["@graph"]
    ids = [entity.get("@id") for entity in graph]
    must(len(set(ids)) == len(ids), "each entity has an @id of its own and is described once")
    by_id = {entity["@id"]: entity for entity in graph}
    types = {
        i: [e["@type"]] if isinstance(e["@type"], str) else e["@type"] for i, e in by_id.items()
    }
    context = told["@context"] if isinstance(told["@context"], list) else [told["@context"]]
    must("https://w3id.org/ro/crate/1.2/context" in context, "the context of 1.2")
    # "MUST contain a self-describing RO-Crate Metadata File Descriptor", CreativeWork, about
    descriptor = by_id["ro-crate-metadata.json"]
    must(descriptor["@type"] == "CreativeWork", "the descriptor is a CreativeWork")
    root = by_id[descriptor["about"]["@id"]]
    must(root["@id"].endswith("/") and "Dataset" in types[root["@id"]], "the root is a Dataset")
    for key in ("name", "description", "datePublished", "license"):
        must(root.get(key), f"the root has {key}")
    must(re.fullmatch(r"\d{4}-\d\d-\d\d", root["datePublished"]), "an ISO 8601 date")
    # "MUST be linked to, either directly or indirectly, from the Root Data Entity using hasPart"
    parts = {part["@id"] for part in root["hasPart"]}
    for name, entity in by_id.items():
        if "File" in types[name]:
            must(name in parts, f"{name} is part of the root")
            must((folder / unquote(name)).is_file(), f"{name} is there")
            must(re.fullmatch(r"[^\s\\%]*(%[0-9A-F]{2}[^\s\\%]*)*", name), f"{name} is a URI")
            must(sha256(folder / unquote(name)) == entity["sha256"], f"hash of {name}")
            must(str((folder / unquote(name)).stat().st_size) == entity["contentSize"], "size")
            must(entity.get("name") and entity.get("encodingFormat"), f"{name} is described")
    must(all("File" in types[part] for part in parts), "each part is described")
    # "@type is an array with at least File, SoftwareSourceCode and ComputationalWorkflow"
    main_workflow = by_id[root["mainEntity"]["@id"]]
    must(
        {"File", "SoftwareSourceCode", "ComputationalWorkflow"} <= set(main_workflow["@type"]),
        "the main workflow",
    )
    language = by_id[main_workflow["programmingLanguage"]["@id"]]
    must(all(language.get(k) for k in ("name", "url", "version")), "name, url, version of it")
    # Profiles: referenced as CreativeWork entities; instrument of each action
    for profile in root["conformsTo"]:
        must("CreativeWork" in types[profile["@id"]], "a profile is a CreativeWork")
    actions = [e for e in graph if "CreateAction" in types[e["@id"]]]
    must(main_workflow["@id"] in {a["instrument"]["@id"] for a in actions}, "the run itself")
    tools = {tool["@id"] for tool in main_workflow["hasPart"]}
    for action in actions:
        tool = action["instrument"]["@id"]
        must(tool in by_id, f"{tool} is described")
        must(tool in tools or tool == main_workflow["@id"], f"the workflow has the part {tool}")
        for reference in [*action["object"], *action["result"]]:
            must(reference["@id"] in by_id, f"{reference['@id']} is described")
        must({"@id": action["@id"]} in root["mentions"], "the root mentions the action")
    must(tools <= {a["instrument"]["@id"] for a in actions}, "each tool of the workflow ran")
    # Everything that is pointed at with a local name is there
    for text in re.findall(r'\{"@id": "(#[^"]+)"\}', json.dumps(graph, ensure_ascii=False)):
        must(text in by_id, f"{text} is described")
    return found


@pytest.fixture(scope="module")
def packed(finished, tmp_path_factory):
    """The crate of a study without patients, as a folder."""
    folder = tmp_path_factory.mktemp("crate") / "aml venaza"
    crate(finished, "aml_venaza", folder, patients=False, raw=False)
    return folder


def test_the_crate_keeps_the_rules_of_the_specification(packed):
    assert faults(packed) == []


@pytest.fixture
def plain(packed, tmp_path):
    """The crate under a name without a blank, which the validator does not take."""
    return Path(shutil.copytree(packed, tmp_path / "crate"))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_official_validator_requires_nothing_more(plain, profile):
    assert required_of(plain, profile) == []


def test_the_official_validator_finds_faults(plain):
    path = plain / "ro-crate-metadata.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["@graph"] = [e for e in told["@graph"] if e["@id"] != "#run/statistics"]
    path.write_text(json.dumps(told), encoding="utf-8")
    found = required_of(plain, "provenance-run-crate-0.5")
    assert [f for f in found if "A tool must be referred to from an action via instrument" in f]


def test_every_job_is_an_action_with_what_it_read_and_made(packed, finished):
    told = json.loads((packed / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    by_id = {entity["@id"]: entity for entity in told["@graph"]}
    records = sorted((finished / "results/aml_venaza/records").glob("*.json"))
    assert [e for e in by_id if e.startswith("#run/")] == [f"#run/{p.stem}" for p in records]
    for path in records:
        record = json.loads(path.read_text(encoding="utf-8"))
        action = by_id[f"#run/{path.stem}"]
        for key, files in (("object", "made_from"), ("result", "made")):
            named = [unquote(ref["@id"]).removeprefix("#not-here/") for ref in action[key]]
            assert named == sorted(record[files])
            for ref, file in zip(action[key], named, strict=True):
                assert by_id[ref["@id"]]["sha256"] == record[files][file]
    assert by_id["#run/figures_curves"]["instrument"]["@id"] == "workflow/scripts/figures.py"


def test_the_checker_finds_faults(packed, tmp_path):
    folder = shutil.copytree(packed, tmp_path / "spoilt")
    path = folder / "ro-crate-metadata.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    root = next(e for e in told["@graph"] if e["@id"] == "./")
    del root["license"]
    root["datePublished"] = "yesterday"
    root["hasPart"] = root["hasPart"][1:]
    path.write_text(json.dumps(told), encoding="utf-8")
    (folder / "Snakefile").write_text("changed")
    assert len(faults(folder)) >= 4


def test_nothing_with_a_row_per_patient_is_in_it(packed, finished):
    from venaza.contracts.files import read_table

    held = [p.relative_to(packed).as_posix() for p in packed.rglob("*") if p.is_file()]
    inside = [f.removeprefix("results/aml_venaza/") for f in held if f.startswith("results/")]
    assert {f.split("/")[0] for f in inside} == {
        "audit",
        "figures",
        "index.html",
        "report",
        "statistics",
        "tables",
    }
    assert {f for f in inside if f.startswith("audit/")} == {
        "audit/manifest.json",
        "audit/lineage.csv",
    }
    assert not [f for f in held if f.startswith(("data/raw", "config/corrections"))]
    room = Path("config/studies/aml_venaza")
    assert {f for f in held if f.startswith("config/studies")} == {
        f"{room}.yaml",
        *(path.relative_to(ROOT).as_posix() for path in (ROOT / room).iterdir()),
    }
    patients = read_table(finished / "results/aml_venaza/endpoints/adsl.parquet")["USUBJID"]
    for file in inside:
        path = packed / "results/aml_venaza" / file
        if file.endswith(".parquet"):
            assert "USUBJID" not in read_table(path).columns
        elif file.endswith(".csv") and not file.startswith("audit/"):
            text = path.read_text(encoding="utf-8-sig")
            assert "USUBJID" not in text.splitlines()[0].split(",")
            if file.startswith("statistics/sel"):
                assert not [p for p in patients if re.search(rf"\b{p}\b", text)]
    tables = {p.name: p.read_text(encoding="utf-8") for p in packed.glob("results/*/tables/*.csv")}
    naming = {
        n for n, text in tables.items() if any(re.search(rf"\b{p}\b", text) for p in patients)
    }
    assert naming == {"influence.csv"}, "what the command says of the report"
    assert not list(packed.glob("results/*/*/swimmer.*")), "it draws each patient"
    assert list(packed.glob("results/*/figures/km_OS.svg"))


def test_equal_runs_give_equal_archives_and_say_what_is_in_them(
    finished, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("venaza.cli.ROOT", finished)
    for name in ("a.zip", "b.zip"):
        command = ["crate", "bmt", "--to", str(tmp_path / name), "--patients", "--raw"]
        assert main(command) == 0
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "out")
    assert faults(tmp_path / "out") == []
    held = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*")}
    export = manifest_of(finished, "bmt")["run"]["export"]
    assert {"results/bmt/endpoints/adsl.csv", f"data/raw/bmt/{export}/bmt.csv"} <= held
    assert verify(tmp_path / "out", "bmt").as_made, "who has it can verify it"
    capsys.readouterr()
    assert main(["crate", "bmt", "--to", str(tmp_path / "c.zip")]) == 0
    said = capsys.readouterr().out
    assert "as an RO-Crate 1.2\n  without tables with a row per patient" in said
    assert "without the raw files of the export" in said
    assert "names patients by their number: influence." in said


def test_what_goes_into_no_crate(finished, bmt, tmp_path):
    with pytest.raises(StudyError, match="hold what the privacy gate takes out") as refused:
        crate(finished, "aml_venaza", tmp_path / "a", patients=False, raw=True)
    assert "key:    privacy" in str(refused.value)
    (tmp_path / "there.zip").write_bytes(b"mine")
    with pytest.raises(StudyError, match="There is something of that name already"):
        crate(finished, "bmt", tmp_path / "there.zip", patients=False, raw=False)
    spoil(bmt / "results/bmt/statistics/ard.csv", b"x")
    with pytest.raises(StudyError, match="are not as the run made them, so they go into no crate"):
        crate(bmt, "bmt", tmp_path / "b", patients=False, raw=False)
    assert not (tmp_path / "b").exists()
    assert (tmp_path / "there.zip").read_bytes() == b"mine"
