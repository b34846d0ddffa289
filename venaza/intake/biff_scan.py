"""What calamine does not say of an old workbook (.xls): its extent, error cells, number formats."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from venaza.intake.limits import Limits
from venaza.intake.number_formats import BUILT_IN, NumberFormat, number_format
from venaza.intake.scan import Scan

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The numbers that stand for errors, in binary workbooks of either kind.
ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!"},
    **{0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"},
}
_BOUNDSHEET, _BOF, _EOF, _FORMULA, _BOOLERR, _MULRK = 0x85, 0x809, 0x0A, 0x06, 0x205, 0xBD
_FORMAT, _XF, _BIFF8 = 0x41E, 0xE0, 0x600
_NUMBERS = {_FORMULA, 0x203, 0x27E}
_ONE_CELL = {_FORMULA, _BOOLERR, 0x203, 0xFD, 0x27E, 0x204, 0xD6}
_END = 0xFFFFFFFA


def scan_xls(path: Path, limits: Limits, shown: str) -> list[Scan]:
    """Each sheet in the order of the workbook; empty where the container cannot be followed.

    The reader proper (calamine) judges a damaged container; this one only adds to it.
    """
    try:
        stream = workbook_stream(path.read_bytes())
        offsets = [
            struct.unpack_from("<I", d)[0] for k, d in records(stream, 0) if k == _BOUNDSHEET
        ]
        formats = _formats(stream)
        return [
            _scan_sheet(stream, offset, n, limits, shown, formats)
            for n, offset in enumerate(offsets)
        ]
    except (struct.error, IndexError, ValueError):
        return []


def _formats(stream: bytes) -> dict[int, NumberFormat]:
    """The formats that show another number than is stored, by the number of the cell's style."""
    codes, used, version = dict(BUILT_IN), [], 0
    for kind, data in records(stream, 0):
        if kind == _BOF:
            version = struct.unpack_from("<H", data)[0]
        elif kind == _FORMAT:
            codes[struct.unpack_from("<H", data)[0]] = _code(data[2:], version == _BIFF8)
        elif kind == _XF:
            used.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _EOF:  # the end of what is said of the whole workbook
            break
    found = ((n, number_format(codes.get(format_, "General"))) for n, format_ in enumerate(used))
    return {style: form for style, form in found if form is not None}


def _code(data: bytes, wide: bool) -> str:
    """The text of a format: in BIFF 8 with a length of two bytes and the width of a character."""
    if not wide:
        return data[1 : 1 + data[0]].decode("latin-1")
    size, encoding = (2, "utf-16-le") if data[2] & 1 else (1, "latin-1")
    return data[3 : 3 + size * struct.unpack_from("<H", data)[0]].decode(encoding)


def _scan_sheet(
    stream: bytes, offset: int, number: int, limits: Limits, shown: str, formats: dict
) -> Scan:
    scan, depth = Scan(), 0
    for kind, data in records(stream, offset):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            break
        if depth > 1 or (kind not in _ONE_CELL and kind != _MULRK):
            continue
        row, column = struct.unpack_from("<HH", data)
        scan.reach(row + 1, column + 1, limits, shown, f"sheet {number + 1}")
        if kind == _MULRK:
            last = struct.unpack_from("<H", data, len(data) - 2)[0]
            scan.reach(row + 1, last + 1, limits, shown, f"sheet {number + 1}")
            styles = struct.unpack_from("<" + "H4x" * (last - column + 1), data, 4)
        else:
            styles = struct.unpack_from("<H", data, 4) if kind in _NUMBERS else ()
        for beside, style in enumerate(styles):
            if style in formats:
                scan.formats[(row, column + beside)] = formats[style]
        code = _error_code(kind, data)
        if code is not None:
            scan.overlay[(row, column)] = (ERRORS.get(code, "#N/A"), "error")
    return scan


def _error_code(kind: int, data: bytes) -> int | None:
    if kind == _BOOLERR and data[7]:
        return data[6]
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None


def records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """The records of a stream from ``offset`` on: the kind and the body of each."""
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        yield kind, stream[offset + 4 : offset + 4 + size]
        offset += 4 + size


def workbook_stream(data: bytes) -> bytes:
    """The stream ``Workbook`` (or ``Book``) of an OLE container; empty where there is none."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    directory, _, cutoff, mini_start = struct.unpack_from("<IIII", data, 48)
    if sector not in (512, 4096) or small != 64:
        return b""

    def at(number: int) -> bytes:
        return data[(number + 1) * sector : (number + 2) * sector]

    table = _allocation(data, sector, at)
    folder = b"".join(at(n) for n in _chain(directory, table))
    found, root = None, None
    for start in range(0, len(folder) - 127, 128):
        entry = folder[start : start + 128]
        size = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(0, min(size, 64) - 2)].decode("utf-16-le", "replace")
        first, length = struct.unpack_from("<II", entry, 116)
        if entry[66] == 5:
            root = first
        if name.lower() in ("workbook", "book") and entry[66] == 2:
            found = (first, length)
    if found is None:
        return b""
    first, length = found
    if length >= cutoff:
        return b"".join(at(n) for n in _chain(first, table))[:length]
    mini = b"".join(at(n) for n in _chain(root, table))
    mini_table = _numbers(b"".join(at(n) for n in _chain(mini_start, table)))
    parts = [mini[n * small : (n + 1) * small] for n in _chain(first, mini_table)]
    return b"".join(parts)[:length]


def _allocation(data: bytes, sector: int, at) -> list[int]:
    numbers = [n for n in struct.unpack_from("<109I", data, 76) if n < _END]
    more, seen = struct.unpack_from("<I", data, 68)[0], set()
    while more < _END and more not in seen:
        seen.add(more)
        block = _numbers(at(more))
        numbers += [n for n in block[:-1] if n < _END]
        more = block[-1]
    return [entry for number in numbers for entry in _numbers(at(number))]


def _numbers(data: bytes) -> list[int]:
    count = len(data) // 4
    return list(struct.unpack(f"<{count}I", data[: count * 4]))


def _chain(start: int | None, table: list[int]) -> Iterator[int]:
    """The sectors of a stream; ends at a loop."""
    for _ in range(len(table)):
        if start is None or start >= len(table):
            return
        yield start
        start = table[start]
