"""Headers, keys and sheets as Chinese hospitals call them, each with what it is."""

from __future__ import annotations

import pytest

from tests.reference.four_formats import ROOT
from venaza.study.synonyms import load_synonyms

HEADERS = """
patients.INDEXDT: 开始化疗时间|化疗日期|第一次化疗时间|诱导(治疗)开始日期|诱导开始日期
patients.INDEXDT: 诱导化疗日期|第1疗程日期
patients.INDEXDT: 第一疗程时间|C1治疗日期|C1日期|C1开始时间|VA(方案)开始时间|VEN开始时间
patients.INDEXDT: 维奈克拉开始时间|维奈克拉起始日期
patients.LSTALVDT: 末次随访/死亡时间|死亡/末次随访时间|死亡或末次随访时间|末次随访（死亡）时间
patients.LSTALVDT: 末次复查时间|最后就诊时间
patients.LSTALVDT: 最近一次随访|末次联系|随访终点|终点时间|OS终点时间
patients.SURVSTAT: 患者状态|目前状态|当前状态|现状|存活/死亡|生存与否|生死|随访结果|随访情况
patients.SURVSTAT: 随访结局|死亡状态|死亡事件
patients.SURVSTAT: OS状态
patients.DTHCAUS: 直接死因
patients.AGE: 确诊年龄|起病年龄
patients.DISEASE: 入院诊断|病种
patients.DISSTAT: 是否初治|治疗状态|患者类型|初治/难治复发
patients.ECOG: ECOG体能评分|体力状态评分
patients.RISK: ELN2022危险度|2022ELN|NCCN危险分层|危险分级|预后危险度
patients.KARYO: 染色体核型分析|核型结果
patients.WBC: 初诊WBC|入院WBC
patients.PLT: BPC
patients.BMBLAST: 骨髓形态(%)|BM原始细胞%|初诊骨髓原始细胞比例|骨髓原始粒细胞(%)|骨髓白血病细胞%
patients.DIAGDT: 首诊日期
responses.RSINV: 疗效评定|评效|治疗反应|首疗程疗效|一疗程疗效|是否缓解|是否CR|骨髓缓解情况
responses.RSDT: 评效时间
responses.MRDVAL: 流式MRD(%)|MRD流式(%)|FCM-MRD|骨髓MRD|异常细胞比例(%)|残留细胞比例
mrd.MRDVAL: 流式MRD(%)|MRD流式(%)|FCM-MRD|骨髓MRD|异常细胞比例(%)|残留细胞比例
cycles.VENDOSE: 维奈克拉最大剂量|维奈克拉目标剂量
cycles.VENDAYS: 维奈克拉使用天数
mutations.VAF: 丰度(%)|突变负荷|等位基因突变频率
mutations.GERES: 突变情况
adverse_events.AETOXGR: AE分级|分度
adverse_events.AETERM: 并发症
transplants.TXTYPE: 供者|供者关系|供体类型
therapies.CMTRT: 再诱导方案|复发后方案
labs.LBSPEC: 标本类型
labs.LBNRNG: 参考范围
labs.LBTESTCD: 指标名称|项目中文名|子项名称
labs.LBSTRESN: 定量结果|检验值
labs.LBDT: 采集时间|审核时间
"""
EVENTS = """
remission: 获CR时间|CR时间
relapse: 第1次复发时间|骨髓复发时间
survival_days: OS（天）
"""
KEYS = "病案号码|病案编号|住院ID|ID号|档案号|主索引号|EMPI|病案号|病案號|編號"
#: One admission or visit is no patient.
NO_KEYS = "住院流水号|就诊号"
SHEETS = """
patients: 病案首页|一般情况|初诊信息|病例登记表|临床数据
cycles: 化疗方案
mutations: 二代测序结果|融合基因
labs: 血常规结果|生化结果
responses: 骨髓涂片|骨髓报告
"""
#: Of more than one meaning: a hospital's mode of discharge, the onset, an admission.
OPEN = "离院方式|起病时间|首次入院日期|状态"
SYNONYMS = load_synonyms(ROOT)


def told(text: str) -> list[tuple[str, str]]:
    lines = [line.partition(": ") for line in text.strip().splitlines()]
    return [(head, word) for head, _, words in lines for word in words.split("|")]


@pytest.mark.parametrize(("place", "header"), told(HEADERS), ids=lambda text: text)
def test_a_header_means_its_column(place, header):
    table, _, column = place.partition(".")
    assert SYNONYMS.means(header, table).columns == {column}


@pytest.mark.parametrize(("event", "header"), told(EVENTS), ids=lambda text: text)
def test_a_header_means_its_event(event, header):
    assert SYNONYMS.event(header) == event


@pytest.mark.parametrize("header", KEYS.split("|"))
def test_a_header_is_the_patients_number(header):
    assert SYNONYMS.is_key(header)


@pytest.mark.parametrize("header", NO_KEYS.split("|"))
def test_the_number_of_an_admission_is_not(header):
    assert not SYNONYMS.is_key(header)


@pytest.mark.parametrize(("table", "sheet"), told(SHEETS), ids=lambda text: text)
def test_a_sheet_is_called_so(table, sheet):
    assert table in SYNONYMS.tables_named(sheet)


@pytest.mark.parametrize("header", OPEN.split("|"))
def test_a_header_of_more_than_one_meaning_is_never_taken_for_one(header):
    found = SYNONYMS.means(header, "patients")
    assert found is None or len(found.columns) > 1


@pytest.mark.parametrize(
    ("header", "table", "yes"),
    [
        ("死亡事件", "patients", "DEAD"),
        ("是否初治", "patients", "ND"),
        ("是否CR", "responses", "CR"),
    ],
)
def test_a_header_that_asks_says_what_yes_means(header, table, yes):
    assert SYNONYMS.means(header, table).yes == yes
