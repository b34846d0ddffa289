"""ro-crate-metadata.json: RO-Crate 1.2 with the Workflow Run and Provenance Run profiles.

Specifications: https://w3id.org/ro/crate/1.2, https://w3id.org/ro/wfrun/workflow/0.5,
https://w3id.org/ro/wfrun/provenance/0.5, https://w3id.org/workflowhub/workflow-ro-crate/1.0.
The profiles were written on RO-Crate 1.1 and are judged with its rules, so the crate keeps those of
both and says so. Not 1.3: its context gives ComputationalWorkflow another address than the profiles
ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import quote

METADATA = "ro-crate-metadata.json"
_SPEC, _BEFORE = "https://w3id.org/ro/crate/1.2", "https://w3id.org/ro/crate/1.1"
_WORKFLOW = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/provenance/0.5": ("Provenance Run Crate", "0.5"),
    _WORKFLOW: ("Workflow RO-Crate", "1.0"),
}
_SNAKEMAKE = "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"
#: Names of jobs whose script is named otherwise.
_SCRIPTS = {"bridge": "bridges"}
_NO_LICENCE = "No licence is declared for this study. Ask its owners before you use or share it."

#: Endings -> IANA media types; what is not here is a binary file.
_MEDIA = {
    **dict.fromkeys((".csv",), "text/csv"),
    **dict.fromkeys((".json",), "application/json"),
    **dict.fromkeys((".html",), "text/html"),
    **dict.fromkeys((".yaml", ".yml"), "application/yaml"),
    **dict.fromkeys((".py",), "text/x-python"),
    **dict.fromkeys((".svg",), "image/svg+xml"),
    **dict.fromkeys((".png",), "image/png"),
    **dict.fromkeys((".tiff",), "image/tiff"),
    **dict.fromkeys((".pdf",), "application/pdf"),
    **dict.fromkeys((".parquet",), "application/vnd.apache.parquet"),
    **dict.fromkeys((".md", ".qmd"), "text/markdown"),
    **dict.fromkeys((".css",), "text/css"),
    **dict.fromkeys((".js",), "text/javascript"),
    **dict.fromkeys((".zip",), "application/zip"),
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    **dict.fromkeys((".xpt", ".sav"), "application/octet-stream"),
    **dict.fromkeys(
        (
            "", ".smk", ".log", ".txt", ".R", ".lock", ".toml", ".sps", ".lua", ".bib", ".csl",
            ".typ",
        ),
        "text/plain",
    ),
}  # fmt: skip
#: Folders of the results -> what their files are.
_WHAT = {
    "intake": "every cell of the export as text",
    "clean": "the clean tables, and what cleaning did",
    "endpoints": "the analysis tables",
    "statistics": "the analysis results data (ARD): every number of the report",
    "figures": "a figure of the report",
    "tables": "a table of the report",
    "report": "the report, or its source",
    "queries": "queries for the clinic",
    "bridges": "the analysis tables for another program",
    "audit": "the audit of the run",
    "settings": "what a stage was told",
    "logs": "the log of a job",
}


def metadata(
    study: dict,
    manifest: dict,
    records: Iterable[dict],
    files: Iterable[str],
    hashes: dict[str, tuple[str, int]],
) -> dict:
    """The metadata of a crate of ``files``; ``hashes`` gives SHA-256 and bytes of each.

    ``records`` are those of the run's jobs (``venaza/contracts/record.py``): each is an action. No
    clock: ``datePublished``, which the specification wants, is the date of the export, and actions
    have no times.
    """
    files, records = list(files), list(records)
    run = manifest["run"]
    licence, licences = _licence(run)
    tools = sorted({_script(record["job"]) for record in records})
    actions, absent = _actions(study, manifest, records, set(files))
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{run.get('title') or study['id']}: export {run['export']}",
        "description": _description(run),
        "datePublished": run["export"],
        "license": licence,
        "conformsTo": [{"@id": profile} for profile in _PROFILES],
        "hasPart": [{"@id": identifier(file)} for file in files],
        "mainEntity": {"@id": "Snakefile"},
        "mentions": [{"@id": action["@id"]} for action in actions],
    }
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": [{"@id": _SPEC}, {"@id": _BEFORE}, {"@id": _WORKFLOW}],
    }
    graph = [descriptor, root, *licences, *_context(run)]
    graph += [_file(file, *hashes[file], run, tools) for file in files]
    return {
        "@context": [f"{_SPEC}/context", "https://w3id.org/ro/terms/workflow-run/context"],
        "@graph": [*graph, *actions, *absent],
    }


def identifier(file: str) -> str:
    """A path as an ``@id``: blanks, percent and the like escaped, other scripts as they are."""
    return "".join(c if ord(c) > 127 else quote(c, safe="/!$&'()*+,;=:@-._~") for c in file)


def _description(run: dict) -> str:
    own = "Synthetic data." if run["synthetic"] else ""
    made = (
        f"A run of venaza {run['code']['version']} on the export of {run['export']}: report, "
        "figures, tables, every number with its method, code, configuration and provenance. "
        "The date published is the date of the export."
    )
    return " ".join(filter(None, [run.get("data"), own, made]))


def _licence(run: dict) -> tuple[dict | str, list[dict]]:
    """The root's licence: an SPDX identifier as an entity, words as they are."""
    text = run.get("licence")
    if not text or not re.fullmatch(r"[-a-zA-Z0-9._]+", text):
        return text or _NO_LICENCE, []
    link = f"https://spdx.org/licenses/{text}"
    about = f"The study's data are under the licence {text}."
    return {"@id": link}, [
        {"@id": link, "@type": "CreativeWork", "name": text, "description": about}
    ]


