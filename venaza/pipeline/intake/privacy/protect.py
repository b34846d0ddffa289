"""The privacy gate: cells that identify a patient are dropped, hashed or scrubbed, or stop the run.

It stands between the reading of the raw files and everything that is written: what it takes out
is in no result, no log and no message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from pathlib import Path

import numpy as np
import pandas as pd

from venaza.contracts.coded_values import among
from venaza.contracts.errors import StudyError
from venaza.contracts.headers import number_key
from venaza.contracts.intake import DROPPED
from venaza.contracts.text import tidy
from venaza.pipeline.clean.layout_redcap import Redcap
from venaza.pipeline.clean.odd_rows import summary_head
from venaza.pipeline.intake.categories import change_texts, combinations
from venaza.pipeline.intake.privacy.detect import (
    NAME,
    RECORD,
    a,
    are_known,
    kind_of_header,
    kind_of_text,
    kind_of_values,
    long_numbers,
    scrub,
)
from venaza.pipeline.intake.privacy.key import pseudonym, read_key
from venaza.pipeline.intake.privacy.names import SURE, Names
from venaza.pipeline.intake.privacy.places import refuse_places
from venaza.pipeline.intake.privacy.rows import patient_in
from venaza.pipeline.intake.privacy.shift import BESIDE, shift_dates
from venaza.pipeline.intake.source import specs_of

#: What stands in the place of a value that was taken out.
INSTEAD = "[identifying: dropped]"
_SHOWN = 10
_CODE = re.compile(r"^\s*\w+\s*,")


def protect(cells: pd.DataFrame, study: dict, root: Path) -> tuple[pd.DataFrame, list[str]]:
    """The cells of an export without what identifies a patient, and what was done in words.

    ``study`` has the sections id, privacy and tables. A cell
    that is dropped keeps its address, so that every cell stays accounted for. Raises
    ``StudyError`` for a column that looks identifying and is not declared; the message holds its
    header and why, never a value.
    """
    redcap = Redcap.of(study)
    declared = {redcap.keys(h)[-1]: action for h, action in study["privacy"]["columns"].items()}
    names = Names(study["privacy"]["names"])
    places = combinations(cells, ["SRCFILE", "SRCSHEET"])
    for file, sheets in places.groupby("SRCFILE", sort=True)["SRCSHEET"]:
        refuse_places(file, sheets.dropna(), names)
    cells = _without_headers(cells, study, names)
    keys = change_texts(cells["HEADER"], lambda h: "" if h is None else redcap.keys(h)[-1])
    hidden = [header for header, action in declared.items() if action in ("hash", "drop")]
    numbers = long_numbers(cells.loc[keys.isin(hidden), "VALUE"].unique())
    _refuse_undeclared(cells, study, declared, redcap, names, numbers)
    told = []
    needs_key = "hash" in declared.values() or study["privacy"]["shift_dates"]
    secret = read_key(study["id"], root) if needs_key else b""
    if study["privacy"]["shift_dates"]:
        # Before the patients' numbers are hashed, so that two spellings do not part a patient.
        cells, said = shift_dates(cells, keys, study, redcap, secret)
        told.append(said)
    for header, action in sorted(declared.items(), key=lambda pair: pair[0]):
        here = ((keys == header) & (cells["KIND"] != DROPPED)).to_numpy()
        if isinstance(action, dict) or not here.any():
            continue
        nobody = study["privacy"].get("nobody", {})
        _apply(cells, here, action, secret, names, nobody)
        done = {"drop": "dropped", "hash": "hashed", "scrub": "scrubbed"}[action]
        told.append(f"{header}: {int(here.sum())} cells {done}")
    cells, said = _cleared(cells, names, numbers)
    return cells, [*told, *said]


def _without_headers(cells: pd.DataFrame, study: dict, names: Names) -> pd.DataFrame:
    """A copy of ``cells`` in which an unmapped sheet that begins with a patient has no headers.

    Such a sheet is kept with its first row as headers, and a header is written beside each value.
    """
    cells = cells.copy(deep=False)
    first = cells[(cells["SRCROW"] == 1) & cells["HEADER"].isna()].astype("object")
    for (file, sheet), row in first.groupby(["SRCFILE", "SRCSHEET"], sort=False, dropna=False):
        if specs_of(file.rsplit("/", 1)[-1], sheet, study):
            continue
        if patient_in(zip(row["VALUE"], row["KIND"], strict=True), names):
            here = (cells["SRCFILE"] == file) & (cells["SRCSHEET"] == sheet)
            cells["HEADER"] = change_texts(cells["HEADER"], lambda _: None, here)
    return cells


def _cleared(
    cells: pd.DataFrame, names: Names, numbers: set[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Cells under no header (titles, headers, columns without one), which no table reads.

    A column of them that identifies is dropped, and so is a name; other texts are scrubbed.
    """
    gone, changed = np.zeros((2, len(cells)), dtype=bool)
    here = np.flatnonzero(cells["HEADER"].isna() & (cells["KIND"] != DROPPED))
    loose = cells[["SRCFILE", "SRCSHEET", "COL", "VALUE"]].iloc[here].astype("object")
    shown = {text: scrub(names.scrubbed(text), names) for text in loose["VALUE"].unique()}
    places = ["SRCFILE", "SRCSHEET", "COL"]
    for rows in loose.groupby(places, sort=False, dropna=False).indices.values():
        texts = loose["VALUE"].iloc[rows].tolist()
        whole = len(texts) > 1 and (kind_of_values(texts, names) or are_known(texts, numbers))
        if whole and not any(kind_of_text(text, names) for text in set(texts)):
            gone[here[rows]] = True
            continue
        sure = [names.judge(text) == SURE for text in texts]
        gone[here[rows]] = sure
        changed[here[rows]] = [
            not name and shown[text] != text for name, text in zip(sure, texts, strict=True)
        ]
    if not gone.any() and not changed.any():
        return cells, []
    cells = cells.copy(deep=False)
    cells["VALUE"] = change_texts(cells["VALUE"], shown.get, changed)
    _drop(cells, gone)
    _empty_beside(cells, gone | changed)
    said = {"scrubbed": int(changed.sum()), "dropped": int(gone.sum())}
    return cells, [f"titles and headers: {n} cells {what}" for what, n in said.items() if n]


