"""The hospital's words: sheets, headers, and the several ways in which it writes one thing."""

from __future__ import annotations

#: Clean table -> sheet name, and clean column -> header, in the order of the sheet.
SHEETS: dict[str, tuple[str, dict[str, str]]] = {
    "patients": (
        "患者基本信息",
        {
            "USUBJID": "病案号",
            "SEX": "性别",
            "AGE": "年龄（岁）",
            "DISEASE": "诊断",
            "DISSTAT": "疾病状态",
            "DISTYPE": "AML类型",
            "DIAGDT": "确诊日期",
            "PRIORLN": "既往治疗线数",
            "PRIORHMA": "既往去甲基化药物",
            "ECOG": "ECOG",
            "RISK": "ELN危险分层",
            "WBC": "WBC(×10^9/L)",
            "HGB": "HGB(g/L)",
            "PLT": "PLT(×10^9/L)",
            "BMBLAST": "骨髓原始细胞(%)",
            "INDEXDT": "首次用药日期",
            "STOPDT": "停药日期",
            "STOPREAS": "停药原因",
            "LSTALVDT": "末次随访日期",
            "SURVSTAT": "生存状态",
            "DTHDT": "死亡日期",
            "DTHCAUS": "死亡原因",
            "REMARK": "备注",
            "KARYO": "染色体核型",  # last, so that the cells before it keep their drawn styles
        },
    ),
    "cycles": (
        "疗程",
        {
            "USUBJID": "病案号",
            "CYCLE": "疗程",
            "EXSTDT": "开始日期",
            "EXENDT": "结束日期",
            "VENDOSE": "维奈克拉剂量(mg/d)",
            "VENDAYS": "维奈克拉天数",
            "HMADOSE": "阿扎胞苷剂量(mg/m2)",
            "HMADAYS": "阿扎胞苷天数",
        },
    ),
    "responses": (
        "疗效评估",
        {
            "USUBJID": "病案号",
            "RSDT": "评估日期",
            "CYCLE": "疗程后",
            "MBLAST": "骨髓原始细胞(%)",
            "PBLAST": "外周血原始细胞(%)",
            "ANC": "ANC(×10^9/L)",
            "PLT": "PLT(×10^9/L)",
            "EMD": "髓外病变",
            "RSINV": "疗效(Response)",
            "REMARK": "备注",
        },
    ),
    "mrd": (
        "MRD",
        {
            "USUBJID": "病案号",
            "MRDDT": "检测日期",
            "MRDMETH": "方法",
            "MRDMAT": "标本",
            "MRDVAL": "MRD结果(%)",
        },
    ),
    "mutations": (
        "基因突变",
        {"USUBJID": "病案号", "GENE": "基因", "GERES": "结果", "VAF": "VAF(%)"},
    ),
    "therapies": (
        "后续治疗",
        {
            "USUBJID": "病案号",
            "CMLINE": "线数",
            "CMSTDT": "开始日期",
            "CMTRT": "方案",
            "CMRESP": "疗效",
        },
    ),
    "transplants": ("移植", {"USUBJID": "病案号", "TXDT": "移植日期", "TXTYPE": "类型"}),
    "adverse_events": (
        "不良事件",
        {
            "USUBJID": "病案号",
            "AETERM": "不良事件",
            "AETOXGR": "CTCAE分级",
            "AESTDT": "开始日期",
            "AEENDT": "结束日期",
            "AEREL": "与药物相关",
        },
    ),
    "labs": (
        "化验",
        {
            "USUBJID": "病案号",
            "LBDT": "日期",
            "LBTESTCD": "项目",
            "LBSTRESN": "结果",
            "UNIT": "单位",
        },
    ),
}

_YES_NO = {"Y": ("是", "Y", "有"), "N": ("否", "N", "无")}
_RESPONSE = {
    "CR": ("CR", "完全缓解", "CR", "血液学CR", "ＣＲ"),
    "CRi": ("CRi", "CRi", "完全缓解伴血细胞不完全恢复"),
    "MLFS": ("MLFS", "形态学无白血病状态"),
    "PR": ("PR", "部分缓解"),
    "NR": ("NR", "未缓解", "无效"),
    "PD": ("PD", "疾病进展", "进展"),
    "RELAPSE": ("复发", "Relapse", "复发"),
    "NE": ("NE", "无法评估", "未评估"),
}

