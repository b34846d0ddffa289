"""What an unknown export can answer: endpoints, columns of its own, the first table."""

from __future__ import annotations

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped
from venaza.contracts.coded_values import code_of

_TABLE1 = ("AGE", "SEX", "DISSTAT", "DISTYPE", "ECOG", "RISK", "PRIORHMA", "PRIORLN", "WBC", "HGB",
           "PLT", "BMBLAST")  # fmt: skip
_COX = ("AGE", "SEX", "ECOG", "RISK")
_MANY = 150


def levels_of(draft: Draft, name: str, content: Content) -> list[str]:
    """The codes of a patients column that occur, in the order of its vocabulary."""
    mapped = draft.tables["patients"].column(name)
    if mapped is None or "from" not in mapped.how:
        return []
    profile, known = draft.tables["patients"].profile(mapped), content.codes(name)
    if known is None:
        return [] if content.may_hold_names(profile) else sorted(profile.words)
    own = mapped.how.get("values", {})
    found = {code_of(word, own) or code_of(word, known) for word in profile.words}
    return [code for code in known if code in found]


def set_own(draft: Draft, content: Content) -> None:
    """Patients columns that no clean column takes and that are worth keeping; in place."""
    patients = draft.tables["patients"]
    sheet, used = patients.sheet, draft.used(patients.sheet)
    passed = {header for shown, header, _ in draft.left if shown == sheet.shown}
    number = 0
    for header in sheet.known():
        profile = sheet.columns[header]
        if header in used or header in passed or profile.filled < 0.5 * profile.rows:
            continue
        few = profile.kind in ("word", "integer") and 2 <= profile.distinct <= 8
        if not few and profile.kind not in ("integer", "number"):
            continue
        if few and profile.kind == "word" and content.may_hold_names(profile):
            why = "its cells could be names: look at them, then drop or map it"
            draft.leave(sheet, header, why)
            continue
        number += 1
        how: dict = {"from": header, "label": " ".join(header.split())}
        if few:
            how["values"] = {word: [word] for word in sorted(profile.words)}
        else:
            how["type"] = "number"
        draft.own.append(Mapped(f"OWN{number}", how, "guess", "a column of this export"))
    if draft.own and not table1(draft):
        patients.records[0].append(draft.own.pop(0))  # a first table needs one variable


def table1(draft: Draft) -> list[str]:
    """The patients columns for the first table: those that have values."""
    patients = draft.tables["patients"]
    kept = []
    for name in _TABLE1:
        mapped = patients.column(name)
        grouping = draft.groups and draft.groups["variable"] == name
        if mapped and not grouping and patients.profile(mapped).filled:
            kept.append(name)
    return kept


def cox(draft: Draft, content: Content) -> list[str]:
    """Variables for one-variable Cox models: those that differ between patients."""
    found = ["GROUP"] if draft.groups else []
    for name in _COX:
        mapped = draft.tables["patients"].column(name)
        if mapped is None or draft.groups and draft.groups["variable"] == name:
            continue
        profile = draft.tables["patients"].profile(mapped)
        numeric = profile.kind in ("integer", "number") and content.codes(name) is None
        varied = profile.distinct >= 2 if numeric else len(levels_of(draft, name, content)) >= 2
        found += [name] if varied else []
    return found


def responses_seen(draft: Draft, content: Content) -> set[str]:
    """The response codes that the export holds."""
    if "responses" not in draft.tables:
        return set()
    responses, seen = draft.tables["responses"], set()
    columns = [(t, m) for t in (responses, *responses.also) for m in t.columns()]
    if not any(m.name == "RSINV" for _, m in columns):
        # Blasts without a word for them: the criteria derive the responses.
        return {"CR", "NR", "RELAPSE"} if any(m.name == "MBLAST" for _, m in columns) else set()
    for table, mapped in columns:
        if mapped.name != "RSINV":
            continue
        if "constant" in mapped.how:
            seen.add(mapped.how["constant"])
            continue
        known = content.codes("RSINV")
        for header in table.numbered(mapped.how["from"]):
            seen |= {code_of(word, known) for word in table.sheet.columns[header].words}
    return seen - {None}


def endpoints(draft: Draft, content: Content) -> tuple[dict, dict]:
    """The endpoints that the export can give, and the sections that go with them."""
    seen = responses_seen(draft, content)
    remission, relapse = bool(seen & {"CR", "CRh", "CRi"}), "RELAPSE" in seen
    assessed = bool(seen - {"CR", "RELAPSE"})
    chosen: dict = {"OS": "standard"}
    more: dict = {"analysis": {"primary": "OS"}}
    if assessed:
        chosen["EFS"] = "documented"
    elif remission and relapse:
        chosen["SWR"] = {"like": "EFS.relapse_or_death"}
    elif relapse:
        chosen["DFS"] = {"like": "EFS.relapse_or_death", "label": "Disease-free survival"}
        chosen["CIR"] = "from_index"
    if remission:
        chosen |= {"RFS": "eln2022", "CIR": "from_remission"}
    if assessed:
        chosen["PFOS"] = "from_failure"
        if remission:
            chosen["DOR"] = "eln2022"
    elif relapse:
        chosen["PFOS"] = "from_relapse"
        more["failure"] = {"label": "Relapsed", "milestones": ["RELAPSE"]}
    if seen and not assessed and remission:
        more["response"] = {"denominator": "all", "overall": ["CR"], "remission": ["CR"]}
    if not assessed and not remission:
        more["analysis"]["response_rates"] = False
    if draft.tables["patients"].sheet.rows > _MANY:
        more["analysis"]["swimmer"] = False
    return chosen, more
