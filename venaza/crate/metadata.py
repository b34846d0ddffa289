"""ro-crate-metadata.json: RO-Crate 1.1 with the Workflow Run and Provenance Run profiles.

Specifications: https://w3id.org/ro/crate/1.1, https://w3id.org/ro/wfrun/workflow/0.5,
https://w3id.org/ro/wfrun/provenance/0.5, https://w3id.org/workflowhub/workflow-ro-crate/1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import quote

METADATA = "ro-crate-metadata.json"
_SPEC = "https://w3id.org/ro/crate/1.1"
_WORKFLOW = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/provenance/0.5": ("Provenance Run Crate", "0.5"),
    _WORKFLOW: ("Workflow RO-Crate", "1.0"),
}
_SNAKEMAKE = "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"
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
            "",
            ".smk",
            ".log",
            ".txt",
            ".R",
            ".lock",
            ".toml",
            ".sps",
            ".lua",
            ".bib",
            ".csl",
            ".typ",
        ),
        "text/plain",
    ),
}
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
    study: dict, manifest: dict, files: Iterable[str], hashes: dict[str, tuple[str, int]]
) -> dict:
    """The metadata of a crate of ``files``; ``hashes`` gives SHA-256 and bytes of each.

    No clock: ``datePublished``, which the specification wants, is the date of the export, and
    actions have no times.
    """
    files = list(files)
    run = manifest["run"]
    licence, licences = _licence(run)
    tools = sorted(file for file in files if re.fullmatch(r"workflow/scripts/\w+\.py", file))
    actions = _actions(study, manifest, files)
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
        "conformsTo": [{"@id": _SPEC}, {"@id": _WORKFLOW}],
    }
    graph = [descriptor, root, *licences, *_context(run)]
    graph += [_file(file, *hashes[file], run, tools) for file in files]
    return {
        "@context": [f"{_SPEC}/context", "https://w3id.org/ro/terms/workflow-run/context"],
        "@graph": [*graph, *actions, *_not_here(manifest, study, files)],
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
        {"@id": link, "@type": "CreativeWork", "name": name, "version": version}
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
            "softwareVersion": version,
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


def _tool(file: str) -> str | None:
    """The script that writes a file of the results; none for what reading the rules writes."""
    stage, _, rest = file.partition("/")
    if stage == "report":
        return "manuscript" if rest.startswith("source/") else "render"
    if stage == "audit":
        return "changes" if rest.startswith("changes.") else "audit"
    if stage in ("settings", "records"):
        return None
    if stage == "logs":
        return _tool_of_log(rest.removesuffix(".log"))
    return "audit" if file == "datapackage.json" else stage


def _tool_of_log(name: str) -> str:
    return {"bridge": "bridges"}.get(name.split("_")[0], name.split("_")[0])


def _actions(study: dict, manifest: dict, files: list[str]) -> list[dict]:
    """The run as a whole, then each of its tools: what it read and made, as far as it is here."""
    base, here = f"results/{study['id']}/", set(files)
    made: dict[str, list[str]] = {}
    read: dict[str, set[str]] = {}
    everything = []
    for entry in [*manifest["files"], {"file": "audit/manifest.json", "made_from": []}]:
        if entry["file"].startswith("audit/baseline/") or base + entry["file"] not in here:
            continue
        everything.append(base + entry["file"])
        tool = _tool(entry["file"])
        if tool and f"workflow/scripts/{tool}.py" in here:
            made.setdefault(tool, []).append(base + entry["file"])
            read.setdefault(tool, set()).update(entry["made_from"])
    export = manifest["run"]["export"]
    configuration = [file for file in files if file.startswith("config/")]
    raw = [_raw_id(study, export, entry["file"], here) for entry in manifest["raw"]]
    command = f"snakemake --cores 4 --config studies={study['id']} export={export}"
    whole = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"The run of {study['id']}, export {export}",
        "description": command,
        "instrument": {"@id": "Snakefile"},
        "object": [*({"@id": i} for i in raw), *({"@id": identifier(c)} for c in configuration)],
        "result": [{"@id": identifier(file)} for file in everything],
    }
    steps = [
        {
            "@id": f"#run/{tool}",
            "@type": "CreateAction",
            "name": f"What {tool} did in that run",
            "instrument": {"@id": f"workflow/scripts/{tool}.py"},
            "object": [{"@id": i} for i in _sources(sorted(read[tool]), base, raw, files)],
            "result": [{"@id": identifier(file)} for file in made[tool]],
        }
        for tool in sorted(made)
    ]
    return [whole, *steps]


def _raw_id(study: dict, export: str, name: str, here: set[str]) -> str:
    path = f"data/raw/{study['id']}/{export}/{name}"
    return identifier(path) if path in here else f"#raw/{identifier(name)}"


def _sources(names: list[str], base: str, raw: list[str], files: list[str]) -> list[str]:
    """Files that are here for each source; a source that is not here stands for itself."""
    found: list[str] = []
    for name in names:
        if name.startswith("data/raw/"):
            found += raw
            continue
        path = name if name.startswith(("config/", "data/")) else base + name
        inside = [f for f in files if f == path or f.startswith(f"{path.rstrip('/')}/")]
        found += map(identifier, inside) if inside else [_absent_id(name)]
    return list(dict.fromkeys(found))


def _absent_id(name: str) -> str:
    return f"#not-here/{identifier(name)}"


def _not_here(manifest: dict, study: dict, files: list[str]) -> list[dict]:
    """What the run read and the crate leaves out: named, with its hash where it has one."""
    here = set(files)
    absent = [
        {
            "@id": _raw_id(study, manifest["run"]["export"], entry["file"], here),
            "@type": "CreativeWork",
            "name": entry["file"],
            "description": "A raw file of the export; it is not in this crate.",
            "sha256": entry["sha256"],
        }
        for entry in manifest["raw"]
    ]
    absent = [entity for entity in absent if entity["@id"].startswith("#raw/")]
    named = {
        reference["@id"]
        for action in _actions(study, manifest, files)
        for reference in action["object"]
        if reference["@id"].startswith("#not-here/")
    }
    hashes = {_absent_id(entry["file"]): entry["sha256"] for entry in manifest["files"]}
    return absent + [
        {
            "@id": name,
            "@type": "CreativeWork",
            "name": name.removeprefix("#not-here/"),
            "description": "A file that the run read; it is not in this crate.",
            **({"sha256": hashes[name]} if name in hashes else {}),
        }
        for name in sorted(named)
    ]
