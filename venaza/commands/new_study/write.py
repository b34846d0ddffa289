"""The study file as text: every line says how sure it is, and what to fill in stands commented."""

from __future__ import annotations

import textwrap

import yaml

from venaza.commands.new_study.analysis import cox, endpoints, table1
from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.contracts.headers import NAMING
from venaza.contracts.text import folded
from venaza.pipeline.intake.privacy.detect import a

_WIDE = 10**6


def scalar(value: object) -> str:
    """A value as it stands in a line of YAML."""
    text = yaml.safe_dump(
        value, allow_unicode=True, default_flow_style=True, width=_WIDE, sort_keys=False
    )
    return text.strip().removesuffix("...").strip()


def one_line(text: str) -> str:
    """A header or a word as a comment may hold it: on one line, without control characters."""
    return "".join(c for c in spaced(text) if c.isprintable())


def spaced(text: str) -> str:
    """A header on one line; white space in headers is no matter."""
    return " ".join(text.split())


def plain_headers(how: dict) -> dict:
    """A mapping whose headers stand on one line; white space in headers is no matter."""
    plain = {k: spaced(v) if k in NAMING else v for k, v in how.items()}
    if "when" in how:
        plain["when"] = {spaced(header): words for header, words in how["when"].items()}
    return plain


def study_text(name: str, draft: Draft, source: str, content: Content, number: str = "hash") -> str:
    """The whole study file; ``number`` is what is done with patients' numbers that identify."""
    chosen, more = endpoints(draft, content)
    parts = [
        _head(name, source, draft),
        _study(name, draft),
        _timeline(draft),
        _redcap(draft),
        _privacy(name, draft, number),
        _tables(draft, content),
        _groups(draft),
        _rest(chosen, more, draft, content),
    ]
    return "\n".join(part for part in parts if part)


def _head(name: str, source: str, draft: Draft) -> str:
    lines = [
        f"# {name}: proposed by `python -m venaza new-study` from {one_line(source)}; check it.",
        "# sure: header and content agree; likely: one of them alone; guess: look at it.",
        "# What each key means: docs/configuration.md. Questions to answer first:",
    ]
    for number, question in enumerate(draft.questions, start=1):
        wrapped = textwrap.wrap(one_line(question), 94, break_on_hyphens=False)
        lines.append(f"#  {number}. {wrapped[0]}")
        lines += [f"#     {rest}" for rest in wrapped[1:]]
    return "\n".join(lines) + "\n"


def _study(name: str, draft: Draft) -> str:
    seen = [folded(w) for p in draft.sheets for c in p.columns.values() for w in c.words]
    lymphoid = any(w == "all" or "急性淋巴" in w for w in seen)
    disease = "acute leukaemia" if lymphoid else "acute myeloid leukaemia"
    return (
        "study:                     # in your words; the report prints them\n"
        f"  title: {scalar(f'Outcome of patients with {disease}')}\n"
        f"  short: {scalar(name)}\n"
        f"  disease: {disease}  # guess\n"
        "  regimen: the regimen\n"
        "  data: The data were taken from hospital records.\n"
        "  source: hospital records\n"
        "  synthetic: false         # true puts the word on every figure and page\n"
    )


def _timeline(draft: Draft) -> str:
    dates = "study_days" if draft.days else "calendar"
    index = draft.tables["patients"].column("INDEXDT")
    words = {"sure": "start of treatment", "likely": "start of treatment"}
    meant = words.get(index.sure, "the index date")
    text = f"timeline:\n  dates: {dates}\n"
    if draft.days:
        return text + "  index: time zero of the export  # in words\n  cutoff: none\n"
    header = one_line(index.how["from"])
    if draft.orders:
        order = next((o for o in draft.orders.values() if o), "DMY")
        text += f"  # date_order: {order}       # of dates such as 03/05/2021; say which\n"
    return (
        f"{text}  index: {meant}  # in words; times count from {header}\n"
        "  cutoff: export           # the date of the export's folder; nothing after it counts\n"
    )


