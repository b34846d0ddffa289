"""SYNTHETIC: sequencing, karyotype and MRD as texts of reports."""

from __future__ import annotations

from tests.new_study.export import Export, Rows, after, day

#: Karyotype, fusion, sequencing; days to death or last contact and status; response and its MRD at
#: day 30 and day 60, the day of relapse; ELN 2022 risk by hand.
_PATIENTS = (
    ("染色体核型：46,XY,t(8;21)(q22;q22)[20]", "AML1/ETO融合基因阳性", "KIT D816V（VAF 12.3%）",
     (700, "存活"), ("CR", "1.2×10-3"), ("CR", "阴性"), None, "favourable"),
    ("46,XX[20]", "阴性", "CEBPA双突变（N端 c.68dup 42%，bZIP区 p.K313dup 40%）",
     (650, "存活"), ("CR", "未检测到"), ("CR", "阴性"), None, "favourable"),
    ("复杂核型", "阴性", "TP53 p.R175H（VAF=45.2%）",
     (150, "死亡"), ("未缓解", "阳性(35%)"), ("未缓解", None), None, "adverse"),
    ("46,XY,inv(16)(p13q22)[20]", "CBFβ-MYH11阳性", "NRAS p.G12D 22%",
     (800, "存活"), ("CRi", "阳性(0.35%)"), ("CR", "小于0.01%"), None, "favourable"),
    ("45,XX,-7[20]", "阴性", "EZH2 p.R690H 30%",
     (300, "死亡"), ("CR", "可见0.05%异常髓系原始细胞"), ("CR", "阴性"), 200, "adverse"),
    ("46,XY[20]", "阴性", "NPM1 A型（35%）、FLT3-ITD(-)",
     (640, "存活"), ("PR", "2.1%"), ("CR", "阴性"), None, "favourable"),
    ("46,XX[20]", "阴性", "FLT3-ITD阳性（AR 0.6）、NPM1(-)",
     (260, "死亡"), ("CR", "0.8%"), ("CR", "0.3%"), 180, "intermediate"),
    ("未见分裂相", "阴性", "未检测到与疾病相关的基因突变",
     (410, "存活"), ("CR", "阴性"), ("CR", "阴性"), None, None),
    ("46,XY[20]", "阴性", "ASXL1 p.G646fs 28%、SRSF2 p.P95H 41%",
     (330, "死亡"), ("MLFS", "0.5%"), ("CR", "阴性"), None, "adverse"),
    ("46,XX[20]", "阴性", "DNMT3A R882H 44%",
     (520, "失访"), ("CR", "阴性"), ("CR", "阴性"), None, "intermediate"),
)  # fmt: skip


_FUSIONS = "['RUNX1::RUNX1T1', 'CBFB::MYH11']"
_GENES = (
    "[NPM1, FLT3-ITD, CEBPA, CEBPA-bZIP, TP53, RUNX1, ASXL1, BCOR, EZH2, SF3B1, SRSF2, STAG2, "
    "U2AF1, ZRSR2]"
)


def genetics() -> Export:
    """Two sheets: texts of reports beside the baseline, and responses with MRD in words."""
    start = [f"2021-{1 + n:02d}-10" for n in range(10)]
    ids = [f"N{n:02d}" for n in range(10)]
    base: Rows = [
        ["编号", "性别", "年龄", "首次用药日期", "染色体核型", "融合基因", "二代测序", "骨髓报告",
         "末次随访时间", "生存状态"]
    ]  # fmt: skip
    seen: Rows = [["编号", "评估日期", "疗效", "MRD结果"]]
    for n, (karyotype, fusion, genes, (last, word), one, two, relapse, _) in enumerate(_PATIENTS):
        marrow = f"骨髓增生活跃，原始粒细胞占{40 + n}%，POX阳性"
        sex = "女" if "XX" in karyotype else "男"
        row = [ids[n], sex, 58 + n, day(start[n]), karyotype, fusion, genes, marrow]
        base.append([*row, after(start[n], last), word])
        seen += [[ids[n], after(start[n], d), *said] for d, said in ((30, one), (60, two))]
        if relapse:
            seen.append([ids[n], after(start[n], relapse), "复发", None])
    event = {"死亡": 0}
    return Export(
        "cn_genetics",
        "sequencing, karyotype and MRD as texts",
        {"遗传学.xlsx": {"基本信息": base, "疗效": seen}},
        edits=(
            (
                "{parse: genes, from: 融合基因}",
                f"{{parse: genes, from: 融合基因, panel: {_FUSIONS}}}",
            ),
            (
                "{parse: genes, from: 二代测序}",
                f"{{parse: genes, from: 二代测序, listed: MUTATED, panel: {_GENES}}}",
            ),
            ("# risk:\n#   scheme: eln2022", "risk:\n  scheme: eln2022"),
        ),
        times={
            "OS": {ids[n]: (p[3][0], event.get(p[3][1], 1)) for n, p in enumerate(_PATIENTS)},
            "RFS": {
                **{"N00": (670, 1), "N01": (620, 1), "N03": (770, 1), "N04": (170, 0)},
                **{"N05": (580, 1), "N06": (150, 0), "N07": (380, 1), "N08": (270, 0)},
                "N09": (490, 1),
            },
        },
        responses={
            **{"N00": "CR", "N01": "CR", "N02": "NR", "N03": "CR", "N04": "CR"},
            **{"N05": "CR", "N06": "CR", "N07": "CR", "N08": "CR", "N09": "CR"},
        },
        cells={ids[n]: {"RISKDRV": p[-1]} for n, p in enumerate(_PATIENTS)},
    )
