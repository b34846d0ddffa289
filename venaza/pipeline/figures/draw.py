"""Draws the planned figures one after the other and writes each file whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from venaza.contracts.files import neutral, write_bytes, write_text
from venaza.pipeline.figures import (
    adverse_events,
    definitions,
    embedding,
    evidence,
    flow,
    forest,
    glyphs,
    hazards,
    reconstructed_curves,
    response,
    style,
    survival,
    swimmer,
    time_dependent,
)
from venaza.pipeline.figures.lookup import Numbers
from venaza.pipeline.figures.style import Sheet
from venaza.study.journal import in_print, letter, with_letter
from venaza.study.support import marked
from venaza.study.words import in_language

#: No clock and no version in any file, so that equal input gives equal bytes.
VECTOR = {"svg": {"Date": None}, "pdf": {"CreationDate": None, "ModDate": None}}
PNG_DPI, TIFF_DPI = 300, 600


def draw(
    names: list[str],
    tables: dict[str, pd.DataFrame],
    ard: pd.DataFrame,
    curves: pd.DataFrame,
    study: dict,
    folder: Path,
    log: list[str],
) -> list[Path]:
    """Draw ``names`` into ``folder``; returns the files written, figure by figure.

    Words that no font can print are marked, and ``log`` gets a line with what the marks stand for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    numbers = Numbers(in_print(ard, study), study.get("words"))
    written: list[Path] = []
    with style.journal(), embedding.lean_fonts():
        for name in names:
            sheet, data = figure(name, tables, numbers, curves, study)
            sheet.mark_synthetic(study)
            _sign(sheet.figure, study)
            if marks := glyphs.without_boxes(sheet.figure, style.faces()):
                log.append(glyphs.told(name, marks))
            written += save(sheet, data, folder, name, tiff=study["report"]["tiff"])
    return written


def _sign(figure: Figure, study: dict) -> None:
    """Give the figure the journal's sign of a P value, in italics where it wants them."""
    plain = letter(study)
    sign = letter(study, lambda text: rf"$\mathit{{{text}}}$")
    if sign == "P":
        return
    for artist in figure.findobj(Text):
        text = artist.get_text()
        own = plain if "$" in text else sign  # a $ of a label is a $
        if (new := with_letter(text, own)) != text:
            artist.set_parse_math(own != plain)
            artist.set_text(new)


def figure(
    name: str, tables: dict, numbers: Numbers, curves: pd.DataFrame, study: dict
) -> tuple[Sheet, pd.DataFrame]:
    """One planned figure, drawn on its sheet but not written, and the data drawn (in English)."""
    sheet, data = _drawn(name, tables, numbers, curves, in_language(study))
    if study.get("words"):
        _, data = _drawn(name, tables, numbers.in_english(), curves, {**study, "words": {}})
    return sheet, data


def _drawn(
    name: str, tables: dict, numbers: Numbers, curves: pd.DataFrame, study: dict
) -> tuple[Sheet, pd.DataFrame]:
    study = marked(study, tables.get("support"))
    kind, _, code = name.partition("_")
    if kind == "flow":
        return flow.figure(tables["flow"], study)
    if kind == "km":
        return survival.kaplan_meier(code, curves, numbers, study)
    if kind == "cif":
        return survival.cumulative_incidence(code, curves, numbers, study)
    if kind == "definitions":
        return definitions.figure(code, curves, numbers, study)
    if kind == "beside":
        return reconstructed_curves.figure(code, curves, numbers, study)
    if kind == "simon":
        code, change = code.removeprefix("makuch_").split("_", 1)
        return time_dependent.simon_makuch(code, change.upper(), curves, numbers, study)
    if kind == "response":
        return response.figure(numbers, study)
    if kind == "swimmer":
        return swimmer.figure(tables["adsl"], tables["milestones"], study)
    if kind == "forest":
        return forest.figure(code, numbers, study)
    if kind == "hazards":
        return hazards.figure(code, numbers, study)
    if kind == "evidence":
        return evidence.figure(tables["evidence"], numbers, study)
    return adverse_events.figure(numbers, study)


def save(
    sheet: Sheet, data: pd.DataFrame, folder: Path, name: str, tiff: bool = False
) -> list[Path]:
    """Write one figure as SVG, PDF, PNG (and TIFF), and its data as CSV; returns the paths."""
    paths = []
    for suffix, metadata in VECTOR.items():
        buffer = io.BytesIO()
        sheet.figure.savefig(buffer, format=suffix, metadata=metadata)
        paths.append(write_bytes(buffer.getvalue(), folder / f"{name}.{suffix}"))
    packed = {"format": "png", "compress_level": 2}
    paths.append(write_bytes(_picture(sheet, PNG_DPI, packed), folder / f"{name}.png"))
    if tiff:
        packed = {"format": "tiff", "compression": "tiff_lzw"}
        paths.append(write_bytes(_picture(sheet, TIFF_DPI, packed), folder / f"{name}.tiff"))
    table = folder / f"{name}.csv"
    words = {n: data[n].map(_neutral) for n in data.select_dtypes(["object", "string"])}
    safe = data.assign(**words)
    text = safe.to_csv(index=False, lineterminator="\n", float_format="%.10g")
    write_text(f"\ufeff{text}", table)
    return [*paths, table]


def _neutral(value: object) -> object:
    return neutral(value) if isinstance(value, str) else value


def _picture(sheet: Sheet, dpi: int, packed: dict) -> bytes:
    """The figure in pixels, opaque: for Word as PNG, packed fast, for a journal as TIFF."""
    sheet.figure.set_dpi(dpi)
    canvas = sheet.figure.canvas
    canvas.draw()
    buffer = io.BytesIO()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
    picture.save(buffer, dpi=(dpi, dpi), **packed)
    return buffer.getvalue()
