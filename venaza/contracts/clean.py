"""The clean tables: one patient key, CDISC names, a pointer to the raw row."""

from __future__ import annotations

from venaza.contracts.columns import Column, date_columns, names

KEY = (
    Column("USUBJID", "string", "Patient"),
    Column("SEQ", "integer", "Row number within the patient", "", "order of the raw rows"),
)
ORIGIN = (
    Column("SRCFILE", "string", "Raw file"),
    Column("SRCSHEET", "string", "Raw sheet (empty for a text file)"),
    Column("SRCROW", "integer", "Raw row, as the spreadsheet numbers it"),
)
#: The columns that say where a raw row stands.
PLACE = names(ORIGIN)

PATIENTS = (
    *KEY,
    Column("SEX", "string", "Sex"),
    Column("AGE", "number", "Age", "years"),
    Column("DISEASE", "string", "Disease"),
    Column("DISSTAT", "string", "Disease status"),
    Column("DISTYPE", "string", "Disease type"),
    Column("ARM", "string", "Treatment arm"),
    Column("ECOG", "integer", "ECOG performance status"),
    Column("RISK", "string", "Recorded risk group"),
    Column("KARYO", "string", "Karyotype (ISCN)"),
    Column("WBC", "number", "White cell count", "10^9/L"),
    Column("HGB", "number", "Haemoglobin", "g/L"),
    Column("PLT", "number", "Platelet count", "10^9/L"),
    Column("BMBLAST", "number", "Bone-marrow blasts", "%"),
    Column("PRIORHMA", "string", "Prior hypomethylating agent"),
    Column("PRIORLN", "integer", "Prior lines of therapy"),
    *date_columns("DIAG", "Diagnosis"),
    *date_columns("INDEX", "Index date"),
    *date_columns("LSTALV", "Last contact"),
    Column("SURVSTAT", "string", "Recorded vital status"),
    *date_columns("DTH", "Death"),
    Column("DTHCAUS", "string", "Cause of death"),
    *date_columns("STOP", "Stop of the regimen"),
    Column("STOPREAS", "string", "Reason for stopping the regimen"),
)

CYCLES = (
    *KEY,
    Column("CYCLE", "integer", "Cycle"),
    *date_columns("EXST", "Start of cycle"),
    *date_columns("EXEN", "End of cycle"),
    Column("VENDOSE", "number", "Venetoclax dose", "mg/day"),
    Column("VENDAYS", "integer", "Venetoclax days", "days"),
    Column("HMADOSE", "number", "Hypomethylating agent dose", "mg/m2/day"),
    Column("HMADAYS", "integer", "Hypomethylating agent days", "days"),
)

RESPONSES = (
    *KEY,
    *date_columns("RS", "Response assessment"),
    Column("CYCLE", "integer", "Cycles completed at the assessment"),
    Column("MBLAST", "number", "Bone-marrow blasts", "%"),
    Column("PBLAST", "number", "Blood blasts", "%"),
    Column("ANC", "number", "Absolute neutrophil count", "10^9/L"),
    Column("PLT", "number", "Platelet count", "10^9/L"),
    Column("EMD", "string", "Extramedullary disease"),
    Column("RSMETH", "string", "How the response was assessed: marrow or imaging"),
    Column("DEAUV", "integer", "Deauville score of the imaging"),
    Column("RSINV", "string", "Investigator's response"),
    Column("MRDMETH", "string", "MRD method"),
    Column("MRDVAL", "number", "MRD", "%"),
    Column("MRDOP", "string", "MRD sign: = measured, < ≤ below the value, > ≥ above it"),
    Column("MRDRES", "string", "MRD result as the laboratory stated it"),
    Column("MRDLOD", "number", "MRD limit of detection", "%"),
)

MRD = (
    *KEY,
    *date_columns("MRD", "MRD sample"),
    Column("MRDMETH", "string", "MRD method"),
    Column("MRDMAT", "string", "MRD material"),
    Column("MRDVAL", "number", "MRD", "%"),
    Column("MRDOP", "string", "MRD sign: = measured, < ≤ below the value, > ≥ above it"),
    Column("MRDRES", "string", "MRD result as the laboratory stated it"),
    Column("MRDLOD", "number", "MRD limit of detection", "%"),
)

