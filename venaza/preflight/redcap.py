"""REDCap's data dictionary, read when a study is loaded: fields, labels, choices, identifiers."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import header_key
from venaza.pipeline.clean.layout_redcap import OWN
from venaza.pipeline.intake.archives import Source, sources
from venaza.pipeline.intake.limits import limits_of
from venaza.pipeline.intake.read import open_sheets
from venaza.preflight.exports import choose_export, export_files
from venaza.study.names import no_such, slip_of

#: The columns of the dictionary that are read: as REDCap's page writes them, and as its API does.
_COLUMNS = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "type": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": ("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
    "identifier": ("Identifier?", "identifier"),
}
_WITH_CHOICES = ("dropdown", "radio", "checkbox")
_FIXED = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
_REPEAT = "redcap_repeat_instrument"


def read_redcap(root: Path, study: dict, export: str, shown: str) -> dict | None:
    """The study's section ``redcap`` with its dictionary read; None for a study without one.

    Adds ``fields`` (name: form, type, label, choices by code, identifier), ``headers`` (the header
    of a labelled export: field, where it stands for one field only) and the dictionary's file. The
    missing-data codes join the study's words for missing.
    """
    own = study.get("redcap")
    if own is None:
        return None
    codes = [str(code) for code in own.get("missing_codes", [])]
    words = study["vocabulary"]["missing"]
    study["vocabulary"] = {**study["vocabulary"], "missing": [*words, *codes]}
    headers = {label: name for name, label in OWN.items()}
    told = {"dag_prefix": "keep", **own, "dictionary": "", "fields": {}, "headers": headers}
    told["missing_codes"] = codes
    if "dictionary" in own:
        dated = choose_export(root, study["id"], export)
        folder = root / "data/raw" / study["id"] / dated
        paths = export_files(root, study["id"], dated)
        with sources(paths, folder, limits_of(study)) as found:
            source = _file(found, own["dictionary"], shown)
            told["dictionary"] = source.base
            told["fields"] = read_dictionary(source.path)
        told["headers"] |= _labelled(told["fields"])
    return told


def check_forms(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a ``where`` with the name of an instrument misspelt."""
    fields = (study["redcap"] or {}).get("fields", {})
    forms = list(dict.fromkeys(spec["form"] for spec in fields.values()))
    for table, spec in study["tables"].items():
        for header, words in spec.get("where", {}).items():
            own = header_key(header) in map(header_key, (_REPEAT, OWN[_REPEAT]))
            for word in words if own else ():
                if slip_of(word, forms):
                    place = f"tables > {table} > where > {header}"
                    raise no_such(word, forms, "an instrument of the dictionary", shown, place)


def _file(files: list[Source], pattern: str, shown: str) -> Source:
    found = [source for source in files if fnmatch.fnmatch(source.base, pattern)]
    if len(found) == 1:
        return found[0]
    how_many = "Several files" if found else "No file"
    raise StudyError(
        f"{how_many} of the export can be the REDCap data dictionary '{pattern}'.",
        fix=f"Name it in the study file. Files here: {', '.join(s.name for s in files)}.",
        at=Key(shown, "redcap > dictionary", pattern),
    )


def read_dictionary(path: Path) -> dict[str, dict]:
    """The fields of a data dictionary in its order: form, type, label, choices, identifier.

    Raises ``StudyError`` where the file is no data dictionary.
    """
    rows = next(iter(open_sheets(path).values()))
    texts = [[cell[0] for cell in row] for row in rows]
    at = _positions(texts[0] if texts else [], path)
    fields: dict[str, dict] = {}
    for row in texts[1:]:
        said = {key: row[i].strip() if i < len(row) else "" for key, i in at.items()}
        if said["name"] == "" or said["type"] == "descriptive":
            continue
        fields[said["name"]] = {
            "form": said["form"],
            "type": said["type"],
            "label": _plain(said["label"]),
            "choices": choices_of(said["type"], said["choices"]),
            "identifier": said.get("identifier", "").lower() == "y",
        }
    return fields


def _positions(headers: list[str], path: Path) -> dict[str, int]:
    keys = [header_key(header) for header in headers]
    found = {}
    for key, known in _COLUMNS.items():
        for name in known:
            if header_key(name) in keys:
                found.setdefault(key, keys.index(header_key(name)))
    lacking = [_COLUMNS[key][0] for key in _COLUMNS if key not in found and key != "identifier"]
    if lacking:
        raise StudyError(
            f"This file is no REDCap data dictionary: it has no column '{lacking[0]}'.",
            fix="In REDCap: Project Setup > Data Dictionary > Download the current dictionary; "
            "put the file into the export folder as it is.",
            file=path.name,
            row=1,
            column=lacking[0],
        )
    return found


def choices_of(kind: str, text: str) -> dict[str, str]:
    """The labels of a field's codes; ``1, Male | 2, Female`` is how REDCap writes them."""
    if kind in _FIXED:
        return dict(_FIXED[kind])
    if kind not in _WITH_CHOICES:
        return {}
    found = {}
    for part in re.split(r"\s*(?:\||\n)\s*", text.strip()):
        code, comma, label = part.partition(",")
        if part:
            found[code.strip()] = _plain(label) if comma else code.strip()
    return found


def _plain(label: str) -> str:
    """A label as an export prints it: without the tags that REDCap lets it carry."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", label)).strip()


def checkbox_header(field: str, code: str) -> str:
    """The column of a raw export that says whether a box is ticked."""
    return f"{field}___{re.sub(r'[^a-z0-9_]', '_', code.lower())}"


def _labelled(fields: dict[str, dict]) -> dict[str, str]:
    """Field by header of a labelled export; a label that several fields have is in doubt."""
    pairs = []
    for name, spec in fields.items():
        if spec["type"] != "checkbox":
            pairs.append((spec["label"], name))
            continue
        for code, label in spec["choices"].items():
            pairs.append((f"{spec['label']} (choice={label})", checkbox_header(name, code)))
    often = Counter(header_key(label) for label, _ in pairs)
    return {label: name for label, name in pairs if label and often[header_key(label)] == 1}


def identifier_fields(redcap: dict | None) -> list[str]:
    """The headers of the fields that the dictionary tags as identifiers, raw and labelled.

    ``redcap`` is ``study["redcap"]``; without a dictionary there are none.
    """
    tagged = [(n, s) for n, s in (redcap or {"fields": {}})["fields"].items() if s["identifier"]]
    headers = []
    for name, spec in tagged:
        headers += [name, spec["label"]]
        for code, label in spec["choices"].items() if spec["type"] == "checkbox" else ():
            headers += [checkbox_header(name, code), f"{spec['label']} (choice={label})"]
    return [header for header in dict.fromkeys(headers) if header]
