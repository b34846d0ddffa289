"""Risk groups: truth tables for each group and for each pattern of what was not tested."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from venaza.contracts.query_wording import worded
from venaza.pipeline.endpoints.karyotype import lesions, read_karyotype
from venaza.pipeline.endpoints.risk import Facts, classify, derive_risk, genes_by_patient
from venaza.study.checks import load_checks
from venaza.study.documents import read_yaml
from venaza.study.risk import SCHEMES

ROOT = Path(__file__).parents[2]
KARYOTYPE = read_yaml(ROOT / "config/risk/karyotype.yaml", "karyotype")
TABLES = {
    "schemes": {name: read_yaml(ROOT / f"config/risk/{name}.yaml", name) for name in SCHEMES},
    "karyotype": KARYOTYPE,
}
KNOWN = frozenset([*KARYOTYPE["lesions"], "complex karyotype", "monosomal karyotype"])
SECONDARY = ("ASXL1", "BCOR", "EZH2", "RUNX1", "SF3B1", "SRSF2", "STAG2", "U2AF1", "ZRSR2")
GENES = ("NPM1", "FLT3-ITD", "TP53", "NRAS", "KRAS", "CEBPA-bZIP", *SECONDARY)
NORMAL = "46,XX[20]"


def group(scheme: str, karyotype: str | None = NORMAL, hma: str | None = "N", **genes: object):
    """Group and reason; genes not named are wild-type. ``None`` = not tested, a number = VAF."""
    tested: dict = dict.fromkeys(GENES, ("WILD-TYPE", None))
    for key, value in genes.items():
        name = {"ITD": "FLT3-ITD", "bZIP": "CEBPA-bZIP"}.get(key, key)
        tested[name] = ("NOT TESTED", None) if value is None else ("MUTATED", value)
        if value is True:
            tested[name] = ("MUTATED", None)
    read = None if karyotype is None else lesions(read_karyotype(karyotype, KARYOTYPE), KARYOTYPE)
    return classify(Facts(read, tested, {"PRIORHMA": hma}, KNOWN), TABLES["schemes"][scheme])


ADVERSE_KARYOTYPES = [
    "46,XX,t(6;9)(p23;q34)[20]",
    "46,XX,t(6;11)(q27;q23)[20]",
    "46,XX,t(9;22)(q34;q11)[20]",
    "46,XX,t(8;16)(p11;p13)[20]",
    "46,XX,inv(3)(q21q26)[20]",
    "46,XX,t(3;5)(q26;q31)[20]",
    "46,XX,del(5)(q13)[20]",
    "45,XX,-5[20]",
    "45,XX,-7[20]",
    "45,XX,-17[20]",
    "46,XX,add(17)(p13)[20]",
    "48,XX,+8,+21,del(12)(p12)[20]",
    "44,XX,-4,-20[20]",
]


@pytest.mark.parametrize(
    ("karyotype", "genes", "expected"),
    [
        ("46,XX,t(8;21)(q22;q22)[20]", {}, "favourable"),
        ("46,XX,inv(16)(p13q22)[20]", {"ITD": 30.0, "ASXL1": 40.0}, "favourable"),
        (NORMAL, {"NPM1": 40.0}, "favourable"),
        (NORMAL, {"NPM1": 40.0, "ASXL1": 40.0}, "favourable"),
        (NORMAL, {"bZIP": 40.0}, "favourable"),
        (NORMAL, {"bZIP": 40.0, "RUNX1": 20.0}, "favourable"),
        (NORMAL, {"NPM1": 40.0, "ITD": 20.0}, "intermediate"),
        (NORMAL, {"ITD": 20.0}, "intermediate"),
        (NORMAL, {"ITD": 20.0, "SRSF2": 40.0}, "adverse"),
        (NORMAL, {}, "intermediate"),
        ("47,XX,+8[20]", {}, "intermediate"),
        ("46,XX,t(9;11)(p21;q23)[20]", {}, "intermediate"),
        ("46,XX,t(9;11)(p21;q23)[20]", {"RUNX1": 40.0}, "intermediate"),
        *[(karyotype, {}, "adverse") for karyotype in ADVERSE_KARYOTYPES],
        *[(karyotype, {"NPM1": 40.0}, "adverse") for karyotype in ADVERSE_KARYOTYPES],
        *[(NORMAL, {gene: 30.0}, "adverse") for gene in SECONDARY],
        (NORMAL, {"TP53": 10.0}, "adverse"),
        (NORMAL, {"TP53": 9.9}, "intermediate"),
        (NORMAL, {"TP53": 9.9, "NPM1": 40.0}, "favourable"),
    ],
)
def test_eln2022(karyotype, genes, expected):
    assert group("eln2022", karyotype, **genes)[0] == expected


APL = "outside the classification (acute promyelocytic leukaemia)"


@pytest.mark.parametrize(
    ("karyotype", "genes", "reason"),
    [
        (NORMAL, {"ITD": None, "NPM1": 40.0}, "not classifiable (missing: FLT3-ITD)"),
        (NORMAL, {"NPM1": None}, "not classifiable (missing: NPM1)"),
        (NORMAL, {"NPM1": None, "ITD": None}, "not classifiable (missing: NPM1, FLT3-ITD)"),
        (NORMAL, {"TP53": None}, "not classifiable (missing: TP53)"),
        (NORMAL, {"TP53": True}, "not classifiable (missing: TP53 variant fraction)"),
        (NORMAL, {"BCOR": None, "EZH2": None}, "not classifiable (missing: BCOR, EZH2)"),
        (NORMAL, {"bZIP": None}, "not classifiable (missing: CEBPA-bZIP)"),
        (NORMAL, {"bZIP": None, "RUNX1": 40.0}, "not classifiable (missing: CEBPA-bZIP)"),
        (None, {}, "not classifiable (missing: karyotype)"),
        (None, {"TP53": 40.0}, "not classifiable (missing: karyotype)"),
        ("46,XX,t(6;11)[20]", {}, "not classifiable (missing: karyotype)"),
        (
            "46,XX,t(15;17)(q24;q21)[20]",
            {},
            "outside the classification (acute promyelocytic leukaemia)",
        ),
    ],
)
def test_eln2022_is_not_classifiable_where_it_hangs_on_what_is_not_known(karyotype, genes, reason):
    assert group("eln2022", karyotype, **genes) == (None, reason)


@pytest.mark.parametrize(
    ("karyotype", "genes", "expected"),
    [
        ("46,XX,t(8;21)(q22;q22)[20]", {"TP53": None, "NPM1": None}, "favourable"),
        ("45,XX,-7[20]", {"NPM1": None, "TP53": None, "ASXL1": None}, "adverse"),
        (NORMAL, {"TP53": 30.0, "NPM1": None, "ITD": None}, "adverse"),
        (NORMAL, {"RUNX1": 30.0, "ASXL1": None}, "adverse"),
        (NORMAL, {"NPM1": 40.0, "ASXL1": None, "bZIP": None}, "favourable"),
        ("45,XX,-7[20]", {"TP53": True}, "adverse"),
    ],
)
def test_what_was_not_tested_is_no_matter_where_the_group_does_not_hang_on_it(
    karyotype, genes, expected
):
    assert group("eln2022", karyotype, **genes)[0] == expected


def test_the_reason_names_the_lesions():
    assert group("eln2022", "45,XX,-7[20]")[1] == "-7"
    assert group("eln2022", NORMAL, ASXL1=30.0, RUNX1=30.0)[1] == "ASXL1, RUNX1"
    assert group("eln2022", NORMAL)[1] == "no lesion of another group"


STATES = {"wild": "", "mutated": 30.0, "untested": None}


@pytest.mark.parametrize("tp53", STATES)
@pytest.mark.parametrize("itd", STATES)
@pytest.mark.parametrize("nras", STATES)
@pytest.mark.parametrize("kras", STATES)
def test_four_genes_in_every_pattern(tp53, itd, nras, kras):
    """All 81 patterns, against the rule in words."""
    states = {"TP53": tp53, "ITD": itd, "NRAS": nras, "KRAS": kras}
    genes = {name: STATES[state] for name, state in states.items() if state != "wild"}
    signalling = [states[name] for name in ("ITD", "NRAS", "KRAS")]
    if tp53 == "mutated":
        expected = 2
    elif tp53 == "untested":
        expected = None
    elif "mutated" in signalling:
        expected = 1
    elif "untested" in signalling:
        expected = None
    else:
        expected = 0
    for scheme, names in (
        ("eln2024_less_intensive", ["favourable", "intermediate", "adverse"]),
        ("four_gene", ["higher benefit", "intermediate benefit", "lower benefit"]),
    ):
        level, reason = group(scheme, None, **genes)
        assert level == (None if expected is None else names[expected])
        if expected is None:
            untested = {"ITD": "FLT3-ITD"}
            named = [untested.get(n, n) for n, s in states.items() if s == "untested"]
            listed = (
                reason.removeprefix("not classifiable (missing: ").removesuffix(")").split(", ")
            )
            assert set(listed) <= set(named)
            assert ("TP53" in listed) == (tp53 == "untested")


RISK, LOWER = "adverse", "lower benefit"
AFTER_HMA = "outside the classification (a prior hypomethylating agent)"
RELAPSED = "outside the classification (relapsed or refractory disease)"


@pytest.mark.parametrize(
    ("hma", "expected"),
    [
        ("N", ("adverse", "TP53")),
        ("Y", (None, AFTER_HMA)),
        (None, (None, "not classifiable (missing: prior hypomethylating agent)")),
    ],
)
def test_eln2024_does_not_hold_after_a_hypomethylating_agent(hma, expected):
    assert group("eln2024_less_intensive", NORMAL, hma, TP53=5.0) == expected
    assert group("four_gene", NORMAL, hma, TP53=5.0)[0] == "lower benefit"


@pytest.mark.parametrize(
    ("status", "hma", "eln2024", "signature"),
    [
        ("ND", "N", (RISK, "TP53"), (LOWER, "TP53")),
        (None, "N", (RISK, "TP53"), (LOWER, "TP53")),
        ("RR", "N", (None, RELAPSED), (None, RELAPSED)),
        ("RR", "Y", (None, RELAPSED), (None, RELAPSED)),
        ("ND", "Y", (None, AFTER_HMA), (LOWER, "TP53")),
    ],
)
def test_schemes_of_newly_diagnosed_disease_leave_the_others_out(status, hma, eln2024, signature):
    """Where the status is not recorded the scheme applies: a cohort of one kind has no column."""
    facts = Facts(None, {"TP53": ("MUTATED", 5.0)}, {"DISSTAT": status, "PRIORHMA": hma}, KNOWN)
    assert classify(facts, TABLES["schemes"]["eln2024_less_intensive"]) == eln2024
    assert classify(facts, TABLES["schemes"]["four_gene"]) == signature


def _mutations(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["USUBJID", "GENE", "GERES", "VAF"]).astype(
        {"GERES": "string", "VAF": "Float64"}
    )


def test_results_of_one_gene_join():
    rows = _mutations(
        ("p", "TP53", "WILD-TYPE", None),
        ("p", "TP53", "MUTATED", 4.0),
        ("p", "TP53", "MUTATED", 14.0),
        ("p", "NPM1", "NOT TESTED", None),
        ("p", "NPM1", "WILD-TYPE", None),
        ("p", "NRAS", None, 20.0),
        ("p", "KRAS", "WILD-TYPE", 12.5),
    )
    assert genes_by_patient(rows, None)["p"] == {
        "TP53": ("MUTATED", 14.0),
        "NPM1": ("WILD-TYPE", None),
        "NRAS": ("NOT TESTED", None),
        "KRAS": ("WILD-TYPE", None),
    }


def test_a_panel_that_lists_mutated_genes_only_makes_the_others_wild_type_where_it_was_run():
    rows = _mutations(
        ("run", "ASXL1", "WILD-TYPE", None),
        ("run", "SRSF2", "MUTATED", 40.0),
        ("not", "ASXL1", "NOT TESTED", None),
    )
    panel = {"known_by": "ASXL1", "lists_mutated_only": ["SRSF2", "BCOR"]}
    genes = genes_by_patient(rows, panel)
    assert genes["run"]["BCOR"] == ("WILD-TYPE", None)
    assert genes["run"]["SRSF2"] == ("MUTATED", 40.0)
    assert "BCOR" not in genes["not"]


def test_cebpa_decides_its_bzip_region_only_where_wild_type():
    rows = _mutations(("w", "CEBPA", "WILD-TYPE", None), ("m", "CEBPA", "MUTATED", 40.0))
    genes = genes_by_patient(rows, None)
    assert genes["w"]["CEBPA-bZIP"] == ("WILD-TYPE", None)
    assert "CEBPA-bZIP" not in genes["m"]


def _adsl(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["USUBJID", "RISK", "KARYO", "PRIORHMA"]).astype("string")


def _study(**spec: object) -> dict:
    return {"risk": {"scheme": "eln2022", "compare_with": "RISK", **spec}, "risk_tables": TABLES}


def test_disagreement_and_an_unreadable_karyotype_are_queries():
    adsl = _adsl(
        ("agrees", "adverse", "45,XX,-7[20]", "N"),
        ("differs", "favourable", "45,XX,-7[20]", "N"),
        ("unknown", None, "45,XX,-7[20]", "N"),
        ("open", "favourable", None, "N"),
        ("broken", "favourable", "46,XX,del(", "N"),
    )
    made, queries = derive_risk(adsl, _mutations(), _study())
    assert list(made["RISKDRV"].fillna("")) == ["adverse", "adverse", "adverse", "", ""]
    assert [(q["USUBJID"], q["RULE"]) for q in queries] == [
        ("differs", "risk_disagrees"),
        ("broken", "unreadable_karyotype"),
    ]
    rules = load_checks(ROOT, {}, "a.yaml")["rules"]
    said = worded(rules, "risk_disagrees", queries[0]["SAID"])["MESSAGE"]
    assert said == "Recorded risk is favourable, by ELN 2022 it is adverse (-7)."
    assert made["RISK24RS"][0].startswith("not classifiable (missing: TP53")


def test_without_a_recorded_group_to_compare_nothing_disagrees():
    study = {"risk": {"scheme": "eln2022"}, "risk_tables": TABLES}
    adsl = _adsl(("p", "favourable", "45,XX,-7[20]", "N"))
    assert derive_risk(adsl, _mutations(), study)[1] == []


def test_a_study_without_risk_is_left_as_it_is():
    adsl = _adsl(("p", "favourable", "45,XX,-7[20]", "N"))
    assert derive_risk(adsl, _mutations(), {"risk": None})[0] is adsl


@pytest.mark.parametrize("name", SCHEMES)
def test_every_condition_of_the_tables_is_known_and_every_scheme_has_its_source(name):
    words = read_yaml(ROOT / "config/vocabulary.yaml", "vocabulary")
    scheme = TABLES["schemes"][name]
    assert "Blood" in scheme["source"]
    assert {rule["group"] for rule in scheme["rules"]} == set(scheme["groups"])
    rules = [*scheme["rules"], *(e["when"] for e in scheme.get("excluded", []))]
    for rule in rules:
        for condition in [c for part in ("any", "all", "none") for c in rule.get(part, [])]:
            assert condition in KNOWN or " = " in condition or condition in words["gene"]
