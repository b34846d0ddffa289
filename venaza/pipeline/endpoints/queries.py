"""Queries that need derived responses, milestones or risk groups; columns as the cleaning's."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from venaza.contracts.clean import PLACE, QUERIES
from venaza.contracts.files import conform
from venaza.contracts.queries import query_ids
from venaza.contracts.query_wording import not_off, worded
from venaza.pipeline.endpoints.arrays import floats, highest
from venaza.pipeline.endpoints.asked import Asked, shown
from venaza.pipeline.endpoints.choices import choices
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.groups import not_listed
from venaza.pipeline.endpoints.needs import described, used_milestones
from venaza.pipeline.endpoints.open_deaths import deaths_at_a_landmark
from venaza.pipeline.endpoints.response import disagreements
from venaza.pipeline.endpoints.window import NO_RESPONSE, is_one_of, on_treatment


def endpoint_queries(
    assessments: pd.DataFrame,
    facts: Facts,
    about_risk: list[dict],
    tables: dict[str, pd.DataFrame],
    study: dict,
) -> pd.DataFrame:
    """The queries of this stage (``QUERIES``), those of checks that are off left out."""
    asked = [
        *_disagreements(assessments, tables, study),
        *_relapse_without_remission(assessments, facts, study),
        *_remission_after_therapy(assessments, facts, tables, study),
        *_blasts_once(assessments, facts, tables, study),
        *_without_cycle(assessments, facts, study),
        *choices(assessments, facts, tables, study),
        *_about_risk(about_risk, tables),
        *not_listed(tables["patients"], study),
        *deaths_at_a_landmark(facts, tables, study),
    ]
    named: dict[str, set[str]] = {}
    for item in asked:
        named.setdefault(item.table, set()).add(item.patient)
    places = {name: _rows(tables[name], patients) for name, patients in named.items()}
    made = [_query(item, places[item.table], study) for item in asked]
    frame = conform(pd.DataFrame(not_off(made)), QUERIES)
    return frame.assign(QUERYID=query_ids(frame, tables))


def _rows(table: pd.DataFrame, patients: Collection[str]) -> dict[tuple, dict]:
    """The rows of those patients whom a query names, by patient and SEQ."""
    own = table[table["USUBJID"].isin(patients)]
    return {(row["USUBJID"], row["SEQ"]): row for row in own.to_dict("records")}


def _query(item: Asked, rows: dict[tuple, dict], study: dict) -> dict:
    raw = rows[(item.patient, item.seq)]
    value = raw[item.column] if item.value is None else item.value
    return {
        **worded(study["checks"]["rules"], item.rule, item.said, item.action),
        "USUBJID": item.patient,
        "TABLE": item.table,
        "COLUMN": item.column,
        "VALUE": None if pd.isna(value) else str(value),
        **{name: raw[name] for name in PLACE},
        "SRCCOL": _header(item.table, item.column, study),
    }


def _header(table: str, column: str, study: dict) -> str | None:
    """The raw header behind a clean column; None where the study does not map it."""
    if table not in study["tables"]:
        return None
    return study["tables"][table]["records"][0]["columns"].get(column, {}).get("from")


def _disagreements(assessments, tables: dict, study: dict) -> Iterator[Asked]:
    """Recorded and derived response that contradict each other, where cleaning asked nothing.

    Of the marrow before treatment no response is derived that could contradict a word.
    """
    found = disagreements(assessments, study)
    rows = _rows(tables["responses"], found["USUBJID"])
    counted = study["response"]["counts"] == "investigator"
    action = "the investigator's response counts" if counted else "derived counts"
    asked = _asked_in_cleaning(tables)
    for item in found.to_dict("records"):
        raw = rows[(item["USUBJID"], item["SEQ"])]
        baseline = not pd.isna(item["ADY"]) and item["ADY"] <= 0
        if baseline or (raw["SRCFILE"], raw["SRCSHEET"], raw["SRCROW"]) in asked:
            continue
        said = {"stated": item["RSINV"], "derived": item["RSDRV"]}
        measured = {"blasts": ("MBLAST", "%"), "anc": ("ANC",), "plt": ("PLT",)}
        said |= {name: shown(raw[column], *unit) for name, (column, *unit) in measured.items()}
        yield _of_response("response_disagrees", item["USUBJID"], item["SEQ"], said, action)


def _of_response(
    rule: str, patient: str, seq: int, said: dict, action: str | None = None, **more
) -> Asked:
    return Asked(rule, "responses", patient, seq, "RSINV", said, action, **more)


def _asked_in_cleaning(tables: dict[str, pd.DataFrame]) -> set[tuple]:
    """Raw rows whose recorded response is in a query already: one question is enough."""
    if "queries" not in tables:
        return set()
    queries = tables["queries"]
    own = queries[(queries["TABLE"] == "responses") & (queries["COLUMN"] == "RSINV")]
    return set(zip(own["SRCFILE"], own["SRCSHEET"], own["SRCROW"], strict=True))


def _relapse_without_remission(assessments, facts: Facts, study: dict) -> Iterator[Asked]:
    """A relapse with no remission on treatment before it, in a study that records remissions."""
    if not assessments["RSINV"].isin(study["response"]["remission"]).any():
        return
    relapse = facts.table(facts.first("RELAPSE"))
    alone = relapse[
        relapse["ADY"].notna() & ~(_remission(assessments, facts, study) <= relapse["ADY"])
    ]
    for patient, seq in _by_patient(alone, facts):
        yield _of_response("relapse_without_remission", patient, seq, {}, value="RELAPSE")


def _by_patient(rows: pd.DataFrame, facts: Facts) -> list[tuple[str, int]]:
    """Patient and SEQ of facts, in the order of the patients' names."""
    return sorted(
        zip(facts.patients.take(rows["PATIENT"]), rows["SRCSEQ"].astype(int), strict=True)
    )


