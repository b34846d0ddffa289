"""Words as Chinese hospitals write them: each has its code, or is asked about."""

from __future__ import annotations

import pytest

from tests.reference.four_formats import ROOT
from venaza.commands.new_study.content import Content
from venaza.contracts.columns import Column
from venaza.contracts.unit_conversion import unit_factor
from venaza.pipeline.clean.cell import read_cell
from venaza.pipeline.clean.date_rules import date_rules
from venaza.pipeline.clean.dates import read_date
from venaza.pipeline.clean.signs import settle

#: Column, code, words; `|` stands between the words.
KNOWN = """
RSINV CR: 血液学缓解|CR2|形态学CR/MRD+|CR，MRD未达阴性|完全緩解
RSINV PR: 部分緩解
RSINV CRp: 完全缓解伴血小板恢复不全
RSINV CRi: CRi(血小板未恢复)
RSINV NE: 早期死亡|诱导死亡|ED|死亡|未评|待评估
RSINV REFRACTORY: 难治性
RSINV RELAPSE: 复发(髓外)|復發
SURVSTAT ALIVE: 活|存|无病存活|带病存活|CR存活|存活(CR)|移植后存活|存活，复发|在访|随访中
SURVSTAT DEAD: 死|过世|逝世|身故|院内死亡|因病去世|死亡（any cause）|死亡（脑出血）|已故（感染）
SURVSTAT LOST: 联系不上|无人接听|空号|停机|放弃治疗|放弃|签字出院|要求出院|非医嘱离院|转院|失訪
DTHCAUS disease progression: 复发|白血病复发
DTHCAUS infection: 脓毒血症|新冠|新冠肺炎|粒缺感染|真菌感染|侵袭性肺曲霉病
DTHCAUS organ failure: 呼吸衰竭|多器官功能衰竭|多脏器衰竭|肝功能衰竭
DTHCAUS bleeding: DIC|消化道大出血
DTHCAUS transplant-related: 重度GVHD|移植相关并发症
DTHCAUS cardiac: 心脏骤停
DTHCAUS toxicity: 肿瘤溶解综合征|骨髓抑制
DTHCAUS other: 意外|自杀
AEDECOD Neutrophil count decreased: 粒细胞缺乏|粒缺|中性粒细胞缺乏|粒细胞减少
AEDECOD Febrile neutropenia: 粒缺伴发热|粒细胞缺乏伴发热|中性粒细胞缺乏伴发热|发热性中性粒细胞减少
AEDECOD Platelet count decreased: 血小板减少症
AEDECOD Lung infection: 真菌性肺炎
AEDECOD Anorectal infection: 肛周感染|肛周脓肿
AEDECOD Sepsis: 脓毒血症|感染性休克
AEDECOD Mucositis oral: 口腔炎|口腔溃疡
AEDECOD Blood bilirubin increased: 胆红素升高
AEDECOD Epistaxis: 鼻衄
AEDECOD Oral hemorrhage: 牙龈出血
AEDECOD Electrocardiogram QT corrected interval prolonged: QT间期延长
AEDECOD Heart failure: 心衰
AEDECOD Atrial fibrillation: 房颤
AEDECOD Hypokalemia: 低钾
AEDECOD Hypocalcemia: 低钙血症
AEDECOD Hyperuricemia: 高尿酸血症
AEDECOD Hypoalbuminemia: 低蛋白血症
AEDECOD Anorexia: 食欲下降
AEDECOD Upper respiratory infection: 上感
AEDECOD Abdominal pain: 腹痛
AEDECOD Dizziness: 头晕
AEDECOD Phlebitis: 静脉炎
AEDECOD Allergic reaction: 过敏
AEDECOD Disseminated intravascular coagulation: DIC
AEDECOD Infections and infestations - Other, specify: 侵袭性真菌感染
AEDECOD Hepatobiliary disorders - Other, specify: 肝功能损害|肝功能异常
AEDECOD Renal and urinary disorders - Other, specify: 肾功能损害
AEDECOD Blood and lymphatic system disorders - Other, specify: 骨髓抑制
AETOXGR 4: Ⅳ°|4°|危及生命
AETOXGR 3: 重度|3级（重度）
AETOXGR 5: 死亡
DISEASE AML: AML M5|AML（M2）|M5|M2a|急性髓系白血病（M5）|急性髓系白血病-M2|急性髓细胞白血病M5型
DISEASE AML: 急性单核细胞白血病
DISEASE AML: 急性粒-单核细胞白血病|急性髓性白血病|急粒|急单|AML-MRC|AML NOS|AML伴NPM1突变|髓系肉瘤
DISEASE MDS: MDS-EB2
DISSTAT ND: 初发|初治AML
DISSTAT RR: 首次复发|二次复发|原发难治|原发耐药|诱导失败
DISTYPE therapy-related: 化疗相关
DISTYPE de novo: deno AML
DISTYPE secondary: AML-MRC|骨髓增生异常相关|由MDS转化|MPN转化|CMML转化
RISK intermediate: Int
RISK adverse: 极高危
GENE FLT3-ITD: FLT3-ITD突变
GENE NPM1: NPM1 A型
GENE KIT: KIT D816V
GENE DNMT3A: DNMT3A R882
GENE CEBPA: CEBPA单突变
GENE PPM1D: PPM1D
GENE CUX1: CUX1
GENE KDM6A: KDM6A
GENE SH2B3: SH2B3
GENE RUNX1::RUNX1T1: AML1/ETO融合基因
GERES MUTATED: 阳|弱阳性|陽性|阳性(AR 0.6)|阳性（VAF 35%）|突变（35.2%）
GERES WILD-TYPE: 阴|陰性
MRDMETH flow cytometry: 多色流式|流式MRD
MRDMETH PCR: 实时定量PCR|数字PCR|融合基因定量|WT1定量
MRDMAT bone marrow: 骨髓液
TXTYPE allogeneic: 亲缘单倍体|单倍型|同胞全合|HLA全相合|非亲缘|亲缘|父供子|母供子|子供父|异体|異體
TXTYPE allogeneic: 异基因外周血干细胞移植|脐带血移植
TXTYPE autologous: 自體
CMTRT venetoclax + azacitidine + homoharringtonine: VAH|VHA
CMTRT HAAG: HAAG
CMTRT CLIA: CLIA
CMTRT intermediate-dose cytarabine: 中剂量阿糖胞苷|ID-AraC
CMTRT high-dose cytarabine: HD-AraC
CMTRT azacitidine: 阿扎胞苷单药|阿扎胞苷75 mg/m2 d1-7
CMTRT best supportive care: 姑息
CMTRT transplant: 移植
CMTRT mitoxantrone: 米托蒽醌脂质体
CMTRT venetoclax: 维奈克拉400mg d1-28|维奈克拉0.4g
STOPREAS toxicity: 感染|骨髓抑制|不能耐受
STOPREAS patient's wish: 放弃
STOPREAS refractory disease: 疗效欠佳
STOPREAS completed: 计划完成
LBTESTCD ANC: 中性粒细胞#|NEU#|Neu#|中性粒细胞绝对数
LBTESTCD NEUTLE: Neu%|中性粒细胞百分率
LBTESTCD K: 钾离子|血清钾测定
LBTESTCD CA: 总钙
LBTESTCD AST: 天门冬氨酸氨基转移酶
LBTESTCD INR: PT-INR|PT国际标准化比值
LBTESTCD WBC: ★白细胞计数(WBC)
LBTESTCD HGB: *血红蛋白测定
PRIORHMA Y: +|✓|✔|用过|曾用|有（地西他滨）
PRIORHMA N: ✗|未用
"""
#: Words of more than one meaning, or none: asked, never taken.
ASKED = """
RSINV: 骨髓缓解|缓解|持续缓解|CRc|未达CR|未CR|分子学复发|MRD复发|MRD转阳
AEDECOD: 恶心呕吐|出血|消化道出血
AETOXGR: ≥3级|III-IV度
RISK: 标危|中低危
GENE: FLT3
GERES: 1|0|√|×
MRDVAL: 可疑
TXTYPE: 微移植
STOPREAS: 换方案|更换方案
CMTRT: 伏立康唑
"""
#: What MRD cells say in words, and the number in others.
MRD = {
    **dict.fromkeys(
        ("未检测到", "未检测到残留", "未见残留白血病细胞", "未查见异常细胞"), "NEGATIVE"
    ),
    "小于0.01%": 0.01,
    "可见0.05%异常髓系原始细胞": 0.05,
    "1.2×10-3": 0.12,
}


