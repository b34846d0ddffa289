"""Zip containers, before anything in them is trusted: sizes, ratios, entity declarations."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.limits import MEGABYTE, Limits, keep_within

#: Below this size a ratio says nothing: a sheet of equal cells packs a thousandfold.
_SMALL = 50 * MEGABYTE
_CHUNK = 1 << 18


def open_zip(path: Path, limits: Limits, shown: str) -> zipfile.ZipFile:
    """A zip file whose directory keeps within the limits; raises ``StudyError`` otherwise."""
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged(shown, error) from None
    try:
        _check_sizes(package, path, limits, shown)
    except StudyError:
        package.close()
        raise
    return package


def damaged(shown: str, error: object) -> StudyError:
    """The error for a container that cannot be unpacked."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else error
    return StudyError(
        f"This file is damaged and cannot be read ({said}).",
        fix="Ask for the export again.",
        file=shown,
    )


def _check_sizes(package: zipfile.ZipFile, path: Path, limits: Limits, shown: str) -> None:
    sizes = [member.file_size for member in package.infolist()]
    keep_within(limits, "members", len(sizes), "This file holds too many files", shown)
    total = sum(sizes)
    keep_within(limits, "file_mb", max(sizes, default=0), "A file in this one is too large", shown)
    keep_within(limits, "unpacked_mb", total, "This file unpacks to too much", shown)
    ratio = total // max(1, path.stat().st_size) if total > _SMALL else 0
    what = "This file unpacks to many times its size, like a zip bomb"
    keep_within(limits, "ratio", ratio, what, shown)


def parse_part(
    package: zipfile.ZipFile,
    part: str,
    shown: str,
    start: Callable | None = None,
    end: Callable | None = None,
    text: Callable | None = None,
    chunk: Callable | None = None,
) -> None:
    """Send the elements of an XML part to the handlers, without their namespace prefixes.

    ``chunk`` gets the bytes themselves, piece by piece.

    Raises ``StudyError`` for a document type (which could declare entities) and for bad XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype(shown)
    if start:
        parser.StartElementHandler = lambda name, given: start(name.rpartition(":")[2], given)
    if end:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    try:
        with package.open(part) as stream:
            while data := stream.read(_CHUNK):
                parser.Parse(data, False)
                if chunk:
                    chunk(data)
        parser.Parse(b"", True)
    except StudyError:
        raise
    except Exception as error:  # noqa: BLE001 - ExpatError, BadZipFile, zlib.error, ...
        raise damaged(shown, error) from None


def relations(package: zipfile.ZipFile, part: str, shown: str) -> dict[str, tuple[str, str]]:
    """The part of the package, in small letters, and the kind of each relation, by its id."""
    found: dict[str, tuple[str, str]] = {}

    def relation(name: str, given: dict) -> None:
        if name == "Relationship":
            target = given.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            kind = given.get("Type", "")
            found[given.get("Id", "")] = (posixpath.normpath(whole).lower(), kind)

    parse_part(package, part, shown, start=relation)
    return found


def refuse_entities(package: zipfile.ZipFile, shown: str) -> None:
    """Raise for an XML part that declares a document type: no spreadsheet program writes one."""
    for member in package.infolist():
        if not member.filename.endswith((".xml", ".rels")):
            continue
        try:
            with package.open(member) as stream:
                head = stream.read(4096)
        except Exception as error:  # noqa: BLE001 - whatever a damaged container raises
            raise damaged(shown, error) from None
        plain = head.replace(b"\x00", b"")
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            _refuse_doctype(shown)


def _refuse_doctype(shown: str) -> None:
    raise StudyError(
        "This workbook declares XML entities, which a spreadsheet program never does.",
        fix="Do not trust this file. Ask the sender for the export again.",
        file=shown,
    )
