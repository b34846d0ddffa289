"""Derived risk groups counted, in the ARD, in the table and in the text."""

from __future__ import annotations

import copy

from tests.statistics.made_up import STUDY, make_adsl, printed
from venaza.markup.printed import BLANK
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import groups_of
from venaza.pipeline.report.numbers import Numbers as ReportNumbers
from venaza.pipeline.report.text import CALLED, part
from venaza.pipeline.statistics import ard
from venaza.pipeline.statistics.risk import risk
from venaza.pipeline.tables.numbers import Numbers
from venaza.pipeline.tables.risk import risk as risk_table

LEVELS = ["favourable", "intermediate", "adverse"]
BENEFIT = ["higher benefit", "intermediate benefit", "lower benefit"]
SCHEMES = {
    "eln2022": {"name": "ELN 2022", "title": "ELN 2022 risk", "groups": LEVELS},
    "eln2024_less_intensive": {"name": "ELN 2024", "title": "ELN 2024 risk", "groups": LEVELS},
    "four_gene": {"name": "Four-gene signature", "title": "four-gene signature", "groups": BENEFIT},
}
SCHEMES["eln2024_less_intensive"]["excluded"] = [{"reason": "prior hypomethylating agent"}]
for _name, _scheme in SCHEMES.items():
    _scheme |= {"source": f"source of {_name}", "citation": f"cite_{_name}"}

OUTSIDERS = [
    ("ND", "adverse", "TP53"),
    ("ND", None, "not classifiable (missing: TP53)"),
    ("RR", None, "outside the classification (prior hypomethylating agent)"),
    ("RR", None, "not classifiable (missing: prior hypomethylating agent)"),
    ("RR", None, "outside the classification (prior hypomethylating agent)"),
]
PATIENTS = [
    # disease status, recorded, derived by ELN 2022, by ELN 2024, by the four genes
    ("ND", "adverse", "adverse", "adverse", "lower benefit"),
    ("ND", "adverse", "intermediate", "favourable", "higher benefit"),
    ("ND", "favourable", None, None, None),
    ("RR", None, "adverse", None, "lower benefit"),
    ("RR", "favourable", "favourable", "favourable", "higher benefit"),
]
WHY = [
    "TP53",
    "no lesion of another group",
    "not classifiable (missing: karyotype, TP53)",
    "not classifiable (missing: karyotype)",
    "outside the classification (prior hypomethylating agent)",
]


def _study(**spec: object) -> dict:
    study = copy.deepcopy(STUDY)
    study["levels"] = {"RISK": LEVELS}
    study["risk"] = {"scheme": "eln2022", "compare_with": "RISK", **spec}
    study["risk_tables"] = {"schemes": SCHEMES}
    return study


def _rows(study: dict) -> list[dict]:
    names = ("GROUP", "RISK", "RISKDRV", "RISK2024", "SIG4")
    rows = [dict(zip(names, p, strict=True)) for p in PATIENTS]
    for row, reason in zip(rows, WHY, strict=True):
        row |= {"RISKDRVRS": reason, "RISK24RS": reason, "SIG4RS": None}
    return list(risk(make_adsl(rows), study))


def test_each_level_by_group_and_the_recorded_against_the_derived_group():
    shown = printed(_rows(_study()))
    assert shown["genetic.eln2022.ND.adverse.n"] == "1"
    assert shown["genetic.eln2022.ND.adverse.percent"] == "33.3"
    assert shown["genetic.eln2022.ND.not_classifiable.n"] == "1"
    assert shown["genetic.eln2022.all.adverse.n"] == "2"
    assert shown["genetic.eln2024_less_intensive.all.not_classifiable.n"] == "2"
    assert shown["genetic.four_gene.RR.lower_benefit.n"] == "1"
    assert shown["genetic.eln2022.recorded.adverse.intermediate.n"] == "1"
    assert shown["genetic.eln2022.recorded.favourable.not_classifiable.n"] == "1"
    assert shown["genetic.eln2022.recorded.not_recorded.adverse.n"] == "1"
    assert (shown["genetic.eln2022.agree.n"], shown["genetic.eln2022.agree.denominator"]) == (
        "2",
        "3",
    )