def _redcap(draft: Draft) -> str:
    """The data dictionary, which says what the codes of a REDCap export mean."""
    if not draft.redcap:
        return ""
    codes = draft.redcap["missing_codes"]
    known = f"  missing_codes: {scalar(codes)}  # likely: by custom\n" if codes else ""
    return f"redcap:\n  dictionary: {scalar(draft.redcap['dictionary'])}\n{known}"


def _privacy(name: str, draft: Draft, number: str) -> str:
    """What is done with columns that look identifying; without a declaration the run stops."""
    keys = {table.key for table in draft.tables.values()}
    found = {h: kind for sheet in draft.sheets for h, kind in sheet.identifying.items()}
    named = draft.with_names()
    if not found and not named:
        return ""
    lines = ["privacy:                   # docs/privacy.md", "  columns:"]
    for header, kind in found.items():
        shown = scalar(spaced(header))
        if header in keys:
            note = f"the patient's number; make its key once: python -m venaza make-key {name}"
            lines.append(f"    {shown}: {number}  # {note}")
        else:
            lines.append(f"    {shown}: drop  # looks like {a(kind)}")
    for header, action in named.items():
        if header not in found:
            lines.append(f"    {scalar(spaced(header))}: {action}  # single cells look like names")
    return "\n".join(lines) + "\n"


def _tables(draft: Draft, content: Content) -> str:
    lines = ["tables:"]
    for table in draft.tables.values():
        lines += _table(table, draft, content)
    return "\n".join(lines) + "\n"


def _table(table: Table, draft: Draft, content: Content) -> list[str]:
    sheet = table.sheet
    lines = [f"  {table.name}:  # {table.sure}: {one_line(table.why)}"]
    lines += _place(table)
    lines.append(f"    key: {scalar(spaced(table.key))}")
    if sheet.where:
        lines.append(f"    where: {scalar(sheet.where)}")
    if table.regimen:
        lines.append(f"    regimen: {scalar(plain_headers(table.regimen))}  # guess: of several")
    if table.dated:
        note = "the responses have no date of their own"
        lines.append(f"    dated_by_cycles: {scalar(table.dated)}  # guess: {note}")
    parsed = any("parse" in mapped.how for mapped in table.columns())
    if len(table.records) == 1 and not table.repeat and not table.also and not parsed:
        lines.append("    columns:")
        for mapped in table.records[0]:
            lines += _column(mapped, table, content, "      ")
        if table.name == "patients":
            lines += _offers(draft, "      ")
        return lines
    lines.append("    records:")
    for part in (table, *table.also):
        for record in part.records:
            lines += _record(record, part, content)
    return lines


def _record(record: list[Mapped], table: Table, content: Content) -> list[str]:
    if "parse" in record[0].how:
        how = {"parse": record[0].how["parse"], "from": spaced(record[0].how["from"])}
        return [f"      - {scalar(how)}  # {record[0].sure}: {one_line(record[0].why)}"]
    lines = []
    if table.repeat:
        lines.append(f"      - repeat: {scalar(list(table.repeat))}  # {{n}} is each number")
    lines.append("        columns:" if table.repeat else "      - columns:")
    for mapped in record:
        lines += _column(mapped, table, content, "          ")
    return lines


def _place(table: Table) -> list[str]:
    """The lines that say which sheets a table is read from, and in which row their headers are."""
    parts = table.sheets()
    files = list(dict.fromkeys(part.pattern for part in parts))
    names = list(dict.fromkeys(part.name for part in parts if part.name))
    lines = [f"    file: {scalar(files[0] if len(files) == 1 else files)}"]
    if names:
        lines.append(f"    sheet: {scalar(names[0] if len(names) == 1 else names)}")
    rows = {part.name or part.pattern: part.header_row for part in parts if part.header_row != 1}
    if rows:
        said = rows if len(parts) > 1 else next(iter(rows.values()))
        lines.append(f"    header_row: {scalar(said)}")
    return lines


