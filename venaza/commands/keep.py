"""`python -m venaza keep`: a small record of a finished, verified run, for later comparison."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.preflight.comparison import published_hash, raw_hashes
from venaza.preflight.kept import (
    KEPT_FILES,
    fingerprints,
    kept_configuration,
    read_record,
    record_folder,
)

#: The columns of the ARD that a record keeps; ``term`` may name patients.
_KEPT = ("ard_id", "analysis", "endpoint", "statistic", "value", "unit", "display")


def run(options: argparse.Namespace, root: Path) -> None:
    """Keep a record of the results; prints where it is."""
    from venaza.preflight import load_run

    load_run(root, {"studies": options.study, "export": "newest", "formats": "html"})
    folder = keep(root, options.study, options.note, options.replace)
    print(f"Kept in {folder.relative_to(root).as_posix()}. It holds no data of single patients.")
    print("Later runs compare with it by themselves, or at once with --config baseline=kept.")


def keep(root: Path, name: str, note: str = "", replace: bool = False) -> Path:
    """Write the record of a study's results to ``data/kept/STUDY/EXPORT`` and return the folder.

    It holds the numbers (``ard.csv``), the merged configuration and ``record.json``: hashes of
    code, raw files and corrections, versions, the note; nothing of single patients and no time.
    Raises ``StudyError`` where the results are not as a run made them, and where there is
    another record of this export already.
    """
    from venaza.commands.verify import read_manifest, verify
    from venaza.pipeline.audit.manifest import configuration_hash
    from venaza.pipeline.audit.results import export_of
    from venaza.preflight import load_study

    results = root / "results" / name
    run = read_manifest(results, name)["run"]
    export = export_of(results)
    found = verify(root, name, export)
    if not found.as_made:
        raise StudyError(
            f"The results of '{name}' are not as a finished run made them, so they are not kept.",
            fix=f"See what differs: python -m venaza verify {name} --export {export}. "
            f"Then run: snakemake --cores 4 --config studies={name} export={export}",
            file=f"results/{name}",
        )
    study = load_study(root, name, export)
    files = {"ard.csv": _numbers(results), "configuration.json": _json(kept_configuration(study))}
    record = {
        "format": 1,
        "study": name,
        "export": export,
        "note": " ".join(note.split()),
        **{key: run[key] for key in ("code", "python", "packages")},
        "configuration": {"sha256": configuration_hash(study)},
        "corrections": fingerprints(study),
        "published": published_hash(root, study),
        "raw": raw_hashes(root, study),
        "files": {file: hashlib.sha256(files[file]).hexdigest() for file in KEPT_FILES},
    }
    return _write(root, record, files, replace)


def _write(root: Path, record: dict, files: dict[str, bytes], replace: bool) -> Path:
    name, export = record["study"], record["export"]
    shown = record_folder(name, export)
    folder = root / shown
    if not replace and (folder / "record.json").is_file():
        if read_record(root, name, export)["sha256"] == hashlib.sha256(_json(record)).hexdigest():
            return folder
        raise StudyError(
            f"There is another record of the export of {export} already.",
            fix=f"To replace it: python -m venaza keep {name} --replace. To keep both, move "
            f"{shown} elsewhere first.",
            file=shown,
        )
    part = folder.with_name(f".{export}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for file, content in {**files, "record.json": _json(record)}.items():
        (part / file).write_bytes(content)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return folder


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    return f"{text}\n".encode()


def _numbers(results: Path) -> bytes:
    """The numbers as CSV; what is printed is kept, whose values they are is not."""
    import tempfile

    from venaza.contracts.files import read_table, write_table
    from venaza.contracts.results import ARD

    columns = tuple(column for column in ARD if column.name in _KEPT)
    ard = read_table(results / "statistics/ard.parquet")
    with tempfile.TemporaryDirectory() as folder:
        write_table(ard[[column.name for column in columns]], columns, Path(folder) / "ard.parquet")
        return (Path(folder) / "ard.csv").read_bytes()