def test_who_is_outside_a_scheme_is_counted_apart():
    study = _study()
    rows = [dict(zip(("GROUP", "RISK2024", "RISK24RS"), p, strict=True)) for p in OUTSIDERS]
    made = list(risk(make_adsl([r | {"RISKDRVRS": None, "SIG4RS": None} for r in rows]), study))
    shown, stem = printed(made), "genetic.eln2024_less_intensive"
    assert shown[f"{stem}.RR.outside_the_classification.n"] == "2"
    assert shown[f"{stem}.RR.not_classifiable.n"] == "1"
    assert shown[f"{stem}.ND.outside_the_classification.n"] == "0"
    assert "genetic.four_gene.all.outside_the_classification.n" not in shown
    table = risk_table(Numbers(ard.assemble(made)), study)
    heads = [column.group.text for column in table.columns][-2:]
    assert heads == ["Not classifiable", "Outside the classification"]
    cells = {
        (s.heading, r.label): [c.text for c in r.cells] for s in table.sections for r in s.rows
    }
    assert cells["ELN 2024", "Relapsed or refractory"][-2:] == ["1 (33.3)", "2 (66.7)"]
    assert cells["ELN 2022", "All patients"][-1] == BLANK, "a scheme without exclusions"
    assert "Outside ELN 2024: prior hypomethylating agent." in table.notes[0]
    context = Context(ReportNumbers(ard.assemble(made), study), study, groups_of(study), [], [])
    outside = f"; {{{{< var {stem}.all.outside_the_classification.n >}}}} were outside the"
    assert outside in part("results_risk", context)
    assert "with prior hypomethylating agent (ELN 2024)" in part("methods_risk", context)


def test_every_patient_stands_in_the_cross_table_once():
    rows = [r for r in _rows(_study()) if ".recorded." in r["ard_id"]]
    assert sum(r["value"] for r in rows) == len(PATIENTS)


def test_nothing_is_compared_where_no_recorded_group_is_named():
    study = _study()
    del study["risk"]["compare_with"]
    ids = [r["ard_id"] for r in _rows(study)]
    assert ids
    assert not [i for i in ids if ".recorded." in i or ".agree." in i]


def test_the_other_scheme_may_be_the_one_compared():
    shown = printed(_rows(_study(scheme="eln2024_less_intensive")))
    assert shown["genetic.eln2024_less_intensive.agree.n"] == "2"
    assert not [i for i in shown if i.startswith("genetic.eln2022.")]


def test_a_study_without_risk_has_no_rows():
    assert list(risk(make_adsl([]), copy.deepcopy(STUDY))) == []


def test_agreement_of_nobody_has_a_reason():
    adsl = make_adsl([{"GROUP": "ND", "RISK": "adverse"}])
    rows = {r["ard_id"]: r for r in risk(adsl, _study())}
    assert rows["genetic.eln2022.agree.percent"]["value"] is None
    assert rows["genetic.eln2022.agree.percent"]["reason"] == "no patient in the denominator"


def test_the_table_prints_the_cross_table_then_each_scheme():
    table = risk_table(Numbers(ard.assemble(_rows(_study()))), _study())
    cells = {
        f"{s.heading} | {r.label}": [c.text for c in r.cells]
        for s in table.sections
        for r in s.rows
    }
    cross = "Recorded group (rows) against ELN 2022 (columns)"
    assert cells[f"{cross} | Adverse"] == ["0", "1", "1", "0", BLANK]
    assert cells[f"{cross} | Not recorded"] == ["0", "0", "1", "0", BLANK]
    assert f"{cross} | Intermediate" not in cells
    assert cells["ELN 2022 | Newly diagnosed"][3] == "1 (33.3)"
    benefit = "Four-gene signature (higher, intermediate or lower benefit)"
    assert cells[f"{benefit} | All patients"] == [
        *("2 (40.0)", "0 (0.0)", "2 (40.0)", "1 (20.0)"),
        BLANK,
    ]


def test_the_text_says_how_risk_was_derived_and_what_it_is(monkeypatch):
    monkeypatch.setitem(CALLED["exhibits"], "table", lambda context, name: "")
    study = _study(panel={"known_by": "ASXL1", "lists_mutated_only": ["BCOR", "EZH2"]})
    numbers = ReportNumbers(ard.assemble(_rows(study)), study)
    context = Context(numbers, study, groups_of(study), [], ["risk"])
    said = part("methods_risk", context)
    assert "[@cite_eln2022]" in said
    assert "Untested genes were not assumed to be wild-type" in said
    assert "BCOR and EZH2" in said
    told = part("results_risk", context)
    count = "{{< var genetic.eln2022.all.not_classifiable.n >}}"
    assert f"and not classifiable in {count} patients (@tbl-risk)" in told
    missing = "{{< var genetic.eln2022.missing.karyotype.n >}}"
    assert f"the missing tests were karyotype ({missing}) and " in told
    agree = "genetic.eln2022.agree"
    assert f"{{{{< var {agree}.n >}}}} of {{{{< var {agree}.denominator >}}}}" in told


def test_the_text_is_silent_without_risk():
    study = copy.deepcopy(STUDY)
    context = Context(ReportNumbers(ard.assemble([]), study), study, groups_of(study), [], [])
    assert part("methods_risk", context) + part("results_risk", context) == "\n\n"


def test_the_tests_whose_want_leaves_patients_without_a_group_are_counted():
    shown = printed(_rows(_study()))
    missing = {k: v for k, v in shown.items() if k.startswith("genetic.eln2022.missing.")}
    assert list(missing.items()) == [
        ("genetic.eln2022.missing.karyotype.n", "2"),
        ("genetic.eln2022.missing.TP53.n", "1"),
    ]
    assert not [k for k in shown if k.startswith("genetic.four_gene.missing.")]