def _column(mapped: Mapped, table: Table, content: Content, indent: str) -> list[str]:
    how = plain_headers(mapped.how)
    header = mapped.how.get("from", "")
    if sum(header in part.columns for part in table.sheets()) > 1:
        home = table.sheet.home[mapped.how["from"]]
        how["sheet"] = home.name or home.pattern
    short = how["from"] if list(how) == ["from"] else how
    note = f"# {mapped.sure}: {one_line(mapped.why)}"
    if not mapped.unknown and not mapped.unshown:
        return [f"{indent}{mapped.name}: {scalar(short)}  {note}"]
    lines = [f"{indent}{mapped.name}:  {note}"]
    lines += [f"{indent}  {key}: {scalar(value)}" for key, value in how.items() if key != "values"]
    return lines + _words(mapped, how.get("values", {}), content, indent)


def _words(mapped: Mapped, values: dict, content: Content, indent: str) -> list[str]:
    """The block ``values``, with the words that no vocabulary knows in comments.

    Each of these stands by the code that is nearest, if any. A key may stand only once: the words
    of a code that has words already are named beside these.
    """
    known = content.codes(mapped.name) or {}
    near: dict[str, list[str]] = {}
    for word, code in mapped.unknown.items():
        near.setdefault(code, []).append(word)
    hidden = f"{mapped.unshown} word(s) in no vocabulary are not shown: they could be names."
    lines = [f"{indent}  # {hidden}"] if mapped.unshown else []
    shown = ", ".join(known) if len(known) <= 16 else f"see config for the {len(known)} codes"
    if near:
        lines.append(f"{indent}  # Words in no vocabulary; give each its code ({shown}):")
    if near or values:
        lines.append(f"{indent}  values:" if values else f"{indent}  # values:")
    for code, words in values.items():
        add = f"  # to add? {scalar(near.pop(code))} is near" if code in near else ""
        lines.append(f"{indent}    {scalar(code)}: {scalar(words)}{add}")
    for code in [c for c in known if c in near]:
        lines.append(f"{indent}  #   {scalar(code)}: {scalar(near[code])}  # nearest")
    if "" in near:
        lines.append(f"{indent}  #   CODE: {scalar(near[''])}  # no code is near")
    return lines


def _offers(draft: Draft, indent: str) -> list[str]:
    """Columns that may be kept and columns to complete, commented."""
    lines = []
    patients = draft.tables["patients"]
    if not patients.column("DTHDT"):
        last = patients.column("LSTALVDT")
        place = spaced(last.how["from"]) if last else "HEADER"
        how = scalar({"from": place, "when": {"HEADER": "1"}})
        lines.append(f"{indent}# DTHDT: {how}  # who died")
    if draft.own:
        lines.append(f"{indent}# Columns of your own: take the # away and give a short name.")
    for mapped in draft.own:
        lines.append(f"{indent}# {mapped.name}: {scalar(plain_headers(mapped.how))}")
    return lines


def _groups(draft: Draft) -> str:
    if draft.groups:
        return _block({"groups": draft.groups})
    return (
        "# Groups to compare: a column of patients and its levels.\n"
        "# groups:\n#   variable: SEX\n#   name: sex\n#   label: Sex\n"
        "#   levels: {M: Men, F: Women}\n"
    )


def _rest(chosen: dict, more: dict, draft: Draft, content: Content) -> str:
    patients = draft.tables["patients"].columns()
    compared = draft.groups["variable"] if draft.groups else ""
    shown = table1(draft) or [m.name for m in patients if "label" in m.how and m.name != compared]
    analysis = {**more["analysis"], **({"table1": shown} if shown else {})}
    variables = cox(draft, content)
    if variables:
        analysis["cox"] = {"OS": variables}
    rest = {key: value for key, value in more.items() if key != "analysis"}
    text = _block(rest) + "\n" if rest else ""
    risk = ""
    if draft.has("patients", "KARYO") or "mutations" in draft.tables:
        risk = "\n# Risk groups from karyotype and mutations:\n# risk:\n#   scheme: eln2022\n"
    return f"{text}{_block({'endpoints': chosen})}{risk}\n{_block({'analysis': analysis})}"


class _Dumper(yaml.SafeDumper):
    """YAML in blocks, with lists on their line."""


_Dumper.add_representer(
    list, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, True)
)


def _block(document: dict) -> str:
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDE)