#: Clean column -> code -> the ways of writing it; repeated where it is usual.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "SEX": {"M": ("男", "M", "男"), "F": ("女", "F", "女 ")},
    "DISEASE": {"AML": ("AML", "急性髓系白血病")},
    "DISSTAT": {"ND": ("初治", "ND", "初治 "), "RR": ("R/R", "复发/难治", "复发难治", "RR")},
    "DISTYPE": {
        "de novo": ("原发", "de novo"),
        "secondary": ("继发", "MDS转化", "sAML"),
        "therapy-related": ("治疗相关", "t-AML"),
    },
    "RISK": {
        "favourable": ("低危", "预后良好", "favorable"),
        "intermediate": ("中危", "预后中等", "intermediate"),
        "adverse": ("高危", "预后不良", "adverse"),
    },
    "PRIORHMA": _YES_NO,
    "EMD": {"Y": ("有", "Y"), "N": ("无", "N", "否", "无")},
    "AEREL": {"Y": ("是", "Y"), "N": ("否", "N")},
    "SURVSTAT": {
        "ALIVE": ("存活", "alive", "存活"),
        "DEAD": ("死亡", "dead", "死亡 "),
        "LOST": ("失访",),
    },
    "DTHCAUS": {
        "disease progression": ("疾病进展", "白血病进展", "disease progression"),
        "infection": ("感染", "重症感染", "infection"),
        "bleeding": ("颅内出血", "出血"),
        "other": ("其他", "other"),
    },
    "STOPREAS": {
        "relapse": ("复发", "relapse"),
        "refractory disease": ("难治", "未缓解", "refractory"),
        "toxicity": ("毒性", "不良反应", "toxicity"),
        "transplant": ("移植", "transplant"),
        "patient's wish": ("患者意愿", "拒绝继续"),
        "death": ("死亡", "death"),
    },
    "RSINV": _RESPONSE,
    "CMRESP": _RESPONSE,
    "MRDMETH": {"flow cytometry": ("流式", "流式细胞术", "MFC", "flow")},
    "MRDMAT": {"bone marrow": ("骨髓", "BM")},
    "MRDRES": {"NEGATIVE": ("阴性", "未检出")},
    "GENE": {
        "FLT3-ITD": ("FLT3-ITD", "FLT3-ITD", "FLT3ITD"),
        "TP53": ("TP53", "TP53", "P53"),
        "NRAS": ("NRAS", "N-RAS"),
        "KRAS": ("KRAS", "K-RAS"),
    },
    "GERES": {
        "MUTATED": ("突变", "阳性", "+", "mutated"),
        "WILD-TYPE": ("野生型", "阴性", "野生型", "WT"),
        "NOT TESTED": ("未检测", "未检"),
    },
    "CMTRT": {
        "VEN-AZA + selinexor": ("VA+塞利尼索",),
        "VEN-AZA + chidamide": ("VA+西达本胺",),
        "VEN-AZA + gilteritinib": ("VA+吉瑞替尼", "VEN-AZA+gilteritinib"),
        "VEN-AZA + enasidenib": ("VA+恩西地平",),
        "VEN-AZA again": ("VA再治疗",),
        "induction chemotherapy": ("诱导化疗", "挽救化疗", "chemotherapy"),
        "clinical trial": ("临床试验", "clinical trial"),
        "low-dose cytarabine": ("小剂量阿糖胞苷", "LDAC"),
        "hydroxyurea": ("羟基脲", "hydroxyurea"),
    },
    "TXTYPE": {"allogeneic": ("异基因", "allo-HSCT", "异基因移植")},
    "AETERM": {
        "Neutrophil count decreased": ("中性粒细胞减少", "neutropenia"),
        "Platelet count decreased": ("血小板减少", "thrombocytopenia"),
        "Anaemia": ("贫血", "anemia"),
        "Febrile neutropenia": ("粒缺发热", "中性粒细胞减少伴发热", "FN"),
        "Lung infection": ("肺部感染", "肺炎", "pneumonia"),
        "Sepsis": ("败血症", "脓毒症", "sepsis"),
        "Nausea": ("恶心", "nausea"),
        "Vomiting": ("呕吐", "vomiting"),
        "Constipation": ("便秘", "constipation"),
        "Diarrhoea": ("腹泻", "diarrhea"),
        "Hypokalaemia": ("低钾血症", "hypokalemia"),
        "Fatigue": ("乏力", "fatigue"),
        "Alanine aminotransferase increased": ("转氨酶升高", "ALT升高"),
        "Mucositis oral": ("口腔黏膜炎",),
        "Tumour lysis syndrome": ("肿瘤溶解综合征", "TLS"),
    },
    "LBTESTCD": {
        "WBC": ("WBC", "白细胞"),
        "ANC": ("ANC", "中性粒细胞"),
        "HGB": ("HGB", "血红蛋白", "Hb"),
        "PLT": ("PLT", "血小板"),
        "CREAT": ("肌酐", "Cr"),
        "UA": ("尿酸", "UA"),
        "K": ("血钾", "K"),
        "PHOS": ("血磷", "P"),
        "CA": ("血钙", "CA"),
    },
    "UNIT": {
        "×10^9/L": ("×10^9/L", "10^9/L", "×10⁹/L", "×10^9/L"),
        "µmol/L": ("µmol/L", "umol/L", "μmol/L"),
    },
}

#: How a cell without a value is written; most are empty.
MISSING = ("不详", "-", "未查", "NA", "/")
GRADES = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ", 5: "Ⅴ"}
REMARKS = ("门诊随访", "电话随访", "住院治疗", "外院检查")