def told(text: str) -> list[tuple[str, str]]:
    """Each word of a list with what stands before the colon."""
    lines = [line.partition(": ") for line in text.strip().splitlines()]
    return [(head, word) for head, _, words in lines for word in words.split("|")]


@pytest.fixture(scope="module")
def content():
    made = Content(ROOT)
    made.study |= {"numbers": {"decimal": "ask"}, "units": made.units}
    return made


def read(content, column: str, word: str, dtype: str = "string", how: dict | None = None):
    return read_cell(word, Column(column, dtype, column), how or {}, content.study, None)


def _type(column: str) -> str:
    return {"AETOXGR": "integer", "MRDVAL": "number"}.get(column, "string")


@pytest.mark.parametrize(("head", "word"), told(KNOWN), ids=lambda text: text)
def test_a_word_has_its_code(content, head, word):
    column, _, code = head.partition(" ")
    value = read(content, column, word, _type(column)).value
    assert str(value) == code


@pytest.mark.parametrize(("column", "word"), told(ASKED), ids=lambda text: text)
def test_a_word_of_more_than_one_meaning_is_asked(content, column, word):
    found = read(content, column, word, _type(column))
    assert found.value is None
    assert found.problem


@pytest.mark.parametrize(("text", "meant"), MRD.items())
def test_what_is_said_of_residual_disease(content, text, meant):
    found = read(content, "MRDVAL", text, "number", {"unit": "%"})
    if isinstance(meant, str):
        assert found.beside["MRDRES"] == meant
    else:
        assert found.value == pytest.approx(meant)


