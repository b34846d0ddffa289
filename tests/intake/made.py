"""Files for the tests of intake: small exports, and containers that no program would write."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from venaza.intake.cells import read_export
from venaza.intake.sheet import Sheet

_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)


def ods(path: Path, body: str, styles: str = "") -> Path:
    """An .ods whose spreadsheet holds ``body``."""
    content = (
        f'<?xml version="1.0"?><office:document-content {_SPACES} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", _ODS)
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return path


def ods_row(*texts: str, more: str = "") -> str:
    """A row of text cells."""
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row{more}>{cells}</table:table-row>"


def patched(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The zip file ``path`` with one member changed."""
    with zipfile.ZipFile(path) as package:
        held = {name: package.read(name) for name in package.namelist()}
    assert change(held[member]) != held[member]
    held[member] = change(held[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in held.items():
            package.writestr(name, data)
    return path


def texts(sheet: Sheet) -> list[list[str]]:
    """The texts of a sheet's cells."""
    return [[text for text, _ in row] for row in sheet.rows]


def study_of(**tables: dict) -> dict:
    """The part of a study that intake works with."""
    return {"tables": tables, "limits": {}}


def table(file: str, key: str, columns: dict[str, str], **more: object) -> dict:
    """A table of a study file in the long form."""
    records = [{"columns": {name: {"from": header} for name, header in columns.items()}}]
    return {"file": file, "header_row": 1, "key": key, "records": records, **more}


def intake_of(folder: Path, **tables: dict):
    """``CELLS`` and ``FILES`` of a folder."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return read_export(paths, folder, study_of(**tables))
