"""`python -m venaza verify`: whether a study's results are still as the run made them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from venaza.contracts.errors import StudyError
from venaza.contracts.record import file_hash, made_in
from venaza.pipeline.audit.manifest import (
    AFTER_THE_MANIFEST,
    BASELINE,
    CODE,
    MANIFEST,
    configuration_hash,
    raw_files,
    results_files,
    tree_hash,
)

_WORDS = {
    "altered": "Altered since the run (the bytes are not those that it wrote)",
    "missing": "Missing (the manifest names it, it is not there)",
    "unlisted": "There without being in the manifest (no part of the run)",
    "stale": "Stale (made from something that has changed since)",
}


@dataclass
class Verdict:
    """What differs from the manifest: names of files, and sentences for what is stale."""

    study: str
    export: str | None
    checked: int
    altered: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    @property
    def as_made(self) -> bool:
        """Whether nothing at all differs."""
        return not (self.altered or self.missing or self.unlisted or self.stale)


def run(options: argparse.Namespace, root: Path) -> int:
    """Print what differs from the manifest; 1 where something does."""
    from venaza.preflight import load_run

    load_run(root, {"studies": options.study, "export": options.export, "formats": "html"})
    found = verify(root, options.study, options.export)
    if options.json:
        said = {"as_made": found.as_made, **asdict(found)}
        print(json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print(as_text(found), end="")
    return 0 if found.as_made else 1


def verify(root: Path, name: str, export: str = "newest") -> Verdict:
    """Hold the results, raw files, configuration and code of a study against its manifest.

    ``root`` is the project's folder, ``export`` the one that the results should be of.
    Raises ``StudyError`` where there is no manifest or it cannot be read.
    """
    manifest = read_manifest(root / "results" / name, name)
    run = manifest["run"]
    found = Verdict(name, run["export"], len(manifest["files"]))
    compare_results(root / "results" / name, manifest["files"], found)
    raw, before = root / "data/raw" / name, len(found.stale)
    compare_raw(raw / str(run["export"]), manifest["raw"], found)
    for folder in sorted((root / "results" / name / BASELINE).glob("*")):
        if f"{BASELINE}/{folder.name}/intake/files.parquet" not in found.altered:
            compare_raw(raw / folder.name.partition(".")[0], raw_files(folder), found)
    _compare_configuration(root, name, export, run, found)
    _compare_comparison(root, name, run, found)
    if tree_hash(root, CODE) != run["code"]["sha256"]:
        found.stale.append("The code has changed since the run.")
    if len(found.stale) > before:
        _excuse_settings(found)
    return found


def _excuse_settings(found: Verdict) -> None:
    """What stages are told is written when snakemake reads its rules, a dry run's included."""
    told = [file for file in found.altered if "settings" in file.split("/")]
    found.altered = [file for file in found.altered if file not in told]
    found.stale += [f"{file} tells the stage something else than in the run." for file in told]


def read_manifest(results: Path, name: str) -> dict:
    """The manifest of ``results/STUDY``, if it is one."""
    path = results / MANIFEST
    again = f"Run: snakemake --cores 4 --config studies={name}"
    shown = f"results/{name}/{MANIFEST}"
    if not path.is_file():
        raise StudyError(f"The study '{name}' has no manifest to verify.", fix=again, file=shown)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        _ = manifest["run"]["export"], manifest["run"]["code"]["sha256"]
        _ = manifest["run"]["configuration"]["sha256"]
        _ = [(e["file"], e["sha256"]) for e in (*manifest["files"], *manifest["raw"])]
    except (ValueError, KeyError, TypeError):
        raise StudyError(
            "This manifest cannot be read, so nothing can be verified.",
            fix=f"Delete it. {again}",
            file=shown,
        ) from None
    return manifest


def compare_results(results: Path, entries: Iterable[dict], found: Verdict) -> None:
    """Recompute every hash of the results, and find the files that have none."""
    there = {p.relative_to(results).as_posix(): p for p in results_files(results)}
    for entry in entries:
        file = entry["file"]
        path = there.pop(file, None)
        if path is None:
            found.missing.append(file)
        elif file_hash(path) != entry["sha256"]:
            found.altered.append(file)
    found.unlisted += sorted(there)
    for name, sha in made_in(results).items():  # the manifest too, whose hash the audit recorded
        path = Path(name).relative_to(Path("results", results.name))
        if path.as_posix() in (MANIFEST, *AFTER_THE_MANIFEST):
            if not (results / path).is_file():
                found.missing.append(path.as_posix())
            elif file_hash(results / path) != sha:
                found.altered.append(path.as_posix())


