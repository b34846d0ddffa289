"""Queries that need derived responses, milestones or risk groups; columns as the cleaning's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venaza.contracts.checks import not_off, worded
from venaza.contracts.clean import QUERIES
from venaza.contracts.files import conform
from venaza.contracts.queries import query_ids
from venaza.endpoints.asked import Asked, shown
from venaza.endpoints.choices import choices
from venaza.endpoints.fact import Facts, PassedOver, described
from venaza.endpoints.groups import not_listed
from venaza.endpoints.needs import used_milestones
from venaza.endpoints.open_deaths import deaths_at_a_landmark
from venaza.endpoints.response import disagreements
from venaza.endpoints.window import NO_RESPONSE, on_treatment

if TYPE_CHECKING:
    import pandas as pd


def endpoint_queries(
    assessments: pd.DataFrame,
    facts: dict[str, Facts],
    passed_over: list[PassedOver],
    about_risk: list[dict],
    tables: dict[str, pd.DataFrame],
    study: dict,
) -> pd.DataFrame:
    """The queries of this stage (``QUERIES``), those of checks that are off left out."""
    asked = [
        *_disagreements(assessments, tables, study),
        *_relapse_without_remission(assessments, facts, study),
        *_remission_after_therapy(assessments, facts, passed_over, tables, study),
        *_blasts_once(assessments, tables, study),
        *_without_cycle(assessments, facts, passed_over, study),
        *choices(assessments, facts, tables, study),
        *_about_risk(about_risk, tables),
        *not_listed(tables["patients"], study),
        *deaths_at_a_landmark(facts, tables, study),
    ]
    places = {name: _rows(tables[name]) for name in {item.table for item in asked}}
    made = [_query(item, places[item.table], study) for item in asked]
    frame = conform(_frame(not_off(made)), QUERIES)
    return frame.assign(QUERYID=query_ids(frame, tables))


def _frame(rows: list[dict]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)


def _rows(table: pd.DataFrame) -> dict[tuple, dict]:
    return {(row["USUBJID"], row["SEQ"]): row for row in table.to_dict("records")}


def _query(item: Asked, rows: dict[tuple, dict], study: dict) -> dict:
    raw = rows[(item.patient, item.seq)]
    value = raw[item.column] if item.value is None else item.value
    return {
        **worded(study["checks"]["rules"], item.rule, item.said, item.action),
        **{"USUBJID": item.patient, "TABLE": item.table, "COLUMN": item.column},
        "VALUE": None if _missing(value) else str(value),
        **{name: raw[name] for name in ("SRCFILE", "SRCSHEET", "SRCROW")},
        "SRCCOL": _header(item.table, item.column, study),
    }


def _missing(value: object) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def _header(table: str, column: str, study: dict) -> str | None:
    """The raw header behind a clean column; None where the study does not map it."""
    if table not in study["tables"]:
        return None
    return study["tables"][table]["records"][0]["columns"].get(column, {}).get("from")


def _disagreements(assessments, tables: dict, study: dict) -> Iterator[Asked]:
    """Recorded and derived response that contradict each other, where cleaning asked nothing.

    Of the marrow before treatment no response is derived that could contradict a word.
    """
    rows = _rows(tables["responses"])
    counted = study["response"]["counts"] == "investigator"
    action = "the investigator's response counts" if counted else "derived counts"
    asked = _asked_in_cleaning(tables)
    for item in disagreements(assessments, study).to_dict("records"):
        raw = rows[(item["USUBJID"], item["SEQ"])]
        baseline = not _missing(item["ADY"]) and item["ADY"] <= 0
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


def _relapse_without_remission(assessments, facts: dict[str, Facts], study) -> Iterator[Asked]:
    """A relapse with no remission on treatment before it, in a study that records remissions."""
    if not assessments["RSINV"].isin(study["response"]["remission"]).any():
        return
    remission = _remissions(assessments, study)
    for patient, found in sorted(facts["RELAPSE"].items()):
        fact = found[0]
        if not any(day <= fact.day for day, _, _ in remission.get(patient, [])):
            more = {"value": "RELAPSE"}
            yield _of_response("relapse_without_remission", patient, fact.seq, {}, **more)


def _remissions(assessments: pd.DataFrame, study: dict) -> dict[str, list[tuple]]:
    """Day, word and SEQ of each remission after the index date, by patient and day."""
    rows = assessments[assessments["RESPONSE"].isin(study["response"]["remission"])]
    rows = rows[rows["ADY"].notna()].sort_values(["ADY", "SEQ"])
    found: dict[str, list[tuple]] = {}
    columns = (rows[name] for name in ("USUBJID", "ADY", "RESPONSE", "SEQ"))
    for patient, day, word, seq in zip(*columns, strict=True):
        if on_treatment(day, word, study):
            found.setdefault(patient, []).append((int(day), word, int(seq)))
    return found


def _remission_after_therapy(
    assessments, facts: dict[str, Facts], passed_over: list[PassedOver], tables: dict, study: dict
) -> Iterator[Asked]:
    """A first remission that came only after what ends the regimen."""
    words = assessments.set_index(["USUBJID", "SEQ"])["RESPONSE"]
    late: dict[str, PassedOver] = {}
    for item in passed_over:
        ended = item.when == "after" and item.what in study["response"]["until"]
        remission = item.fact.name == "FIRST_REMISSION"
        if ended and remission and item.patient not in facts["FIRST_REMISSION"]:
            known = late.get(item.patient)
            if known is None or item.fact < known.fact:
                late[item.patient] = item
    named = tables["therapies"].set_index(["USUBJID", "SEQ"])["CMTRT"]
    for patient, item in sorted(late.items()):
        begun = facts[item.what][patient][0]
        said = {"response": words[(patient, item.fact.seq)], "days": item.fact.day - begun.day}
        therapy = named.get((patient, begun.seq)) if begun.domain == "therapies" else None
        said["therapy"] = described(item.what, study) if _missing(therapy) else therapy
        yield Asked(
            "best_response_after_later_therapy",
            *("responses", patient, item.fact.seq, "RSDT", said),
        )


def _blasts_once(assessments, tables: dict, study: dict) -> Iterator[Asked]:
    """Blood blasts after a remission in a single sample, where nothing else shows the relapse."""
    asked = _asked_in_cleaning(tables)
    rows = _rows(tables["responses"])
    remission = _remissions(assessments, study)
    open_still = assessments[assessments["RSDRV"].isna() & assessments["ADY"].notna()]
    for item in open_still.to_dict("records"):
        raw = rows[(item["USUBJID"], item["SEQ"])]
        since = remission.get(item["USUBJID"])
        if since is None or since[0][0] >= item["ADY"] or _missing(raw["PBLAST"]):
            continue
        place = (raw["SRCFILE"], raw["SRCSHEET"], raw["SRCROW"])
        if raw["PBLAST"] > 0 and item["RESPONSE"] not in ("RELAPSE", "PD") and place not in asked:
            said = {"blasts": shown(raw["PBLAST"]), "marrow": shown(raw["MBLAST"], "%")}
            said["days"] = study["response"]["blood_relapse_days"]
            where = ("responses", item["USUBJID"], item["SEQ"], "PBLAST", said)
            yield Asked("blood_blasts_once", *where)


def _without_cycle(
    assessments, facts: dict[str, Facts], passed_over: list[PassedOver], study: dict
) -> Iterator[Asked]:
    """Assessments that would be a failure if their cycle were known, and so count for nothing."""
    used = used_milestones(study)
    counted = {
        (patient, fact.domain, fact.seq)
        for name in used
        for patient, found in facts[name].items()
        for fact in found
    }
    words = assessments.set_index(["USUBJID", "SEQ"])["RESPONSE"]
    found = {
        (item.patient, item.fact.seq)
        for item in passed_over
        if item.what == "CYCLE" and item.when == "without" and item.fact.name in used
        if (item.patient, item.fact.domain, item.fact.seq) not in counted
    }
    for patient, seq in sorted(found):
        word = words[(patient, seq)]
        if word in NO_RESPONSE:
            where = ("responses", patient, seq, "CYCLE")
            yield Asked("no_response_without_cycle", *where, {"response": word})


def _about_risk(about_risk: list[dict], tables: dict) -> Iterator[Asked]:
    seqs = dict(zip(tables["patients"]["USUBJID"], tables["patients"]["SEQ"], strict=True))
    for item in about_risk:
        place = ("patients", item["USUBJID"], seqs[item["USUBJID"]], item["COLUMN"])
        yield Asked(item["RULE"], *place, item["SAID"], value=item["VALUE"])