@pytest.mark.parametrize("item", ["尿蛋白", "尿钾", "24小时尿磷", "白/球比"])
def test_an_item_of_urine_or_one_that_is_not_used_is_no_test(content, item):
    found = read(content, "LBTESTCD", item)
    assert found.value is None
    assert found.beside in ({"_specimen": "URINE"}, {"_unused": True})


@pytest.mark.parametrize(
    ("own", "code"), [("√×", "MUTATED"), ("+-", "MUTATED"), ("有无", "MUTATED")]
)
def test_signs_are_settled_by_their_contrary_in_the_column(own, code):
    found = settle(list(own), list(own), "gene_result", {})
    assert own[0] in found.words[code]
    assert own[1] in found.words["WILD-TYPE"]


@pytest.mark.parametrize(
    "unit",
    ["10~9/L", "×10~9/L", "*10~9/L", "10+9/L", "10^9", "*10^9/L", "×10⁹/L", "10E9/L", "10*9/L"]
    + ["×10 9/L", "10＾9/L", "109/L"],
)  # fmt: skip
def test_a_unit_of_counts_however_its_power_is_written(content, unit):
    assert unit_factor("WBC", unit, content.study) == 1


def test_a_unit_in_words(content):
    assert unit_factor("HGB", "克/升", content.study) == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021、3、5", "2021-03-05"),
        ("202103", "2021-03-15"),
        ("2021年三月五日", "2021-03-05"),
        ("二〇二一年三月五日", "2021-03-05"),
        ("2021年3月初", "2021-03-05"),
        ("2021年3月上旬", "2021-03-05"),
        ("2021年3月底", "2021-03-25"),
        ("三月五日", None),
        ("至今", None),
        ("2021.3.5（C1D1）", None),
    ],
)
def test_a_date_as_it_is_written(text, day):
    parts = {"part_of_month": {"early": 5, "middle": 15, "late": 25}, "part_of_year": "refuse"}
    partial = {"missing_day": 15, "missing_month": "refuse", **parts}
    found = read_date(text, date_rules({}, {"partial_dates": partial}))
    assert (found.day.isoformat() if found.day else None) == day
    assert bool(found.problem) == (day is None)


def test_a_year_of_two_digits_is_read_where_the_order_is_declared():
    partial = {"missing_day": 15, "missing_month": "refuse"}
    for how, day in (({}, None), ({"date_order": "YMD"}, "2021-03-05")):
        found = read_date("21/3/5", date_rules(how, {"partial_dates": partial})).day
        assert (found.isoformat() if found else None) == day
