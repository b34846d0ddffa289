"""From outlines to the clean tables' rows: cycles, assessments, MRD, therapies, events, values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from venaza.commands.simulate.columns import between, draw_column, pick, stream
from venaza.commands.simulate.fates import FAILED, STOPPED
from venaza.commands.simulate.outline import BASELINE, REMISSION, TABLES
from venaza.commands.simulate.schedule import Schedule

if TYPE_CHECKING:
    from numpy.random import Generator


def records(plan: dict, outline: pd.DataFrame, schedule: Schedule, seed: int) -> dict:
    """Each table's rows (``PATIENT`` is the place in ``outline``), days in columns ``..DT``.

    ``outline`` gains STOPDY and NCYCLE in ``patients``. ``labs`` is wide: a column for each test.
    """
    base = _baseline(plan, outline, stream(seed, BASELINE))
    outline = _stopped(plan, outline, schedule)
    responses = _responses(plan, outline, schedule, base, stream(seed, TABLES, 1))
    tables = {
        "cycles": _cycles(plan, outline, schedule, stream(seed, TABLES, 2)),
        "responses": responses,
        "mrd": _mrd(plan, outline, responses, stream(seed, TABLES, 3)),
        "therapies": _therapies(plan, outline, stream(seed, TABLES, 4)),
        "transplants": _dated(outline, "TXDY", "TXDT", TXTYPE="allogeneic"),
        "adverse_events": _adverse_events(plan, outline, stream(seed, TABLES, 5)),
        "labs": _labs(plan, outline, base, stream(seed, TABLES, 6)),
    }
    tables["patients"] = _patients(plan, outline, base, stream(seed, TABLES, 7))
    tables["genes"] = _genes(plan, len(outline), stream(seed, TABLES, 8))
    return tables


def _frame(columns: dict, order: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns).sort_values(order, kind="stable").reset_index(drop=True)


def _baseline(plan: dict, outline: pd.DataFrame, rng: Generator) -> dict[str, np.ndarray]:
    """Every baseline column, in the plan's order; a placed patient's own values count instead."""
    n = len(outline)
    found: dict[str, np.ndarray] = {"GROUP": outline["GROUP"].to_numpy(object)}
    fixed = [fate.get("set", {}) for fate in plan["patients"]] if "placed" in plan else []
    for name, how in plan["baseline"].items():
        values = draw_column(how, rng.random(n), found)
        for i, own in enumerate(fixed):
            if name in own:
                values[i] = own[name]
        found[name] = values
    return found


def _stopped(plan: dict, outline: pd.DataFrame, schedule: Schedule) -> pd.DataFrame:
    """The day on which the regimen stopped, why, and how many cycles had started by then."""
    most = plan["cycles"]["most"]
    done = schedule.starts[:, most - 1] + 28
    days = {
        "failure": outline["FAILDY"],
        "transplant": outline["TXDY"] - 10,
        "other": outline["CELLDY"] - 10,
        "completed": outline["END"].where(outline["END"] > done) * 0 + done,
        "death": outline["END"].where(outline["DEAD"]),
    }
    stops = pd.DataFrame(days)
    stop = stops.min(axis=1)
    reason = stops.fillna(np.inf).idxmin(axis=1).where(stop.notna(), "")
    failed = outline["FAILTYPE"].map(STOPPED)
    reason = reason.where(reason != "failure", failed)
    until = np.minimum(stop.fillna(outline["END"]), outline["END"]).to_numpy()
    started = (schedule.starts[:, :most] <= (until - 10)[:, None]) | (
        schedule.starts[:, :most] == 0
    )
    return outline.assign(STOPDY=stop, STOPREAS=reason, UNTIL=until, NCYCLE=started.sum(axis=1))


def _cycles(plan: dict, outline, schedule: Schedule, rng: Generator) -> pd.DataFrame:
    rule, n = plan["cycles"], len(outline)
    most = rule["most"]
    patient, cycle = np.nonzero(np.arange(most)[None, :] < outline["NCYCLE"].to_numpy()[:, None])
    start = schedule.starts[patient, cycle]
    longest = _one_of(rule["venetoclax_days"], rng.random(len(patient)))
    days = np.minimum(longest, outline["UNTIL"].to_numpy()[patient] - start + 1)
    doses = _one_of(rule["venetoclax"], rng.random(n))
    columns = {
        "PATIENT": patient,
        "CYCLE": cycle + 1,
        "EXSTDT": start,
        "EXENDT": start + days - 1,
        "VENDOSE": doses[patient],
        "VENDAYS": days,
        "HMADOSE": rule["azacitidine"],
        "HMADAYS": np.minimum(rule["azacitidine_days"], days),
    }
    return _frame(columns, ["PATIENT", "CYCLE"])


def _one_of(values: list, u: np.ndarray) -> np.ndarray:
    return np.array(values)[between([0, len(values) - 1], u).astype(int)]


def _responses(plan, outline, schedule: Schedule, base, rng: Generator) -> pd.DataFrame:
    """Assessments after cycles until shortly before failure, and the one that shows it."""
    failed = outline["FAILDY"].to_numpy()
    last = np.where(np.isnan(failed), outline["END"] - 3 * outline["DEAD"], failed - 21)
    before = (schedule.assessed <= last[:, None]) & (outline["BEST"] != "NE").to_numpy()[:, None]
    patient, k = np.nonzero(before)
    best = outline["BEST"].to_numpy(object)[patient]
    word = np.where(k < outline["REACH"].to_numpy()[patient], "NR", best)
    late = np.nonzero(~np.isnan(failed))[0]
    who = np.concatenate([patient, late])
    kinds = outline["FAILTYPE"].map(FAILED).to_numpy(object)[late]
    day = np.concatenate([schedule.assessed[patient, k], failed[late]])
    given = outline["NCYCLE"].to_numpy()[who]
    started = (schedule.starts[who] <= (day - 20)[:, None]).sum(axis=1)
    columns = {
        "PATIENT": who,
        "RSDT": day,
        "CYCLE": np.minimum(started, given),
        "RSINV": np.concatenate([word, kinds]),
    }
    frame = _frame(columns, ["PATIENT", "RSDT"])
    return _counted(plan, frame, base, rng)


def _counted(plan: dict, frame: pd.DataFrame, base: dict, rng: Generator) -> pd.DataFrame:
    """Blasts and counts as the criteria read the response, or the score of the imaging."""
    n = len(frame)
    u = {name: rng.random(n) for name in ("MBLAST", "PBLAST", "ANC", "PLT", "DEAUV", "WAY")}
    for name in ("MBLAST", "PBLAST", "ANC", "PLT"):
        frame[name] = np.nan
    blasts = base["BMBLAST"].astype(float)[frame["PATIENT"].to_numpy()]
    for word, given in plan["counts"].items():
        ways = given if isinstance(given, list) else [given]
        chosen = between([0, len(ways) - 1], u["WAY"])
        for i, rule in enumerate(ways):
            own = ((frame["RSINV"] == word) & (chosen == i)).to_numpy()
            for name in ("MBLAST", "PBLAST", "ANC", "PLT"):
                low, high = (np.full(n, float(limit)) for limit in rule[name])
                if name == "MBLAST" and "of_baseline" in rule:
                    least, most = rule["of_baseline"]
                    low, high = np.maximum(low, least * blasts), np.minimum(high, most * blasts)
                    low = np.minimum(low, high)
                digits = {"ANC": 2, "MBLAST": 1}.get(name, 0)
                values = np.round(low + (high - low) * u[name], digits)
                frame.loc[own, name] = values[own]
    frame["EMD"] = "N"
    return _imaged(plan, frame, base, u["DEAUV"]) if "imaging" in plan else frame


def _imaged(plan: dict, frame: pd.DataFrame, base: dict, u: np.ndarray) -> pd.DataFrame:
    """The assessments of those whose disease is followed by imaging: a score, no blasts."""
    rule = plan["imaging"]
    own = np.isin(base[rule["column"]].astype(str), rule["codes"])[frame["PATIENT"].to_numpy()]
    frame.loc[own, "RSINV"] = frame.loc[own, "RSINV"].replace(rule["becomes"])
    frame["RSMETH"], frame["DEAUV"] = np.where(own, "imaging", "marrow"), np.nan
    for word, limits in rule["scores"].items():
        those = own & (frame["RSINV"] == word).to_numpy()
        frame.loc[those, "DEAUV"] = between(limits, u)[those]
    frame.loc[own, ["MBLAST", "PBLAST"]] = np.nan
    ill = own & ~frame["RSINV"].isin(REMISSION).to_numpy()
    frame.loc[ill, "EMD"] = "Y"
    return frame


def _mrd(plan: dict, outline, responses: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Samples at remissions before the regimen's end: the first always, the later ones mostly."""
    rule = plan["mrd"]
    rows = responses[responses["RSINV"].isin(REMISSION)]
    if "RSMETH" in rows:
        rows = rows[rows["RSMETH"] == "marrow"]
    until = outline[["FAILDY", "TXDY", "CELLDY"]].min(axis=1).fillna(np.inf).to_numpy()
    rows = rows[rows["RSDT"] < until[rows["PATIENT"]]]
    number = rows.groupby("PATIENT").cumcount().to_numpy()
    of = rows.groupby("PATIENT")["RSDT"].transform("size").to_numpy()
    u = rng.random((3, len(rows)))
    kept = (number == 0) | (u[0] < 0.85)
    negative = outline["MRDNEG"].to_numpy()[rows["PATIENT"]] & (
        (number > 0) | (of == 1) | (u[2] < 0.5)
    )
    method = pick(rule["method"], rng.random(len(outline)))[rows["PATIENT"]]
    limit = np.array([rule["limit"][m] for m in method], dtype=float)
    low, high = np.log(rule["positive"])
    level = np.array([float(f"{v:.2g}") for v in np.exp(low + (high - low) * u[1])])
    columns = {
        "PATIENT": rows["PATIENT"].to_numpy(),
        "MRDDT": rows["RSDT"].to_numpy(),
        "MRDMETH": method,
        "MRDMAT": "bone marrow",
        "MRDLOD": limit,
        "MRDVAL": np.where(negative, np.nan, level),
        "MRDRES": np.where(negative, "NEGATIVE", "POSITIVE"),
    }
    frame = _frame(columns, ["PATIENT", "MRDDT"])
    return frame[kept].reset_index(drop=True)


