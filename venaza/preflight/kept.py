"""The records of finished runs under data/kept: read, and held against their own hashes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.contracts.record import file_hash
from venaza.preflight.exports import dated_folders

#: The files of a record beside ``record.json``.
KEPT_FILES = ("ard.csv", "configuration.json")
#: What belongs to one export or to single patients, and so is no part of a kept configuration.
_NOT_KEPT = ("export", "cutoff", "corrections", "examples", "mapped")


def record_folder(name: str, export: str) -> str:
    """Where the record of a study's export lies, from the project's root."""
    return f"data/kept/{name}/{export}"


def kept_exports(root: Path, name: str) -> list[str]:
    """The exports of a study of which there is a record, oldest first."""
    folder = root / "data/kept" / name
    return [day for day in dated_folders(folder) if (folder / day / "record.json").is_file()]


def read_record(root: Path, name: str, export: str) -> dict | None:
    """The record of an export, its ``sha256`` and ``configuration``; None where there is none.

    Raises ``StudyError`` where it cannot be read or its files are not those that were kept.
    """
    shown = record_folder(name, export)
    folder = root / shown
    if not (folder / "record.json").is_file():
        return None
    again = (
        f"Restore {shown} from a copy, or delete the folder: the export is then compared "
        "without it."
    )
    try:
        content = (folder / "record.json").read_bytes()
        record = json.loads(content.decode("utf-8"))
        hashes = {file: record["files"][file] for file in KEPT_FILES}
        now = {f: file_hash(folder / f) for f in KEPT_FILES}
        altered = [file for file in KEPT_FILES if now[file] != hashes[file]]
        needed = ("code", "packages", "python", "corrections", "raw", "published", "export")
        _ = [record[key] for key in needed], record["code"]["sha256"]
        text = (folder / "configuration.json").read_text(encoding="utf-8")
        configuration = {} if altered else json.loads(text)
    except (OSError, ValueError, KeyError, TypeError):
        raise StudyError(
            f"The kept record of the export of {export} cannot be read.",
            fix=again,
            file=f"{shown}/record.json",
        ) from None
    if altered:
        raise StudyError(
            f"The kept record of the export of {export} was altered after it was kept.",
            fix=again,
            file=f"{shown}/{altered[0]}",
        )
    digest = hashlib.sha256(content).hexdigest()
    return {**record, "sha256": digest, "configuration": configuration}


def kept_configuration(study: dict) -> dict:
    """The part of a merged study that a record keeps: nothing of one export or one patient."""
    plain = {key: value for key, value in study.items() if key not in _NOT_KEPT}
    return json.loads(json.dumps(plain, default=str))


def fingerprint(line: dict) -> str:
    """A hash of a line of the corrections file, wherever in the file it stands."""
    said = {key: value for key, value in line.items() if key != "line"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprints(study: dict) -> list[str]:
    """The fingerprints of the corrections that a study's export is cleaned with, sorted."""
    return sorted(fingerprint(line) for line in (study.get("corrections") or {}).get("lines", []))
