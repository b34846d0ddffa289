"""SYNTHETIC: results as a laboratory system prints them, in GB18030, and a list of patients."""

from __future__ import annotations

from tests.new_study.export import Export, Rows, after, day

_STARTS = ("2022-03-01", "2022-04-05", "2022-05-10", "2022-06-14", "2022-07-19")
#: Days to death or last contact, status, day of the first CR.
_ENDS = (
    (400, "死亡", 30),
    (600, "存活", 28),
    (90, "死亡", None),
    (500, "存活", 35),
    (20, "失访", None),
)
#: Item, specimen, result, unit and range by day: what a system prints beside what is wanted.
_RESULTS = (
    (-2, "★白细胞计数(WBC)", "全血", "{wbc}", "10~9/L", "3.5-9.5"),
    (-2, "血小板计数", "全血", "35↓", "×10⁹/L", "125-350"),
    (-2, "血红蛋白", "全血", "71", "克/升", "115-150"),
    (-1, "白细胞", "脑脊液", "3", "×10^6/L", "0-8"),
    (-1, "白细胞", "尿液", "15", "/μL", "0-10"),
    (-1, "尿蛋白", "尿液", "阴性", "", "阴性"),
    (-1, "乳酸脱氢酶测定", "血清", ">1000", "U/L", "120-250"),
    (7, "中性粒细胞绝对值", "全血", "<0.10", "10*9/L", "1.8-6.3"),
    (7, "钾离子", "血清", "溶血", "mmol/L", "3.5-5.3"),
    (14, "中性粒细胞#", "全血", "1.20", "×10 9/L", "1.8-6.3"),
    (14, "血小板计数", "全血", "60", "10^9/L", "125-350"),
    (14, "白/球比", "血清", "1.5", "", "1.2-2.4"),
)
_WBC = (0.85, 12.5, 60, 3.2, 1.1)


def laboratory() -> Export:
    """A long table with two numbers of a patient, one of them the laboratory's own."""
    ids = [f"00{88100 + n}" for n in range(5)]
    lab: Rows = [
        ["序号", "病人ID", "住院号", "标本类型", "项目名称", "结果", "单位", "参考范围", "提示",
         "采集时间"]
    ]  # fmt: skip
    for n, patient in enumerate(ids):
        for d, item, specimen, result, unit, limits in _RESULTS:
            when = f"{after(_STARTS[n], d):%Y-%m-%d} 07:3{n}"
            row = [len(lab), f"L{n}{d % 7}", patient, specimen, item, result.format(wbc=_WBC[n])]
            lab.append([*row, unit, limits, "↓" if "↓" in result else "", when])
    listed: Rows = [
        ["住院号", "姓名", "性别", "年龄", "首次用药日期", "CR时间", "末次随访时间", "生存状态"]
    ]
    for n, (patient, (last, word, remission)) in enumerate(zip(ids, _ENDS, strict=True)):
        start = _STARTS[n]
        cr = None if remission is None else after(start, remission)
        row = [patient, "李某", "男女"[n % 2], 60 + n, day(start), cr, after(start, last), word]
        listed.append(row)
    event = {"死亡": 0}
    return Export(
        "cn_laboratory",
        "a laboratory's long table in GB18030 and a list of patients",
        {"检验结果.csv": {"": lab}, "患者列表.xlsx": {"患者列表": listed}},
        times={
            "OS": {p: (d, event.get(w, 1)) for p, (d, w, _) in zip(ids, _ENDS, strict=True)},
            "RFS": {ids[0]: (370, 0), ids[1]: (572, 1), ids[3]: (465, 1)},
        },
        responses={ids[0]: "CR", ids[1]: "CR", ids[3]: "CR"},
        baseline={p: {"WBC": w, "PLT": 35.0, "HGB": 71.0} for p, w in zip(ids, _WBC, strict=True)},
    )
