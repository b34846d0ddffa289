"""The analysis tables as ADaM data sets in SAS transport files, and what had to change for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from venaza.contracts.columns import Column
from venaza.pipeline.bridges import DATASETS
from venaza.pipeline.bridges.ascii import to_ascii
from venaza.pipeline.bridges.codes import code_list
from venaza.pipeline.bridges.names import short_codes, short_names, unused
from venaza.pipeline.bridges.xport import DAY_0, LABEL, LARGEST, SMALLEST, TEXT, Variable, dataset
from venaza.study.endpoints import definitions_of


@dataclass
class Crossing:
    """One data set on its way: its variables, their rows of the definition, and what changed.

    ``changed`` counts rows by what was changed: (variable, what, original, written).
    """

    name: str
    rows: int
    variables: list[Variable] = field(default_factory=list)
    values: list[list] = field(default_factory=list)
    defined: list[dict] = field(default_factory=list)
    changed: dict[tuple[str, str, str, str], int] = field(default_factory=dict)

    def note(self, variable: str, what: str, original: object, written: object) -> None:
        """Count one row, or one name or label, that is not as it was."""
        key = (variable, what, str(original), "" if written is None else str(written))
        self.changed[key] = self.changed.get(key, 0) + 1

    def to_bytes(self, day: date) -> bytes:
        """The transport file."""
        label = DATASETS[self.name]
        return dataset(self.name.upper(), label, self.variables, self.values, day)


def cross(
    tables: Mapping[str, pd.DataFrame], columns: Mapping[str, tuple[Column, ...]], study: dict
) -> list[Crossing]:
    """Each table of ``DATASETS`` that has rows, made ready.

    ``columns`` are the contracts of the tables; ``study`` is the stage's settings.
    """
    codes = short_codes(
        list(definitions_of(study))
        + [code for table in tables.values() if "PARAMCD" in table for code in table["PARAMCD"]]
    )
    return [
        _crossing(name, _with_parameters(tables[name], study), columns[name], codes, study)
        for name in DATASETS
        if name in tables and len(tables[name])
    ]


def _with_parameters(frame: pd.DataFrame, study: dict) -> pd.DataFrame:
    """PARAM says which definition is meant where several codes share it (one to one in ADaM)."""
    if not {"PARAM", "PARAMCD", "DEFN"} <= set(frame.columns):
        return frame
    shared = frame.groupby("PARAM")["PARAMCD"].transform("nunique") > 1
    spoken = definitions_of(study)
    words = frame["PARAMCD"].map({code: e["short"] for code, e in spoken.items()})
    told = frame["PARAM"] + " (" + words.fillna(frame["DEFN"]).astype("string") + ")"
    return frame.assign(PARAM=frame["PARAM"].where(~shared, told))


def _crossing(
    name: str, frame: pd.DataFrame, columns: tuple[Column, ...], codes: dict, study: dict
) -> Crossing:
    made = Crossing(name, len(frame))
    shown = short_names(column.name for column in columns)
    taken = set(shown.values())
    for column in columns:
        values = frame[column.name]
        coded = code_list(column.name, values, study)
        if column.name == "PARAMCD":
            values = _coded(made, values, codes)
        texts = _texts(made, column, values) if column.dtype == "string" else None
        if texts is None:
            numbers = _days(values) if column.dtype == "date" else _numbers(made, column, values)
            form = "DATE9" if column.dtype == "date" else ""
            _add(made, column, shown[column.name], True, 8, numbers, form, coded)
            continue
        for number, part in enumerate(_parts(texts)):
            short = shown[column.name]
            if number:
                short = unused(f"{short[: 8 - len(str(number))]}{number}", taken)
                taken.add(short)
            length = max((len(text) for text in part if text), default=1)
            _add(made, column, short, False, length, part, "", coded)
    return made


def _add(
    made: Crossing,
    column: Column,
    name: str,
    is_number: bool,
    length: int,
    values: list,
    form: str,
    coded: dict | None,
) -> None:
    label = to_ascii(column.label)
    kept = label if len(label) <= LABEL else label[:LABEL].rsplit(" ", 1)[0].rstrip(" ,;:(")
    if kept != column.label:
        made.note(name, "label", column.label, kept)
    if name != column.name:
        made.note(name, "name", column.name, name)
    made.variables.append(Variable(name, kept, is_number, form))
    made.values.append(values)
    made.defined.append(
        {
            "dataset": made.name.upper(),
            "variable": name,
            "label": column.label,
            "type": "Num" if is_number else "Char",
            "length": length,
            "format": f"{form}." if form else "",
            "unit": column.unit,
            "derivation": column.derivation,
            "column": f"{made.name}.{column.name}",
            "codes": [{"value": v, "label": label} for v, label in (coded or {}).items()],
        }
    )


def _coded(made: Crossing, values: pd.Series, codes: dict) -> pd.Series:
    for code in sorted(values.dropna().unique()):
        if codes[code] != code:
            made.changed[("PARAMCD", "code", code, codes[code])] = int((values == code).sum())
    return values.map(codes).astype("string")


def _texts(made: Crossing, column: Column, values: pd.Series) -> list[str | None]:
    found = []
    for value in values:
        text = value if isinstance(value, str) else None
        written = None if text is None else to_ascii(text)
        if written is not None and written != text:
            made.note(column.name, "text", text, written)
        if written is not None and written.rstrip(" ") != written:
            made.note(column.name, "blanks at the end", repr(written), repr(written.rstrip(" ")))
            written = written.rstrip(" ")
        if text == "":
            made.note(column.name, "empty text", repr(text), None)
        found.append(written or None)
    for text in found:
        if text and len(text) > TEXT:
            made.note(column.name, "split", text, f"{len(pieces(text))} variables")
    return found


def pieces(text: str) -> list[str]:
    """``text`` in pieces of at most 200 bytes which, put together, are the text again.

    A piece ends before a blank where there is one in its second half, as SDTM splits between
    words; blanks at the end of a piece would be lost, so none ends with one unless it must.
    """
    found = []
    while len(text) > TEXT:
        cut = text.rfind(" ", TEXT // 2, TEXT + 1)
        cut = TEXT if cut < 0 else cut
        cut = len(text[:cut].rstrip(" ")) or TEXT
        found.append(text[:cut])
        text = text[cut:]
    return [*found, text]


def _parts(texts: list[str | None]) -> list[list[str | None]]:
    split = [pieces(text) if text else [] for text in texts]
    width = max((len(part) for part in split), default=1)
    return [[p[i] if i < len(p) else None for p in split] for i in range(max(width, 1))]


def _numbers(made: Crossing, column: Column, values: pd.Series) -> list[float | None]:
    found: list[float | None] = []
    for number in values.astype("object").where(values.notna(), None):
        kept = None if number is None else _held(number)
        if kept != number:
            made.note(column.name, "number", number, kept)
        found.append(kept)
    return found


def _held(number: float) -> float | None:
    """The number as the format holds it: 0 for the tiniest, none for the largest."""
    if 0 < abs(number) < SMALLEST:
        return 0.0
    return float(number) if abs(number) <= LARGEST else None


def _days(values: pd.Series) -> list[int | None]:
    """Days since 1 January 1960, as SAS counts them."""
    return [None if day != day else (day.date() - DAY_0).days for day in values]


def rows_of(crossings: Iterable[Crossing]) -> list[dict]:
    """What was changed in all data sets, one row per thing changed, for the sidecar."""
    return [
        {
            "dataset": made.name.upper(),
            "variable": variable,
            "what": what,
            "original": original,
            "written": written,
            "rows": rows,
        }
        for made in crossings
        for (variable, what, original, written), rows in made.changed.items()
    ]
