"""Notes that mention a transplant: what counts as one, and what does not."""

import time

import pytest

from tests.clean.export import study
from venaza.pipeline.clean.transplant_notes import Transplants


def mentioned(text: str) -> str | None:
    return Transplants(study()).mentioned(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2021-06-01行异基因造血干细胞移植", "移植后无复发", "拟行移植，2021.6.1已移植"),
        *(
            "移植物抗宿主病",
            "未缓解，挽救后行移植",
            "无GVHD，移植后100天",
            "无关供者移植",
            "非清髓移植",
        ),
        *("allo-HSCT 2021-06-01", "s/p HSCT", "Transplanted in June; not relapsed", "ALLOSCT d+30"),
        *("auto-HSCT in CR1", "after transplant in CR", "unrelated allo", "no\nHSCT day 0"),
    ],
)
def test_a_transplant_is_mentioned(text):
    assert mentioned(text)


@pytest.mark.parametrize(
    "text",
    [
        *("未移植", "无移植", "不考虑移植", "移植：无", "移植: 否", "拒绝移植"),
        *("家属拒绝行异基因造血干细胞移植", "拟行移植", "计划2021年8月移植", "建议移植", "待移植"),
        *("移植前评估", "移植配型中", "有移植指征", "肾移植术后", "不考虑无关供者移植"),
        *("no transplant", "not transplanted", "no HSCT", "transplant-ineligible", "HSCT declined"),
        *("transplant was refused", "transplant not planned", "planned for allo-HSCT in August"),
        *("pre-transplant work-up", "without transplantation", "allopurinol 300 mg"),
        *("", "-", "完全缓解", "kidney transplant 2010"),
    ],
)
def test_no_transplant_is_mentioned(text):
    assert mentioned(text) is None


def test_a_long_note_takes_no_longer_than_its_length():
    start = time.process_time()
    assert mentioned("未移植" * 100_000) is None
    assert time.process_time() - start < 5
