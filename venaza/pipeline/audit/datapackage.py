"""The results' CSV files as a Frictionless Data Package (specification v1): datapackage.json."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from venaza.contracts.columns import Column
from venaza.contracts.files import table_columns
from venaza.contracts.record import file_hash
from venaza.pipeline.audit.manifest import results_files

#: The export before has its own tables; the lineage lists this package and is written later.
_LEFT_OUT = ("audit/baseline/", "audit/lineage.csv")
_BOM = b"\xef\xbb\xbf"
_ABOUT = (
    "Tables of one run of venaza. A text that a spreadsheet would take for a formula has an "
    "apostrophe before it."
)


def build_datapackage(root: Path, facts: dict, hashes: Mapping[str, str] | None = None) -> dict:
    """The descriptor of every CSV file in ``root`` (``results/STUDY``); equal for equal files.

    It stands in ``root``: the specification lets no path lead upwards.
    ``facts`` are those of ``run_facts``, ``hashes`` those that are known, by path. A CSV beside a
    Parquet file has the types, titles, units and rules of its contract; one without has texts. A
    file whose header cannot name fields (an empty or a repeated name) is listed without a schema.
    """
    resources, used = [], set()
    for path in sorted(results_files(root), key=lambda p: p.relative_to(root).as_posix()):
        file = path.relative_to(root).as_posix()
        if path.suffix == ".csv" and not file.startswith(_LEFT_OUT):
            sha = (hashes or {}).get(path.as_posix()) or file_hash(path)
            resources.append(_resource(path, file, _unused(_name(file[:-4]), used), sha))
    tabular = all(resource["profile"].startswith("tabular") for resource in resources)
    return {
        "profile": "tabular-data-package" if tabular else "data-package",
        "name": _name(facts["study"]),
        "title": facts.get("title") or facts["study"],
        "description": " ".join(filter(None, [facts.get("data"), _ABOUT])),
        "export": facts["export"],
        "synthetic": facts["synthetic"],
        **_licence(facts.get("licence")),
        **_sources(facts),
        "resources": resources,
    }


def _name(text: str) -> str:
    """A name as the specification has it: lower case letters, digits, ``.``, ``_``, ``-``."""
    return re.sub(r"[^a-z0-9._-]+", "-", text.replace("/", ".").lower())


def _unused(name: str, used: set[str]) -> str:
    made, n = name, 1
    while made in used:
        n += 1
        made = f"{name}-{n}"
    used.add(made)
    return made


def _licence(text: str | None) -> dict:
    """``licenses`` where the licence is an identifier; words stand under a key of their own."""
    if not text:
        return {}
    if re.fullmatch(r"[-a-zA-Z0-9._]+", text):
        return {"licenses": [{"name": text}]}
    return {"licence": text}


def _sources(facts: dict) -> dict:
    text = facts.get("source")
    if not text:
        return {}
    link = re.search(r"https?://[^\s<>\"]+", text)
    return {"sources": [{"title": text, **({"path": link[0].rstrip(".,;)")} if link else {})}]}


def _resource(path: Path, file: str, name: str, sha: str) -> dict:
    with path.open("rb") as data:
        bom = data.read(3) == _BOM
    with path.open(encoding="utf-8-sig", newline="") as text:
        header = next(csv.reader(text), [])
    described = {
        "name": name,
        "path": file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bom": bom,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha}",
        "dialect": {
            "csvddfVersion": 1.2,
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "skipInitialSpace": False,
            "header": True,
            "caseSensitiveHeader": True,
        },
    }
    if not header or not all(header) or len(set(header)) < len(header):
        return {"profile": "data-resource", **described}
    contract = path.with_suffix(".parquet")
    known = {c.name: c for c in table_columns(contract)} if contract.is_file() else {}
    fields = [_field(known.get(column) or Column(column, "string", column)) for column in header]
    schema = {"fields": fields, "missingValues": [""]}
    return {"profile": "tabular-data-resource", **described, "schema": schema}


def _field(column: Column) -> dict:
    """A field; its rule stands under ``description`` too, where other readers show it."""
    made = {"name": column.name, "type": column.dtype, "title": column.label}
    if column.unit:
        made["unit"] = column.unit
    if column.derivation:
        made |= {"rule": column.derivation, "description": column.derivation}
    return made
