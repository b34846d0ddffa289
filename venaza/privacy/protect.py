"""The privacy gate: cells that identify a patient are dropped, hashed or scrubbed, or stop the run.

It stands between the reading of the raw files and everything that is written: what it takes out
is in no result, no log and no message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING

from venaza.clean.layout_redcap import Redcap
from venaza.clean.odd_rows import summary_head
from venaza.clean.text import tidy
from venaza.clean.words import among
from venaza.contracts.headers import number_key
from venaza.contracts.intake import DROPPED
from venaza.errors import StudyError
from venaza.intake.cells import specs_of
from venaza.privacy.detect import (
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
from venaza.privacy.key import pseudonym, read_key
from venaza.privacy.names import SURE, Names
from venaza.privacy.places import refuse_places
from venaza.privacy.rows import patient_in
from venaza.privacy.shift import BESIDE, shift_dates

if TYPE_CHECKING:
    import pandas as pd

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
    for file, sheets in cells.groupby("SRCFILE", sort=True)["SRCSHEET"]:
        refuse_places(file, sheets.dropna().unique(), names)
    cells = _without_headers(cells, study, names)
    keys = cells["HEADER"].map(lambda h: redcap.keys(h)[-1] if isinstance(h, str) else "")
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
        here = (keys == header) & (cells["KIND"] != DROPPED)
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
    cells = cells.copy()
    first = cells[(cells["SRCROW"] == 1) & cells["HEADER"].isna()]
    for (file, sheet), row in first.groupby(["SRCFILE", "SRCSHEET"], sort=False, dropna=False):
        if specs_of(file.rsplit("/", 1)[-1], sheet, study):
            continue
        if patient_in(zip(row["VALUE"], row["KIND"], strict=True), names):
            cells.loc[(cells["SRCFILE"] == file) & (cells["SRCSHEET"] == sheet), "HEADER"] = None
    return cells


def _cleared(
    cells: pd.DataFrame, names: Names, numbers: set[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Cells under no header (titles, headers, columns without one), which no table reads.

    A column of them that identifies is dropped, and so is a name; other texts are scrubbed.
    """
    loose = cells[cells["HEADER"].isna() & (cells["KIND"] != DROPPED)]
    gone, changed = [], {}
    for _, column in loose.groupby(["SRCFILE", "SRCSHEET", "COL"], sort=False, dropna=False):
        texts = column["VALUE"]
        whole = len(column) > 1 and (kind_of_values(texts, names) or are_known(texts, numbers))
        if whole and not any(kind_of_text(text, names) for text in texts):
            gone += list(column.index)
            continue
        for index, text in texts.items():
            if names.judge(text) == SURE:
                gone.append(index)
            elif (shown := scrub(names.scrubbed(text), names)) != text:
                changed[index] = shown
    if not gone and not changed:
        return cells, []
    cells = cells.copy()
    cells.loc[gone, "VALUE"], cells.loc[gone, "KIND"] = INSTEAD, DROPPED
    cells.loc[list(changed), "VALUE"] = list(changed.values())
    for beside in BESIDE & {*cells}:
        cells.loc[[*gone, *changed], beside] = None
    said = {"scrubbed": len(changed), "dropped": len(gone)}
    return cells, [f"titles and headers: {n} cells {what}" for what, n in said.items() if n]


def _instead(text: str, secret: bytes, nobody: dict) -> str:
    """A pseudonym; a word for missing, for totals or notes, or a header, is no patient's number."""
    if among(tidy(text), nobody.get("missing", [])) or among(text, nobody.get("header_rows", [])):
        return text
    head = summary_head(text, nobody.get("summary_rows", []))
    return pseudonym(secret, number_key(text)) if head is None else head


def _apply(
    cells: pd.DataFrame,
    here: pd.Series,
    action: str,
    secret: bytes,
    names: Names,
    nobody: dict,
) -> None:
    for beside in BESIDE & {*cells}:
        cells.loc[here, beside] = None
    if action == "drop":
        cells.loc[here, "VALUE"], cells.loc[here, "KIND"] = INSTEAD, DROPPED
    elif action == "hash":
        hashed = cells.loc[here, "VALUE"].map(lambda text: _instead(text, secret, nobody))
        cells.loc[here, "VALUE"], cells.loc[here, "KIND"] = hashed, "text"
    else:
        scrubbed = cells.loc[here, "VALUE"].map(names.scrubbed)
        cells.loc[here, "VALUE"] = scrubbed.map(lambda text: scrub(text, names))


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
        if action is None:
            found.append((file, sheet, header, kind, why))
        elif action == "scrub" and why == "values" and kind == NAME:
            raise StudyError(
                "The cells of this column are names, which scrub does not take out.",
                fix=f"Declare it 'drop' in config/studies/{study['id']}.yaml (privacy > columns).",
                file=file,
                sheet=sheet,
                column=header,
            )
        elif isinstance(action, dict) and why == "values":
            raise StudyError(
                f"The values of this column give {a(kind)} away, so it cannot be kept.",
                fix="Declare it 'drop', 'hash' or, for free text, 'scrub' under privacy > columns "
                f"in config/studies/{study['id']}.yaml. A word that is taken for a name and is "
                "none belongs under not_names in config/names.yaml.",
                file=file,
                sheet=sheet,
                column=header,
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
    part = cells[cells["HEADER"].notna()]
    for (file, sheet, header), column in part.groupby(
        ["SRCFILE", "SRCSHEET", "HEADER"], sort=False, dropna=False
    ):
        texts = column["VALUE"]
        if "LABEL" in column:
            texts = [*texts, *column["LABEL"].dropna()]
        by_values = kind_of_values(texts, names) or (are_known(texts, numbers) and RECORD)
        kind = by_values or kind_of_header(header, words)
        if kind:
            yield file, sheet, header, kind, "values" if by_values else "header"
            continue
        row = next((row for text, row in _said(column) if names.judge(text) == SURE), None)
        if row is not None:
            yield file, sheet, header, NAME, f"cell in row {row}"


def _said(column: pd.DataFrame) -> Iterator[tuple[str, int]]:
    """Each text of a column's cells, and each value label, with its row."""
    yield from zip(column["VALUE"], column["SRCROW"], strict=True)
    for text, row in zip(column["VALUE"], column["SRCROW"], strict=True):
        if "|" in text:  # choices of REDCap's dictionary: 1, John Smith | 2, Mary Jones
            yield from ((_CODE.sub("", choice), row) for choice in text.split("|"))
    if "LABEL" in column:
        labelled = column[column["LABEL"].notna()]
        yield from zip(labelled["LABEL"], labelled["SRCROW"], strict=True)
