"""The intake tables: every cell of an export with its address, every file with its hash."""

from __future__ import annotations

from venaza.contracts.columns import Column

#: The kind of a cell whose value was taken out because it identifies a patient.
DROPPED = "dropped"
#: The kind of a cell whose date was moved by the patient's number of days.
SHIFTED = "shifted"
#: The kind of a cell whose text a correction gave; only while cleaning reads it.
CORRECTED = "corrected"
#: The kind of a cell of a text file that stands beyond the last header.
BEYOND = "beyond"
#: Kinds of cells that hold no value, and what is said of them.
NO_VALUE = {
    "error": "a spreadsheet error",
    "formula": "a formula without a stored value",
    "missing": "declared missing by the file",
}

CELLS = (
    Column("CELL", "integer", "Number of the cell", "", "its row in this table, from 1"),
    Column("SRCFILE", "string", "Raw file; in an archive: archive.zip/inner/name.csv"),
    Column("SRCSHEET", "string", "Raw sheet (empty for a text file)"),
    Column("SRCROW", "integer", "Raw row, as the spreadsheet numbers it"),
    Column("COL", "string", "Raw column, as the spreadsheet letters it"),
    Column("HEADER", "string", "Raw header; empty in the header row and above it"),
    Column("VALUE", "string", "Cell as text; a number as its format shows it"),
    Column(
        "KIND",
        "string",
        "What the cell was: text, number, date, time, boolean; error (#REF!), formula (without a "
        "stored value), missing (declared so by the file), beyond (the last header of a text file)",
    ),
    Column("LABEL", "string", "Value label, where the file or a data dictionary gives one"),
    Column("STORED", "string", "Number as stored, where its format shows another (0.35 for 35%)"),
    Column("DAYZERO", "string", "Day 0 of the workbook's serial numbers; empty in other files"),
)

FILES = (
    Column("SRCFILE", "string", "Raw file"),
    Column("SHA256", "string", "SHA-256 of the file"),
    Column("BYTES", "integer", "Size", "bytes"),
    Column("FORMAT", "string", "File type, by content"),
    Column("ENCODING", "string", "Encoding of a text file"),
    Column("SHEETS", "integer", "Sheets"),
    Column("CELLS", "integer", "Cells that are not empty"),
    Column("HIDDEN", "string", "Hidden sheets, which are read like the others"),
    Column("NOTES", "string", "What is not read, or not as it seems"),
)
