"""Groups to compare: arms, disease states, a column that is called a group, risk groups."""

from __future__ import annotations

import re

from venaza.commands.new_study.analysis import levels_of
from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped
from venaza.commands.new_study.tables import same_in_each
from venaza.contracts.results import slug
from venaza.study.synonyms import tokens

#: The most groups that are proposed, and the least patients of each.
_MOST, _LEAST = 4, 2
_LABELS = {
    "ARM": "Treatment arm",
    "DISSTAT": "Disease status",
    "RISK": "Risk group",
    "DISTYPE": "Type of disease",
}
_LEVELS = {"ND": "Newly diagnosed", "RR": "Relapsed or refractory"}
#: Words of a header that sorts patients: in English, German, French, Spanish and Italian.
_WORDS = {
    "group", "groups", "cohort", "arm", "regimen", "protocol", "treatment", "therapy", "stratum",
    "gruppe", "kohorte", "schema", "protokoll", "groupe", "cohorte", "bras", "protocole", "grupo",
    "brazo", "protocolo", "esquema", "gruppo", "coorte", "braccio", "protocollo",
}  # fmt: skip
_CHINESE = re.compile(r"组别|分组|[^化]组$|队列|方案$")
#: The column of the study's own that holds such groups.
_OWN = "COHORT"


def set_groups(draft: Draft, content: Content) -> None:
    """Two to four levels of what looks like groups are proposed, and asked about; in place.

    Arms come first, then disease states, a column that is called a group, and risk groups.
    """
    if any(_propose(draft, name, content) for name in ("ARM", "DISSTAT")):
        return
    if not _own_groups(draft, content) and not _propose(draft, "RISK", content):
        _propose(draft, "DISTYPE", content)


def _propose(draft: Draft, name: str, content: Content) -> bool:
    levels = levels_of(draft, name, content)
    if not 2 <= len(levels) <= _MOST:
        return False
    _set(draft, name, _LABELS[name], {level: _LEVELS.get(level, level) for level in levels})
    return True


def _set(draft: Draft, name: str, label: str, levels: dict[str, str]) -> None:
    draft.groups = {"variable": name, "name": _name(label), "label": label, "levels": levels}
    draft.questions.append(f"Are these the groups to compare: {', '.join(levels)} ({name})?")


def _name(label: str) -> str:
    """A label as a key of results: small letters, digits and _, a letter first."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")
    return plain if re.match(r"[a-z]", plain) else "groups"


def _own_groups(draft: Draft, content: Content) -> bool:
    """A column that is called a group and sorts the patients into a few, each of several."""
    patients = draft.tables["patients"]
    used = draft.used(patients.sheet)
    for header in patients.sheet.known():
        profile = patients.sheet.columns[header]
        names = patients.sheet.names(header)
        called = any(_WORDS & set(tokens(n)) or _CHINESE.search(n) for n in names)
        levels = sorted(profile.words)
        if (
            header in used
            or not called
            or profile.kind not in ("word", "integer")
            or not 2 <= len(levels) <= _MOST
            or profile.filled < 0.5 * profile.rows
            or min(profile.words.values()) < _LEAST
            or len({slug(level) for level in levels}) < len(levels)
            or content.may_hold_names(profile)
            or not same_in_each(patients.sheet, patients.key, header)
        ):
            continue
        label = " ".join(names[-1].split())
        how = {"from": header, "label": label, "values": {level: [level] for level in levels}}
        patients.records[0].append(Mapped(_OWN, how, "guess", "its header is called a group"))
        spoken = {n: f"{label} {n}" if profile.kind == "integer" else n for n in levels}
        _set(draft, _OWN, label, spoken)
        return True
    return False
