"""The files of an export one by one, those in zip archives unpacked beside it, never over it."""

from __future__ import annotations

import contextlib
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.formats import ARCHIVES
from venaza.pipeline.intake.limits import Limits, keep_within
from venaza.pipeline.intake.package import damaged, open_zip


@dataclass(frozen=True)
class Source:
    """A file to read: where it lies now, and its name in the export (``a.zip/inner/b.csv``)."""

    path: Path
    name: str

    @property
    def base(self) -> str:
        """The last part of the name: what the study file's patterns are compared with."""
        return self.name.rsplit("/", 1)[-1]

    @property
    def archive(self) -> bool:
        """Whether it holds other files."""
        return PurePosixPath(self.name).suffix.lower() in ARCHIVES


@contextlib.contextmanager
def sources(paths: list[Path], folder: Path, limits: Limits) -> Iterator[list[Source]]:
    """Every file of ``paths`` (in ``folder``), each archive followed by what it holds.

    What is unpacked lies in a temporary folder that is gone afterwards. Raises ``StudyError``
    for an archive that is damaged, encrypted, too large, or leads out of its own folder.
    """
    with tempfile.TemporaryDirectory(prefix="venaza-") as scratch:
        unpacker = _Unpacker(Path(scratch), limits)
        found: list[Source] = []
        for path in sorted(paths):
            source = Source(path, path.relative_to(folder).as_posix())
            found.append(source)
            if source.archive:
                found += unpacker.unpack(source, 1)
        yield found


class _Unpacker:
    def __init__(self, scratch: Path, limits: Limits) -> None:
        self.scratch, self.limits = scratch, limits
        self.total = self.folders = 0

    def unpack(self, source: Source, depth: int) -> list[Source]:
        """What the archive ``source`` holds, archives in it included, by name."""
        keep_within(self.limits, "nesting", depth, "Archives lie in archives too deep", source.name)
        if source.path.stat().st_size == 0:
            raise damaged(source.name, "it is empty")
        found: list[Source] = []
        with open_zip(source.path, self.limits, source.name) as package:
            places: dict[str, Path] = {}
            seen: set[str] = set()
            for member in sorted(package.infolist(), key=_name_of):
                name = _name_of(member)
                _refuse_escape(member, name, source.name)
                if member.is_dir() or _left_out(name):
                    continue
                if name in seen:
                    raise _twice(name, source.name)
                seen.add(name)
                parent, _, base = name.rpartition("/")
                if parent not in places:
                    self.folders += 1
                    places[parent] = self.scratch / str(self.folders)
                    places[parent].mkdir()
                inner = Source(places[parent] / _short(base), f"{source.name}/{name}")
                self._write(package, member, inner)
                found.append(inner)
        for inner in found[:]:
            if inner.archive:
                place = found.index(inner) + 1
                found[place:place] = self.unpack(inner, depth + 1)
        return found

    def _write(self, package: zipfile.ZipFile, member: zipfile.ZipInfo, inner: Source) -> None:
        """Unpack one member, counting what really comes out, whatever its header says."""
        size = 0
        try:
            with package.open(member) as stream, inner.path.open("xb") as target:
                while chunk := stream.read(1 << 16):
                    size += len(chunk)
                    self.total += len(chunk)
                    what = "This archive unpacks to too much"
                    keep_within(self.limits, "file_mb", size, what, inner.name)
                    keep_within(self.limits, "unpacked_mb", self.total, what, inner.name)
                    target.write(chunk)
        except StudyError:
            raise
        except RuntimeError:
            raise StudyError(
                "This archive is locked with a password.",
                fix="Unpack it and put its files into the export folder.",
                file=inner.name,
            ) from None
        except Exception as error:  # noqa: BLE001 - zlib.error, BadZipFile, EOFError, ...
            raise damaged(inner.name, error) from None


def _name_of(member: zipfile.ZipInfo) -> str:
    """The member's name; what Windows in China packs without saying so is GB18030."""
    name = member.filename
    if not member.flag_bits & 0x800:
        for encoding in ("utf-8", "gb18030"):
            with contextlib.suppress(UnicodeError):
                return name.encode("cp437").decode(encoding).replace("\\", "/")
    return name.replace("\\", "/")


def _left_out(name: str) -> bool:
    """Lock files and what macOS adds."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(("~$", "."))


def _short(base: str) -> str:
    """A file name that every file system takes; the address in the export keeps the whole."""
    if len(base.encode()) <= 200:
        return base
    return base.encode()[:100].decode("utf-8", "ignore") + PurePosixPath(base).suffix[:20]


def _refuse_escape(member: zipfile.ZipInfo, name: str, archive: str) -> None:
    parts = name.split("/")
    linked = stat.S_ISLNK(member.external_attr >> 16)
    drive = len(parts[0]) > 1 and parts[0][1] == ":"
    if linked or drive or name.startswith("/") or ".." in parts or not name.strip("/"):
        raise StudyError(
            "This archive holds a path that leads out of its folder, as an attack would.",
            fix="Do not trust this archive. Ask the sender for the plain files.",
            file=archive,
            value=name,
        )


def _twice(name: str, archive: str) -> StudyError:
    return StudyError(
        "This archive holds two files of the same name.",
        fix="Ask for an archive in which each file has its own name.",
        file=archive,
        value=name,
    )
