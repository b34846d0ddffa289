"""What looks like an identifier, and what only resembles one."""

from __future__ import annotations

from pathlib import Path

import pytest

from venaza.pipeline.intake.privacy.detect import (
    chinese_id,
    french_nir,
    kind_of_header,
    kind_of_values,
    nhs_number,
    scrub,
    spanish_dni,
    us_ssn,
)
from venaza.preflight.persons import load_names
from venaza.study.documents import read_yaml

NAMES = load_names(Path(__file__).parents[2])
WORDS = read_yaml(Path(__file__).parents[2] / "config/privacy.yaml", "privacy")


def with_check_digit(first: str) -> str:
    """An 18-digit number with the right last character, found by trying all eleven."""
    return next(first + c for c in "0123456789X" if chinese_id(first + c))


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("姓名", "name"),
        ("患者 姓名", "name"),
        ("Patient_Name", "name"),
        ("surname", "name"),
        ("身份证号码", "national identity number"),
        ("NHS number", "national identity number"),
        ("联系电话", "phone number"),
        ("Mobile-Phone", "phone number"),
        ("E-mail", "e-mail address"),
        ("家庭住址", "address"),
        ("住院号", "record number"),
        ("MRN", "record number"),
        ("Ｍｅｄｉｃａｌ record no.", "record number"),
        ("出生日期", "date of birth"),
        ("gene name", None),
        ("drug_name", None),
        ("id", None),
        ("record_id", None),
        ("性别", None),
        ("cell count", None),
        ("mail", "e-mail address"),
        ("ECOG", None),
    ],
)
def test_headers(header, kind):
    assert kind_of_header(header, WORDS) == kind


def test_the_check_digit_decides_about_a_chinese_number():
    good = with_check_digit("11010119900307889")
    assert chinese_id(good)
    assert sum(chinese_id(good[:-1] + c) for c in "0123456789X") == 1
    assert not chinese_id(with_check_digit("11010119900307889")[:6] + "19901307" + good[14:])
    assert not chinese_id(good[:-1])


@pytest.mark.parametrize(
    ("valid", "good", "bad"),
    [
        (nhs_number, "943 476 5919", "943 476 5918"),
        (french_nir, "2 55 08 14 168 025 38", "2 55 08 14 168 025 39"),
        (french_nir, "1 85 05 2A 004 123 " + f"{97 - int('1850519004123') % 97:02d}", "1850520041"),
        (spanish_dni, "12345678Z", "12345678A"),
        (spanish_dni, "X1234567L", "X1234567M"),
        (us_ssn, "078-05-1120", "000-05-1120"),
    ],
)
def test_national_numbers_of_other_countries(valid, good, bad):
    assert valid(good)
    assert not valid(bad)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["ok", "call 13812345678 please"], "phone number"),
        (["+44 20 7946 0958"], "phone number"),
        (["write to li.lei@example.org"], "e-mail address"),
        (["seen", f"no. {with_check_digit('11010119900307889')} seen"], "national identity number"),
        (["王小明", "李雷", "张伟", "刘洋", "陈静"], "name"),
        (["王小明", "李雷"], "name"),
        (["王小明", "李雷", "王小明"], None),
        (["白细胞", "中性粒细胞", "血红蛋白", "血小板", "肌酐", "尿酸"], None),
        (["原发", "继发", "治疗相关", "复发", "难治"], None),
        (["943 476 5919"] * 9, None),
        (["2021-03-05", "20210305", "2021年3月5日"], None),
        (["1.2E+05", "+", "++", "+1.5", "10^-4", "<0.01"], None),
        (["VA001", "VA002", "VA003", "VA004", "VA005", "VA006"], None),
        (["12345678901", "22345678901"], None),
        (["46,XX,t(8;21)(q22;q22)[20]"], None),
        ([], None),
    ],
)
def test_values(values, kind):
    assert kind_of_values(values, NAMES) == kind


def test_scrubbing_takes_the_number_and_leaves_the_words():
    text = (
        f"Rang 13812345678 on 2021-03-05, a@b.cn, {with_check_digit('11010119900307889')}, PLT 40"
    )
    assert scrub(text, NAMES) == "Rang [removed] on 2021-03-05, [removed], [removed], PLT 40"
    assert scrub("46,XX[20], day 28", NAMES) == "46,XX[20], day 28"
