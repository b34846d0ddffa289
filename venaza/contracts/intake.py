"""The intake tables: every cell of an export with its address, every file with its hash."""

from __future__ import annotations

from venaza.contracts.columns import Column

#: The kind of a cell whose value was taken out because it identifies a patient.
DROPPED = "dropped"

CELLS = (
    Column("SRCFILE", "string", "Raw file"),
    Column("SRCSHEET", "string", "Raw sheet (empty for a text file)"),
    Column("SRCROW", "integer", "Raw row, as the spreadsheet numbers it"),
    Column("COL", "string", "Raw column, as the spreadsheet letters it"),
    Column("HEADER", "string", "Raw header; empty in the header row and above it"),
    Column("VALUE", "string", "Cell as text"),
    Column("KIND", "string", "What the cell was: text, number, date, boolean"),
    Column("LABEL", "string", "Value label of the cell"),
)

FILES = (
    Column("SRCFILE", "string", "Raw file"),
    Column("SHA256", "string", "SHA-256 of the file"),
    Column("BYTES", "integer", "Size", "bytes"),
    Column("FORMAT", "string", "File type"),
    Column("ENCODING", "string", "Encoding of a text file"),
    Column("SHEETS", "integer", "Sheets"),
    Column("CELLS", "integer", "Cells that are not empty"),
)
