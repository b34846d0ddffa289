"""Karyotypes as laboratories write them, and the lesions that are in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from venaza.pipeline.endpoints.karyotype import UnreadableError, lesions, read_karyotype
from venaza.study.documents import read_yaml

TABLE = read_yaml(Path(__file__).parents[2] / "config/risk/karyotype.yaml", "karyotype")
COMPLEX, MONOSOMAL = "complex karyotype", "monosomal karyotype"


def found(text: str) -> set[str]:
    """The lesions that are there; a name with ``?`` where the text leaves it open."""
    read = lesions(read_karyotype(text, TABLE), TABLE)
    return {name if held else f"{name}?" for name, held in read.items() if held is not False}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("46,XX[20]", set()),
        ("正常核型", set()),
        ("Normal karyotype", set()),
        ("４６，ＸＹ［２０］", set()),
        ("46,XX,t(8;21)(q22;q22)[20]", {"t(8;21)"}),
        ("46, XX, t(8;21)(q22;q22.1) [18] / 46, XX [2]", {"t(8;21)"}),
        ("45,X,-Y,t(8;21)(q22;q22)[20]", {"t(8;21)"}),
        ("46,XX,t(8;21)[20]", {"t(8;21)"}),
        ("46,XX,t(8;21)(p11;q22)[20]", set()),
        ("46,XX,inv(16)(p13.1q22)[20]", {"inv(16)/t(16;16)"}),
        ("46,XX,inv(16)[20]", {"inv(16)/t(16;16)"}),
        ("46,XX,t(16;16)(p13.1;q22)[20]", {"inv(16)/t(16;16)"}),
        ("46,XX,t(15;17)(q24;q21)[20]", {"t(15;17)"}),
        ("46,XX,t(15;17)(q22;q12)[20]", {"t(15;17)"}),
        ("46,XY,t(9;11)(p21.3;q23.3)[20]", {"t(9;11)"}),
        ("46,XY,t(9;11)(p22;q23)[20]", {"t(9;11)"}),
        ("46,XY,t(6;11)(q27;q23.3)[20]", {"t(v;11q23)"}),
        ("46,XY,t(6;11)[20]", {"t(v;11q23)?"}),
        ("46,XY,t(6;9)(p23;q34)[20]", {"t(6;9)"}),
        ("46,XY,inv(3)(q21q26.2)[20]", {"inv(3)/t(3;3)"}),
        ("46,XY,t(3;3)(q21.3;q26.2)[20]", {"inv(3)/t(3;3)"}),
        ("46,XY,t(3;5)(q26;q31)[20]", {"t(3q26;v)"}),
        ("46,XY,t(9;22)(q34;q11.2)[20]", {"t(9;22)"}),
        ("46,XY,t(8;9;22)(q22;q34;q11)[20]", {"t(9;22)"}),
        ("46,XY,t(8;16)(p11.2;p13.3)[20]", {"t(8;16)"}),
        ("46,XX,del(5)(q13q33)[20]", {"-5/del(5q)"}),
        ("46,XX,del(5q)[20]", {"-5/del(5q)"}),
        ("45,XX,-5[20]", {"-5/del(5q)"}),
        ("45,XY,-7[15]/46,XY[5]", {"-7"}),
        ("46,XY,del(7)(q22)[20]", set()),
        ("46,XY,del(17)(p13)[20]", {"-17/abn(17p)"}),
        ("46,XY,i(17)(q10)[20]", {"-17/abn(17p)"}),
        ("45,XY,-17[20]", {"-17/abn(17p)"}),
        ("46,XY,del(17)(q21)[20]", set()),
        ("46,XY,der(17)[20]", {"-17/abn(17p)?"}),
        ("46,XX,+1,der(1;7)(q10;p10)[20]", set()),
        ("46,XX,t(8;21)(q22;q22)[10]/47,idem,+8[10]", {"t(8;21)"}),
        ("46,XX[20].nuc ish(RUNX1x2)[200]", set()),
        ("47,XY,+21c[20]", set()),
        ("46,XY,inv(9)(p12q13)[20]", set()),
    ],
)
def test_each_lesion(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("48,XX,+8,+21[20]", set()),  # two changes
        ("48,XX,+8,+21,del(12)(p12)[20]", {COMPLEX}),  # three
        ("49,XX,+8,+13,+21[20]", set()),  # hyperdiploid, no structural change
        ("50,XX,+8,+13,+21,+mar[20]", {COMPLEX}),
        ("47,XX,+8[10]/47,XX,+13[5]/47,XX,+21[5]", set()),  # never three in one clone
        (
            "47,XX,+8[10]/48,idem,+13,del(12)(p12)[10]",
            {COMPLEX},
        ),  # the second clone has the first's
        ("46,XX,t(8;21)(q22;q22),del(9)(q22),del(12)(p12)[20]", {"t(8;21)"}),  # a class by itself
        ("44,XY,-4,-20[20]", {MONOSOMAL}),
        ("45,XY,-20,del(12)(p12)[20]", {MONOSOMAL}),
        ("45,XY,-20[20]", set()),
        ("45,X,-Y,del(12)(p12)[20]", set()),  # a sex chromosome is no monosomy
        ("45,XX,-20,inv(16)(p13q22)[20]", {"inv(16)/t(16;16)"}),  # not in core-binding factor
        ("46,XY,-20,+mar[20]", {MONOSOMAL}),
    ],
)
def test_complex_and_monosomal(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45,XY,-7[2]/46,XY[18]", set()),
        ("45,XY,-7[3]/46,XY[17]", {"-7"}),
        ("46,XY,del(17)(p13)[1]/46,XY[19]", set()),
        ("46,XY,del(17)(p13)[2]/46,XY[18]", {"-17/abn(17p)"}),
        ("43~45,XY,-7[cp2]/46,XY[18]", {"-7"}),
    ],
)
def test_a_change_in_too_few_cells_is_no_clone(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("46,XY,del(5q", "does not close"),
        ("46,XY)", "never opened"),
        ("核型异常", "no number of chromosomes"),
        ("45,XY[20]", "45 chromosomes are written, the changes give 46"),
        ("46,XY,-7[20]", "the changes give 45"),
        ("46,XY,xyz(1)[20]", "'xyz\\(1\\)' is not understood"),
        ("46,XY,?del(5q)[20]", "is not understood"),
        ("47,XY,+23[20]", "no chromosome 23"),
        ("46,XY,t(8;21)(q22)[20]", "not one band for each"),
        ("46,8,XY[20]", "no sex chromosomes"),
        ("47,idem,+8[20]", "without a clone before it"),
        ("92,XXYY[20]", "near-haploid or near-triploid"),
        ("//46,XX[20]", "donor"),
    ],
)
def test_what_is_not_understood_is_refused(text, problem):
    with pytest.raises(UnreadableError, match=problem):
        read_karyotype(text, TABLE)


def test_a_failed_culture_is_no_karyotype():
    assert read_karyotype("培养失败", TABLE) is None
