"""Published medians and early deaths beside this cohort's; ongoing trials with their registry."""

from __future__ import annotations

from venaza.contracts.evidence import SETTINGS, Row, chosen
from venaza.contracts.wording import capital
from venaza.markup.printed import BLANK, Cell, Column, Part, Section, Table, words
from venaza.markup.printed import Row as Printed
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.labels import interval_name

_UNITS = {"months": "months", "percent": "%"}


def evidence(rows: list[Row], numbers: Numbers, study: dict) -> Table:
    """For each setting and endpoint this cohort, then the published series.

    ``rows`` are those of the reference tables: regimen and source are printed from them, every
    number from the ARD.
    """
    spec = study["evidence"]
    parts: dict[tuple[str, str], list[Row]] = {}
    for group, row in chosen(rows, spec):
        if row["endpoint"] in spec["others"] and numbers.matching(
            rf"evidence\.other\.{group}\.{row['id']}\.(median|percent)"
        ):
            parts.setdefault((group, row["endpoint"]), []).append(row)
    sections = []
    for (group, endpoint), published in parts.items():
        heading = f"{_named(endpoint)}, {SETTINGS[spec['settings'][group]].lower()}"
        own = _own(spec["others"][endpoint].format(group=group), numbers)
        body = [_published(group, row, numbers) for row in published]
        sections.append(Section(f"{heading} ({_UNITS[published[0]['unit']]})", [own, *body]))
    notes = [
        "Medians have the CI that the publication states, rates an exact one where their counts "
        "are certain.",
        "Settings, ages, definitions, denominators and follow-up differ: the rows are no "
        "comparison.",
    ]
    if any(row["status"] == "as cited" for own in parts.values() for row in own):
        notes.append("As cited: the review's table was read, the publication was not.")
    return Table(
        stub="Series",
        columns=[
            Column(words("Regimen"), "", 0.8),
            Column(words("Patients"), "", 0.5),
            Column(words(f"Value ({interval_name(study)})"), "", 0.95),
            Column(words("Source"), "", 1.7),
        ],
        sections=sections,
        notes=notes,
        label_width=0.27,
    )


def _named(endpoint: str) -> str:
    """``OS median`` as ``Median OS``; other endpoints as published."""
    code, _, what = endpoint.rpartition(" ")
    return f"Median {code}" if what == "median" else capital(endpoint)


def _own(stem: str, numbers: Numbers) -> Printed:
    if f"{stem}.median" in numbers:
        value = numbers.estimate(stem, "median", "median_lower", "median_upper")
        size = numbers.cell("{}", f"{stem}.n")
    else:
        value = numbers.estimate(stem, "percent")
        size = numbers.cell("{}", f"{stem}.denominator")
    return Printed("This cohort", (words(BLANK), size, value, words("this study")), 1)


def _published(group: str, row: Row, numbers: Numbers) -> Printed:
    stem = f"evidence.other.{group}.{row['id']}"
    name = "median" if f"{stem}.median" in numbers else "percent"
    size = f"evidence.series.{row['series']}.n"
    cells = (
        words(row["regimen"]),
        numbers.cell("{}", size) if numbers.value(size) is not None else words(BLANK),
        numbers.estimate(stem, name),
        source(row),
    )
    return Printed(row["name"], cells, 1)


def source(row: Row) -> Cell:
    """The citation, as a link where it has an address."""
    text = row["citation"]
    if not row["address"]:
        return words(text)
    return Cell((Part(text, "link", row["address"]),))


def trials(rows: list[Row]) -> Table:
    """Ongoing trials: registry number as a link, who may take part, what is given."""
    body = [
        Printed(
            row["registry_number"],
            (
                words(row["phase"]),
                words(row["lineage"] or BLANK),
                words(_PH.get(row["ph"], BLANK)),
                words(row["setting"].replace("RR", "R/R") or BLANK),
                words(row["population"]),
                words(row["intervention"] + (f" ({row['note']})" if row["note"] else "")),
            ),
            link=row["address"],
            data=(("lineage", row["lineage"]), ("ph", row["ph"]), ("setting", row["setting"])),
        )
        for row in rows
    ]
    return Table(
        stub="Registry number",
        columns=[
            Column(words("Phase"), "", 0.65),
            Column(words("Lineage"), "", 0.8),
            Column(words("Ph"), "", 0.8),
            Column(words("Setting"), "", 0.75),
            Column(words("Population"), "", 1.6),
            Column(words("Intervention"), "", 2.1),
        ],
        sections=[Section("", body)],
        notes=[
            "Lineage, Ph status and setting from the words of the population; – where they do not "
            "say. ND newly diagnosed, R/R relapsed or refractory. A trial may be listed for two "
            "phases.",
            f"Status {rows[0]['status']}, recorded {rows[0]['recorded']}; the registry has the "
            "present one.",
        ],
        label_width=0.15,
        prose=True,
        name="trials",
    )


_PH = {"positive": "positive", "negative": "negative", "positive or negative": "either"}
