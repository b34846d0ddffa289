"""What the log of the figures says, and the summary of a run repeats."""

from __future__ import annotations

#: How a line begins that says which words of a figure no font could print.
NOT_PRINTABLE = "not printable in"