def _drop(cells: pd.DataFrame, here: np.ndarray) -> None:
    cells["VALUE"] = change_texts(cells["VALUE"], lambda _: INSTEAD, here)
    cells["KIND"] = change_texts(cells["KIND"], lambda _: DROPPED, here)


def _empty_beside(cells: pd.DataFrame, here: np.ndarray) -> None:
    for beside in sorted(BESIDE & {*cells}):
        cells[beside] = change_texts(cells[beside], lambda _: None, here)


def _instead(text: str, secret: bytes, nobody: dict) -> str:
    """A pseudonym; a word for missing, for totals or notes, or a header, is no patient's number."""
    if among(tidy(text), nobody.get("missing", [])) or among(text, nobody.get("header_rows", [])):
        return text
    head = summary_head(text, nobody.get("summary_rows", []))
    return pseudonym(secret, number_key(text)) if head is None else head


def _apply(
    cells: pd.DataFrame, here: np.ndarray, action: str, secret: bytes, names: Names, nobody: dict
) -> None:
    _empty_beside(cells, here)
    if action == "drop":
        _drop(cells, here)
    elif action == "hash":
        hashed = change_texts(cells["VALUE"], lambda text: _instead(text, secret, nobody), here)
        cells["VALUE"], cells["KIND"] = hashed, change_texts(cells["KIND"], lambda _: "text", here)
    else:
        cells["VALUE"] = change_texts(
            cells["VALUE"], lambda text: scrub(names.scrubbed(text), names), here
        )


