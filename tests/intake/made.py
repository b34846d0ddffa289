"""Files for the tests of intake: small exports, and containers that no program would write."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.sheet import Sheet

_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
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
    cells, files = read_export(paths, folder, study_of(**tables))
    cells = cells.astype("object")
    return cells.where(cells.notna(), None), files


def _record(kind: int, content: bytes = b"") -> bytes:
    """A record of a binary workbook: kind and size in seven bits a byte."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size = len(content)
    return head + (bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(path: Path, rows: list[list], codes: list[str]) -> Path:
    """A binary workbook with one sheet, S. A cell is a text, a number, an error's number (bytes),
    or a pair of number and place in ``codes``, the number formats."""
    formats = b"".join(
        _record(44, struct.pack("<H", 164 + n) + _wide(code)) for n, code in enumerate(codes)
    )
    used = [0, *(164 + n for n in range(len(codes)))]
    styles = b"".join(
        _record(47, struct.pack("<HHHHHBBBBBB", 0, number, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        for number in used
    )
    cells = b""
    for number, row in enumerate(rows):
        cells += _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        for column, value in enumerate(row):
            value, style = value if isinstance(value, tuple) else (value, -1)
            head = struct.pack("<II", column, style + 1)
            if isinstance(value, bytes):
                cells += _record(3, head + value)
            elif isinstance(value, str):
                cells += _record(6, head + _wide(value))
            else:
                cells += _record(5, head + struct.pack("<d", value))
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "xl/workbook.bin": _record(131)
        + _record(143)
        + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("S"))
        + _record(144)
        + _record(132),
        "xl/styles.bin": _record(278)
        + _record(615, struct.pack("<I", len(codes)))
        + formats
        + _record(616)
        + _record(626, struct.pack("<I", 1))
        + _record(47, struct.pack("<HHHHHBBBBBB", 0xFFFF, *[0] * 10))
        + _record(627)
        + _record(617, struct.pack("<I", len(used)))
        + styles
        + _record(618)
        + _record(279),
        "xl/worksheets/sheet1.bin": _record(129)
        + _record(148, size)
        + _record(145)
        + cells
        + _record(146)
        + _record(130),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.bin"/>'
        f'<Relationship Id="rId2" Type="{relations}/styles" Target="styles.bin"/></Relationships>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path
