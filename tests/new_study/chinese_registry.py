"""SYNTHETIC: a registry of one row a patient, with dates, responses and MRD by cycle in columns."""

from __future__ import annotations

from tests.new_study.export import Export, Rows, after, day

_HEAD = [
    *["病案号", "姓名", "联系电话", "性别", "年龄\n(岁)", "诊断", "确诊时间", "开始化疗时间"],
    *["ECOG评分", "WBC\n(×10^9/L)", "Hb(g/dL)", "PLT(×10^9/L)", "骨髓原始细胞(%)", "染色体核型"],
    *["ELN2022危险度", "FLT3-ITD", "NPM1", "TP53"],
    *[f"C{n}{what}" for n in (1, 2, 3) for what in ("治疗日期", "疗效评估", "MRD(%)")],
    *["CR时间", "第1次复发时间", "移植时间", "生存状态", "末次随访/死亡时间", "死亡原因", "备注"],
]  # fmt: skip

#: First dose; day and response of each cycle, MRD; day of remission, relapse and transplant; last
#: contact or death as it is written, and status.
_COURSES = (
    ("2021-01-04", [(0, "CR", 0.5), (35, "CR", "<0.01"), (70, "CR", "阴性")], 29, None, None,
     (725, "存活")),
    ("2021-02-01", [(0, "CRi", 1.2), (36, "CRi", 0.3)], None, 200, None, (300, "死亡")),
    ("2020-09-14", [(0, "NR", None), (40, "PR", None), (75, "CR", "0.02")], 95, None, None,
     (236, "死亡")),  # 2021-05-08, written 21/5/8
    ("2021-03-08", [(0, "未评", None)], None, None, None, (20, "死亡")),
    ("2021-04-06", [(0, "MLFS", 0.2)], None, None, 45, (500, "存活")),
    ("2021-05-10", [(0, "CR", "阴性"), (40, "CR", "阴性"), (85, "复发", 12)], None, 120, None,
     (260, "死亡")),
    ("2021-06-15", [(0, "PR", 2.5), (33, "NR", 8)], None, None, None, (150, "失访")),
    ("2021-07-20", [(0, "CR", "0.01%")], None, None, None, (25, "存活")),
)  # fmt: skip


def registry() -> Export:
    """One sheet of 34 columns under a title; dates in several styles, gene columns of + and -."""
    rows: Rows = [["血液科AML病例登记表（合成数据）"], _HEAD]
    for n, (start, cycles, remission, relapse, transplant, (last, word)) in enumerate(_COURSES):
        row: list = [f"R{n:02d}", "张某", "13800000000", "男女"[n % 2], 55 + n, "AML"]
        row += [after(start, -6), day(start), n % 3, 3.5 + n, "7.5g/dL", 40 + n, "32%"]
        row += [
            f"46,{'XY' if n % 2 == 0 else 'XX'}[20]",
            ["低危", "中危", "高危"][n % 3],
            "+-"[n % 2],
            "-+"[n % 2],
            "-",
        ]
        for c in range(3):
            seen = cycles[c] if c < len(cycles) else (None, None, None)
            row += [None if seen[0] is None else after(start, seen[0]), *seen[1:]]
        row += [None if d is None else after(start, d) for d in (remission, relapse, transplant)]
        end = after(start, last)
        written = f"{end:%y}/{end.month}/{end.day}" if n == 2 else end.strftime("%Y.%m.%d")
        cause = {1: "复发", 2: "感染", 3: "脑出血", 5: "复发"}.get(n)
        rows.append([*row, word, written, cause, None])
    rows.append(["备注：以上日期均为住院日期"])
    event = {"死亡": 0}
    return Export(
        "cn_registry",
        "one sheet, one row a patient, courses in columns",
        {"登记.xlsx": {"登记": rows}},
        times={
            "OS": {
                f"R{n:02d}": (last, event.get(word, 1))
                for n, (*_, (last, word)) in enumerate(_COURSES)
            },
            # R00 and R02 from the recorded remission; R01 and R05 from the start of cycle 2; R07
            # from the last contact, which came before day 28.
            "RFS": {
                "R00": (696, 1),
                "R01": (164, 0),
                "R02": (141, 0),
                "R05": (80, 0),
                "R07": (0, 1),
            },
        },
        responses={
            **{"R00": "CR", "R01": "CRi", "R02": "CR", "R03": "NE", "R04": "MLFS", "R05": "CR"},
            **{"R06": "PR", "R07": "CR"},
        },
        cells={"R00": {"INDEXDT": "2021-01-04", "HGB": 75.0}},
    )
