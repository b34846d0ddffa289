"""Made-up studies for the figures: tables, ARD, curves and study, built from the contracts."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd

MONTH = 30
CATEGORIES = ("CR", "CRi", "PR", "MLFS", "NR", "NE")
TERMS = (
    "Febrile neutropenia",
    "Neutrophil count decreased",
    "Platelet count decreased",
    "Anaemia",
    "Lung infection",
    "Nausea",
    "Diarrhoea",
    "Sepsis",
    "Hypokalaemia",
    "Fatigue",
    "Constipation",
    "Alanine aminotransferase increased",
    "Tumour lysis syndrome",
    "Rash maculo-papular",
    "Vomiting",
    "Bleeding",
    "Oedema limbs",
)


def slug(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text).strip("_")


def make_study(levels: dict[str, str] | None, **analysis) -> dict:
    """A study dictionary as the configuration gives it, with only what figures read."""

    def endpoint(label, events, competing=()):
        return {"label": label, "events": list(events), "competing": list(competing)}

    def described(**names):
        return {name: {"description": text} for name, text in names.items()}

    return {
        "study": {"synthetic": True},
        "timeline": {"index": "first dose of the regimen", "days_per_month": MONTH},
        "groups": {"name": "group", "label": "Group", "levels": levels} if levels else None,
        "response": {
            "order": ["CR", "CRh", "CRi", "MLFS", "PR", "SD", "NR", "PD", "RELAPSE", "NE"],
            "remission": ["CR", "CRh", "CRi"],
            "overall": ["CR", "CRh", "CRi", "PR"],
            "denominator": "evaluable",
        },
        "mrd": {"denominator": "remission"},
        "failure": {"milestones": ["REFRACTORY", "RELAPSE", "PROGRESSION"]},
        "milestones": described(
            DEATH="Death",
            FIRST_RESPONSE="First response",
            FIRST_REMISSION="First complete remission",
            REFRACTORY="Refractory disease",
            RELAPSE="Relapse",
            PROGRESSION="Progressive disease",
            NEXT_THERAPY="Next anti-leukaemic therapy",
            TRANSPLANT="Transplant",
        ),
        "alternatives": {},
        "published_curves": [],
        "report": {"tiff": False},
        "endpoints": {
            "OS": endpoint("Overall survival", ["DEATH"]),
            "EFS": endpoint("Event-free survival", ["REFRACTORY", "RELAPSE", "DEATH"]),
            "PFOS": endpoint("Post-failure overall survival", ["DEATH"]),
            "CIR": endpoint("Cumulative incidence of relapse", ["RELAPSE"], ["DEATH"]),
        },
        "analysis": {
            **{"confidence": 0.95, "risk_table_months": 3},
            **{"least_patients": 1, "least_events": 0, **analysis},
        },
        "tables": {"patients": {}, "responses": {}, "therapies": {}, "adverse_events": {}},
    }


def make_patients(sizes: dict[str | None, int], scale: float, failing: bool) -> pd.DataFrame:
    """Patients whose times follow a fixed low-discrepancy sequence; days from index."""
    rows = []
    for g, (level, n) in enumerate(sizes.items()):
        for i in range(n):
            u, v, w = ((0.5 + (i + 1) * k) % 1 for k in (0.6180340, 0.7548777, 0.5698403))
            os_days = int(-math.log(u) * scale * (1 - 0.25 * g))
            end, died = min(os_days, int(scale * (0.6 + 1.9 * v))), False
            died = end == os_days
            fails = failing and w < 0.7 and end > 40
            rows.append(
                {
                    "USUBJID": f"P{g}{i:03d}",
                    "GROUP": level,
                    "ITTFL": "Y",
                    "ENDDY": end,
                    "DTHFL": "Y" if died else "N",
                    "FAILDY": 20 + int((end - 30) * (0.3 + 0.6 * v)) if fails else pd.NA,
                    "STOPDY": int(end * 0.8) if i % 4 == 0 else pd.NA,
                    "TXDY": pd.NA,
                    "U": u,
                    "W": w,
                }
            )
    frame = pd.DataFrame(rows)
    return frame.astype({"GROUP": "string", "ENDDY": "Int64", "FAILDY": "Int64", "STOPDY": "Int64"})


def make_milestones(adsl: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for p in adsl.to_dict("records"):
        fail, end = p["FAILDY"], p["ENDDY"]
        if p["W"] < 0.6 and end > 60:
            rows.append((p["USUBJID"], "FIRST_RESPONSE", 18))
            rows.append((p["USUBJID"], "FIRST_REMISSION", 18 if p["U"] < 0.5 else 45))
        if not pd.isna(fail):
            rows.append((p["USUBJID"], "RELAPSE" if p["W"] < 0.5 else "REFRACTORY", fail))
            if p["U"] < 0.6 and end - fail > 10:
                rows.append((p["USUBJID"], "NEXT_THERAPY", fail + 8))
        if p["U"] > 0.9 and end > 200:
            rows.append((p["USUBJID"], "TRANSPLANT", 120))
        if p["DTHFL"] == "Y":
            rows.append((p["USUBJID"], "DEATH", end))
    return pd.DataFrame(rows, columns=["USUBJID", "MILESTONE", "ADY"]).astype({"ADY": "Int64"})


class Ard:
    """Collects ARD rows with the columns that figures read."""

    def __init__(self) -> None:
        self.rows: list[tuple] = []

    def add(self, ard_id: str, value: float | None, display: str | None = None, term=None) -> None:
        if display is None:
            display = "not reached" if value is None else f"{value:g}"
        self.rows.append((ard_id, value, display, term))

    def percent(self, stem: str, n: int, of: int, term: str | None = None) -> None:
        self.add(f"{stem}.n", n, term=term)
        self.add(f"{stem}.percent", 100 * n / of, f"{100 * n / of:.1f}", term)

    def frame(self) -> pd.DataFrame:
        frame = pd.DataFrame(self.rows, columns=["ard_id", "value", "display", "term"])
        frame["method"] = pd.NA
        return frame.astype(
            {"value": "Float64", "display": "string", "term": "string", "method": "string"}
        )


def survival(days: np.ndarray, event: np.ndarray) -> pd.DataFrame:
    """Kaplan-Meier steps with log-log limits, the plain way."""
    rows, s, green = [(0, len(days), 0, 0, 1.0, 1.0, 1.0)], 1.0, 0.0
    for t in sorted(set(days)):
        at_risk, d = int((days >= t).sum()), int(event[days == t].sum())
        s *= 1 - d / at_risk
        green += d / (at_risk * (at_risk - d)) if at_risk > d else math.inf
        lower = upper = 1.0 if s == 1 else math.nan
        if 0 < s < 1:
            half = 1.96 * math.sqrt(green) / abs(math.log(s))
            lower, upper = s ** math.exp(half), s ** math.exp(-half)
        rows.append((t, at_risk, d, int((days == t).sum()) - d, s, lower, upper))
    names = ["time", "n_risk", "n_event", "n_censor", "estimate", "lower", "upper"]
    return pd.DataFrame(rows, columns=names)


def incidence(days: np.ndarray, kind: np.ndarray) -> dict[str, pd.DataFrame]:
    """Aalen-Johansen steps of event (1) and competing event (2)."""
    rows = {"event": [(0, len(days), 0, 0, 0.0)], "competing": [(0, len(days), 0, 0, 0.0)]}
    s, total = 1.0, {"event": 0.0, "competing": 0.0}
    for t in sorted(set(days)):
        at_risk = int((days >= t).sum())
        counts = {
            c: int(((days == t) & (kind == k)).sum()) for k, c in ((1, "event"), (2, "competing"))
        }
        for cause, d in counts.items():
            total[cause] += s * d / at_risk
            rows[cause].append((t, at_risk, d, 0, total[cause]))
        s *= 1 - sum(counts.values()) / at_risk
    names = ["time", "n_risk", "n_event", "n_censor", "estimate"]
    return {cause: pd.DataFrame(r, columns=names) for cause, r in rows.items()}


def _times(code: str, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Days and kind (0 censored, 1 event, 2 competing) of one endpoint."""
    end = rows["ENDDY"].to_numpy(dtype=float)
    died = (rows["DTHFL"] == "Y").to_numpy()
    fail = rows["FAILDY"].to_numpy(dtype=float, na_value=np.nan)
    failed = ~np.isnan(fail)
    if code == "OS":
        return end, died.astype(int)
    if code == "PFOS":
        return (end - fail)[failed], died[failed].astype(int)
    days = np.where(failed, fail, end)
    if code == "EFS":
        return days, (failed | died).astype(int)
    return days, np.where(failed, 1, np.where(died, 2, 0))


