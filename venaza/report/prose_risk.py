"""Derived risk groups: how they were derived, what they are, whether they agree with the record."""

from __future__ import annotations

from venaza.report.context import Context
from venaza.report.numbers import config_text, given
from venaza.report.words import listed, small

#: How many missing tests the text names.
_MOST = 3


def methods(context: Context) -> str:
    """How risk groups were derived; empty where the study derives none."""
    spec = context.study.get("risk")
    if not spec:
        return ""
    schemes = context.study["risk_tables"]["schemes"]
    cited = [
        f"the {config_text(small(schemes[name]['title']), f'risk.{name}')}"
        f" [@{schemes[name]['citation']}]"
        for name in _order(context)
    ]
    text = [
        f"Genetic risk was derived from the karyotype and the mutations by {listed(cited)}. Genes "
        "were mutated, wild-type or not tested; a patient whose group hung on what was not tested "
        "was not classifiable, and nothing that was not tested was taken as negative."
    ]
    panel = spec.get("panel")
    if panel:
        genes = config_text(listed(list(panel["lists_mutated_only"])), "risk.panel")
        known = config_text(panel["known_by"], "risk.panel")
        text.append(
            f"The laboratory lists {genes} only where mutated; they counted as wild-type in "
            f"patients with a result for {known}, which shows that the panel was run."
        )
    text.append(
        "The classifications were made for newly diagnosed disease, and "
        f"{given('ELN 2024', 'risk')} does not hold after a hypomethylating agent."
    )
    return "## Genetic risk\n\n" + " ".join(text) + "\n"


def results(context: Context) -> str:
    """The derived groups and their agreement with the record; empty where there are none."""
    numbers, spec = context.numbers, context.study.get("risk")
    if not spec or not numbers.used(f"genetic.{spec['scheme']}."):
        return ""
    text = [_distribution(name, context) for name in _order(context)]
    text[0] = text[0][:-1] + f"{context.see('tbl risk')}." + _missing(spec["scheme"], context)
    stem = f"genetic.{spec['scheme']}.agree"
    if numbers.value(f"{stem}.denominator"):
        text.append(
            "Among the patients with a recorded and a derived group, the two were the same in "
            f"{numbers.share(stem)}; each disagreement was queried."
        )
    return "## Genetic risk\n\n" + " ".join(text) + "\n"


def _missing(scheme: str, context: Context) -> str:
    """Which tests were missing most often where a patient has no group; empty where none was."""
    stem = f"genetic.{scheme}.missing."
    tests = [row for row in context.numbers.rows() if row["ard_id"].startswith(stem)]
    if not tests:
        return ""
    tests.sort(key=lambda row: (-row["value"], row["term"]))
    most = listed(
        [
            f"{config_text(r['term'], 'risk')} in {context.numbers.var(r['ard_id'])}"
            for r in tests[:_MOST]
        ]
    )
    often = "What was missing most often was" if len(tests) > _MOST else "What was missing was"
    return f" {often} {most} (a patient may lack several)."


def _order(context: Context) -> list[str]:
    first = context.study["risk"]["scheme"]
    schemes = context.study["risk_tables"]["schemes"]
    return [first, *(name for name in schemes if name != first)]


def _distribution(scheme: str, context: Context) -> str:
    """``By ELN 2022, 3 patients were favourable, 7 ... and 8 not classifiable.``"""
    numbers = context.numbers
    table = context.study["risk_tables"]["schemes"][scheme]
    levels = [*table["groups"], "not classifiable"]
    stems = {level: f"genetic.{scheme}.all.{level.replace(' ', '_')}.n" for level in levels}
    verb = "had" if levels[0].endswith("benefit") else "were"
    parts = [
        f"{numbers.var(stem)} {'were ' if verb == 'had' and level == levels[-1] else ''}{level}"
        for level, stem in stems.items()
    ]
    if verb == "had":
        parts[0] = parts[0].replace(levels[0], f"had {levels[0]}")
        return f"By the {config_text(table['title'], f'risk.{scheme}')}, {listed(parts)}."
    parts[0] = f"{numbers.var(stems[levels[0]])} patients were {levels[0]}"
    return f"By {config_text(table['name'], f'risk.{scheme}')}, {listed(parts)}."
