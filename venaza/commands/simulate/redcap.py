"""A REDCap project's raw export: events of arms, instruments, codes, and its dictionary."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from venaza.commands.simulate.columns import stream
from venaza.commands.simulate.outline import WORDS

if TYPE_CHECKING:
    from venaza.commands.simulate.cohort import Cohort

#: Records written at once, so that memory does not grow with the cohort.
CHUNK = 2000
_DICTIONARY = [
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
    "Identifier?", "Branching Logic (Show field only if...)", "Required Field?",
    "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name",
    "Matrix Ranking?", "Field Annotation",
]  # fmt: skip
_OWN = ["redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"]


def redcap_files(cohort: Cohort, seed: int) -> Iterator[tuple[str, Iterator[str]]]:
    """Each file of the export: its name, and its text in parts."""
    spec = cohort.plan["redcap"]
    stamp = str(cohort.plan["cutoff"])
    yield f"{spec['name']}_DATA_{stamp}_0915.csv", _data(cohort, seed)
    yield f"{spec['name']}_DataDictionary_{stamp}.csv", iter([_dictionary(cohort.plan)])


def _fields(form: dict, plan: dict) -> Iterator[tuple[str, dict]]:
    """Each column of a form in the data file and its field; a box of a checkbox has its own."""
    for field in form["fields"]:
        if field.get("identifier"):
            continue  # an export without identifiers, as most are asked for
        if field["type"] != "checkbox":
            yield field["name"], field
            continue
        for code, _, column in boxes(field, plan):
            yield f"{field['name']}___{code}", {"column": column, "box": True}


def boxes(field: dict, plan: dict) -> list:
    """Code, label and column of each box; ``genes`` stands for the plan's genes."""
    if field["choices"] == "genes":
        return [[n, gene, gene] for n, gene in enumerate(plan["genes"], 1)]
    return field["choices"]


def _data(cohort: Cohort, seed: int) -> Iterator[str]:
    plan = cohort.plan
    forms = plan["redcap"]["forms"]
    columns = ["record_id", *_OWN]
    for form in forms:
        columns += [name for name, _ in _fields(form, plan)] + [f"{form['name']}_complete"]
    rng = stream(seed, WORDS)
    yield ",".join(columns) + "\r\n"
    for first in range(0, cohort.n, CHUNK):
        frame = _chunk(cohort, first, min(first + CHUNK, cohort.n), rng)
        text = frame.reindex(columns=columns).to_csv(
            index=False, header=False, lineterminator="\r\n"
        )
        yield text


def _chunk(cohort: Cohort, first: int, last: int, rng: np.random.Generator) -> pd.DataFrame:
    """The rows of some records: events in order, then the instances of each instrument."""
    plan, parts, single = cohort.plan, [], {}
    events = plan["redcap"]["events"]
    for number, form in enumerate(plan["redcap"]["forms"]):
        rows = cohort.rows(form["table"], first, last)
        if "needs" in form:
            rows = rows[rows[form["needs"]].notna()].reset_index(drop=True)
        if len(rows) == 0:
            continue
        made = _written(rows, form, cohort, rng)
        made["_patient"], made["_event"] = rows["PATIENT"].to_numpy(), events.index(form["event"])
        if form["table"] == "patients":
            made = made.set_index(["_patient", "_event"])
            event = form["event"]
            single[event] = made if event not in single else single[event].join(made)
            continue
        instance = rows.groupby("PATIENT").cumcount().to_numpy() + 1
        made["redcap_repeat_instrument"], made["redcap_repeat_instance"] = (
            form["name"],
            instance.astype(str),
        )
        parts.append(made.assign(_form=number + 1, _instance=instance))
    parts += [made.reset_index().assign(_form=0, _instance=0) for made in single.values()]
    frame = pd.concat(parts).sort_values(["_patient", "_event", "_form", "_instance"])
    place = frame["_patient"].to_numpy()
    arms = plan["redcap"]["arms"]
    arm = [str(arms["numbers"][code]) for code in cohort.baseline(arms["column"])[place]]
    names = [f"{events[e]}_arm_{a}" for e, a in zip(frame["_event"], arm, strict=True)]
    return frame.assign(record_id=cohort.numbers[place], redcap_event_name=names)


def _written(rows: pd.DataFrame, form: dict, cohort: Cohort, rng) -> pd.DataFrame:
    """The cells of a form: codes for words, dates as REDCap keeps them."""
    made = {}
    for name, field in _fields(form, cohort.plan):
        cells = _cells(rows, field, cohort)
        if "not_done" in field:
            missing = rng.random(len(rows)) < field["not_done"]
            cells = np.where(missing, str(cohort.plan["redcap"]["not_done"]), cells)
        made[name] = cells
    made[f"{form['name']}_complete"] = np.where(rng.random(len(rows)) < 0.04, "1", "2")
    return pd.DataFrame(made)


def _cells(rows: pd.DataFrame, field: dict, cohort: Cohort) -> np.ndarray:
    column = field["column"]
    if column not in rows:
        return np.full(len(rows), "", dtype=object)
    values = rows[column]
    if column.endswith("DT"):
        return cohort.dates(rows)[column]
    if field.get("box"):
        return np.where((values == "Y").to_numpy(), "1", "0")
    if "choices" in field:
        codes = {str(value): str(code) for code, _, value in field["choices"]}
        return values.map(lambda v: codes[as_text(v)] if as_text(v) else "").to_numpy(object)
    if "factor" in field:
        values = (values.astype(float) * field["factor"]).round(field["digits"])
    return values.map(as_text).to_numpy(object)


def as_text(value: object) -> str:
    """A value as a form keeps it: whole numbers without a point, nothing for what is missing."""
    if value is None or value != value:
        return ""
    if isinstance(value, float | np.floating):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def _dictionary(plan: dict) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _DICTIONARY, lineterminator="\r\n", restval="")
    writer.writeheader()
    forms = plan["redcap"]["forms"]
    first = {"name": "record_id", "type": "text", "label": "Record ID"}
    for n, form in enumerate(forms):
        for field in [first, *form["fields"]] if n == 0 else form["fields"]:
            checkbox = field["type"] == "checkbox"
            choices = boxes(field, plan) if checkbox else field.get("choices", [])
            choices = [] if field["type"] == "yesno" else choices
            written = " | ".join(f"{code}, {label}" for code, label, _ in choices)
            kind = {"integer": "integer", "number": "number", "date_ymd": "date_ymd"}
            row = {
                "Variable / Field Name": field["name"],
                "Form Name": form["name"],
                "Field Type": field["type"],
                "Field Label": field["label"],
                "Choices, Calculations, OR Slider Labels": written,
                "Text Validation Type OR Show Slider Number": kind.get(field.get("validation"), ""),
                "Identifier?": "y" if field.get("identifier") else "",
            }
            writer.writerow(row)
    return out.getvalue()
