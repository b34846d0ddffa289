"""The privacy gate: cells that identify a patient are dropped, hashed or scrubbed, or stop the run.

It stands between the reading of the raw files and everything that is written: what it takes out
is in no result, no log and no message.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from venaza.clean.layout_redcap import Redcap
from venaza.contracts.headers import number_key
from venaza.contracts.intake import DROPPED
from venaza.errors import StudyError
from venaza.privacy.detect import kind_of_header, kind_of_text, kind_of_values, scrub
from venaza.privacy.key import pseudonym, read_key
from venaza.privacy.shift import shift_dates

if TYPE_CHECKING:
    import pandas as pd

#: What stands in the place of a value that was taken out.
INSTEAD = "[identifying: dropped]"
_SHOWN = 10


def protect(cells: pd.DataFrame, study: dict, root: Path) -> tuple[pd.DataFrame, list[str]]:
    """The cells of an export without what identifies a patient, and what was done in words.

    ``study`` has the sections id, privacy and tables. A cell
    that is dropped keeps its address, so that every cell stays accounted for. Raises
    ``StudyError`` for a column that looks identifying and is not declared; the message holds its
    header and why, never a value.
    """
    redcap = Redcap.of(study)
    declared = {redcap.keys(h)[-1]: action for h, action in study["privacy"]["columns"].items()}
    _refuse_sheets(cells)
    _refuse_undeclared(cells, study, declared, redcap)
    told = []
    cells = cells.copy()
    keys = cells["HEADER"].map(lambda h: redcap.keys(h)[-1] if isinstance(h, str) else "")
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
        _apply(cells, here, action, secret)
        done = {"drop": "dropped", "hash": "hashed", "scrub": "scrubbed"}[action]
        told.append(f"{header}: {int(here.sum())} cells {done}")
    loose = cells["HEADER"].isna() & cells["VALUE"].map(lambda text: kind_of_text(text) is not None)
    if loose.any():
        cells.loc[loose, "VALUE"] = cells.loc[loose, "VALUE"].map(scrub)
        told.append(f"titles and headers: {int(loose.sum())} cells scrubbed")
    return cells, told


def _apply(cells: pd.DataFrame, here: pd.Series, action: str, secret: bytes) -> None:
    for beside in {"LABEL", "STORED"} & {*cells}:
        cells.loc[here, beside] = None
    if action == "drop":
        cells.loc[here, "VALUE"], cells.loc[here, "KIND"] = INSTEAD, DROPPED
    elif action == "hash":
        hashed = cells.loc[here, "VALUE"].map(lambda text: pseudonym(secret, number_key(text)))
        cells.loc[here, "VALUE"], cells.loc[here, "KIND"] = hashed, "text"
    else:
        cells.loc[here, "VALUE"] = cells.loc[here, "VALUE"].map(scrub)


def _refuse_undeclared(cells: pd.DataFrame, study: dict, declared: dict, redcap: Redcap) -> None:
    found = []
    for file, sheet, header, kind, why in identifying(cells, study["privacy"]["words"]):
        action = declared.get(redcap.keys(header)[-1])
        if action is None:
            found.append((file, sheet, header, kind, why))
        elif isinstance(action, dict) and why == "values":
            raise StudyError(
                f"The values of this column give a {kind} away, so it cannot be kept.",
                fix="Declare it 'drop', 'hash' or, for free text, 'scrub' under privacy > columns "
                f"in config/studies/{study['id']}.yaml.",
                file=file,
                sheet=sheet,
                column=header,
            )
    if not found:
        return
    lines = [
        f"{header}{f' (sheet {sheet})' if sheet else ''}: looks like a {kind}, by its {why}"
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


def _refuse_sheets(cells: pd.DataFrame) -> None:
    """Raise ``StudyError`` where sheets are called after patients: their names go everywhere."""
    for file, names in cells.groupby("SRCFILE", sort=True)["SRCSHEET"]:
        kind = kind_of_values(names.dropna().unique())
        if kind:
            raise StudyError(
                f"The names of the sheets of this workbook look like a {kind}.",
                fix="Rename the sheets, for example to the patients' study numbers: the name of a "
                "sheet stands beside every value in logs and queries.",
                file=file,
            )


def identifying(cells: pd.DataFrame, words: dict) -> Iterator[tuple[str, str, str, str, str]]:
    """Columns that look identifying: file, sheet, header, kind, and what gives it away.

    What gives it away is ``header`` or ``values``; the values are the stronger proof and are
    named where both do.
    """
    part = cells[cells["HEADER"].notna()]
    for (file, sheet, header), column in part.groupby(
        ["SRCFILE", "SRCSHEET", "HEADER"], sort=False, dropna=False
    ):
        texts = column["VALUE"]
        if "LABEL" in column:
            texts = [*texts, *column["LABEL"].dropna()]
        by_values = kind_of_values(texts)
        kind = by_values or kind_of_header(header, words)
        if kind:
            yield file, sheet, header, kind, "values" if by_values else "header"