def make_results(study: dict, adsl: pd.DataFrame, levels: list[str | None], ard: Ard):
    """Fills ``ard`` and returns the curves."""
    curves = []
    for code, endpoint in study["endpoints"].items():
        for level in levels:
            g = slug(level) if level else "all"
            rows = adsl[adsl["GROUP"] == level] if level else adsl
            days, kind = _times(code, rows)
            if not len(days):
                ard.add(f"km.{code}.{g}.n", 0)
                continue
            if endpoint["competing"]:
                parts = [("cumulative_incidence", c, f) for c, f in incidence(days, kind).items()]
            else:
                parts = [("kaplan_meier", None, survival(days, kind))]
                _km_rows(ard, f"km.{code}.{g}", parts[0][2], days, kind)
            for curve, cause, frame in parts:
                about = {"curve": curve, "endpoint": code, "group": level, "cause": cause}
                curves.append(frame.assign(**about))
                if cause:
                    value = 100 * frame.loc[frame["time"] <= 12 * MONTH, "estimate"].iloc[-1]
                    for name, shift in (("estimate", 0), ("lower", -8), ("upper", 9)):
                        shown = max(0.0, value + shift)
                        ard.add(f"ci.{code}.{g}.{cause}.m12.{name}", shown, f"{shown:.1f}")
            _risk_rows(ard, study, adsl, code, g, days)
        if len(levels) > 1:
            ard.add(f"logrank.{code}.p_value", 0.012, "0.012")
    columns = ["curve", "endpoint", "group", "cause", "time", "n_risk", "n_event", "n_censor"]
    if not curves:
        return pd.DataFrame(columns=[*columns, "estimate", "lower", "upper"])
    frame = pd.concat(curves, ignore_index=True)
    return frame.astype({"group": "string", "cause": "string", "estimate": "Float64"})


