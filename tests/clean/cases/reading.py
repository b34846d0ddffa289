"""Cells and numbers: what cannot be read, what cannot be so."""

from __future__ import annotations

from tests.clean.cases.case import CR, Case, gene, lab, me, rows, seen

DATED = {"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-06-01",
         "SURVSTAT": "DEAD"}  # fmt: skip

READING = [
    Case(
        "unreadable_value",
        me(LSTALVDT="soon"),
        me(LSTALVDT="200"),
    ),
    Case(
        "unreadable_column",
        {"patients": [{"ID": f"p{n}", "AGE": "old"} for n in (1, 2, 3)]},
        {"patients": [{"ID": f"p{n}", "AGE": "old" if n > 1 else 60} for n in (1, 2, 3)]},
        also=("unreadable_value",),
    ),
    Case("unknown_unit", rows("labs", lab("K", 4, "spoons")), rows("labs", lab("K", 4, "mEq/L"))),
    Case(
        "other_specimen",
        rows("labs", {**lab("WBC", 15, "/µL"), "LBSPEC": "urine"}),
        rows("labs", {**lab("WBC", 1500, "/µL"), "LBSPEC": "blood"}),
    ),
    Case(
        "other_specimen",
        rows("labs", lab("尿钾", 40, "mmol/L")),
        rows("labs", lab("血钾", 4, "mmol/L")),
    ),
    Case(
        "specimen_missing",
        rows("labs", {**lab("K", 4, "mmol/L"), "LBSPEC": "serum"}, lab("K", 4.1, "mmol/L")),
        rows("labs", lab("K", 4, "mmol/L"), lab("K", 4.1, "mmol/L")),
    ),
    Case(
        "limits_unread",
        rows("labs", {**lab("K", 4, "mmol/L"), "RANGE": "男 3.5-5.3; 女 3.4-5.2"}),
        rows("labs", {**lab("K", 4, "mmol/L"), "RANGE": "3.5-5.3"}),
    ),
    Case(
        "limits_not_used",
        rows("labs", {**lab("K", 4, "mmol/L"), "reference range": "3.5-5.3"}),
        rows("labs", {**lab("K", 4, "mmol/L"), "remark": "3.5-5.3"}),
    ),
    Case(
        "row_without_patient",
        {"labs": [{**lab("K", 4, "mmol/L"), "ID": ""}]},
        {"labs": [lab("K", 4, "mmol/L")]},
    ),
    Case(
        "row_without_key_value",
        rows("responses", CR, {"RSDT": None, "RSINV": "CR"}),
        rows("responses", CR, {"RSDT": None, "RSINV": None}),
    ),
    Case(
        "unknown_patient",
        {"labs": [{**lab("K", 4, "mmol/L"), "ID": "p9"}]},
        {"labs": [{**lab("K", 4, "mmol/L"), "ID": "p1"}]},
    ),
    Case("duplicate_row", rows("responses", CR, CR), seen((30, "CR"), (31, "CR"))),
    Case(
        "contradicting_rows",
        {"patients": [{"HGB": 95}, {"HGB": 70}]},
        {"patients": [{"HGB": 95}, {"HGB": None}]},
    ),
    Case(
        "implausible_index_date",
        {"patients": [{"INDEXDT": "1969-12-31", "DIAGDT": None, "LSTALVDT": "1970-06-01"}]},
        {"patients": [{"INDEXDT": "1970-01-01", "DIAGDT": None, "LSTALVDT": "1970-06-01"}]},
        calendar=True,
    ),
    Case(
        "completed_date_without_day",
        {"patients": [{**DATED, "DTHDT": "2021-05"}]},
        {"patients": [{**DATED, "DTHDT": "2021-06"}]},
        calendar=True,
    ),
    Case(
        "after_cutoff",
        {"patients": [{"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-06-01"}]},
        {"patients": [{"INDEXDT": "2021-01-01", "DIAGDT": "2020-12-22", "LSTALVDT": "2021-05-31"}]},
        calendar=True,
        study={"cutoff": "2021-05-31"},
    ),
]

NUMBERS = [
    Case("out_of_range", me(ECOG=5), me(ECOG=4)),
    Case("out_of_range", me(HGB=230), me(HGB=220)),
    Case(
        "out_of_range",
        rows("labs", lab("K", 41, "mmol/L")),
        rows("labs", lab("K", 4.1, "mmol/L")),
    ),
    Case(
        "out_of_range",
        rows("mutations", gene("TP53", "MUTATED", 1450)),
        rows("mutations", gene("TP53", "MUTATED", 100)),
    ),
    Case("wrong_unit", me(HGB=8.5), me(HGB=85)),
    Case("wrong_unit", me(WBC=45000), me(WBC=450)),
    Case(
        "wrong_unit",
        rows("labs", lab("CREAT", 0.9, "µmol/L")),
        rows("labs", lab("CREAT", 0.9, "mg/dL")),
    ),
    Case("platelets_below_one", me(PLT=0.05), me(PLT=1)),
    Case(
        "platelets_below_one",
        rows("labs", lab("PLT", 0.2, "10^9/L")),
        rows("labs", lab("ANC", 0.2, "10^9/L")),
    ),
    Case(
        "column_of_fractions",
        rows(
            "mutations",
            *(gene(g, "MUTATED", 0.4) for g in ("TP53", "NPM1", "IDH1", "IDH2", "TET2")),
        ),
        rows(
            "mutations",
            *(gene(g, "MUTATED", 0.4) for g in ("TP53", "NPM1", "IDH1", "IDH2")),
            gene("TET2", "MUTATED", 45),
        ),
    ),
    Case("fraction_among_percents", me(BMBLAST=0.35), me(BMBLAST=1)),
    Case("zero_for_missing", me(PLT=0), me(PLT=2)),
    Case(
        "zero_for_missing",
        rows("responses", {**CR, "RSINV": "NE", "MBLAST": 0, "ANC": 0, "PLT": 0}),
        rows("responses", {**CR, "RSINV": "NE", "MBLAST": 0, "ANC": 0, "PLT": 20}),
    ),
    Case(
        "neutrophils_above_white_cells",
        rows("labs", lab("WBC", 2, "10^9/L"), lab("ANC", 45, "10^9/L")),
        rows("labs", lab("WBC", 2, "10^9/L", 3), lab("ANC", 45, "10^9/L", 4)),
    ),
]
