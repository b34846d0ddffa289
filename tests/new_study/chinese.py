"""SYNTHETIC exports in the layouts of Chinese hospitals, and the edits that each proposal needs.

No row describes a real person: numbers, dates and words are written down here.
"""

from __future__ import annotations

from tests.new_study.chinese_courses import courses
from tests.new_study.chinese_genetics import genetics
from tests.new_study.chinese_lab import laboratory
from tests.new_study.chinese_registry import registry
from tests.new_study.export import Export, Rows, after, day


def _workbook() -> Export:
    """Baseline, diagnosis (a header of two rows), treatment, response, genes, follow-up, codes."""
    starts = ["2021-01-05", "2021-02-14", "2021-03-26", "2021-05-05", "2021-06-14", "2021-07-24"]
    states = [1, 1, 2, 1, 3, 1]
    ids = [f"AML{n:03d}" for n in range(1, 7)]
    base: Rows = [
        ["编号", "病案号", "姓名", "性别(1=男,2=女)", "年龄(岁)", "疾病状态(1=初治,2=复发,3=难治)",
         "确诊日期", "首次用药日期"],
        *([p, f"00880{n}", "某某", 1 + n % 2, 70 - n, states[n], after(starts[n], -4),
           day(starts[n])] for n, p in enumerate(ids)),
    ]  # fmt: skip
    found: Rows = [
        ["编号", "血常规", None, "细胞遗传学", None],
        [None, "WBC（×10⁹/L）", "Hb（g/L）", "核型", "预后分组"],
        *([p, 2.5 + n, 60 + n, "46,XX[20]", ["低危", "中危", "高危"][n % 3]]
          for n, p in enumerate(ids)),
        ["备注：以上为初诊时结果", None, None, None, None],
    ]  # fmt: skip
    seen: list[tuple[int, int, int, str, str | None]] = [
        *[(0, 28, 1, "CR", "阴性"), (0, 58, 2, "CR", "阴性"), (1, 28, 1, "CRi", "0.06%")],
        *[(1, 58, 2, "CR", "阴性"), (2, 28, 1, "NR", "阳性"), (2, 58, 2, "PR", "阳性")],
        *[(3, 28, 1, "CR", "阴性"), (4, 28, 1, "PR", "阳性"), (4, 58, 2, "NR", "阳性")],
    ]
    responses: Rows = [
        ["编号", "评估时间", "疗程后", "疗效", "MRD(流式)"],
        *([ids[n], after(starts[n], d), c, word, mrd] for n, d, c, word, mrd in seen),
    ]
    last = [(900, 2), (900, 2), (200, 1), (800, 2), (120, 1), (20, 1)]
    relapse = {1: 300}
    follow: Rows = [
        ["编号", "是否死亡(1=是,2=否)", "死亡时间", "死因", "末次随访时间", "复发时间"],
        *(
            [
                ids[n], dead, after(starts[n], d) if dead == 1 else None,
                "重症肺炎" if dead == 1 else None, after(starts[n], d),
                after(starts[n], relapse[n]) if n in relapse else None,
            ]
            for n, (d, dead) in enumerate(last)
        ),
    ]  # fmt: skip
    genes: Rows = [
        ["编号", "FLT3-ITD", "NPM1", "TP53", "IDH2"],
        *([p, int(n == 0), int(n == 2), int(n == 4), 9 if n == 5 else 0]
          for n, p in enumerate(ids)),
    ]  # fmt: skip
    codes: Rows = [["变量", "编码"], ["性别", "1=男 2=女"], ["基因", "0=阴性 1=阳性 9=未测"]]
    sheets = {"基本信息": base, "诊断信息": found, "疗效评价": responses, "随访": follow}
    return Export(
        "cn_sheets",
        "workbook of sheets, follow-up and codes apart",
        {"AML数据库.xlsx": {**sheets, "基因突变": genes, "编码说明": codes}},
        merged={"诊断信息": ("A1:A2", "B1:C1", "D1:E1")},
        times={
            "OS": {
                **{"AML001": (900, 1), "AML002": (900, 1), "AML003": (200, 0)},
                **{"AML004": (800, 1), "AML005": (120, 0), "AML006": (20, 0)},
            },
            # AML002 relapsed on the follow-up sheet alone.
            "RFS": {"AML001": (872, 1), "AML002": (272, 0), "AML004": (772, 1)},
        },
        responses={
            **{"AML001": "CR", "AML002": "CR", "AML003": "PR", "AML004": "CR", "AML005": "PR"},
            "AML006": "NE",
        },
    )


#: Patients of the two follow-up sheets: first dose, what is written as last contact or death (in
#: six styles), the word for the status, days and event by hand.
_FOLLOWED = (
    ("2021-03-01", "2021-09-17", "死亡（脑出血）", 200, 0),
    ("2021-03-15", "2023/6/30", "存活", 837, 1),
    ("2021-04-02", "2021年11月28日", "已故（感染）", 240, 0),
    ("2021-04-20", "2023.05.10", "CR存活", 750, 1),
    ("2021-05-06", "20211102", "院内死亡", 180, 0),
    ("2021-06-01", "2021.9.9", "自动出院", 100, 1),
    ("2021-06-15", "2023-1-6", "失访", 570, 1),
    ("2021-07-01", "2022.10", "因病去世", 471, 0),
)


def _followed(name: str, layout: str, head: list[str], tail, edits) -> Export:
    rows: Rows = [["研究编号", "姓名", "性别", "年龄", "首次用药日期", *head]]
    for n, (start, last, word, _, _) in enumerate(_FOLLOWED):
        rows.append([f"S{n:02d}", "某某", "男女"[n % 2], 60 + n, day(start), *tail(last, word)])
    ids = [f"S{n:02d}" for n in range(len(_FOLLOWED))]
    known = {p: (d, e) for p, (_, _, _, d, e) in zip(ids, _FOLLOWED, strict=True)}
    return Export(name, layout, {"随访.xlsx": {"随访": rows}}, edits, times={"OS": known})


def _one_date() -> Export:
    """One column for death or last contact, the status in the clinic's words beside it."""
    head = ["末次随访/死亡时间", "生存状态"]
    return _followed("cn_followed", "one date for death or last contact", head, lambda *t: t, ())


def _words_beside() -> Export:
    """Date and word in one cell."""
    return _followed(
        "cn_beside",
        "date and word in one cell",
        ["末次随访/死亡时间"],
        lambda last, word: [f"{last}{word}"],
        (),
    )


EXPORTS = (
    registry(),
    laboratory(),
    genetics(),
    courses(),
    _workbook(),
    _one_date(),
    _words_beside(),
)
