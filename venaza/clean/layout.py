"""How sheets are laid out: which of them a table takes, which rows, what is filled down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.clean.layout_redcap import Redcap
from venaza.clean.odd_rows import is_summary
from venaza.clean.text import tidy
from venaza.contracts.headers import header_key, named_by, takes_file, takes_sheet

if TYPE_CHECKING:
    from venaza.clean.journal import Journal
    from venaza.clean.rows import RawRow


def fits(file: str, sheet: str, spec: dict, redcap: Redcap) -> bool:
    """Whether a table takes a sheet; a REDCap dictionary is no table's."""
    name = file.split("/")[-1]
    if redcap.is_dictionary(name) or not takes_file(spec, name):
        return False
    return takes_sheet(spec, sheet)


def headers_of(spec: dict) -> set[str]:
    """The raw headers that a table's mapping names, normalised."""
    wanted = [spec["key"], *spec.get("where", {}), *spec.get("fill_down", [])]
    wanted += [spec["newer_by"]] if "newer_by" in spec else []
    wanted += [spec["regimen"]["from"]] if "regimen" in spec else []
    for record in spec["records"]:
        for how in record["columns"].values():
            wanted += named_by(how)
            wanted += list(how.get("when", {}))
    return {header_key(header) for header in wanted}


def fill_down(
    rows: list[RawRow], table: str, spec: dict, summary: list[str], journal: Journal
) -> None:
    """Give the empty cells of the declared columns the value above, within a sheet; in place.

    What a merged cell shows over several rows stands in the first of them only. A filled patient
    number is logged as ``USUBJID``, any other under the clean columns that the header is mapped to.
    A row of totals or notes (the words ``summary``) belongs to nobody and is not filled.
    """
    targets = _targets(spec)
    above: dict[tuple, RawRow] = {}
    for row in sorted(rows, key=lambda r: (r.place.file, r.place.sheet, r.place.row)):
        if is_summary(next(iter(row.cells.values())), summary):
            continue
        patient = above.get((row.place.file, row.place.sheet, header_key(spec["key"])))
        for header in spec["fill_down"]:
            key = header_key(header)
            where = (row.place.file, row.place.sheet, key)
            if tidy(row.cells.get(key, "")) != "":
                above[where] = row
                continue
            if where not in above:
                continue
            source = above[where]
            row.take(key, source)
            journal.filled[(row.place, key)] = source.place
            known = tidy(row.text(spec["key"])) or (patient and tidy(patient.text(spec["key"])))
            for column in targets.get(key, []):
                rule = "filled from the row above"
                journal.change(known, table, column, "", row.cells[key], rule, row.place, header)


def _targets(spec: dict) -> dict[str, list[str]]:
    """The clean columns behind each raw header."""
    found: dict[str, list[str]] = {header_key(spec["key"]): ["USUBJID"]}
    for record in spec["records"]:
        for name, how in record["columns"].items():
            columns = found.setdefault(header_key(how["from"]), []) if "from" in how else []
            if name not in columns:
                columns.append(name)
    return found