def _dated(outline: pd.DataFrame, day: str, name: str, **more: object) -> pd.DataFrame:
    patient = np.nonzero(outline[day].notna().to_numpy())[0]
    return _frame({"PATIENT": patient, name: outline[day].to_numpy()[patient], **more}, ["PATIENT"])


def _therapies(plan: dict, outline: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """The first therapy after failure, and cell therapy in remission."""
    n = len(outline)
    u = rng.random((2, n))
    start = outline["FAILDY"].to_numpy() + between([3, 20], u[0])
    treated = outline["TREATED"].to_numpy() & (start < outline["END"].to_numpy() - 5)
    who = np.nonzero(treated)[0]
    regimen = outline["THERAPY"].to_numpy(object)[who]
    answer = np.full(len(who), None, dtype=object)
    for name, spec in plan["therapies"].items():
        own = regimen == name
        if spec["response"]:
            answer[own] = pick(spec["response"], u[1][who][own])
    known = start[who] + 35 <= outline["END"].to_numpy()[who]
    answer[~known] = None
    rows = {"PATIENT": who, "CMSTDT": start[who], "CMTRT": regimen, "CMRESP": answer, "CMLINE": 1}
    cells = _dated(outline, "CELLDY", "CMSTDT", CMTRT=plan.get("cell_therapy"), CMRESP=None)
    both = pd.concat([pd.DataFrame(rows), cells]) if len(cells) else pd.DataFrame(rows)
    return _frame(both, ["PATIENT", "CMSTDT"])


def _adverse_events(plan: dict, outline, rng: Generator) -> pd.DataFrame:
    """Each term in its share of the patients, while on the regimen; fatal infections at death."""
    n, parts = len(outline), []
    until, end = outline["UNTIL"].to_numpy(), outline["END"].to_numpy()
    for term, (share, grades, days, longest, related) in plan["adverse_events"].items():
        u = rng.random((4, n))
        start = between(days, u[1])
        who = np.nonzero((u[0] < share) & (start < until))[0]
        stop = start + between([2, longest], u[3])
        part = {
            "PATIENT": who,
            "AETERM": term,
            "AETOXGR": between(grades, u[2])[who],
            "AESTDT": start[who],
            "AEENDT": np.where(stop <= end, stop, np.nan)[who],
            "AEREL": related,
        }
        parts.append(pd.DataFrame(part))
    return _frame(pd.concat(parts), ["PATIENT", "AESTDT", "AETERM"])


def _labs(plan: dict, outline, base: dict, rng: Generator) -> pd.DataFrame:
    """Values before the first dose and in cycle 1, a column for each test, a row for each day."""
    n, parts = len(outline), []
    for day in sorted({day for days in plan["labs"].values() for day in days}):
        tests = [test for test, days in plan["labs"].items() if day in days]
        values = {test: _lab(test, day, base, rng.random(n)) for test in tests}
        part = pd.DataFrame({"PATIENT": np.arange(n), "LBDT": float(day), **values})
        parts.append(part[outline["END"].to_numpy() >= day])
    frame = pd.concat(parts)
    return _frame(frame, ["PATIENT", "LBDT"])


def _lab(test: str, day: int, base: dict, u: np.ndarray) -> np.ndarray:
    """Values of a test: baseline as recorded, then cytopenia; chemistry within its usual range."""
    fall = 1.0 if day <= 0 else max(0.1, 1 - day / 18)
    if test in ("WBC", "PLT", "HGB"):
        start = base[test].astype(float)
        noise = 1.0 if day <= 0 else 0.8 + 0.4 * u
        kept = 0.85 if test == "HGB" and day > 0 else 1.0 if test == "HGB" else fall
        return np.maximum(np.round(start * kept * noise, 1 if test == "WBC" else 0), 0.1)
    if test == "ANC":
        return np.round(np.clip(base["WBC"].astype(float) * 0.3, 0.1, 4) * fall * (0.7 + u), 2)
    low, high, digits = {
        "CREAT": (50, 100, 0),
        "UA": (200, 420, 0),
        "K": (3.4, 4.6, 2),
        "PHOS": (0.8, 1.4, 2),
        "CA": (2.1, 2.5, 2),
    }[test]
    return np.round(low + (high - low) * u, digits)


def _genes(plan: dict, n: int, rng: Generator) -> pd.DataFrame:
    """Y or N for each gene of the plan, and whether the panel was done (PANEL)."""
    panel = rng.random(n) < plan.get("panel", 1)
    genes = {g: panel & (rng.random(n) < share) for g, share in plan.get("genes", {}).items()}
    return pd.DataFrame({"PANEL": panel, **genes}).replace({True: "Y", False: "N"})


def _patients(plan: dict, outline: pd.DataFrame, base: dict, rng: Generator) -> pd.DataFrame:
    """One row each: baseline, index (day 0), stop, last contact, death and its cause."""
    n, dead = len(outline), outline["DEAD"].to_numpy()
    u = rng.random(n)
    failed, grafted = outline["FAILDY"].notna(), outline["TXDY"].notna()
    cause = np.where(
        failed,
        pick(plan["causes"]["failed"], u),
        np.where(
            grafted, pick(plan["causes"]["transplanted"], u), pick(plan["causes"]["other"], u)
        ),
    )
    frame = pd.DataFrame({"PATIENT": np.arange(n), **base, "INDEXDT": 0.0})
    return frame.assign(
        STOPDT=outline["STOPDY"],
        STOPREAS=outline["STOPREAS"].replace("", None),
        LSTALVDT=outline["END"],
        SURVSTAT=np.where(dead, "DEAD", "ALIVE"),
        DTHDT=outline["END"].where(dead),
        DTHCAUS=np.where(dead, cause, None),
    )