def _context(run: dict) -> list[dict]:
    """Profiles, languages, programs: what is not a file."""
    profiles = [
        {"@id": link, "@type": ["CreativeWork", "Profile"], "name": name, "version": version}
        for link, (name, version) in _PROFILES.items()
    ]
    languages = [
        (_SNAKEMAKE, "Snakemake", "https://snakemake.github.io", run["packages"]["snakemake"]),
        ("#python", "Python", "https://www.python.org", run["python"]),
    ]
    packages = [
        {
            "@id": f"https://pypi.org/project/{name}/{version}/",
            "@type": "SoftwareApplication",
            "name": name,
            "version": version,
            "url": f"https://pypi.org/project/{name}/",
        }
        for name, version in run["packages"].items()
    ]
    return [
        *profiles,
        *(
            {"@id": i, "@type": "ComputerLanguage", "name": n, "url": {"@id": u}, "version": v}
            for i, n, u, v in languages
        ),
        *packages,
    ]


def _file(file: str, sha256: str, size: int, run: dict, tools: list[str]) -> dict:
    path = PurePosixPath(file)
    made = {
        "@id": identifier(file),
        "@type": "File",
        "name": path.name,
        "description": _about(file),
        "encodingFormat": _MEDIA.get(path.suffix, "application/octet-stream"),
        "contentSize": str(size),
        "sha256": sha256,
    }
    if file == "Snakefile":
        made |= {
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
            "name": "venaza",
            "description": "From raw leukaemia cohort exports to an auditable manuscript",
            "programmingLanguage": {"@id": _SNAKEMAKE},
            "version": run["code"]["version"],
            "license": {"@id": "LICENSE"},
            "hasPart": [{"@id": identifier(tool)} for tool in tools],
            "softwareRequirements": [
                {"@id": f"https://pypi.org/project/{name}/{version}/"}
                for name, version in run["packages"].items()
            ],
        }
    elif file in tools:
        made |= {
            "@type": ["File", "SoftwareSourceCode"],
            "programmingLanguage": {"@id": "#python"},
            "version": run["code"]["version"],
        }
    return made


def _about(file: str) -> str:
    parts = file.split("/")
    if parts[0] == "results":
        return _WHAT.get(parts[2], "describes the CSV files of the run")
    if parts[:2] == ["data", "raw"]:
        return "a raw file of the export, as sent"
    if parts[:2] == ["data", "reference"]:
        return "published evidence that studies are compared with"
    if parts[0] == "config":
        return "configuration"
    return (
        "code" if parts[0] in ("workflow", "venaza", "report", "Snakefile") else "beside the code"
    )


def _script(job: str) -> str:
    """The script that a job ran, by the job's name: ``render_html`` runs ``render.py``."""
    name = job.partition("_")[0]
    return f"workflow/scripts/{_SCRIPTS.get(name, name)}.py"


def _actions(
    study: dict, manifest: dict, records: list[dict], here: set[str]
) -> tuple[list[dict], list[dict]]:
    """The run, then each of its jobs as recorded; and the files of theirs that are not here."""
    export = manifest["run"]["export"]
    raw = {f"data/raw/{study['id']}/{export}/{e['file']}": e["sha256"] for e in manifest["raw"]}
    base = f"results/{study['id']}"
    made = [f"{base}/{e['file']}" for e in manifest["files"]] + [f"{base}/audit/manifest.json"]
    made = [file for file in made if file in here and f"{base}/audit/baseline/" not in file]
    configuration = sorted(file for file in here if file.startswith("config/"))
    named = dict(raw)
    for record in records:
        named |= record["made_from"] | record["made"]

    def references(paths: Iterable[str]) -> list[dict]:
        return [{"@id": identifier(p) if p in here else _absent_id(p)} for p in paths]

    whole = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"The run of {study['id']}, export {export}",
        "description": f"snakemake --cores 4 --config studies={study['id']} export={export}",
        "instrument": {"@id": "Snakefile"},
        "object": references([*raw, *configuration]),
        "result": references(made),
    }
    steps = [
        {
            "@id": f"#run/{record['job']}",
            "@type": "CreateAction",
            "name": f"What {record['job']} did in that run",
            "instrument": {"@id": _script(record["job"])},
            "object": references(sorted(record["made_from"])),
            "result": references(sorted(record["made"])),
        }
        for record in records
    ]
    absent = [_absent(path, named[path], path in raw) for path in sorted(set(named) - here)]
    return [whole, *steps], absent


def _absent_id(path: str) -> str:
    return f"#not-here/{identifier(path)}"


def _absent(path: str, sha256: str, is_raw: bool) -> dict:
    """A file that a job read or made and that the crate leaves out, with its hash."""
    what = "A raw file of the export" if is_raw else "A file of the run"
    return {
        "@id": _absent_id(path),
        "@type": "CreativeWork",
        "name": path,
        "description": f"{what}; it is not in this crate.",
        "sha256": sha256,
    }
