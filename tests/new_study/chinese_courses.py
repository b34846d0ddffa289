"""SYNTHETIC: courses as text, with doses, a range of dates, other regimens and the response."""

from __future__ import annotations

from tests.new_study.export import Export, Rows, after, day

_VA = "维奈克拉100mg d1,200mg d2,400mg d3-28；阿扎胞苷75mg/m2 d1-7"
#: Courses (first day, last day, regimen, response), days to death or last contact and status.
_PATIENTS = (
    ([(0, 27, _VA, "NR"), (35, 62, "同前", "CR"), (72, 99, "原方案", "CR")], (640, "存活")),
    ([(0, 27, "维奈托克+地西他滨", "CRi"), (40, 67, "维奈托克+地西他滨", "CR")], (420, "死亡")),
    ([(0, 27, "VEN+HHT+AZA", "NR"), (36, 41, "FLAG-IDA", "CR")], (200, "死亡")),
    ([(0, 20, "VA（联用伏立康唑）", "PR"), (33, 53, "VAH", "CR"), (70, 90, "VA方案", "复发")],
     (310, "死亡")),
    ([(0, 27, "VA", "NR"), (30, 57, "VA", "未缓解"), (70, 76, "CAG方案", "NR")], (150, "死亡")),
    ([(0, 13, "VA", "MLFS")], (25, "自动出院")),
)  # fmt: skip


def courses() -> Export:
    """A row for each course, of which some are another regimen's; responses without a date."""
    starts = [f"2022-0{n + 1}-05" for n in range(len(_PATIENTS))]
    ids = [f"K{n:02d}" for n in range(len(_PATIENTS))]
    base: Rows = [["编号", "性别", "年龄", "首次用药日期", "末次随访时间", "生存状态"]]
    given: Rows = [["编号", "疗程", "化疗时间", "化疗方案", "疗效评估"]]
    for n, (rows, (last, word)) in enumerate(_PATIENTS):
        start = starts[n]
        base.append([ids[n], "男女"[n % 2], 66 + n, day(start), after(start, last), word])
        for cycle, (first, end, regimen, response) in enumerate(rows, start=1):
            a, b = after(start, first), after(start, end)
            year = "" if a.year == b.year else f"{b.year}."
            dates = f"{a.year}.{a.month}.{a.day}-{year}{b.month}.{b.day}"
            given.append([ids[n], f"第{cycle}疗程", dates, regimen, response])
    event = {"死亡": 0}
    return Export(
        "cn_courses",
        "courses as text, with other regimens and responses",
        {"化疗.xlsx": {"患者": base, "化疗记录": given}},
        times={
            "OS": {ids[n]: (p[1][0], event.get(p[1][1], 1)) for n, p in enumerate(_PATIENTS)},
            # K00 from cycle 3, K01 and K03 from cycle 2 and 3; K02's remission is FLAG-IDA's.
            "RFS": {"K00": (568, 1), "K01": (380, 0), "K03": (28, 0)},
        },
        responses={
            **{"K00": "CR", "K01": "CR", "K02": "NR", "K03": "CR", "K04": "NR"},
            "K05": "MLFS",
        },
    )
