"""From a column of ADSL to the raw cells that it is derived from."""

import pytest

from tests.audit.conftest import NOTED, RAW, make, numbered, origin, place, raw_cells
from venaza.contracts.analysis import ADSL_DERIVED, ADSL_SOURCES
from venaza.pipeline.audit.trace.analysis_cells import AnalysisCells

#: A course, a therapy and two genes of the first patient, one of them without a fraction.
MORE = numbered(
    [
        *RAW,
        *raw_cells(11, "疗程", 病案号="P 1", 开始="3", 结束="9"),
        *raw_cells(12, "治疗", 病案号="P 1", 方案="FLAG", 日期="50"),
        *raw_cells(13, "基因", 病案号="P 1", 基因="TP53", 结果="阳性", VAF="12"),
        *raw_cells(14, "基因", 病案号="P 1", 基因="NPM1", 结果="阴性"),
    ]
)
READ = (
    (("cycles", 1), 11, {"EXSTDT": "开始", "EXENDT": "结束"}),
    (("therapies", 4), 12, {"CMTRT": "方案", "CMSTDT": "日期"}),
    (("mutations", 1), 13, {"GENE": "基因", "GERES": "结果", "VAF": "VAF"}),
    (("mutations", 2), 14, {"GENE": "基因", "GERES": "结果"}),
)


@pytest.fixture
def raw(tables, study) -> AnalysisCells:
    noted = [
        origin(MORE, (table, "P 1", seq, column), header, row)
        for (table, seq), row, columns in READ
        for column, header in columns.items()
    ]
    rows = {"USUBJID": "P 1", "SRCDOM": "responses", "SRCVAR": "RSDT", "SRCSEQ": 1}
    found: dict[str, list[dict]] = {}
    for (table, seq), row, _ in READ:
        found.setdefault(table, []).append({"USUBJID": "P 1", "SEQ": seq, **place(row)})
    adsl = tables["endpoints/adsl"].assign(PFTRTSEQ=[4, None, None, None], PFSUPSEQ=None)
    made = {
        **tables,
        **{f"clean/{table}": make(f"clean/{table}", lines) for table, lines in found.items()},
        "endpoints/adrs": make("endpoints/adrs", [{**rows, "PARAMCD": "BOR"}]),
        "endpoints/adsl": adsl,
        "intake/cells": make("intake/cells", MORE),
        "clean/origins": make("clean/origins", [*NOTED, *noted]),
    }
    return AnalysisCells(made, study)


@pytest.mark.parametrize(
    ("column", "patient", "texts"),
    [
        ("DTHFL", "P 1", ["2023.4.11"]),
        ("ENDDY", "P 1", ["2023.4.11"]),
        ("ENDDY", "P<2>", ["2023年6月2日"]),
        ("FAILTYPE", "P 1", ["40"]),
        ("FAILTYPE", "P<2>", []),
        ("RESPFLRS", "P 1", ["20"]),
        ("MRDFLRS", "P 1", []),
        ("TRTEDY", "P 1", ["3", "9"]),
        ("PFTRT", "P 1", ["FLAG", "50"]),
        ("PFNONFL", "P 1", ["50"]),
        ("PFTRT", "P<2>", []),
        ("PFSUP", "P 1", []),
        ("LSTALVDT", "P 1", ["2023/6/1"]),
    ],
)
def test_a_column_of_adsl_has_the_cells_that_it_is_read_from(raw, column, patient, texts):
    cells = raw.of_patient(column, patient)
    assert [cell["RAW"] for cell in cells] == texts
    assert {cell["of"] for cell in cells} <= {column}


@pytest.mark.parametrize("column", ["RISKDRV", "RISKDRVRS", "SIG4RS"])
def test_a_genetic_group_and_its_reason_have_every_gene_that_says_something(raw, column):
    told = [cell["RAW"] for cell in raw.of_patient(column, "P 1") if cell["SRCDOM"] == "mutations"]
    assert told == ["TP53", "阳性", "12", "NPM1", "阴性"]


def test_every_derived_column_says_what_it_is_read_from():
    assert {column.name for column in ADSL_DERIVED} - {"GROUP"} == set(ADSL_SOURCES)
