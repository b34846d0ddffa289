"""The manifest: each file of a study's results with its hash, size and what it was made from."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

from venaza import __version__
from venaza.contracts.documents import RENDERED
from venaza.contracts.files import neutral
from venaza.contracts.record import RECORDS, file_hash, read_record

#: What the pipeline stands on directly; pyproject.toml names the same packages.
DIRECT = (
    "font-source-sans-pro", "font-source-serif-pro", "fonttools", "jinja2", "jsonschema",
    "lifelines", "matplotlib", "numpy", "openpyxl", "pandas", "pillow", "pyarrow",
    "pylopdf-fonts-zh-cn", "pypandoc-binary", "opencc", "pyreadstat", "python-calamine", "pyyaml",
    "scipy", "snakemake", "typst", "xlrd",
)  # fmt: skip

MANIFEST = "audit/manifest.json"
#: Written when the manifest is done: the audit's log, and its record with the manifest's hash.
AFTER_THE_MANIFEST = ("logs/audit.log", "records/audit.json")
#: The code that a run stands on, from the project's root.
CODE = ("Snakefile", "workflow", "venaza", "report")
BASELINE = "audit/baseline"
#: The documents of a report; what else lies beside its source is somebody's own.
_SOURCE = "report/source/"
_DOCUMENTS = {f"report/{name}.{kind}" for kind, names in RENDERED.items() for name in names}
#: What the job makes that writes the manifest: its record comes later.
_OWN = ("datapackage.json", "index.html", "audit/index.html", "audit/lineage.csv")


def build_manifest(
    root: Path, facts: dict, read: Iterable[str] = (), hashes: Mapping[str, str] | None = None
) -> dict:
    """The manifest of the results in ``root`` (``results/STUDY``), for ``manifest.json``.

    What a file was made from is what its job read, by the job's record; ``read`` is what the job
    read that writes the manifest. ``hashes`` are those that are known, by path. ``facts`` are
    those of ``run_facts``. The manifest holds them under ``run``, the raw files under ``raw`` and
    every other file under ``files``; it names no folder outside the project, no machine and no
    time.
    """
    return {
        "run": facts,
        "raw": raw_files(root),
        "files": describe_files(root, facts, read, hashes),
    }


def run_facts(study: dict, code: str, packages: Iterable[str] = DIRECT) -> dict:
    """What a run was: study, export, code, configuration and package versions.

    ``code`` is the hash of the code (``tree_hash``); the configuration's hash is that of the
    study as merged, so a comment in a file does not change it.
    """
    about = study.get("study", {})
    wanted = ("title", "data", "source", "licence")
    return {
        "study": study["id"],
        "export": study.get("export"),
        "cutoff": None if study.get("cutoff") is None else str(study["cutoff"]),
        "synthetic": bool(about.get("synthetic", False)),
        **{key: about[key] for key in wanted if about.get(key)},
        "code": {"version": __version__, "sha256": code},
        "configuration": {"sha256": configuration_hash(study)},
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "packages": package_versions(packages),
    }


def configuration_hash(study: dict) -> str:
    """SHA-256 of the merged study, whatever the order of its keys.

    The worked examples do not count: a run does not stand on them.
    """
    study = {key: value for key, value in study.items() if key != "examples"}
    text = json.dumps(study, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def package_versions(packages: Iterable[str] = DIRECT) -> dict[str, str]:
    """Installed version of each package; ``not installed`` where it is missing."""
    found = {}
    for name in sorted(packages):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def tree_hash(base: Path, parts: Iterable[str]) -> str:
    """SHA-256 over the names and contents of all files under ``parts`` of ``base``.

    Byte code and hidden files do not count; the order of the folder does not matter.
    """
    digest = hashlib.sha256()
    for path in sorted(_files_under(base, parts)):
        digest.update(f"{path.relative_to(base).as_posix()}\0{file_hash(path)}\n".encode())
    return digest.hexdigest()


def _files_under(base: Path, parts: Iterable[str]) -> set[Path]:
    found: set[Path] = set()
    for part in parts:
        path = base / part
        found.update([path] if path.is_file() else path.rglob("*"))
    return {path for path in found if path.is_file() and _counts(path.relative_to(base))}


def _counts(relative: Path) -> bool:
    return "__pycache__" not in relative.parts and not any(
        part.startswith(".") for part in relative.parts
    )


def raw_files(root: Path) -> list[dict]:
    """The raw files of the export as intake found them: file, sha256, bytes, format, encoding."""
    from venaza.contracts.files import read_table

    path = root / "intake/files.parquet"
    if not path.is_file():
        return []
    wanted = ["SRCFILE", "SHA256", "BYTES", "FORMAT", "ENCODING"]
    frame = read_table(path)
    rows = frame[[name for name in wanted if name in frame]].sort_values("SRCFILE")
    return [
        {_manifest_name(name): _plain(value) for name, value in row.items()}
        for row in rows.to_dict("records")
    ]


def _manifest_name(column: str) -> str:
    return {"SRCFILE": "file"}.get(column, column.lower())


def _plain(value: object) -> object:
    import pandas as pd

    if pd.isna(value):
        return None
    return value if isinstance(value, str) else int(value)


def describe_files(
    root: Path, facts: dict, read: Iterable[str] = (), hashes: Mapping[str, str] | None = None
) -> list[dict]:
    """One entry per file in ``root``, by path; the manifest itself and checks are left out.

    Each has ``file`` (relative to ``root``), ``stage``, ``rule``, ``made_from``, ``sha256``,
    ``bytes``, and for Parquet and CSV ``rows`` and ``columns`` (their names).
    """
    entries, jobs = [], _jobs(root, facts, read)
    for path in results_files(root):
        name = path.relative_to(root).as_posix()
        inner = _of_run(name)[1]
        stage = inner.split("/")[0] if "/" in inner else "audit"  # the start page, the data package
        rule = Path(inner).stem if stage in ("logs", "records") else stage
        rule, sources = jobs.get(name, (rule, ["config/"] if stage == "settings" else []))
        sha = (hashes or {}).get(path.as_posix()) or file_hash(path)
        entry = {"file": name, "stage": stage, "rule": rule, "made_from": sources}
        entries.append({**entry, "sha256": sha, "bytes": path.stat().st_size, **_shape(path)})
    return sorted(entries, key=lambda entry: entry["file"])


def _of_run(name: str) -> tuple[str, str]:
    """The folder of the run that a file is of (empty for the study's own), and its name there."""
    if not name.startswith(f"{BASELINE}/"):
        return "", name
    export, _, inner = name.removeprefix(f"{BASELINE}/").partition("/")
    return f"{BASELINE}/{export}/", inner


def _jobs(root: Path, facts: dict, read: Iterable[str]) -> dict[str, tuple[str, list[str]]]:
    """The job that made each file and the files that it read, by its record, from ``root``.

    The project's own files (the text of the report, its styles) are code, which has a hash of its
    own: they are not named.
    """
    own = f"results/{facts.get('study')}/"

    def data(files: Iterable[str]) -> list[str]:
        return sorted(f.removeprefix(own) for f in files if f.split("/")[0] not in CODE)

    found = dict.fromkeys(_OWN, ("audit", data(read)))
    for path in sorted(root.rglob(f"{RECORDS}/*.json")):
        if path.relative_to(root).as_posix() in AFTER_THE_MANIFEST:
            continue
        record = read_record(path) or {"job": "", "made": {}, "made_from": {}}
        made_from = data(record["made_from"])
        found |= {file.removeprefix(own): (record["job"], made_from) for file in record["made"]}
    return found


def results_files(root: Path) -> list[Path]:
    """The files of a run in ``root``, sorted: all but the manifest, what comes after it, what
    ``check`` wrote, and what somebody put beside the documents of the report.
    """
    return [
        path
        for path in sorted(_files_under(root, ["."]))
        if (name := path.relative_to(root).as_posix()) not in (MANIFEST, *AFTER_THE_MANIFEST)
        and not name.startswith("check/")
        and (name in _DOCUMENTS or not name.startswith("report/") or name.startswith(_SOURCE))
    ]


def _shape(path: Path) -> dict:
    """Rows and columns; of a CSV file beside a Parquet file, which was written with it, its."""
    if (twin := path.with_suffix(".parquet")).is_file() and path.suffix in (".parquet", ".csv"):
        import pyarrow.parquet as pq

        head = pq.read_metadata(twin)
        return {"rows": head.num_rows, "columns": head.schema.to_arrow_schema().names}
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            columns = next(lines, [])
            return {"rows": sum(1 for _ in lines), "columns": columns}
    return {}


def lineage_csv(entries: Iterable[dict]) -> str:
    """The lineage as CSV: what each job read and what it made, a line for each file.

    A job's list of files stands there once, however many it made. Jobs of the export before have
    its folder before their name.
    """
    import io

    read: dict[str, dict] = {}
    made: dict[str, list] = {}
    for entry in entries:
        job = f"{_of_run(entry['file'])[0]}{entry['rule']}"
        read.setdefault(job, {}).update(dict.fromkeys(entry["made_from"]))
        made.setdefault(job, []).append(entry["file"])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["job", "did", "file"])
    for job in sorted(made):
        lines = [("read", file) for file in read[job]] + [("made", file) for file in made[job]]
        writer.writerows([neutral(job), did, neutral(file)] for did, file in lines)
    return text.getvalue()