def _km_rows(ard: Ard, stem: str, steps: pd.DataFrame, days: np.ndarray, event: np.ndarray) -> None:
    ard.add(f"{stem}.n", len(days))
    ard.add(f"{stem}.events", int(event.sum()))
    for name, column in (
        ("median", "estimate"),
        ("median_lower", "lower"),
        ("median_upper", "upper"),
    ):
        below = steps.loc[steps[column] <= 0.5, "time"]
        value = below.iloc[0] / MONTH if len(below) else None
        ard.add(f"{stem}.{name}", value, None if value is None else f"{value:.2f}")


def _risk_rows(ard: Ard, study: dict, adsl: pd.DataFrame, code: str, g: str, days) -> None:
    step = study["analysis"]["risk_table_months"]
    for month in range(0, int(adsl["ENDDY"].max() / MONTH) + 1, step):
        ard.add(f"risk.{code}.{g}.m{month}.n_risk", int((days >= month * MONTH).sum()))


def _response_rows(ard: Ard, levels: list[str | None], adsl: pd.DataFrame) -> None:
    for k, level in enumerate(levels):
        g = slug(level) if level else "all"
        n = int((adsl["GROUP"] == level).sum()) if level else len(adsl)
        shares = [int(n * s) for s in (0.38, 0.24 - 0.05 * k, 0.14, 0.03)]
        counts = [*shares, n - sum(shares) - min(n, 1), min(n, 1)]
        for category, count in zip(CATEGORIES, counts, strict=True):
            ard.percent(f"bor.{g}.{category}", count, max(n, 1), category)
        of = max(n - 1, 1)
        for parameter, k_of in (
            ("ORR", (sum(counts[:3]), of)),
            ("CRC", (sum(counts[:2]), of)),
            ("MRDNEG", (sum(counts[:2]) // 3, max(sum(counts[:2]), 1))),
        ):
            x, d = k_of
            ard.percent(f"rate.{parameter}.{g}", x, d)
            ard.add(f"rate.{parameter}.{g}.denominator", d)
            for name, shift in (("lower", -18), ("upper", 13)):
                value = min(100.0, max(0.0, 100 * x / d + shift))
                ard.add(f"rate.{parameter}.{g}.{name}", value, f"{value:.1f}")


def _ae_rows(ard: Ard, levels: list[str | None], adsl: pd.DataFrame) -> None:
    for k, level in enumerate(levels):
        g = slug(level) if level else "all"
        n = int((adsl["GROUP"] == level).sum()) if level else len(adsl)
        for i, term in enumerate(TERMS):
            some = int(n * (0.75 - 0.04 * i + 0.03 * ((i + k) % 3)))
            ard.percent(f"ae.{g}.{slug(term)}.any", max(some, 0), max(n, 1), term)
            ard.percent(f"ae.{g}.{slug(term)}.g3", max(some // (1 + i % 4) - 1, 0), max(n, 1), term)
        ard.percent(f"ae.{g}.total.any", n, max(n, 1))
        ard.add(f"n.SAF.{g}", n)


def make_flow(adsl: pd.DataFrame, levels: list[str | None]) -> pd.DataFrame:
    """The cohort flow as the endpoints stage gives it."""
    n = len(adsl)
    rows = [
        ("raw", None, None, "Patient rows in the export", n + 3, None, None),
        ("patients", "raw", None, "Patients", n + 1, 2, "Duplicate row of a patient (n = 2)"),
        ("treated", "patients", None, "Treated patients", n, 1, "No index date (n = 1)"),
    ]
    for level in levels:
        part = adsl[adsl["GROUP"] == level] if level else adsl
        key, tail = level or "all", f":{level}" if level else ""
        size, lost = len(part), min(len(part), 3)
        failed = int(part["FAILDY"].notna().sum())
        later = failed // 2
        reasons = f"Died before the first assessment (n = {max(lost - 1, 0)})"
        reasons += f"; Withdrew consent (n = {min(lost, 1)})"
        kept = f"no failure recorded (n = {size - failed})"
        label = {"ND": "Newly diagnosed", "RR": "Relapsed or refractory"}.get(key, key)
        parent = "treated"
        if level:
            rows.append((f"group{tail}", "treated", level, label, size, None, None))
            parent = f"group{tail}"
        rows += [
            (
                f"evaluable{tail}",
                parent,
                level,
                "Evaluable for response",
                size - lost,
                lost,
                reasons,
            ),
            (f"failed{tail}", parent, level, "Regimen failed", failed, size - failed, kept),
            (
                f"treated_after{tail}",
                f"failed{tail}",
                level,
                "Treated again after failure",
                later,
                failed - later,
                f"no further therapy recorded (n = {failed - later})",
            ),
        ]
    names = ["BOX", "PARENT", "GROUP", "LABEL", "N", "EXCLUDED", "REASONS"]
    return pd.DataFrame(rows, columns=names).astype({"N": "Int64", "EXCLUDED": "Int64"})


def make_case(
    sizes: dict[str, int] | int,
    labels: dict[str, str] | None = None,
    *,
    scale: float = 420,
    failing: bool = True,
    **analysis,
) -> SimpleNamespace:
    """Everything ``draw_all`` takes, for groups of these sizes (or one cohort of a size)."""
    grouped = isinstance(sizes, dict)
    labels = labels or {"ND": "Newly diagnosed", "RR": "Relapsed or refractory"}
    levels = list(sizes) if grouped else [None]
    study = make_study({k: labels.get(k, k) for k in sizes} if grouped else None, **analysis)
    adsl = make_patients(sizes if grouped else {None: sizes}, scale, failing)
    ard = Ard()
    curves = make_results(study, adsl, levels, ard)
    _response_rows(ard, levels, adsl)
    _ae_rows(ard, levels, adsl)
    tables = {
        "adsl": adsl.drop(columns=["U", "W"]),
        "milestones": make_milestones(adsl),
        "flow": make_flow(adsl, levels),
    }
    return SimpleNamespace(tables=tables, ard=ard.frame(), curves=curves, study=study)


def sheet_of(case: SimpleNamespace, name: str):
    """One figure of the case, drawn with the journal's look but not written."""
    return drawn(case, name)[0]


def drawn(case: SimpleNamespace, name: str):
    """One figure of the case and the data drawn."""
    from venaza.pipeline.figures import style
    from venaza.pipeline.figures.draw import figure
    from venaza.pipeline.figures.lookup import Numbers

    with style.journal():
        sheet, data = figure(name, case.tables, Numbers(case.ard), case.curves, case.study)
        sheet.mark_synthetic(case.study)
    return sheet, data


def texts_of(sheet) -> list[str]:
    """Every text that is printed."""
    from matplotlib.text import Text

    return [t.get_text() for t in sheet.figure.findobj(Text) if t.get_text()]


def artist(sheet, gid: str):
    """The one artist with this name."""
    found = sheet.figure.findobj(lambda a: a.get_gid() == gid)
    assert len(found) == 1, f"{len(found)} artists called {gid!r}"
    return found[0]
