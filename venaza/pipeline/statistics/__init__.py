"""Statistics: the analysis tables in, every number of the manuscript out, once (the ARD)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["analyse", "results"]


def analyse(tables: dict[str, pd.DataFrame], study: dict) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ARD and the curves of a study, as ``results``."""
    found = results(tables, study)
    return found["ard"], found["curves"]


def results(tables: dict[str, pd.DataFrame], study: dict) -> dict[str, pd.DataFrame]:
    """The tables of the stage by name: ``ard``, ``curves``, ``selections``, ``ard_selections``.

    ``tables`` holds ``adsl``, ``adrs``, ``adtte``, ``definitions`` and ``adae`` as in
    ``venaza.contracts.analysis`` (all but ``adsl`` may be empty), ``adlb`` and ``tls`` where there
    are laboratory values, ``milestones`` where the study asks for landmarks or changes during
    follow-up and, where it compares itself with a publication, ``published`` (columns ``study
    group measure value numerator denominator unit note``, as text), and ``published_curves``:
    by the ``id`` of each digitised curve its points and numbers at risk, as text. Where it shows
    published evidence, ``evidence`` holds the rows of each table by its path and ``trials`` those
    of the trials (``contracts.evidence.read_rows``). Returns tables as ``contracts.results.ARD``
    and ``CURVES``, ``contracts.selections.SELECTIONS`` and ``ARD_SELECTIONS``. The order of the
    input rows does not matter.
    """
    from venaza.pipeline.statistics import (
        ard,
        definitions,
        descriptive,
        evidence,
        failure,
        finegray,
        group_tests,
        labs,
        levels,
        models,
        published,
        rank_tests,
        rates,
        risk,
        safety,
        selections,
        stratified_cox,
        time_to_event,
    )
    from venaza.pipeline.statistics import next_therapy as salvage
    from venaza.pipeline.statistics import reconstructed_curves as digitised
    from venaza.pipeline.statistics import time_dependent as dynamic

    everyone = tables["adsl"].sort_values("USUBJID", ignore_index=True)
    adsl = descriptive.flagged(everyone, "ITTFL")
    asked = models.covariates(study["analysis"])
    study = {**study, "largest": levels.largest(sorted(asked), adsl, study)}
    study["entered"] = selections.entered(tables["adtte"])
    adrs = rates.asked(tables["adrs"], study).merge(adsl[["USUBJID", "GROUP"]], on="USUBJID")
    timed = definitions.with_alternatives(study)
    endpoints = time_to_event.endpoint_tables(adsl, tables["adtte"], timed)
    own = {code: endpoints[code] for code in study["endpoints"]}
    drawn = time_to_event.curves(endpoints, timed)
    changes = dynamic.changes(tables, adsl, study)
    beside = digitised.curves(tables.get("published_curves") or {}, study)
    rows = [
        *descriptive.populations(everyone, study),
        *descriptive.without_group(everyone, study),
        *descriptive.without_last_dose(everyone),
        *descriptive.baseline(adsl, study),
        *rank_tests.baseline_rows(adsl, study),
        *risk.risk(adsl, study),
        *rates.best_response(adsl, adrs, study),
        *rates.rates(adsl, adrs, study),
        *rates.comparisons(adsl, adrs, study),
        *descriptive.response_times(adrs, study),
        *rank_tests.response_rows(adrs, study),
        *descriptive.follow_up(adsl, study),
        *time_to_event.rows(endpoints, drawn, timed),
        *definitions.changed_patients(adsl, tables["definitions"], study),
        *group_tests.gray_rows(own, study),
        *group_tests.stratified_rows(own, study),
        *stratified_cox.rows(own, study),
        *finegray.rows(own, study),
        *group_tests.rmst_rows(own, drawn, study),
        *dynamic.landmark_rows(tables, adsl, study),
        *dynamic.change_rows(changes, study),
        *rates.early_deaths(adsl, study),
        *failure.failures(adsl, study),
        *failure.later_therapies(adsl, study),
        *salvage.salvage_rows(endpoints, adsl, study),
        *digitised.rows(beside, study),
        *safety.adverse_events(everyone, tables["adae"], study),
        *(labs.laboratory(everyone, tables["adlb"], study) if "adlb" in tables else ()),
        *(labs.tumour_lysis(everyone, tables["tls"], study) if "tls" in tables else ()),
    ]
    rows = ard.rounded(rows, study)  # published numbers keep the decimals of their print
    table = ard.assemble(rows)
    if study.get("published") and "published" in tables:
        rows += published.published(table, study, tables["published"])
        table = ard.assemble(rows)
    if study.get("evidence") and "evidence" in tables:
        own_ids = set(table["ard_id"])
        rows += evidence.evidence(own_ids, study, tables["evidence"], tables["trials"])
        table = ard.assemble(rows)
    curves = time_to_event.curve_table([*drawn, *dynamic.drawn(changes, study), *beside])
    chosen, which = selections.tables(rows)
    return {"ard": table, "curves": curves, "selections": chosen, "ard_selections": which}
