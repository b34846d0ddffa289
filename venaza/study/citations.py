"""The publications that a study file cites: each has an entry in the project's bibliography."""

from __future__ import annotations

import re
from pathlib import Path

from venaza.study.names import check_known

_FILE = "report/references.bib"
_ENTRY = re.compile(r"^@\w+\{\s*([^,\s]+)", re.MULTILINE)
_BRACKETS = re.compile(r"\[[^\[\]]*@[^\[\]]*\]")
_CITED = re.compile(r"(?<![\w@])@([A-Za-z][\w:-]*)")


def check_citations(root: Path, study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a key without an entry, of the study file or its definitions."""
    file = root / _FILE
    if not file.is_file():
        return
    known, kind = _ENTRY.findall(file.read_text(encoding="utf-8")), f"an entry of {_FILE}"
    if study.get("published"):
        cited = [study["published"]["citation"]]
        check_known(cited, known, kind, shown, "published > citation")
    for name, scheme in study["risk_tables"].get("schemes", {}).items():
        path = f"config/risk/{name}.yaml"
        check_known([scheme["citation"]], known, kind, path, "citation")
    for name, spec in study["tls"]["definitions"].items():
        place = f"definitions > {name} > cite"
        check_known([spec["cite"]], known, kind, "config/tls.yaml", place)
    check_cited(root, study["report"].get("introduction", ""), shown, "report > introduction")


def check_cited(root: Path, text: str, shown: str, place: str) -> None:
    """Raise ``StudyError`` for a citation of a Markdown text that has no entry."""
    known = _ENTRY.findall((root / _FILE).read_text(encoding="utf-8"))
    for group in _BRACKETS.findall(text):
        check_known(_CITED.findall(group), known, f"an entry of {_FILE}", shown, place)
