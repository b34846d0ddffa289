"""`python -m venaza crate STUDY --to FOLDER_OR.zip`: a finished run packed as an RO-Crate."""

from __future__ import annotations

import argparse
import json
import shutil
import zipfile
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.contracts.files import whole
from venaza.contracts.record import RECORDS, read_record

#: The first moment that a zip archive can say.
_NO_CLOCK = (1980, 1, 1, 0, 0, 0)


def run(options: argparse.Namespace, root: Path) -> None:
    """Pack a study's results; prints what is in the crate and what is not."""
    from venaza.preflight import load_run

    load_run(root, {"studies": options.study, "export": "newest", "formats": "html"})
    files = crate(root, options.study, options.to, options.patients, options.raw)
    size = sum((root / file).stat().st_size for file in files) / 1e6
    print(f"{options.to}: {len(files)} files, {size:.1f} MB, as an RO-Crate 1.2")
    for asked, what in (
        (options.patients, "tables with a row per patient (--patients adds them)"),
        (options.raw, "the raw files of the export (--raw adds them)"),
    ):
        if not asked:
            print(f"  without {what}")
    named = [] if options.patients else _naming(root / "results" / options.study)
    if named:
        print(f"  The report in it names patients by their number: {', '.join(named)}. Where that")
        print(
            "  must not leave, switch these off under 'analysis' in the study file and run again."
        )


def _naming(results: Path) -> list[str]:
    """The parts of a report that name single patients, as the study file switches them."""
    from venaza.contracts.files import read_table

    analyses = set(read_table(results / "statistics/ard.parquet")["analysis"])
    found = {
        "swimmer": (results / "figures/swimmer.svg").is_file(),
        "influence": "influence" in analyses,
    }
    return [name for name, is_there in found.items() if is_there]


def crate(root: Path, name: str, target: Path, patients: bool, raw: bool) -> list[str]:
    """Pack the results of a study into ``target``, a new folder or ``.zip``; the files' paths.

    Equal results give equal bytes. Raises ``StudyError`` where the results are not as the run
    made them, and where ``target`` is there already.
    """
    from venaza.commands.crate.choose import chosen
    from venaza.commands.crate.metadata import METADATA, metadata
    from venaza.commands.verify import read_manifest
    from venaza.contracts.record import file_hash
    from venaza.preflight import load_study

    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise StudyError(
            "There is something of that name already, and a crate replaces nothing.",
            fix="Give another name, or remove it.",
            file=str(target),
        )
    manifest = read_manifest(root / "results" / name, name)
    _refuse_altered(root, name, manifest["run"]["export"])
    study = load_study(root, name, manifest["run"]["export"])
    files = chosen(root, study, manifest, patients, raw)
    hashes = {file: (file_hash(root / file), (root / file).stat().st_size) for file in files}
    told = metadata(study, manifest, _records(root / "results" / name), files, hashes)
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    pack = _to_zip if target.suffix == ".zip" else _to_folder
    pack(root, files, METADATA, text.encode(), target)
    return files


def _records(results: Path) -> list[dict]:
    """What the jobs of the run recorded, by their names."""
    paths = sorted((results / RECORDS).glob("*.json"))
    return [record for record in map(read_record, paths) if record is not None]


def _refuse_altered(root: Path, name: str, export: str) -> None:
    from venaza.commands.verify import verify

    found = verify(root, name, export)
    if not found.as_made:
        raise StudyError(
            f"The results of '{name}' are not as the run made them, so they go into no crate.",
            fix=f"Run: python -m venaza verify {name}",
            file=f"results/{name}",
        )


def _to_zip(root: Path, files: list[str], name: str, text: bytes, target: Path) -> None:
    with whole(target) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(name), text)
        for file in files:
            archive.writestr(_entry(file), (root / file).read_bytes())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_CLOCK)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry


def _to_folder(root: Path, files: list[str], name: str, text: bytes, target: Path) -> None:
    for file in files:
        path = target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / file, path)
    (target / name).write_bytes(text)
