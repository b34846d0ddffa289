"""What calamine does not say of a binary workbook (.xlsb): its extent, error cells, formats.

Source: [MS-XLSB], 2.1.4 (records) and 2.4 (BrtBundleSh, BrtFmt, BrtXF, cell records).
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.limits import Limits
from venaza.pipeline.intake.number_formats import BUILT_IN, NumberFormat, formats_of
from venaza.pipeline.intake.package import damaged, relations
from venaza.pipeline.intake.scan import Scan
from venaza.pipeline.intake.xls_scan import ERRORS

_ROW, _SHEET, _FORMAT, _XF, _STYLES, _END_STYLES = 0, 156, 44, 47, 617, 618
_ERROR_CELLS = {3, 11}
_NUMBERS = {2, 5, 9}
#: Cells with a value; a blank one (1) has none.
_CELLS = range(2, 12)


def scan_xlsb(package: zipfile.ZipFile, limits: Limits, shown: str) -> dict[str, Scan]:
    """Each sheet of an .xlsb by its name. Raises ``StudyError`` for a damaged part."""
    members = {name.lower(): name for name in package.namelist()}
    if not {"xl/_rels/workbook.bin.rels", "xl/workbook.bin"} <= set(members):
        return {}
    related = relations(package, members["xl/_rels/workbook.bin.rels"], shown)
    try:
        styles = members.get("xl/styles.bin")
        formats = _formats(package.read(styles)) if styles else {}
        sheets = dict(_sheets(package.read(members["xl/workbook.bin"])))
        parts = {n: members.get(related.get(key, ("",))[0]) for n, key in sheets.items()}
        return {
            name: _scan_sheet(package.read(part), name, limits, shown, formats)
            for name, part in parts.items()
            if part is not None and "sheets/" in part
        }
    except StudyError:
        raise
    except Exception as error:  # noqa: BLE001 - zlib.error, struct.error, RuntimeError, ...
        raise damaged(shown, error) from None


def records_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of a part; both numbers are written seven bits a byte."""
    at = 0
    while at < len(data):
        kind, at = _seven_bits(data, at, 2)
        size, at = _seven_bits(data, at, 4)
        yield kind, data[at : at + size]
        at += size


def _seven_bits(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of at most so many bytes, the last of which has no high bit; and where it ends."""
    number = 0
    for place in range(most):
        number |= (data[at + place] & 0x7F) << (7 * place)
        if not data[at + place] & 0x80:
            return number, at + place + 1
    return number, at + most


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends; an absent one is empty."""
    length = struct.unpack_from("<I", data, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _sheets(book: bytes) -> Iterator[tuple[str, str]]:
    """Name and relation of each sheet."""
    for kind, data in records_of(book):
        if kind == _SHEET:
            key, at = _text(data, 8)
            yield _text(data, at)[0], key


def _formats(styles: bytes) -> dict[int, NumberFormat]:
    """The formats that show another number than is stored, by the number of the cell's style."""
    codes, used, within = dict(BUILT_IN), [], False
    for kind, data in records_of(styles):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", data)[0]] = _text(data, 2)[0]
        elif kind in (_STYLES, _END_STYLES):
            within = kind == _STYLES
        elif kind == _XF and within:
            used.append(struct.unpack_from("<H", data, 2)[0])
    return formats_of(codes.get(code, "General") for code in used)


def _scan_sheet(data: bytes, sheet: str, limits: Limits, shown: str, formats: dict) -> Scan:
    scan, row = Scan(), 0
    for kind, cell in records_of(data):
        if kind == _ROW:
            row = struct.unpack_from("<I", cell)[0]
        elif kind in _CELLS:
            column, style = struct.unpack_from("<II", cell)
            style &= 0xFFFFFF  # the last byte holds flags
            scan.reach(row + 1, column + 1, limits, shown, sheet)
            if kind in _ERROR_CELLS:
                scan.overlay[(row, column)] = (ERRORS.get(cell[8], "#N/A"), "error")
            elif kind in _NUMBERS and style in formats:
                scan.formats[(row, column)] = formats[style]
    return scan
