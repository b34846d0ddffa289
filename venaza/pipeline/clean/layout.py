"""How sheets are laid out: which of them a table takes, and which headers it names."""

from __future__ import annotations

from venaza.contracts.headers import header_key, mapped_headers, takes_file, takes_sheet
from venaza.pipeline.clean.layout_redcap import Redcap


def fits(file: str, sheet: str, spec: dict, redcap: Redcap) -> bool:
    """Whether a table takes a sheet; a REDCap dictionary is no table's."""
    name = file.split("/")[-1]
    if redcap.is_dictionary(name) or not takes_file(spec, name):
        return False
    return takes_sheet(spec, sheet)


def headers_of(spec: dict) -> set[str]:
    """The raw headers that a table's mapping names, normalised."""
    return set(map(header_key, mapped_headers(spec)))
