"""Columns of a laboratory's sheet that the study file does not name: the specimen counts."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.coded_values import code_of
from venaza.contracts.errors import StudyError
from venaza.contracts.headers import header_key, mapped_columns, read_by
from venaza.contracts.text import tidy
from venaza.pipeline.clean.journal import Journal, Place
from venaza.pipeline.clean.layout import fits
from venaza.pipeline.clean.layout_redcap import Redcap


def with_specimen(cells: pd.DataFrame, study: dict) -> dict:
    """The study with the column of specimens mapped, where its sheet has one and it names none.

    A column is one of specimens by its header (``labs > headers``, from config/synonyms.yaml) and
    by a specimen in it. Raises ``StudyError`` where two are.
    """
    spec = study["tables"].get("labs")
    if spec is None or "LBSPEC" in dict(mapped_columns(spec)):
        return study
    known = study["vocabulary"]["specimen"]
    found = {
        header: place
        for header, place, texts in _columns("LBSPEC", cells, study)
        if any(code_of(tidy(text), known) for text in texts)
    }
    if len(found) > 1:
        place = next(iter(found.values()))
        raise StudyError(
            f"{len(found)} columns of the laboratory's sheet may hold the specimen: "
            f"{', '.join(found)}.",
            fix="Name the one that does: tables > labs > columns > LBSPEC: HEADER.",
            file=place.file,
            sheet=place.sheet or None,
        )
    if not found:
        return study
    how = {"from": next(iter(found))}
    records = [{**r, "columns": {**r["columns"], "LBSPEC": how}} for r in spec["records"]]
    return {**study, "tables": {**study["tables"], "labs": {**spec, "records": records}}}


def tell_of_limits(cells: pd.DataFrame, study: dict, journal: Journal) -> None:
    """Say once that the export seems to hold limits of normal that the study file does not name."""
    spec = study["tables"].get("labs")
    if spec is None:
        return
    records = [record["columns"] for record in spec["records"]]
    named = [{*columns, *columns.get("LBSTRESN", {})} for columns in records]
    if any({"LBSTNRLO", "LBSTNRHI", "range_from"} & names for names in named):
        return
    for header, place, texts in _columns("LBNRNG", cells, study)[:1]:
        at = {"column": "LBSTRESN", "value": texts[0], "place": place, "header": header}
        journal.ask("limits_not_used", {"header": header}, table="labs", **at)


def _columns(name: str, cells: pd.DataFrame, study: dict) -> list[tuple[str, Place, list[str]]]:
    """Columns of the laboratory's sheets that are called so, not mapped: header, place, texts."""
    spec, redcap = study["tables"]["labs"], Redcap.of(study)
    words = {_key(word) for word in study["labs"].get("headers", {}).get(name, ())}
    mapped = {_key(spec["key"])}
    for _, how in mapped_columns(spec):
        mapped |= set(map(_key, read_by(how)))
    mapped |= {_key(header) for header in spec.get("where", {})}
    headers = [h for h in cells["HEADER"].dropna().unique() if _key(h) in words - mapped]
    found = []
    for header in headers:
        part = cells[cells["HEADER"] == header]
        for file, sheet in part[["SRCFILE", "SRCSHEET"]].drop_duplicates().itertuples(index=False):
            if not fits(file, sheet, spec, redcap):
                part = part[(part["SRCFILE"] != file) | (part["SRCSHEET"] != sheet)]
        if len(part):
            first = part.iloc[0]
            place = Place(first["SRCFILE"], first["SRCSHEET"], int(first["SRCROW"]))
            found.append((header, place, list(part["VALUE"].unique())))
    return found


def _key(header: str) -> str:
    return header_key(header).casefold()
