"""A raw layout through new-study, a user's edits and check: what was asked, what came out."""

from __future__ import annotations

import difflib
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.clean.sheets import times
from tests.new_study.raw_files import Layout
from tests.new_study.twelve import OS
from venaza.commands.check import check, in_memory
from venaza.commands.new_study.command import new_study
from venaza.preflight import load_study

ROOT = Path(__file__).parents[2]
DATE = "2024-12-31"


@dataclass(frozen=True)
class Run:
    """What became of a layout."""

    layout: Layout
    files: list[str]
    told: str
    proposed: str
    study: str
    lines: int
    os: dict[str, tuple[int, int]]
    efs: dict[str, tuple[int, int]]
    called: str

    def right(self, found: dict, expected: dict) -> int:
        """Patients whose time and event are those worked out by hand."""
        return sum(
            patient in found
            and found[patient][1] == status
            and abs(found[patient][0] - days) <= self.layout.within
            for patient, (days, status) in expected.items()
        )

    def difference(self) -> str:
        """The edited lines, as they were and as they are."""
        lines = difflib.ndiff(self.proposed.splitlines(), self.study.splitlines())
        return "".join(f"{line.rstrip()}\n" for line in lines if line[:2] in ("- ", "+ "))

    @property
    def counts(self) -> tuple[int, int]:
        """Patients whose OS is right, and whose EFS."""
        return self.right(self.os, OS), self.right(self.efs, self.layout.expected)

    @property
    def questions(self) -> list[str]:
        """What was asked at the head of the study file."""
        asked, found = False, []
        for line in self.proposed.splitlines():
            asked = (asked or "Questions to answer first" in line) and line.startswith("#")
            if asked and line.startswith("#  ") and line[3].isdigit():
                found.append(line.split(". ", 1)[1])
            elif asked and line.startswith("#     "):
                found[-1] += " " + line[6:]
        return found


def run(layout: Layout, folder: Path) -> Run:
    """Write the files of a layout, propose, edit and derive."""
    project, sent = folder / "project", folder / "sent"
    for part in ("config", "workflow/schemas"):
        shutil.copytree(ROOT / part, project / part)
    sent.mkdir()
    layout.write(sent)
    files = sorted(path.name for path in sent.iterdir())
    told = new_study(project, layout.name, sent, DATE)
    path = project / f"config/studies/{layout.name}.yaml"
    proposed = text = path.read_text(encoding="utf-8")
    for old, new in layout.edits:
        assert text.count(old) == 1, f"{layout.name}: {old!r} in\n{text}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    _, passed = check(project, layout.name, report=False)
    assert passed
    *_, results = in_memory(project, load_study(project, layout.name))
    # Survival without relapse, where no failure of the treatment is assessed.
    called = "EFS" if "EFS" in set(results["adtte"]["PARAMCD"]) else "SWR"
    return Run(
        *(layout, files, told, proposed, text, _changed(proposed, text)),
        *(times(results, "OS"), times(results, called), called or times(results, "SWR")),
    )


def _changed(before: str, after: str) -> int:
    """Lines that a user adds, changes or takes away."""
    old, new = before.splitlines(), after.splitlines()
    moved = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for tag, a, b, c, d in moved if tag != "equal")