THERAPIES = (
    *KEY,
    *date_columns("CMST", "Start of later therapy"),
    Column("CMLINE", "integer", "Line after the regimen"),
    Column("CMTRT", "string", "Later therapy"),
    Column("CMCLAS", "string", "Kind of later therapy"),
    Column("CMRESP", "string", "Best response to the later therapy"),
)

TRANSPLANTS = (
    *KEY,
    *date_columns("TX", "Transplant"),
    Column("TXTYPE", "string", "Kind of transplant"),
)

MUTATIONS = (
    *KEY,
    Column("GENE", "string", "Gene"),
    Column("GERES", "string", "Result: MUTATED, WILD-TYPE or NOT TESTED"),
    Column("VAF", "number", "Variant allele fraction", "%"),
)

ADVERSE_EVENTS = (
    *KEY,
    Column("AETERM", "string", "Adverse event as recorded"),
    Column("AEDECOD", "string", "CTCAE term"),
    Column("AETOXGR", "integer", "CTCAE grade"),
    *date_columns("AEST", "Start of adverse event"),
    *date_columns("AEEN", "End of adverse event"),
    Column("AEREL", "string", "Related to the regimen"),
)

LABS = (
    *KEY,
    *date_columns("LB", "Sample"),
    Column("LBTESTCD", "string", "Test"),
    Column("LBSTRESN", "number", "Result in standard units"),
    Column("LBSTRESU", "string", "Standard unit"),
    Column("LBSTNRLO", "number", "Laboratory's lower limit of normal"),
    Column("LBSTNRHI", "number", "Laboratory's upper limit of normal"),
    Column("LBSPEC", "string", "Specimen"),
)

TRANSFUSIONS = (
    *KEY,
    *date_columns("TF", "Transfusion"),
    Column("TFTYPE", "string", "Kind of transfusion: RBC or PLATELET"),
    Column("TFUNITS", "number", "Units", "units"),
)

#: Every clean table that a study may give; only ``patients`` is needed.
TABLES: dict[str, tuple[Column, ...]] = {
    "patients": (*PATIENTS, *ORIGIN),
    "cycles": (*CYCLES, *ORIGIN),
    "responses": (*RESPONSES, *ORIGIN),
    "mrd": (*MRD, *ORIGIN),
    "therapies": (*THERAPIES, *ORIGIN),
    "transplants": (*TRANSPLANTS, *ORIGIN),
    "mutations": (*MUTATIONS, *ORIGIN),
    "adverse_events": (*ADVERSE_EVENTS, *ORIGIN),
    "labs": (*LABS, *ORIGIN),
    "transfusions": (*TRANSFUSIONS, *ORIGIN),
}

#: Columns that cleaning makes itself, so that no study file says where they come from.
MADE = frozenset(
    ["USUBJID", "LBSTRESU"]
    + [column.name for column in ORIGIN]
    + [
        column.name
        for table in TABLES.values()
        for column in table
        if column.derivation or column.name.endswith("DTF")
    ]
)

#: The date on which a row of a table hangs; a row dated after the cut-off is left out.
ROW_DATE = {
    "cycles": "EXSTDT",
    "responses": "RSDT",
    "mrd": "MRDDT",
    "therapies": "CMSTDT",
    "transplants": "TXDT",
    "adverse_events": "AESTDT",
    "labs": "LBDT",
    "transfusions": "TFDT",
}

#: Without one of these a row says nothing, and is left out without a query.
NEEDED = {
    "cycles": ("EXSTDT",),
    "responses": ("RSDT",),
    "mrd": ("MRDDT",),
    "therapies": ("CMSTDT",),
    "transplants": ("TXDT",),
    "mutations": ("GENE",),
    "adverse_events": ("AETERM",),
    "labs": ("LBTESTCD", "LBSTRESN"),
    "transfusions": ("TFDT", "TFTYPE"),
}

#: Roles of the cell that gives the value itself (``ROLES``).
GIVES = ("value", "corrected", "computed")

#: What a raw cell is to a clean value (``ROLE`` of ``ORIGINS``).
ROLES = {
    "value": "the value was read from the cell",
    "corrected": "the value was read from what a correction put in the place of the cell's text; "
    "where the cell was empty in the export it has no number",
    "computed": "the value was computed from the cell (the start of a cycle, a date moved to the "
    "data cut-off); without a number it is the data cut-off",
    "idle": "the cell would give the value, but its condition does not hold",
    "constant": "the value stands in the study file; no cell",
    "condition": "the cell decides whether the value counts, or the row",
    "unit": "the cell holds the unit",
    "key": "the cell holds the patient's number",
}

