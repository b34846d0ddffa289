"""A SYNTHETIC hospital workbook that no shipped study file fits: Chinese headers, six sheets.

python -m tests.new_study.hospital FOLDER

No row describes a real person: every value is drawn from a fixed seed.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from pathlib import Path

from openpyxl import Workbook

FILE = "血液科随访表（合成数据）.xlsx"
PATIENTS = 48
_CUT = dt.date(2024, 3, 29)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = ["小明", "丽", "建国", "秀英", "伟", "芳", "强", "敏", "静", "磊", "军", "洋"]
_MONTH = 30.4375


def sheets() -> dict[str, list[list]]:
    """The rows of each sheet, header rows and title rows included."""
    draw = random.Random(20240329)
    patients = [_patient(draw, number) for number in range(1, PATIENTS + 1)]
    return {
        "病例登记": _register(patients),
        "用药记录": _cycles(patients),
        "骨髓评估": _marrows(draw, patients),
        "基因检测": _genes(draw, patients),
        "毒副反应": _toxicity(draw, patients),
        "血象": _counts(draw, patients),
        "说明": [["填表说明"], ["本表为合成数据，不含任何真实患者。"]],
    }


def _patient(draw: random.Random, number: int) -> dict:
    new = draw.random() < 0.6
    diagnosed = dt.date(2021, 1, 5) + dt.timedelta(days=draw.randrange(760))
    start = diagnosed + dt.timedelta(days=draw.randrange(3, 25) if new else draw.randrange(90, 400))
    survival = int(draw.expovariate(1 / (24 if new else 12)) * _MONTH) + 12
    end = min(start + dt.timedelta(days=survival), _CUT - dt.timedelta(days=draw.randrange(40)))
    return {
        "number": f"X{number:04d}",
        "name": draw.choice(_SURNAMES) + draw.choice(_GIVEN),
        "phone": f"139{draw.randrange(10**8):08d}",
        "sex": draw.choice("男女"),
        "age": draw.randrange(38, 84),
        "new": new,
        "origin": draw.choice(["原发", "原发", "继发", "MDS转化", "化疗后相关"]),
        "ps": draw.choice([0, 1, 1, 1, 2, 2, 3]),
        "risk": draw.choice(["低危", "中危", "中危", "高危", "高危"]),
        "counts": (draw.randrange(8, 600) / 10, draw.randrange(50, 130), draw.randrange(8, 210)),
        "blasts": draw.randrange(22, 95),
        "diagnosed": diagnosed,
        "start": start,
        "end": end,
        "dead": end == start + dt.timedelta(days=survival),
        "centre": draw.choice(["东院", "西院"]),
    }


def _register(patients: list[dict]) -> list[list]:
    rows = [
        ["血液科维奈克拉联合阿扎胞苷病例登记（合成数据）"],
        ["制表：随访组"],
        ["研究编号", "姓名", "联系电话", "性别", "年龄（岁）", "院区", "初治/复难治", "AML类型",
         "PS评分", "ELN分层", "WBC\n(×10^9/L)", "Hb(g/dL)", "血小板（×10⁹/L）", "骨髓幼稚细胞(%)",
         "诊断日期", "开始用药时间", "末次随访时间", "末次状态", "备注"],
    ]  # fmt: skip
    for p in patients:
        white, haemoglobin, platelets = p["counts"]
        rows.append(
            [p["number"], p["name"], p["phone"], p["sex"], p["age"], p["centre"],
             "初治" if p["new"] else "复发难治", p["origin"], p["ps"], p["risk"], white,
             haemoglobin / 10, platelets, p["blasts"], p["diagnosed"].strftime("%Y.%m.%d"),
             p["start"].strftime("%Y/%m/%d"), p["end"].isoformat(),
             "死亡" if p["dead"] else "存活", None]
        )  # fmt: skip
    return [*rows, [], [None, f"合计{len(patients)}例"]]


def _cycles(patients: list[dict]) -> list[list]:
    rows = [["研究编号", "疗程", "用药日期", "结束日期", "维奈克拉剂量(mg/d)", "维奈克拉天数"]]
    for p in patients:
        for cycle in range(1, 7):
            day = p["start"] + dt.timedelta(days=30 * (cycle - 1))
            if day + dt.timedelta(days=20) >= p["end"]:
                break
            rows.append([p["number"], f"第{cycle}疗程", day.isoformat(),
                         (day + dt.timedelta(days=13)).isoformat(), 400, 14])  # fmt: skip
    return rows


def _marrows(draw: random.Random, patients: list[dict]) -> list[list]:
    """A wide sheet: four assessments beside each other."""
    head = ["研究编号"]
    for n in range(1, 5):
        head += [f"第{n}次骨穿日期", f"第{n}次疗效", f"第{n}次骨髓幼稚细胞(%)"]
    rows = [head]
    for p in patients:
        row: list = [p["number"]]
        reached = False
        for n, days in enumerate((30, 62, 125, 250), start=1):
            day = p["start"] + dt.timedelta(days=days + draw.randrange(-3, 4))
            if day >= p["end"]:
                row += [None, None, None]
                continue
            good = draw.random() < (0.55 if p["new"] else 0.35)
            if reached and n == 4 and not good:
                word, blasts = "复发", draw.randrange(15, 60)
            elif reached or good:
                word = draw.choice(["CR", "完全缓解", "CRi"])
                reached, blasts = True, draw.randrange(0, 5)
            else:
                word = draw.choice(["部分缓解", "未缓解", "未缓解"])
                blasts = draw.randrange(6, 24) if word == "部分缓解" else draw.randrange(30, 80)
            row += [day.isoformat(), word, blasts]
        rows.append(row)
    return rows


def _genes(draw: random.Random, patients: list[dict]) -> list[list]:
    rows = [["研究编号", "基因名称", "突变状态", "突变频率(%)"]]
    for p in patients:
        for gene in ("NPM1", "FLT3-ITD", "TP53", "IDH2"):
            mutated = draw.random() < 0.2
            share = draw.randrange(40, 480) / 10 if mutated else None
            rows.append([p["number"], gene, "突变" if mutated else "野生型", share])
    return rows


def _toxicity(draw: random.Random, patients: list[dict]) -> list[list]:
    rows = [["研究编号", "不良反应", "级别", "发生日期"]]
    for p in patients:
        for term in draw.sample(["中性粒细胞减少", "血小板减少", "贫血", "肺部感染", "恶心"], 2):
            day = p["start"] + dt.timedelta(days=draw.randrange(3, 12))
            rows.append([p["number"], term, draw.randrange(1, 5), day.isoformat()])
    return rows


def _counts(draw: random.Random, patients: list[dict]) -> list[list]:
    """A row for each visit, a column for each test."""
    rows = [["研究编号", "检查日期", "WBC(×10^9/L)", "Hb(g/L)", "PLT(×10^9/L)"]]
    for p in patients:
        for week in (1, 2, 4):
            day = p["start"] + dt.timedelta(days=7 * week)
            if day < p["end"]:
                rows.append([p["number"], day.isoformat(), draw.randrange(5, 90) / 10,
                             draw.randrange(55, 120), draw.randrange(8, 250)])  # fmt: skip
    return rows


def write(folder: Path) -> Path:
    """Write the workbook into ``folder``."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets().items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    folder.mkdir(parents=True, exist_ok=True)
    book.save(folder / FILE)
    return folder / FILE


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
