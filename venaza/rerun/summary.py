"""The words at the end of a run: what was made again and why, and what there is to read."""

from __future__ import annotations

import csv
import json
import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from venaza.contracts.figures import NOT_PRINTABLE
from venaza.contracts.record import read_record
from venaza.contracts.word_files import copies, is_open
from venaza.rerun.previous_settings import changed_keys
from venaza.rerun.state import Past
from venaza.study.support import no_cycle_words

#: How the summary calls a job, by the first part of its record's name.
_JOBS = {
    "clean": "cleaning",
    "figures": "figures",
    "manuscript": "report",
    "render": "report",
    "bridge": "bridges",
    "changes": "comparison",
}
#: What a journal limits, as the summary says it.
_COUNTED = {
    "abstract": "words in the abstract",
    "text": "words of text",
    "figures": "figures",
    "tables": "tables",
    "exhibits": "figures and tables",
    "references": "references",
}
_WIDTH = 80
_KEYS = 4
_FILES = 3
_CAUSES = 6
_LOG = 12
_NOT_THERE = "it was not there, or not whole"
_INTERRUPTED = "it was interrupted"


@dataclass(frozen=True)
class Ran:
    """A job that a run had to do: its record, whether forced or interrupted, and how it ended."""

    record: str
    forced: bool = False
    interrupted: bool = False
    finished: bool = True
    failed: bool = False
    log: str = ""


@dataclass(frozen=True)
class Told:
    """What the summary says of a study, and the records of its jobs in the order of the run.

    ``earlier`` are the runs that it is compared with: their words, and their jobs' records;
    ``compared`` says whether it is compared with anything, ``renderer`` what renders its report.
    """

    name: str
    heading: str
    formats: list[str]
    records: list[str]
    earlier: dict[str, list[str]] = field(default_factory=dict)
    compared: bool = False
    renderer: str = ""


def summary(studies: Iterable[Told], ran: list[Ran], past: Past, kept: Path) -> str:
    """What a finished run says: per study what was made and why, and what there is to read.

    ``past`` is what was there before the run, ``kept`` the folder of what stages were told.
    """
    by_record = {one.record: one for one in ran}
    lines = []
    for study in studies:
        lines += [study.heading, *_made(study.records, by_record, past, kept)]
        for words, records in study.earlier.items():
            again = _made(records, by_record, past, kept)
            if any(record in by_record for record in records):
                lines += [f"  {words}", *(f"  {line}" for line in again)]
        lines += _to_read(study)
    return "\n".join(lines)


def stopped(studies: Iterable[Told], ran: list[Ran]) -> str:
    """What a run says that failed: what was being done, what is kept, what to do."""
    by_record = {one.record: one for one in ran}
    lines = ["The run stopped: not every job could be done."]
    for study in studies:
        for words, records in {study.name: study.records, **study.earlier}.items():
            left = [r for r in records if r in by_record and not by_record[r].finished]
            kept = [r for r in records if r not in left and Path(r).is_file()]
            if left:
                lines += _line("left", f"{words}: {', '.join(_names(left))}")
            if left and kept:
                lines += _line("kept", f"{words}: {', '.join(_names(kept))}")
        lines += _set_aside(study.name)
    again = "do what the message says, then run again: it goes on from what is kept"
    return "\n".join([*_said(ran), *lines, *_line("then", again)])


def _said(ran: list[Ran]) -> list[str]:
    """What the failed jobs said, once more at the end, where it is looked for."""
    logs = [Path(one.log) for one in ran if one.failed and one.log]
    return [line for log in logs if log.is_file() for line in _lines(log)]


def _lines(log: Path) -> list[str]:
    return _all_lines(log)[:_LOG]


def _all_lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines()


def _made(records: list[str], ran: dict[str, Ran], past: Past, kept: Path) -> list[str]:
    """The lines that say which jobs were done, why, and which were not."""
    done = [ran[record] for record in records if record in ran]
    if not done:
        return _line("redone", "nothing: all is up to date")
    why = _why(done, past, kept)
    if len(done) == len(records) and why == [_NOT_THERE]:
        return _line("made", "all of it, for the first time")
    left = _names(r for r in records if r not in ran and Path(r).is_file())
    lines = _line("redone", ", ".join(_names(one.record for one in done)))
    shown = why[:_CAUSES] + ([f"and {len(why) - _CAUSES} more"] if len(why) > _CAUSES else [])
    for number, cause in enumerate(shown):
        lines += _line("because" if number == 0 else "", cause)
    return lines + (_line("kept", ", ".join(left)) if left else [])


