"""The study's privacy section: completed with what announces an identifier, and checked."""

from __future__ import annotations

from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import header_key, mapped_columns
from venaza.pipeline.clean.date_rules import READING
from venaza.pipeline.intake.privacy.detect import plain_header
from venaza.pipeline.intake.privacy.key import fingerprint, read_key
from venaza.preflight.persons import name_lists
from venaza.preflight.redcap import identifier_fields
from venaza.study.documents import read_yaml


def privacy_of(root: Path, study: dict, shown: str) -> dict:
    """The privacy section with ``words`` (headers of identifiers), ``names`` and, if used, ``key``.

    ``key`` is the fingerprint of the secret key, so that intake runs again with another one; with
    shifted dates there are ``missing`` (words) and ``timeline`` (how they are read), with hashed
    columns ``nobody`` (the words that stand in the place of a patient's number).
    Raises ``StudyError`` for a column that is both mapped and dropped, for shifted dates with a
    calendar cut-off, and for a key that is missing.
    """
    spec = study["privacy"]
    _check_mapped(study, spec, shown)
    words = read_yaml(root / "config/privacy.yaml", "config/privacy.yaml")
    # Asked for by exact header, as the words are: what REDCap's dictionary tags as an identifier.
    tagged = [plain_header(header) for header in identifier_fields(study["redcap"])]
    if tagged:
        kind = "field that the data dictionary tags as an identifier"
        words[kind] = {"exact": tagged, "contains": []}
    completed = {**spec, "words": words, "names": name_lists(root)}
    if spec["shift_dates"]:
        _check_shift(study, shown)
        completed["missing"] = study["vocabulary"]["missing"]
        timeline = study["timeline"]
        completed["timeline"] = {key: timeline[key] for key in READING if key in timeline}
    if "hash" in spec["columns"].values():
        lists = ("missing", "summary_rows", "header_rows")
        completed["nobody"] = {name: study["vocabulary"].get(name, []) for name in lists}
    if spec["shift_dates"] or "hash" in spec["columns"].values():
        completed["key"] = fingerprint(read_key(study["id"], root))
    return completed


def _check_mapped(study: dict, spec: dict, shown: str) -> None:
    dropped = {header_key(h): h for h, action in spec["columns"].items() if action == "drop"}
    for table, mapping in study["tables"].items():
        used = {"the patient's number": mapping.get("key")}
        used |= {name: how["from"] for name, how in mapped_columns(mapping) if "from" in how}
        for name, header in used.items():
            if header and header_key(header) in dropped:
                raise StudyError(
                    f"The column '{header}' is dropped, but '{table}' takes {name} from it.",
                    fix="Take it out of the table, or hash or scrub it.",
                    at=Key(shown, f"privacy > columns > {dropped[header_key(header)]}"),
                )


def _check_shift(study: dict, shown: str) -> None:
    if study["timeline"]["dates"] == "study_days":
        raise StudyError(
            "The export gives study days, so there are no dates to shift.",
            fix="Take shift_dates out.",
            at=Key(shown, "privacy > shift_dates"),
        )
    if study["timeline"]["cutoff"] != "none":
        raise StudyError(
            "A data cut-off is a calendar date, which shifted dates no longer have.",
            fix="Set timeline > cutoff: none; the export must not hold later rows.",
            at=Key(shown, "timeline > cutoff", str(study["timeline"]["cutoff"])),
        )
