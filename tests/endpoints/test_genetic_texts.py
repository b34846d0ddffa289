"""ELN 2022 risk from the made-up texts of a Chinese hospital: karyotype, fusions, sequencing."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.clean.sheets import loaded
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.preflight import export_files, settings

GOOD, MID, BAD = "favourable", "intermediate", "adverse"
HEAD = "id,last,karyo,fusion,ngs"
#: Karyotype, fusion genes, sequencing, the ELN 2022 group worked by hand.
PATIENTS = [
    ("46,XY[20]", "阴性", "FLT3-ITD突变(VAF 23.5%)、NPM1 c.860_863dup(p.W288fs) 38%", MID),
    ("45,XX,-7[15]/46,XX[5]", "阴性", "TP53 p.R248Q VAF=65.2%", BAD),
    ("染色体核型：46,XY,t(8;21)(q22;q22)[20]", "AML1/ETO融合基因阳性", "KIT D816V突变 12%", GOOD),
    ("复杂核型", "阴性", "TP53突变", BAD),
    ("未见分裂相", "未见异常", "未检测到与疾病相关的基因突变", None),
    ("47,XY,+8[18]/46,XY[2]", "阴性", "IDH2 R140Q（42.3%）、SRSF2 P95H（40.1%）", BAD),
    ("46,XY,inv(16)(p13q22)[20]", "CBFβ/MYH11阳性", "NRAS G12D 8.8%；KIT未突变", GOOD),
    ("正常女性核型", "阴性", "CEBPA双突变（N端 46.0%，bZIP 44.7%）", GOOD),
    ("正常女性核型", "阴性", "CEBPA突变（非bZIP）46.0%", MID),
    ("失败", "阴性", "未送检", None),
]  # fmt: skip
PANEL = ["TP53", "NPM1", "FLT3-ITD", "CEBPA", "ASXL1", "BCOR", "EZH2", "RUNX1", "SF3B1", "SRSF2",
         "STAG2", "U2AF1", "ZRSR2"]  # fmt: skip


@pytest.fixture(scope="module")
def derived(tmp_path_factory):
    folder = tmp_path_factory.mktemp("texts")
    rows = [
        ",".join([f"P{n:02}", "300", *(f'"{text}"' for text in row[:3])])
        for n, row in enumerate(PATIENTS)
    ]
    columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": "last", "KARYO": "karyo"}
    texts = {"parse": "genes", "listed": "MUTATED", "panel": PANEL}
    fusions = {"parse": "genes", "panel": ["RUNX1::RUNX1T1", "CBFB::MYH11"]}
    one = {"file": "export.csv", "key": "id"}
    tables = {
        "patients": {**one, "columns": columns},
        "mutations": {**one, "records": [{**fusions, "from": "fusion"}, {**texts, "from": "ngs"}]},
    }
    files = {"export.csv": "\n".join([HEAD, *rows]) + "\n"}
    study = loaded(folder, files, tables, risk={"scheme": "eln2022"})
    raw = folder / "data/raw/bmt" / study["export"]
    paths = export_files(folder, "bmt", study["export"])
    cells, _ = read_export(paths, raw, settings(study, "intake"))
    cleaned = clean(cells, settings(study, "clean"))
    return cleaned, derive(cleaned, settings(study, "endpoints"))


@pytest.mark.parametrize(("number", "group"), [(n, row[3]) for n, row in enumerate(PATIENTS)])
def test_the_group_is_the_one_worked_by_hand(number, group, derived):
    found = derived[1]["adsl"].set_index("USUBJID").loc[f"P{number:02}", "RISKDRV"]
    assert (None if pd.isna(found) else found) == group


def test_nothing_is_asked_of_these_texts(derived):
    cleaned, results = derived
    # of a patient whose genes were not sent, fusions were tested all the same
    assert cleaned["queries"]["RULE"].tolist() == ["flt3_itd_not_tested"]
    assert "unreadable_karyotype" not in set(results["queries"]["RULE"])


def test_a_report_that_found_nothing_makes_the_genes_of_the_panel_wild_type(derived):
    genes = derived[0]["mutations"]
    own = genes[genes["USUBJID"] == "P04"]
    assert set(own["GERES"]) == {"WILD-TYPE"}
    assert set(own["GENE"]) == {*PANEL, "RUNX1::RUNX1T1", "CBFB::MYH11"}
    not_sent = genes[(genes["USUBJID"] == "P09") & genes["GENE"].isin(PANEL)]
    assert set(not_sent["GERES"]) == {"NOT TESTED"}
