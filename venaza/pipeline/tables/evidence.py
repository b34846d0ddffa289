"""Published medians and early deaths beside this cohort's; ongoing trials with their registry."""

from __future__ import annotations

from venaza.contracts.evidence import SETTINGS, Row, chosen
from venaza.contracts.wording import capital
from venaza.markup.printed import BLANK, Cell, Column, Part, Section, Table, words
from venaza.markup.printed import Row as Printed
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.labels import interval_name
from venaza.study.words import say


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
        setting = say(study, SETTINGS[spec["settings"][group]]).lower()
        names = {"what": _named(endpoint, study), "setting": setting}
        text = {"months": "{what}, {setting} (months)", "percent": "{what}, {setting} (%)"}
        own = _own(spec["others"][endpoint].format(group=group), numbers, study)
        body = [_published(group, row, numbers) for row in published]
        heading = say(study, text[published[0]["unit"]], **names)
        sections.append(Section(heading, [own, *body]))
    notes = [
        "Medians have the CI that the publication states, rates an exact one where their counts "
        "are certain.",
        "Settings, ages, definitions, denominators and follow-up differ: the rows are no "
        "comparison.",
    ]
    if any(row["status"] == "as cited" for own in parts.values() for row in own):
        notes.append("As cited: the review's table was read, the publication was not.")
    value = say(study, "Value ({ci})", ci=interval_name(study))
    shares = {"Regimen": 0.8, "Patients": 0.5, value: 0.95, "Source": 1.7}
    return Table(
        stub=say(study, "Series"),
        columns=[Column(words(say(study, text)), "", share) for text, share in shares.items()],
        sections=sections,
        notes=[say(study, note) for note in notes],
        label_width=0.27,
    )


def _named(endpoint: str, study: dict) -> str:
    """``OS median`` as ``Median OS``; other endpoints as published."""
    code, _, what = endpoint.rpartition(" ")
    if what == "median":
        return say(study, "Median {code}", code=code)
    return say(study, capital(endpoint))


def _own(stem: str, numbers: Numbers, study: dict) -> Printed:
    if f"{stem}.median" in numbers:
        value = numbers.estimate(stem, "median", "median_lower", "median_upper")
        size = numbers.cell("{}", f"{stem}.n")
    else:
        value = numbers.estimate(stem, "percent")
        size = numbers.cell("{}", f"{stem}.denominator")
    here = words(say(study, "this study"))
    return Printed(say(study, "This cohort"), (words(BLANK), size, value, here), 1)


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


def trials(rows: list[Row], study: dict) -> Table:
    """Ongoing trials: registry number as a link, who may take part, what is given."""
    body = [
        Printed(
            row["registry_number"],
            (
                words(row["phase"]),
                words(row["lineage"] or BLANK),
                words(say(study, _PH.get(row["ph"], BLANK))),
                words(say(study, row["setting"].replace("RR", "R/R") or BLANK)),
                words(row["population"]),
                words(row["intervention"] + (f" ({row['note']})" if row["note"] else "")),
            ),
            link=row["address"],
            data=(("lineage", row["lineage"]), ("ph", row["ph"]), ("setting", row["setting"])),
        )
        for row in rows
    ]
    shares = {"Phase": 0.65, "Lineage": 0.8, "Ph": 0.8, "Setting": 0.75}
    shares |= {"Population": 1.6, "Intervention": 2.1}
    return Table(
        stub=say(study, "Registry number"),
        columns=[Column(words(say(study, text)), "", share) for text, share in shares.items()],
        sections=[Section("", body)],
        notes=[
            say(
                study,
                "Lineage, Ph status and setting from the words of the population; – where they do "
                "not say. ND newly diagnosed, R/R relapsed or refractory. A trial may be listed "
                "for two phases.",
            ),
            say(
                study,
                "Status {status}, recorded {recorded}; the registry has the present one.",
                status=rows[0]["status"],
                recorded=rows[0]["recorded"],
            ),
        ],
        label_width=0.15,
        prose=True,
        name="trials",
    )


_PH = {"positive": "positive", "negative": "negative", "positive or negative": "either"}