#: One line for each raw cell that a value of a clean table comes from, hangs on or is meant by.
ORIGINS = (
    Column("TABLE", "string", "Clean table"),
    Column("USUBJID", "string", "Patient"),
    Column("SEQ", "integer", "Row number within the patient"),
    Column(
        "COLUMN",
        "string",
        "Clean column",
        "",
        "a date stands for its day (XDY) and flag (XDTF) too; USUBJID for the row",
    ),
    Column("CELL", "integer", "Raw cell: its number in intake/cells", "", "empty without a cell"),
    Column("ROLE", "string", f"What the cell is to the value: {', '.join(ROLES)}"),
    Column(
        "LINE", "integer", "Correction that filled an empty cell: its line in clean/corrections"
    ),
)

#: One line for each change that cleaning made to a value.
CLEANING_LOG = (
    Column("USUBJID", "string", "Patient"),
    Column("TABLE", "string", "Clean table"),
    Column("COLUMN", "string", "Clean column"),
    Column("RAW", "string", "Value as sent"),
    Column("CLEAN", "string", "Value as kept"),
    Column("RULE", "string", "Rule that changed it"),
    *ORIGIN,
    Column("SRCCOL", "string", "Raw header"),
    Column("NOTE", "string", "Why, by whom and when, where a person decided"),
)

#: One line for each line of the corrections file: what became of it, and of which raw cell.
CORRECTIONS = (
    Column("LINE", "integer", "Line of the corrections file"),
    Column("USUBJID", "string", "Patient"),
    Column("TABLE", "string", "Clean table"),
    Column("COLUMN", "string", "Clean columns that read the cell"),
    Column("OLD", "string", "Value as sent"),
    Column("NEW", "string", "Value as corrected; empty where it was taken out"),
    Column("REASON", "string", "Why"),
    Column("WHO", "string", "By whom"),
    Column("WHEN", "date", "When it was decided"),
    Column("STATUS", "string", "applied, already in the export, or why it does not apply"),
    *ORIGIN,
    Column("SRCCOL", "string", "Raw header"),
)

#: One line for each thing that the clinic should look at.
QUERIES = (
    Column("QUERYID", "string", "Query", "", "rule, patient, table, column, row key"),
    Column("USUBJID", "string", "Patient"),
    Column("SEVERITY", "string", "error, warning or note"),
    Column("RULE", "string", "Check that failed"),
    Column("TABLE", "string", "Clean table"),
    Column("COLUMN", "string", "Clean column"),
    Column("VALUE", "string", "Value as sent"),
    Column("MESSAGE", "string", "What is wrong"),
    Column("ACTION", "string", "What the pipeline did"),
    *ORIGIN,
    Column("SRCCOL", "string", "Raw header"),
)

#: Each raw row that was left out, as it was sent: what stood in it is not lost.
QUARANTINE = (
    Column("TABLE", "string", "Clean table"),
    Column("SRCFILE", "string", "Raw file"),
    Column("SRCSHEET", "string", "Raw sheet"),
    Column("SRCROW", "integer", "Raw row"),
    Column("REASON", "string", "Why it was left out"),
    Column("CONTENT", "string", "Its cells, header: value", "", "in the order of the columns"),
)

#: How many rows came in and what became of them, table by table.
ROW_ACCOUNT = (
    Column("TABLE", "string", "Clean table"),
    Column("SRCFILE", "string", "Raw file"),
    Column("SRCSHEET", "string", "Raw sheet"),
    Column("OUTCOME", "string", "used, or the reason it was left out"),
    Column("N", "integer", "Rows"),
)

#: What became of every cell of the export that is not empty, column by column.
CELL_ACCOUNT = (
    Column("SRCFILE", "string", "Raw file"),
    Column("SRCSHEET", "string", "Raw sheet (empty for a text file)"),
    Column("COL", "string", "Raw column, as the spreadsheet letters it"),
    Column("SRCCOL", "string", "Raw header"),
    Column("OUTCOME", "string", "used, or the reason the cell was left out"),
    Column("TARGET", "string", "Clean columns that the cells were used for"),
    Column("N", "integer", "Cells"),
)