def _refuse_undeclared(
    cells: pd.DataFrame,
    study: dict,
    declared: dict,
    redcap: Redcap,
    names: Names,
    numbers: set[str],
) -> None:
    found, words = [], study["privacy"]["words"]
    for file, sheet, header, kind, why in identifying(cells, words, names, numbers):
        action = declared.get(redcap.keys(header)[-1])
        place = {"file": file, "sheet": sheet, "column": header}
        if action is None:
            found.append((file, sheet, header, kind, why))
        elif action == "scrub" and why == "values" and kind == NAME:
            raise StudyError(
                "The cells of this column are names, which scrub does not take out.",
                fix=f"Declare it 'drop' in config/studies/{study['id']}.yaml (privacy > columns).",
                **place,
            )
        elif isinstance(action, dict) and why == "values":
            raise StudyError(
                f"The values of this column give {a(kind)} away, so it cannot be kept.",
                fix="Declare it 'drop', 'hash' or, for free text, 'scrub' under privacy > columns "
                f"in config/studies/{study['id']}.yaml. A word that is taken for a name and is "
                "none belongs under not_names in config/names.yaml.",
                **place,
            )
    if not found:
        return
    lines = [
        f"{header}{f' (sheet {sheet})' if sheet else ''}: looks like {a(kind)}, by its {why}"
        for _, sheet, header, kind, why in found[:_SHOWN]
    ]
    more = f"\n    and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    file, sheet, header, *_ = found[0]
    raise StudyError(
        f"{len(found)} column(s) may identify patients and are not declared:\n    "
        + "\n    ".join(lines)
        + more,
        fix=f"Declare each in config/studies/{study['id']}.yaml under privacy > columns, for "
        f"example '{header}: drop'. drop leaves it out, hash replaces it by a keyed pseudonym "
        "(for patients' numbers), scrub takes numbers and addresses out of free text, and "
        "{keep: reason} says why it does not identify anybody. See docs/privacy.md.",
        file=file,
        sheet=sheet,
        column=header,
    )


def identifying(
    cells: pd.DataFrame, words: dict, names: Names, numbers: Set[str] = frozenset()
) -> Iterator[tuple[str, str, str, str, str]]:
    """Columns that look identifying: file, sheet, header, kind, and what gives it away.

    What gives it away is ``header``, ``values``, or ``row N`` for a single cell that is a name;
    the values are the stronger proof and are named where both do. ``numbers`` are those that other
    columns hide.
    """
    asked = ["SRCFILE", "SRCSHEET", "HEADER", "VALUE", *({"LABEL"} & {*cells})]
    lines = combinations(cells, asked, ["SRCROW"])
    for (file, sheet, header), column in lines[lines["HEADER"].notna()].groupby(
        ["SRCFILE", "SRCSHEET", "HEADER"], sort=False, dropna=False
    ):
        texts = _texts(column)
        by_values = kind_of_values(texts, names) or (are_known(texts, numbers) and RECORD)
        kind = by_values or kind_of_header(header, words)
        if kind:
            yield file, sheet, header, kind, "values" if by_values else "header"
            continue
        row = next((row for text, row in _said(column) if names.judge(text) == SURE), None)
        if row is not None:
            yield file, sheet, header, NAME, f"cell in row {row}"


def _texts(column: pd.DataFrame) -> list[str]:
    """Each text of a column and each value label; what comes back comes twice."""
    lines = pd.concat([column, column[column["TIMES"] > 1]])
    labels = lines["LABEL"].dropna() if "LABEL" in lines else ()
    return [*lines["VALUE"], *labels]


def _said(column: pd.DataFrame) -> Iterator[tuple[str, int]]:
    """Each text of a column's cells, and each value label, with its row."""
    yield from zip(column["VALUE"], column["SRCROW"], strict=True)
    for text, row in zip(column["VALUE"], column["SRCROW"], strict=True):
        if "|" in text:  # choices of REDCap's dictionary: 1, John Smith | 2, Mary Jones
            yield from ((_CODE.sub("", choice), row) for choice in text.split("|"))
    if "LABEL" in column:
        labelled = column[column["LABEL"].notna()]
        yield from zip(labelled["LABEL"], labelled["SRCROW"], strict=True)
