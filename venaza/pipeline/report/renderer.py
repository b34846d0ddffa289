"""Which program renders the report: a Quarto that is new enough, or the embedded renderer."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import asdict, dataclass
from importlib import metadata

from venaza.contracts.errors import Key, StudyError

#: The first Quarto whose Typst draws what the report's template asks for, with figures as PDF.
LOWEST = (1, 9)
_LOWEST = ".".join(map(str, LOWEST))
#: What the embedded renderer stands on.
EMBEDDED = ("pypandoc-binary", "typst")


@dataclass(frozen=True)
class Renderer:
    """A renderer by name (``quarto`` or ``embedded``) and version, and why it is not another."""

    name: str
    version: str
    why: str = ""

    @property
    def words(self) -> str:
        """What a reader calls it."""
        return f"Quarto {self.version}" if self.name == "quarto" else "the embedded renderer"

    @property
    def said(self) -> str:
        """What the end of a run says of it."""
        return f"{self.words} ({self.why})" if self.why else self.words

    def told(self) -> dict[str, str]:
        """Name and version, for the settings of the report and the records of its jobs."""
        return {key: value for key, value in asdict(self).items() if key != "why"}


def choose(wish: str, shown: str) -> Renderer:
    """The renderer for ``report > renderer`` of the study file ``shown``.

    ``auto`` takes the Quarto on the PATH where it is new enough. Raises ``StudyError`` where
    ``quarto`` is asked for and there is none.
    """
    version = None if wish == "embedded" else quarto_version()
    if version and tuple(map(int, re.findall(r"\d+", version)[:2])) >= LOWEST:
        return Renderer("quarto", version)
    in_the_way = _lacking(version)
    if wish == "quarto":
        raise StudyError(
            f"The report is to be rendered by Quarto, and {in_the_way}.",
            fix=f"Install Quarto {_LOWEST} or later (https://quarto.org/docs/download), or say "
            "auto or embedded: what renders then comes with venaza and looks the same.",
            at=Key(shown, "report > renderer", wish),
        )
    versions = " and ".join(f"{name} {metadata.version(name)}" for name in EMBEDDED)
    return Renderer("embedded", versions, "" if version is None else in_the_way)


def _lacking(version: str | None) -> str:
    if version is None:
        return "there is no Quarto on the PATH"
    found = f"is {version}, older than {_LOWEST}" if version else "does not tell its version"
    return f"the Quarto on the PATH {found}"


def quarto_version() -> str | None:
    """What the Quarto on the PATH says of its version, empty where that is none; None without."""
    program = shutil.which("quarto")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.match(r"\d+\.\d+\S*", done.stdout.strip())
    return found[0] if found else ""
