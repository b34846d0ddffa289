"""A sheet of courses with several regimens: which are the study's cycles, which came later."""

from __future__ import annotations

from collections import Counter

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.tables import with_words
from venaza.contracts.coded_values import among
from venaza.contracts.text import tidy
from venaza.pipeline.clean.therapies import read_therapy
from venaza.study.synonyms import Synonyms

#: So many of the different texts of a column must be read for it to be one of regimens.
_READ = 0.5
_SHOWN = 6


def set_regimens(draft: Draft, synonyms: Synonyms, content: Content) -> None:
    """Restrict the cycles to one regimen where their sheet has several, and ask; in place.

    The others become later therapies, where no sheet lists these. The regimen is the one with
    venetoclax, or that of most courses.
    """
    cycles = draft.tables.get("cycles")
    if cycles is None or cycles.repeat or cycles.column("EXSTDT") is None:
        return
    used = draft.used(cycles.sheet)
    for header in cycles.sheet.known():
        meaning = synonyms.means(header, "therapies")
        if header in used or not meaning or "CMTRT" not in meaning.columns:
            continue
        found = _regimens(cycles.sheet.columns[header].texts, content)
        if len(found) < 2:
            return
        drugs = Counter(part for name, n in found.items() for part in name.split(" + ") * n)
        most = found.most_common(1)[0][0]
        holds = ["venetoclax"] if drugs["venetoclax"] else most.split(" + ")
        if all(set(holds) & set(name.split(" + ")) for name in found):
            return
        _restrict(draft, cycles, header, holds, content)
        shown = ", ".join(f"{name} ({n})" for name, n in found.most_common(_SHOWN))
        draft.questions.append(
            f"'{header}' has courses of {shown}. Those with {' or '.join(holds)} are taken as the "
            "cycles, the others as later therapies. Is that so? (regimen)"
        )
        return


def _regimens(texts: list[str], content: Content) -> Counter:
    """The regimens of a column by the number of courses; empty where most texts are none."""
    words = content.vocabulary
    found: Counter = Counter()
    read = {t: read_therapy(tidy(t), content.study).name for t in set(texts) if t}
    read = {t: name for t, name in read.items() if not among(t, words["same_regimen"])}
    if sum(name is not None for name in read.values()) < _READ * max(len(read), 1):
        return found
    for text in texts:
        if name := read.get(text):
            found[name] += 1
    return found


def _restrict(draft: Draft, cycles: Table, header: str, holds: list[str], content: Content) -> None:
    cycles.regimen = {"from": header, "holds": holds}
    if "therapies" in draft.tables:
        return
    start = cycles.column("EXSTDT")
    why = "courses of other regimens"
    therapy = Mapped("CMTRT", {"from": header}, "likely", why)
    with_words(therapy, cycles.sheet.columns[header], content)
    record = [Mapped("CMSTDT", dict(start.how), "likely", why), therapy]
    made = Table("therapies", cycles.sheet, cycles.key, [record], "likely", why)
    made.regimen = {"from": header, "lacks": holds}
    draft.tables["therapies"] = made