def _line(name: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"  {name:<8} ",
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _names(records: Iterable[str]) -> list[str]:
    kinds = [Path(record).stem.partition("_")[0] for record in records]
    return list(dict.fromkeys(_JOBS.get(kind, kind) for kind in kinds))


def _why(done: list[Ran], past: Past, kept: Path) -> list[str]:
    """Why jobs were done, each cause once; what follows from another of them is no cause."""
    causes = [cause for one in done for cause in _causes(one, past, kept)]
    found: dict[str, list[str]] = {}
    for kind, item in dict.fromkeys(causes):
        found.setdefault(kind, []).append(item)
    return [_worded(kind, items) for kind, items in found.items()]


def _worded(kind: str, items: list[str]) -> str:
    most = _KEYS if kind == "configuration" else _FILES
    more = f" and {len(items) - most} more" if len(items) > most else ""
    listed = ", ".join(items[:most]) + more
    if kind == "configuration":
        return f"the configuration changed: {listed}"
    return f"{kind}: {listed}" if listed else kind


def _causes(one: Ran, past: Past, kept: Path) -> list[tuple[str, str]]:
    """What a job ran for: kinds of causes, each with what it concerns."""
    if one.forced:
        return [("it was asked for", "")]
    if one.record in past.gone:
        return [("missing", file) for file in past.gone[one.record]]
    if one.record in past.edited:
        return [("edited by hand", file) for file in past.edited[one.record]]
    before, now = past.records.get(one.record), read_record(Path(one.record))
    if before is None:
        return [(_INTERRUPTED if one.interrupted else _NOT_THERE, "")]
    was, new = before["made_from"], (now or before)["made_from"]
    found = []
    for file in [*new, *(file for file in was if file not in new)]:
        if was.get(file) != new.get(file):
            found += _cause(file, was.get(file), new.get(file), kept)
    return found


def _cause(file: str, was: str | None, new: str | None, kept: Path) -> list[tuple[str, str]]:
    path = Path(file)
    if path.parent.name == "settings":
        keys = changed_keys(kept, was, path) if was and new else []
        own = [("configuration", key) for key in keys if not key.startswith("the ")]
        return own + [(f"{key} changed", "") for key in keys if key.startswith("the ")]
    if file.startswith("results/"):
        return []
    word = "new" if was is None else "gone" if new is None else "changed"
    return [(f"{word} file", file)]


def _to_read(study: Told) -> list[str]:
    """Where the report, the queries, the changes and the audit are, with what to look at first."""
    root, lines = Path("results") / study.name, []
    if (root / "index.html").is_file():
        lines += _line("start", f"{root.as_posix()}/index.html leads to all of it")
    report = [f"{root.as_posix()}/report/manuscript.{name}" for name in study.formats]
    there = [name for name in report if Path(name).is_file()]
    if there:
        files = ", ".join([there[0], *(Path(n).suffix for n in there[1:])])
        lines += _line("report", files)
        lines += _line("rendered", f"by {study.renderer}")
    lines += _set_aside(study.name)
    asked = _count(root, ["clean/queries.csv", "endpoints/queries.csv"], "SEVERITY")
    asked_by_rule = _count(root, ["endpoints/queries.csv"], "RULE")
    if (root / "queries/queries.xlsx").is_file():
        said = ", ".join(f"{n} {kind}{'s' if n > 1 else ''}" for kind, n in sorted(asked.items()))
        lines += _line("queries", f"{said or 'none'}: {root.as_posix()}/queries/queries.xlsx")
    lines += _of_authors(root)
    lines += _unprinted(root)
    lines += _uncertain(root, asked_by_rule["no_response_without_cycle"])
    if study.compared and (root / "audit/changes.html").is_file():
        alarms = _count(root, ["audit/changes.csv"], "KIND")["alarm"]
        said = "1 alarm" if alarms == 1 else f"{alarms or 'no'} alarms"
        where = f"{root.as_posix()}/audit/changes.html"
        lines += _line("changes", f"{said} in what has changed: {where}")
    bridges = sorted(path.name for path in root.glob("bridges/*"))
    if bridges:
        lines += _line("bridges", f"{root.as_posix()}/bridges/ ({', '.join(bridges)})")
    if (root / "audit/index.html").is_file():
        lines += _line("audit", f"{root.as_posix()}/audit/index.html")
    return lines


def _set_aside(name: str) -> list[str]:
    """Word files that were edited and made anew since, until somebody takes the copies away."""
    report, lines = Path("results") / name / "report", []
    for path in copies(report):
        lines += _line(
            "edited",
            f"{path.as_posix()} is the Word file with your edits, which was made anew. Carry over "
            f"what is to stay into config/studies/{name}.yaml > report and config/studies/{name}/ "
            "(docs/manuscript.md), then move the copy away",
        )
    for path in filter(is_open, sorted(report.glob("*.docx"))):
        lines += _line(
            "open",
            f"{path.as_posix()} is open in Word or LibreOffice, as it was: close it and open it "
            "again",
        )
    return lines


def _of_authors(root: Path) -> list[str]:
    """What only the authors can fill in, and the numbers of their texts that have moved."""
    path = root / "report/source/_author.json"
    notes = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    lines, texts = [], f"config/studies/{root.name}"
    if lacking := notes.get("lacking"):
        lines += _line("to fill", f"{', '.join(lacking)}: in {texts}.yaml > report, or {texts}/")
    if absent := notes.get("not_there"):
        lines += _line("main", f"report > main names what is not there: {', '.join(absent)}")
    if long := notes.get("over"):
        said = (
            f"{n} {_COUNTED[name]}, at most {most}" for name, (n, most) in long["counts"].items()
        )
        lines += _line("too long", f"for {long['journal']}: {'; '.join(said)}")
    for one in notes.get("moved", []):
        quote = f"your {one['text']} quotes {one['was']} ({one['ard_id']}); it is now {one['now']}"
        lines += _line("moved", f"{quote}. Read it again, then: python -m venaza seen {root.name}")
    if unseen := notes.get("unseen"):
        many = f"{len(unseen)} number{'s' if len(unseen) > 1 else ''}"
        lines += _line(
            "quoted",
            f"your texts quote {many} that you have not confirmed to have seen. Read them, then: "
            f"python -m venaza seen {root.name}",
        )
    return lines


def _unprinted(root: Path) -> list[str]:
    """Figures with words that no font of the machine can print, and what to do."""
    told = [line for log in sorted(root.glob("logs/figures_*.log")) for line in _all_lines(log)]
    figures = [line for line in told if line.startswith(NOT_PRINTABLE)]
    if not figures:
        return []
    names = ", ".join(line.removeprefix(NOT_PRINTABLE).partition(":")[0] for line in figures[:3])
    more = f" and {len(figures) - 3} more" if len(figures) > 3 else ""
    where = f"{root.as_posix()}/logs/figures_*.log"
    return _line(
        "figures",
        f"no font has all words of{names}{more}: [1] and the like stand for them, "
        f"see {where}. Install one (Debian and Ubuntu: fonts-noto-cjk), remove "
        f"{root.as_posix()}/figures/ and run again, or give labels in Latin letters",
    )


def _uncertain(root: Path, without_cycle: int) -> list[str]:
    """What the data cannot tell: failures without a cycle, definitions that they cannot support."""
    lines = _line("note", no_cycle_words(without_cycle)) if without_cycle else []
    path = root / "endpoints/support.csv"
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as rows:
            wrong = [r["PARAMCD"] for r in csv.DictReader(rows) if r["SUPPORT"] == "N"]
        if wrong:
            named = ", ".join(dict.fromkeys(wrong))
            lines += _line("note", f"these data cannot support {named}: see endpoints/support.csv")
    return lines


def _count(root: Path, files: list[str], column: str) -> Counter:
    """How often each value stands in a column of the CSV files that there are."""
    found: Counter = Counter()
    for path in (root / file for file in files):
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as rows:
                found.update(row[column] for row in csv.DictReader(rows))
    return found