def _remission(assessments: pd.DataFrame, facts: Facts, study: dict) -> np.ndarray:
    """The day of the first remission after the index date, by patient."""
    days = floats(assessments["ADY"])
    reached = is_one_of(assessments["RESPONSE"], study["response"]["remission"])
    reached &= on_treatment(days, assessments["RESPONSE"], study)
    places = facts.places(assessments["USUBJID"])
    return -highest(places[reached], -days[reached], len(facts.patients))


def _remission_after_therapy(
    assessments, facts: Facts, tables: dict, study: dict
) -> Iterator[Asked]:
    """A first remission that came only after what ends the regimen."""
    left = facts.table(facts.passed_over)
    late = left[(left["NAME"] == "FIRST_REMISSION") & (left["WHEN"] == "after")]
    late = late[late["WHAT"].isin(study["response"]["until"])]
    late = late[facts.first("FIRST_REMISSION")[late["PATIENT"]] < 0]
    late = late.sort_values(["ADY", "SRCSEQ"]).drop_duplicates("PATIENT")
    words = assessments.set_index(["USUBJID", "SEQ"])["RESPONSE"]
    named = tables["therapies"].set_index(["USUBJID", "SEQ"])["CMTRT"]
    found = late.assign(USUBJID=facts.patients.take(late["PATIENT"])).sort_values("USUBJID")
    for item in found.itertuples():
        begun = facts.table(facts.first(item.WHAT)[[item.PATIENT]]).iloc[0]
        patient, seq = item.USUBJID, int(item.SRCSEQ)
        said = {"response": words[(patient, seq)], "days": int(item.ADY - begun["ADY"])}
        of_therapy = begun["SRCDOM"] == "therapies"
        therapy = named.get((patient, begun["SRCSEQ"])) if of_therapy else None
        said["therapy"] = described(item.WHAT, study) if pd.isna(therapy) else therapy
        yield Asked("best_response_after_later_therapy", "responses", patient, seq, "RSDT", said)


def _blasts_once(assessments, facts: Facts, tables: dict, study: dict) -> Iterator[Asked]:
    """Blood blasts after a remission in a single sample, where nothing else shows the relapse."""
    asked = _asked_in_cleaning(tables)
    since = _remission(assessments, facts, study)[facts.places(assessments["USUBJID"])]
    open_still = assessments[assessments["RSDRV"].isna() & (since < floats(assessments["ADY"]))]
    rows = _rows(tables["responses"], open_still["USUBJID"])
    for item in open_still.to_dict("records"):
        raw = rows[(item["USUBJID"], item["SEQ"])]
        if pd.isna(raw["PBLAST"]):
            continue
        place = (raw["SRCFILE"], raw["SRCSHEET"], raw["SRCROW"])
        if raw["PBLAST"] > 0 and item["RESPONSE"] not in ("RELAPSE", "PD") and place not in asked:
            said = {"blasts": shown(raw["PBLAST"]), "marrow": shown(raw["MBLAST"], "%")}
            said["days"] = study["response"]["blood_relapse_days"]
            where = ("responses", item["USUBJID"], item["SEQ"], "PBLAST", said)
            yield Asked("blood_blasts_once", *where)


def _without_cycle(assessments, facts: Facts, study: dict) -> Iterator[Asked]:
    """Assessments that would be a failure if their cycle were known, and so count for nothing."""
    used = used_milestones(study)
    left = facts.table(facts.passed_over)
    left = left[(left["WHEN"] == "without") & (left["WHAT"] == "CYCLE") & left["NAME"].isin(used)]
    left = left.drop_duplicates(["PATIENT", "SRCSEQ"])
    key = ["PATIENT", "SRCDOM", "SRCSEQ"]
    rows = np.concatenate([facts.rows(name) for name in ("", *used)])
    counted = facts.table(rows)[key].drop_duplicates()
    left = left.merge(counted, on=key, how="left", indicator="COUNTED")
    words = assessments.set_index(["USUBJID", "SEQ"])["RESPONSE"]
    for patient, seq in _by_patient(left[left["COUNTED"] == "left_only"], facts):
        word = words[(patient, seq)]
        if word in NO_RESPONSE:
            where = ("responses", patient, seq, "CYCLE")
            yield Asked("no_response_without_cycle", *where, {"response": word})


def _about_risk(about_risk: list[dict], tables: dict) -> Iterator[Asked]:
    seqs = dict(zip(tables["patients"]["USUBJID"], tables["patients"]["SEQ"], strict=True))
    for item in about_risk:
        place = ("patients", item["USUBJID"], seqs[item["USUBJID"]], item["COLUMN"])
        yield Asked(item["RULE"], *place, item["SAID"], value=item["VALUE"])