def compare_raw(folder: Path, entries: list[dict], found: Verdict) -> None:
    """Whether the export's files are those that intake read.

    What came out of an archive is as it was where the archive is.
    """
    names = {entry["file"] for entry in entries}
    entries = [e for e in entries if not any(map(names.__contains__, _above(e["file"])))]
    there = {}
    if folder.is_dir():
        files = (p for p in sorted(folder.rglob("*")) if p.is_file())
        there = {p.relative_to(folder).as_posix(): p for p in files if _counts(p)}
    shown = f"data/raw/{folder.parent.name}/{folder.name}"
    for entry in entries:
        path = there.pop(entry["file"], None)
        if path is None:
            found.stale.append(f"The raw file {shown}/{entry['file']} is gone.")
        elif file_hash(path) != entry["sha256"]:
            found.stale.append(f"The raw file {shown}/{entry['file']} has changed since the run.")
    for file in there:
        found.stale.append(f"The raw file {shown}/{file} is new: the run did not read it.")


def _above(file: str) -> list[str]:
    return [parent.as_posix() for parent in PurePosixPath(file).parents]


def _counts(path: Path) -> bool:
    return not path.name.startswith((".", "~$"))


def _compare_configuration(root: Path, name: str, export: str, run: dict, found: Verdict) -> None:
    from venaza.preflight import choose_export, load_study

    try:
        wanted = choose_export(root, name, export)
        if wanted != run["export"]:
            found.stale.append(
                f"The results are of export {run['export']}; the one wanted is {wanted}."
            )
        study = load_study(root, name, run["export"])
    except StudyError as error:
        found.stale.append(f"The configuration cannot be compared. {error.what}")
        return
    if configuration_hash(study) != run["configuration"]["sha256"]:
        found.stale.append(
            "The configuration has changed since the run (study file, defaults, endpoints or "
            "corrections)."
        )


def _compare_comparison(root: Path, name: str, run: dict, found: Verdict) -> None:
    """Whether the run's wish would still compare it with the same export and the same record."""
    from venaza.preflight.comparison import compared_now

    told = run.get("comparison")
    if not told:
        return
    try:
        now = compared_now(root, name, run["export"], told["wish"])
    except StudyError as error:
        found.stale.append(f"What the results are compared with is not as it was. {error.what}")
        return
    if now["export"] != told["export"]:
        was, is_now = (date or "nothing" for date in (told["export"], now["export"]))
        found.stale.append(f"The results are compared with {was}; it would now be {is_now}.")
    elif now["record"] != ((told["record"] or {}).get("sha256")):
        found.stale.append(
            f"The kept record of the export of {now['export']} came, went or changed."
        )


def as_text(found: Verdict) -> str:
    """The verdict for a reader."""
    lines = [f"{found.study}, export {found.export}: {found.checked} files in the manifest."]
    for key, words in _WORDS.items():
        items = getattr(found, key)
        if items:
            lines += ["", f"{words}: {len(items)}", *(f"  {item}" for item in items)]
    if found.as_made:
        lines.append("All is as the run made it.")
    else:
        again = f"snakemake --cores 4 --config studies={found.study}"
        lines += ["", *_advice(found, again)]
    return "\n".join(lines) + "\n"


def _advice(found: Verdict, again: str) -> list[str]:
    """What to do; a run refuses to go on from a file that somebody altered."""
    if found.altered:
        return [
            "Not as made. Keep your copies of altered files elsewhere if you need them, delete the",
            f"files here and run: {again}",
            "They are made anew. While they are there, a run stops and names them.",
        ]
    if found.missing:
        return [f"Not as made. To make anew what is missing: {again}"]
    if found.stale:
        return [f"Not as made. To renew what is stale: {again}"]
    return [f"Not as made. Move what is no part of the run out of results/{found.study}."]
