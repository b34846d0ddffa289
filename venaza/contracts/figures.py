"""What figures and tables are called in the report, and what the log of the figures says."""

from __future__ import annotations

#: How a line begins that says which words of a figure no font could print.
NOT_PRINTABLE = "not printable in"


def exhibit_id(name: str) -> str:
    """``fig km_OS`` as the identifier that cross-references use: ``fig-km-os``."""
    return name.lower().replace(" ", "-").replace("_", "-")
