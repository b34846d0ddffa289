#!/usr/bin/env bash
# The context of RO-Crate 1.3 gives ComputationalWorkflow and FormalParameter another address than
# those of 1.1 and 1.2 (https://bioschemas.org/terms/... in place of https://bioschemas.org/...). A
# crate with a workflow that the package rocrate 0.16.0 writes (by default as 1.3) is therefore none to
# roc-validator 0.13.0: Workflow RO-Crate 1.0 asks for the type by its old address. And the run profiles
# (Process, Workflow, Provenance Run Crate 0.5) are judged together with RO-Crate 1.1, whose check wants
# that version among the descriptor's conformsTo: a crate that names only 1.2 or 1.3 keeps none of them.
#
# Seen, with rocrate==0.16.0 and roc-validator==0.13.0; required checks of
# workflow-ro-crate-1.0 that a crate of one workflow and nothing else fails:
#   as written (1.3)                   workflow-ro-crate-1.0_2.1 (types of the main workflow), ro-crate-1.1_5.3
#   with the addresses of 1.1 instead  ro-crate-1.1_5.3 (version of the specification)
#   and 1.1 named by the descriptor    none
#
# Why it matters: who moves a workflow's crate to the newest version loses the profile for which
# registries list it, and nothing in the JSON has changed but one number in an address. venaza's
# crates are 1.2, name 1.1 too, and a test runs the validator (venaza/commands/crate/metadata.py,
# tests/workflow/test_handed_on.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rocrate==0.16.0 roc-validator==0.13.0
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PY'
import json
import sys
from importlib.resources import files
from pathlib import Path

import requests
from rocrate.rocrate import ROCrate
from rocrate_validator.models import Severity
from rocrate_validator.services import ValidationSettings, validate
from rocrate_validator.utils.http import HttpRequester

Path("Snakefile").write_text("rule all:\n")
crate = ROCrate()
crate.name, crate.description, crate.license = "a workflow", "one file", "none"
crate.root_dataset["datePublished"] = "2026-01-01"
crate.add_workflow("Snakefile", main=True, lang="snakemake")
crate.write("crate")
packaged = json.loads(files("rocrate").joinpath("data/ro-crate.jsonld").read_text())["@context"]
old = {n: f"https://bioschemas.org/{n}" for n in ("ComputationalWorkflow", "FormalParameter")}
assert {n: packaged[n] for n in old} == {n: f"https://bioschemas.org/terms/{n}" for n in old}


def failed(context):
    """The required checks of Workflow RO-Crate 1.0 that fail, the web's answer being ``context``."""

    def answer(url, **_):
        made = requests.Response()
        made.status_code, made.url = 200, url
        made.headers["Content-Type"] = "application/ld+json"
        made._content = json.dumps({"@context": context}).encode()
        return made

    HttpRequester.get = HttpRequester.head = staticmethod(answer)
    settings = ValidationSettings(
        rocrate_uri="crate",
        profile_identifier="workflow-ro-crate-1.0",
        requirement_severity=Severity.REQUIRED,
    )
    return sorted({i.check.identifier for i in validate(settings).get_issues(Severity.REQUIRED)})


def name_1_1():
    path = Path("crate/ro-crate-metadata.json")
    told = json.loads(path.read_text())
    for entity in told["@graph"]:
        if entity["@id"] == "ro-crate-metadata.json":
            named = entity["conformsTo"]
            named = named if isinstance(named, list) else [named]
            entity["conformsTo"] = [*named, {"@id": "https://w3id.org/ro/crate/1.1"}]
    path.write_text(json.dumps(told))


found = {"as written": failed(packaged), "old addresses": failed(packaged | old)}
name_1_1()
found["1.1 named"] = failed(packaged | old)
for what, checks in found.items():
    print(what, checks)
expected = {
    "as written": ["ro-crate-1.1_5.3", "workflow-ro-crate-1.0_2.1"],
    "old addresses": ["ro-crate-1.1_5.3"],
    "1.1 named": [],
}
sys.exit(found != expected)
PY
