"""What the results are compared with, and by which steps a number came from there to here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.contracts.record import file_hash
from venaza.preflight.corrections import corrections_file, read_corrections
from venaza.preflight.exports import check_headers, dated_exports, export_files, other_files
from venaza.preflight.kept import (
    fingerprint,
    fingerprints,
    kept_configuration,
    kept_exports,
    read_record,
    record_folder,
)
from venaza.preflight.load import load_study
from venaza.study.documents import merge, read_yaml
from venaza.study.endpoints import definitions_of

#: The causes that a step may have, in the order in which they are taken out.
CAUSES = ("code", "configuration", "data", "corrections")


@dataclass
class Comparison:
    """What a study's results are compared with.

    ``base`` is the run whose tables are compared with (None: there are none), ``states`` the
    results of which each differs from the one before by the ``causes`` beside it: dictionaries
    of ``name``, ``ard`` (path) and ``causes``. ``earlier`` is the study as it stands for the
    export compared with (None where its raw files are gone). ``runs`` are the further runs that
    are needed.
    """

    wish: str
    export: str | None = None
    base: str | None = None
    record: dict | None = None
    states: list[dict] = field(default_factory=list)
    earlier: dict | None = None
    notes: list[str] = field(default_factory=list)
    runs: dict[str, dict] = field(default_factory=dict)

    def told(self) -> dict:
        """What the audit and the report are told of it."""
        kept = self.record and {k: self.record[k] for k in ("export", "note", "code", "sha256")}
        then = self.earlier and {key: self.earlier[key] for key in ("tables", "export", "cutoff")}
        return {
            "wish": self.wish,
            "export": self.export,
            "base": self.base,
            "record": kept,
            "states": self.states,
            "earlier": then,
            "notes": self.notes,
        }


def choose_baseline(root: Path, name: str, export: str, wish: str) -> str | None:
    """The export to compare ``export`` with: one before, a date, the kept record, or none.

    Raises ``StudyError`` for a date of which there is neither an export nor a record.
    """
    dates, kept = dated_exports(root, name), kept_exports(root, name)
    known = sorted({*dates, *kept})
    if wish == "none":
        return None
    if wish == "before":
        return max((date for date in known if date < export), default=None)
    if wish == "kept":
        if export not in kept:
            raise StudyError(
                f"There is no kept record of the export of {export} of the study '{name}'.",
                fix=f"Keep one when a run is finished: python -m venaza keep {name}. "
                f"Records here: {', '.join(kept) or 'none'}.",
                file=record_folder(name, export),
                column="baseline",
                value=wish,
            )
        return export
    if wish == export:
        raise StudyError(
            f"The export of {export} of the study '{name}' would be compared with itself.",
            fix="Name another export, or compare with the record that was kept of this one: "
            "--config baseline=kept.",
            column="baseline",
            value=wish,
        )
    if wish not in known:
        raise StudyError(
            f"The study '{name}' has no export of {wish} to compare with.",
            fix=f"Exports here: {', '.join(dates)}. Records here: {', '.join(kept) or 'none'}. "
            "For no comparison: --config baseline=none.",
            file=f"data/raw/{name}",
            column="baseline",
            value=wish,
        )
    return wish


def compare_with(
    root: Path, study: dict, wish: str, present: dict, passed: Path | None = None
) -> Comparison:
    """The comparison of a loaded ``study`` that ``wish`` (``baseline``) asks for.

    ``present`` says what runs now: ``code`` (with ``sha256``), ``python`` and ``packages``, as
    ``run_facts`` gives them. ``passed`` is that of ``check_headers``.
    """
    name, export = study["id"], study["export"]
    before = choose_baseline(root, name, export, wish)
    found = Comparison(wish, before)
    if before is None:
        return found
    found.record = read_record(root, name, before)
    earlier = found.earlier = _earlier(root, study, before, found, passed)
    if earlier is None and found.record is None:
        return found
    known = _corrections_then(root, study, earlier, found)
    same = _lines(known) == _lines(study["corrections"])
    corrected = f"{name}/audit/baseline/{export}.corrections"
    pending = []
    if found.record:
        ard = f"{record_folder(name, before)}/ard.csv"
        found.states.append({"name": "as it was kept", "ard": ard, "causes": []})
    if earlier is None:
        pending = ["data", *_changed(root, study, present, found), *_reconfigured(study, found)]
    else:
        ran = {**earlier, "corrections": known}
        found.base = f"{name}/audit/baseline/{before}"
        if before == export:
            found.base = name if same else corrected
        else:
            pending = ["data"]
        _steps_to_base(root, ran, present, found)
    if same:
        if found.base != name:
            _state(found, "this export", name, pending)
        return found
    if pending:
        _state(found, "this export with the corrections of then", corrected, pending)
    found.runs[corrected] = {**study, "corrections": known}
    _state(found, "this export", name, ["corrections"])
    return found


def compared_now(root: Path, name: str, export: str, wish: str) -> dict:
    """What ``wish`` would compare an export with now: the other ``export`` and its ``record``."""
    before = choose_baseline(root, name, export, wish)
    record = None if before is None else read_record(root, name, before)
    return {"export": before, "record": record and record["sha256"]}


def _state(found: Comparison, title: str, run: str, causes: list[str]) -> None:
    ard = f"results/{run}/statistics/ard.parquet"
    found.states.append({"name": title, "ard": ard, "causes": _in_order(causes)})


def _in_order(causes: list[str]) -> list[str]:
    return [cause for cause in CAUSES if cause in causes]


def _earlier(
    root: Path, study: dict, before: str, found: Comparison, passed: Path | None
) -> dict | None:
    """The study as it stands for the export compared with; None where its raw files are gone.

    Where the present study file cannot read an older export that nobody asked for by name, the
    run goes on without its cells and says so.
    """
    name = study["id"]
    if before == study["export"]:
        return study
    if before not in dated_exports(root, name):
        found.notes.append(
            f"Of the export of {before} only the kept record is left, so numbers are compared "
            "and cells are not."
        )
        return None
    try:
        earlier = load_study(root, name, before)
        check_headers(root, earlier, passed)
    except StudyError as error:
        if found.wish == before:
            raise
        found.notes.append(
            f"The export of {before} cannot be read with the present study file, so its cells "
            f"are not compared: {error.what}"
        )
        return None
    return earlier


def _corrections_then(
    root: Path, study: dict, earlier: dict | None, found: Comparison
) -> dict | None:
    """The corrections that applied to the export compared with."""
    if found.record is None:
        return earlier["corrections"]
    shown = corrections_file(study["id"])
    lines = read_corrections(root / shown, shown) if (root / shown).is_file() else []
    then = set(found.record["corrections"])
    known = [line for line in lines if fingerprint(line) in then]
    lost = len(then) - len({fingerprint(line) for line in known})
    if lost:
        found.notes.append(
            f"{lost} correction(s) that applied when the record was kept stand no longer in "
            f"{shown}: what they did cannot be told apart from other causes."
        )
    return {"file": shown, "strict": False, "lines": known} if known else None


def _lines(corrections: dict | None) -> list[dict]:
    return (corrections or {}).get("lines", [])


def _steps_to_base(root: Path, earlier: dict, present: dict, found: Comparison) -> None:
    """From the kept record, where there is one, to the run of the earlier export of now."""
    if found.base != earlier["id"]:
        found.runs[found.base] = earlier
    if found.record is None:
        _state(found, "the export compared with", found.base, [])
        return
    changed = _changed(root, earlier, present, found)
    causes = _reconfigured(earlier, found)
    if changed and causes:
        run = f"{earlier['id']}/audit/baseline/{earlier['export']}.kept"
        found.runs[run] = _kept_study(root, earlier, found.record["configuration"])
        _state(found, "with the configuration that was kept", run, changed)
    _state(found, "with the present code and configuration", found.base, causes or changed)


def _changed(root: Path, study: dict, present: dict, found: Comparison) -> list[str]:
    """What of the record differs from now beside the configuration, as causes."""
    record, causes = found.record, []
    if any(record[key] != present[key] for key in ("code", "python", "packages")):
        causes.append("code")
    if set(record["corrections"]) - set(fingerprints({"corrections": _known_now(root, study)})):
        causes.append("corrections")
    if record["published"] != published_hash(root, study):
        causes.append("configuration")
    if study["export"] == record["export"] and record["raw"] != raw_hashes(root, study):
        causes.append("data")
        found.notes.append(
            f"The raw files of the export of {record['export']} are not those of the kept record: "
            "what has changed in them cannot be shown cell by cell."
        )
    return causes


def _known_now(root: Path, study: dict) -> dict:
    shown = corrections_file(study["id"])
    path = root / shown
    return {"lines": read_corrections(path, shown) if path.is_file() else []}


def _reconfigured(study: dict, found: Comparison) -> list[str]:
    kept = found.record["configuration"]
    return ["configuration"] if kept != kept_configuration(study) else []


#: The last day of the landmark of ``eln2022_intensive``, where no definition of now has one.
_LAST_DAY = 120


def _kept_study(root: Path, study: dict, kept: dict) -> dict:
    """The study with the kept configuration; settings that came since take their defaults.

    A record that was kept before responses had a window has milestones in an older language: those
    of now stand in for them, so that best response and milestones count alike.
    """
    defaults = read_yaml(root / "config/defaults.yaml", "config/defaults.yaml")
    defaults.pop("endpoints", None)
    laid = {key: merge(study[key], kept[key]) for key in ("failure", "checks") if key in kept}
    if "until" not in kept.get("response", {}):
        laid["milestones"] = study["milestones"]
        for key in ("endpoints", "alternatives"):
            laid[key] = {code: _bounded(d, study) for code, d in kept.get(key, {}).items()}
    return {**study, **merge(defaults, kept), **laid}


def _bounded(definition: dict, study: dict) -> dict:
    """A kept definition whose landmark is a milestone, with the last day that it has today."""
    landmark = definition.get("landmark", {})
    if "milestone" not in landmark or "at_most_days" in landmark:
        return definition
    named = definitions_of(study).values()
    days = [d.get("landmark", {}).get("at_most_days") for d in named]
    last = next((day for day in days if day), _LAST_DAY)
    return {**definition, "landmark": {**landmark, "at_most_days": last}}


def published_hash(root: Path, study: dict) -> str | None:
    """SHA-256 of the file of published figures; None where the study names none."""
    if not study.get("published"):
        return None
    return file_hash(root / study["published"]["file"])


def raw_hashes(root: Path, study: dict) -> dict[str, str]:
    """SHA-256 of each file of the study's export, by its path within the export's folder."""
    name, export = study["id"], study["export"]
    folder = root / "data/raw" / name / export
    files = [*export_files(root, name, export), *other_files(root, name, export)]
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in sorted(files)}
