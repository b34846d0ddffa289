"""What the cells of the four studies say, read by hand-made dictionaries."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_EXCEL = dt.date(1899, 12, 30)
_RESPONSES = {
    "CR": ["CR", "完全缓解", "血液学CR"],
    "CRi": ["CRi", "完全缓解伴血细胞不完全恢复"],
    "MLFS": ["MLFS", "形态学无白血病状态"],
    "PR": ["PR", "部分缓解"],
    "NR": ["NR", "无效", "未缓解"],
    "PD": ["PD", "疾病进展"],
    "RELAPSE": ["Relapse", "复发"],
    "NE": ["NE", "未评估"],
}
_TICKED = {"Y": ["1"], "N": ["0"]}
_YES = {"Y": ["Y", "是", "有"], "N": ["N", "否", "无"]}
_KINDS = {
    "venetoclax-based": ["VA+吉瑞替尼", "VA+塞利尼索", "VA+恩西地平", "VA+西达本胺", "VA再治疗"],
    "intensive chemotherapy": ["chemotherapy", "诱导化疗"],
    "clinical trial": ["临床试验"],
    "low-intensity therapy": ["LDAC", "小剂量阿糖胞苷"],
    "supportive care": ["hydroxyurea", "羟基脲"],
}
_REGIMENS = {
    "VEN-AZA + gilteritinib": ["VA+吉瑞替尼"],
    "VEN-AZA + selinexor": ["VA+塞利尼索"],
    "VEN-AZA + enasidenib": ["VA+恩西地平"],
    "VEN-AZA + chidamide": ["VA+西达本胺"],
    "VEN-AZA again": ["VA再治疗"],
    "induction chemotherapy": ["chemotherapy", "诱导化疗"],
    "clinical trial": ["临床试验"],
    "low-dose cytarabine": ["LDAC", "小剂量阿糖胞苷"],
    "hydroxyurea": ["hydroxyurea", "羟基脲"],
}
_EVENTS = {
    "Alanine aminotransferase increased": ["转氨酶升高", "ALT升高"],
    "Anemia": ["贫血", "anemia"],
    "Constipation": ["便秘", "constipation"],
    "Diarrhea": ["腹泻", "diarrhea"],
    "Fatigue": ["乏力", "fatigue"],
    "Febrile neutropenia": ["FN", "中性粒细胞减少伴发热", "粒缺发热"],
    "Hypokalemia": ["低钾血症", "hypokalemia"],
    "Lung infection": ["肺部感染", "pneumonia", "肺炎"],
    "Mucositis oral": ["口腔黏膜炎"],
    "Nausea": ["nausea", "恶心"],
    "Neutrophil count decreased": ["neutropenia", "中性粒细胞减少"],
    "Platelet count decreased": ["thrombocytopenia", "血小板减少"],
    "Sepsis": ["脓毒症", "sepsis", "败血症"],
    "Tumor lysis syndrome": ["肿瘤溶解综合征"],
    "Vomiting": ["vomiting", "呕吐"],
}
#: By header of the export: level -> the words for it.
WORDS = {
    "性别": {"F": ["F", "女"], "M": ["M", "男"]},
    "疾病状态": {"ND": ["ND", "初治"], "RR": ["RR", "R/R", "复发/难治", "复发难治"]},
    "AML类型": {
        "de novo": ["de novo", "原发"],
        "secondary": ["sAML", "MDS转化", "继发"],
        "therapy-related": ["t-AML", "治疗相关"],
    },
    "ELN危险分层": {
        "favourable": ["favorable", "低危", "预后良好"],
        "intermediate": ["intermediate", "中危", "预后中等"],
        "adverse": ["adverse", "高危", "预后不良"],
    },
    "既往去甲基化药物": _YES,
    "疗效(Response)": _RESPONSES,
    "疗效": _RESPONSES,
    "方案": _REGIMENS,
    "不良事件": _EVENTS,
    "group": {"ALL": ["1"], "AML low risk": ["2"], "AML high risk": ["3"]},
    "z3": {"M": ["1"], "F": ["0"]},
    "z8": {"Y": ["1"], "N": ["0"]},
    "sex": {"M": ["m"], "F": ["f"]},
    "trt": {"A": ["A"], "B": ["B"]},
    "flt3": {"A": ["A"], "B": ["B"], "C": ["C"]},
    # all_venaza: codes, from the data dictionary beside the export
    "dx": {"B-ALL": ["1"], "T-ALL": ["2"], "B-LBL": ["3"], "T-LBL": ["4"], "MPAL": ["5"]},
    "lineage": {"B": ["1"], "T": ["2"], "mixed": ["3"]},
    "immunophenotype": {"ETP": ["11"], "near-ETP": ["12"], "pro-T": ["13"], "pre-T": ["14"],
                        "cortical T": ["15"], "mature T": ["16"]},
    "ph_status": {"Ph-negative": ["0"], "Ph-positive": ["1"], "Ph-like": ["2"]},
    "rr_status": {"primary refractory": ["1"], "first relapse": ["2"],
                  "second or later relapse": ["3"]},
    **{f"prior_tx___{n}": _TICKED for n in range(1, 6)},
    "emd_bl": _TICKED,
    "rs": {"CR": ["1"], "CRp": ["2"], "CRi": ["3"], "PR": ["4"], "NR": ["5"], "PD": ["6"],
           "RELAPSE": ["7"], "NE": ["9"]},
    "ft_regimen": {"nelarabine-based": ["1"], "FLAG-IDA": ["2"], "hyper-CVAD": ["3"],
                   "blinatumomab": ["4"], "inotuzumab ozogamicin": ["5"], "clinical trial": ["6"],
                   "CAR-T cells": ["7"], "best supportive care": ["8"],
                   "donor lymphocyte infusion": ["9"]},
    "ft_response": {"CR": ["1"], "CRp": ["2"], "CRi": ["3"], "PR": ["4"], "NR": ["5"], "NE": ["9"]},
    "ae_term": {
        "Alanine aminotransferase increased": ["Alanine aminotransferase increased"],
        "Anemia": ["Anaemia"],
        "Diarrhea": ["Diarrhoea"],
        "Hypokalemia": ["Hypokalaemia"],
        "Tumor lysis syndrome": ["Tumour lysis syndrome"],
        **{name: [name] for name in (
            "Fatigue", "Febrile neutropenia", "Lung infection", "Nausea", "Sepsis", "Vomiting",
            "Neutrophil count decreased", "Platelet count decreased", "White blood cell decreased",
        )},
    },
}  # fmt: skip
#: Kinds of later therapy by the same code.
_CODED_KINDS = {
    "intensive chemotherapy": ["1", "2", "3"],
    "antibody": ["4", "5"],
    "clinical trial": ["6"],
    "CAR-T cells": ["7"],
    "supportive care": ["8"],
    "donor lymphocytes": ["9"],
}
#: What a coded sex is depends on the study: myeloid writes letters, all_venaza 1 and 2.
WORDS["sex"] = {"M": ["m", "1"], "F": ["f", "2"]}
#: Headers of haemoglobin in g/dL, as the data dictionary of all_venaza says; it counts in g/L.
TENFOLD = ("hgb", "cbc_hgb")
#: Headers of all_venaza under which a test has a column of its own.
BLOOD = ("cbc_wbc", "cbc_anc", "cbc_hgb", "cbc_plt", "chem_creat")
_NOTHING = {"", "-", "/", "NA", "不详", "未查"}


def tidy(text: str | None) -> str:
    """Full-width forms as ordinary ones, no spaces around."""
    return unicodedata.normalize("NFKC", text or "").strip()


def word(header: str, text: str | None, kinds: bool = False) -> str | None:
    """The level that a word stands for; None for an empty cell or a word that says nothing."""
    plain = tidy(text)
    if plain in _NOTHING:
        return None
    levels = (_CODED_KINDS if header == "ft_regimen" else _KINDS) if kinds else WORDS[header]
    found = [level for level, words in levels.items() if plain in map(tidy, words)]
    assert len(found) == 1, f"unknown word {plain!r} under {header}"
    return found[0]


def day(text: str) -> dt.date | int:
    """A date in any style of the export, or a day counted from the index date."""
    plain = tidy(text)
    if match := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", plain):
        return dt.date(*map(int, match.groups()))
    if re.fullmatch(r"(19|20)\d{6}", plain):
        return dt.date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    number = int(float(plain))
    return _EXCEL + dt.timedelta(days=number) if number > 30000 else number


def days_between(start: str | None, end: str) -> int:
    """Days from one cell to the other; from the index date where there is no first one."""
    last = day(end)
    if isinstance(last, dt.date):
        return (last - day(start)).days
    return last - (0 if start is None else day(start))


def number(text: str | None) -> float | None:
    """The number in a cell: ``70岁``, ``第3疗程后``, ``C5``, ``0.26%``, ``<0.01``."""
    plain = tidy(text)
    if plain in _NOTHING:
        return None
    found = re.findall(r"\d+(?:\.\d+)?", plain)
    assert len(found) == 1, f"not one number in {plain!r}"
    return float(found[0])


def grade(text: str) -> int:
    """A CTCAE grade: ``3``, ``3级``, ``G3``, ``Ⅲ级``."""
    plain = re.sub(r"[G级]", "", tidy(text))
    return _ROMAN[plain] if plain in _ROMAN else int(plain)


def mrd_negative(text: str, threshold: float) -> bool:
    """Whether an MRD result in percent is below a threshold; 阴性 is negative."""
    if tidy(text) == "阴性":
        return True
    value = number(text)
    return value <= threshold if tidy(text).startswith("<") else value < threshold
