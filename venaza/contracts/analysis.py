"""The analysis tables: ADSL, ADRS, ADTTE, ADAE and what they leave out and why."""

from __future__ import annotations

from venaza.contracts.columns import Column

_STUDY = (Column("STUDYID", "string", "Study"), Column("USUBJID", "string", "Patient"))
_SOURCE = (
    Column("SRCDOM", "string", "Clean table of the deciding row"),
    Column("SRCVAR", "string", "Column of the deciding value"),
    Column("SRCSEQ", "integer", "SEQ of the deciding row"),
)

#: The group of patients whose group is not recorded, where the study shows them (groups: missing).
NOT_RECORDED = "not_recorded"

#: Columns added to those of the clean ``patients`` table (and a study's own columns).
ADSL_DERIVED = (
    Column("GROUP", "string", "Analysis group"),
    Column("ITTFL", "string", "All treated patients", "", "Y for every patient with an index date"),
    Column("SAFFL", "string", "Safety population"),
    Column("RESPFL", "string", "Evaluable for response"),
    Column("RESPFLRS", "string", "Why not evaluable for response"),
    Column("CRFL", "string", "Reached composite complete remission"),
    Column("MRDFL", "string", "MRD tested in remission"),
    Column("MRDFLRS", "string", "Why MRD was not tested in remission"),
    Column("BOR", "string", "Best overall response"),
    Column("RISKDRV", "string", "Derived risk group", "", "by the scheme of the study's file"),
    Column("RISKDRVRS", "string", "Why that risk group, or why none"),
    Column("RISK2024", "string", "ELN 2024 risk group for less-intensive therapy"),
    Column("RISK24RS", "string", "Why that ELN 2024 group, or why none"),
    Column("SIG4", "string", "Four-gene signature"),
    Column("SIG4RS", "string", "Why that signature, or why none"),
    Column("NCYCLE", "integer", "Cycles given"),
    Column("TRTEDY", "integer", "Last dose, days from index", "days"),
    Column("FAILFL", "string", "Regimen failed"),
    Column("FAILTYPE", "string", "Kind of failure: refractory, progression or relapse"),
    Column("FAILDT", "date", "Failure"),
    Column("FAILDY", "integer", "Failure, days from index", "days"),
    Column("PFANYFL", "string", "Any therapy after failure, supportive care included"),
    Column("PFTRTFL", "string", "Anti-leukaemic therapy after failure"),
    Column("PFTRT", "string", "First anti-leukaemic therapy after failure"),
    Column("PFTRTCL", "string", "Kind of first anti-leukaemic therapy after failure"),
    Column("PFRESP", "string", "Response to the first anti-leukaemic therapy after failure"),
    Column("PFTRTSEQ", "integer", "SEQ of that therapy in therapies"),
    Column("PFSUPFL", "string", "Supportive care only after failure"),
    Column("PFSUP", "string", "First supportive care of those with nothing else after failure"),
    Column("PFSUPSEQ", "integer", "SEQ of that care in therapies"),
    Column("PFNONFL", "string", "No therapy after failure on record"),
    Column("TXFL", "string", "Transplanted after index"),
    Column("TXDY", "integer", "Transplant, days from index", "days"),
    Column("DTHFL", "string", "Died"),
    Column("ENDDY", "integer", "Death or last known alive, days from index", "days"),
)
#: What a derived column of ADSL is read from: the first of milestones; the row of a response; each
#: row of a clean table; the row of a table whose SEQ the first of some columns has; the karyotype
#: and every gene. Any other column is the patient's own in the clean table.
ADSL_SOURCES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ITTFL", "SAFFL"), ("patients", "INDEXDT")),
    **dict.fromkeys(("RESPFL", "RESPFLRS", "BOR"), ("response", "BOR")),
    "CRFL": ("response", "CRC"),
    **dict.fromkeys(("MRDFL", "MRDFLRS"), ("response", "MRDNEG")),
    **dict.fromkeys(("RISKDRV", "RISK2024", "SIG4"), ("genetics",)),
    **dict.fromkeys(("RISKDRVRS", "RISK24RS", "SIG4RS"), ("genetics",)),
    "NCYCLE": ("rows", "cycles", "CYCLE", "EXSTDT"),
    "TRTEDY": ("rows", "cycles", "EXSTDT", "EXENDT"),
    **dict.fromkeys(("FAILFL", "FAILTYPE", "FAILDT", "FAILDY"), ("milestones", "FAILURE")),
    **dict.fromkeys(("PFANYFL", "PFNONFL"), ("therapy", "CMSTDT", "PFTRTSEQ", "PFSUPSEQ")),
    **dict.fromkeys(("PFTRTFL", "PFTRTSEQ"), ("therapy", "CMSTDT", "PFTRTSEQ")),
    "PFTRT": ("therapy", "CMTRT", "PFTRTSEQ"),
    "PFTRTCL": ("therapy", "CMCLAS", "PFTRTSEQ"),
    "PFRESP": ("therapy", "CMRESP", "PFTRTSEQ"),
    **dict.fromkeys(("PFSUPFL", "PFSUPSEQ"), ("therapy", "CMSTDT", "PFSUPSEQ")),
    "PFSUP": ("therapy", "CMTRT", "PFSUPSEQ"),
    **dict.fromkeys(("TXFL", "TXDY"), ("milestones", "TRANSPLANT")),
    "DTHFL": ("milestones", "DEATH"),
    "ENDDY": ("milestones", "DEATH", "LAST_ALIVE"),
}

#: Names under which later stages put a column beside those of ADSL for a while.
TEMPORARY = frozenset(
    ["ANSWER", "BASE", "BYTHEN", "CHANGE", "ENTRY", "EVENT", "KIND", "LEVEL", "STRATUM", "WORST"]
)

ADRS = (
    *_STUDY,
    Column("PARAMCD", "string", "Parameter code"),
    Column("PARAM", "string", "Parameter"),
    Column("AVAL", "number", "Value as a number (1 yes, 0 no; cycles or days where counted)"),
    Column("AVALC", "string", "Value as text"),
    Column("ADT", "date", "Date"),
    Column("ADY", "integer", "Days from index", "days"),
    *_SOURCE,
    Column("DEFN", "string", "Definition used"),
)

ADTTE = (
    *_STUDY,
    Column("PARAMCD", "string", "Endpoint code"),
    Column("PARAM", "string", "Endpoint"),
    Column("STARTDT", "date", "Time zero"),
    Column("STARTDY", "integer", "Time zero, days from index", "days"),
    Column(
        "ENTRYDY",
        "integer",
        "Under observation from, days from index",
        "days",
        "empty where it is time zero for everybody",
    ),
    Column("ADT", "date", "Event or censoring"),
    Column("ADY", "integer", "Event or censoring, days from index", "days"),
    Column("AVAL", "integer", "Time", "days", "ADY - STARTDY"),
    Column("CNSR", "integer", "0 event, 1 censored, 2 competing event"),
    Column("EVNTDESC", "string", "Event"),
    Column("CNSDTDSC", "string", "Why censored there"),
    *_SOURCE,
    Column("DEFN", "string", "Definition used"),
)

#: Names that a study's own columns cannot have: ADSL and what is joined to it has them.
NOT_OWN = TEMPORARY | {
    column.name for columns in (ADSL_DERIVED, ADRS, ADTTE) for column in columns
} - {"USUBJID"}

#: A patient without a row for an endpoint, and the reason.
ADTTE_EXCLUDED = (
    *_STUDY,
    Column("PARAMCD", "string", "Endpoint code"),
    Column("REASON", "string", "Why the patient has no row"),
)

#: The sources of each patient's endpoints in the order tried, by whoever decided. One decides, or
#: there is no row of ADTTE; nobody outside the analysis population has any.
TRAIL = (
    *_STUDY,
    Column("PARAMCD", "string", "Endpoint code"),
    Column("NTH", "integer", "Place in the order in which sources are tried"),
    Column(
        "ROLE",
        "string",
        "As what the source was tried",
        "",
        "start, entry, landmark, event, competing, censor_at or censor",
    ),
    Column("MILESTONE", "string", "Milestone"),
    Column("SOURCE", "string", "What the milestone is called"),
    Column("FOUND", "string", "What happened; empty where nothing was found"),
    Column("ADT", "date", "Its date"),
    Column("ADY", "integer", "Its day, from index", "days"),
    *_SOURCE,
    Column(
        "VERDICT",
        "string",
        "What came of it",
        "",
        "start, entry or landmark (it sets what follows), decided (the time ends by it), none "
        "(there is no such row), before_start, later, not_counted, not_asked (the time had ended), "
        "left_out (for its sake there is no row)",
    ),
    Column("SAID", "string", "What came of it, in words"),
    Column("DECIDED", "string", "Y for the source that ended the time or left the patient out"),
    Column("ENDDY", "integer", "The day on which the time ends by it", "days", "ADY of ADTTE"),
    Column("CNSR", "integer", "The status by it", "", "CNSR of ADTTE"),
)

#: What another definition of an endpoint does to a patient.
DEFINITIONS = (
    *_STUDY,
    Column("PARAMCD", "string", "Endpoint code"),
    Column("DEFN", "string", "Other definition"),
    Column("AVAL", "integer", "Time by the endpoint's own definition", "days"),
    Column("ENDING", "string", "What ended it"),
    Column("AVALALT", "integer", "Time by the other definition", "days"),
    Column("ENDINGALT", "string", "What ended it by the other definition"),
    Column("CHANGE", "string", "What differs: event, time or reason"),
)

ADAE = (
    *_STUDY,
    Column("AESEQ", "integer", "SEQ of the row in adverse_events"),
    Column("AETERM", "string", "Adverse event as recorded"),
    Column("AEDECOD", "string", "CTCAE term"),
    Column("AEBODSYS", "string", "System organ class"),
    Column("AETOXGR", "integer", "CTCAE grade"),
    Column("ASTDT", "date", "Start"),
    Column("ASTDY", "integer", "Start, days from index", "days"),
    Column("AEREL", "string", "Related to the regimen"),
    Column("TRTEMFL", "string", "Treatment-emergent"),
)

#: One row per graded laboratory result of the safety population.
ADLB = (
    *_STUDY,
    Column("PARAMCD", "string", "Test"),
    Column("PARAM", "string", "CTCAE term that the test is graded for"),
    Column("ADT", "date", "Sample"),
    Column("ADY", "integer", "Sample, days from index", "days"),
    Column("AVAL", "number", "Result in standard units"),
    Column("AVALU", "string", "Standard unit"),
    Column("ANRLO", "number", "Lower limit of normal", "", "in the unit of AVALU"),
    Column("ANRHI", "number", "Upper limit of normal", "", "in the unit of AVALU"),
    Column("ABLFL", "string", "Baseline", "", "Y for the worst value of the last day up to index"),
    Column("BASE", "number", "Baseline value", "", "in the unit of AVALU"),
    Column("BTOXGR", "integer", "Baseline grade"),
    Column("ATOXGR", "integer", "CTCAE grade, 0 for none; empty where it cannot be told"),
    Column("ATOXRS", "string", "Why there is no grade"),
    Column("ONTRTFL", "string", "After index and before the next therapy"),
    Column("WORSTFL", "string", "The patient's worst value on treatment"),
    Column("TRTEMFL", "string", "Treatment-emergent: a worse grade than at baseline"),
    *_SOURCE,
)

#: Tumour lysis syndrome: one row per patient of the safety population and definition.
TLS = (
    *_STUDY,
    Column("DEFN", "string", "Definition"),
    Column("LTLS", "string", "Laboratory TLS: Y, N; empty where it cannot be told"),
    Column("CTLS", "string", "Clinical TLS: Y, N; empty where it cannot be told"),
    Column("LIMFL", "string", "Laboratory TLS by the limits alone, without a change"),
    Column("AEFL", "string", "Tumour lysis syndrome recorded as an adverse event"),
    Column("ADT", "date", "First day on which laboratory TLS is complete"),
    Column("ADY", "integer", "The same, days from index", "days"),
    Column("REASON", "string", "The values and days that decide, or what is missing"),
    *_SOURCE,
)

#: Each dated fact of a patient that endpoints are made of, with the row it came from.
MILESTONES = (
    *_STUDY,
    Column("MILESTONE", "string", "Milestone"),
    Column("DESCRIPTION", "string", "What happened"),
    Column("ADT", "date", "Date"),
    Column("ADY", "integer", "Days from index", "days"),
    *_SOURCE,
)

#: Every dated row of the clean tables that fits a milestone, counted or not and why not. What
#: an endpoint passed over is known only from here: ``MILESTONES`` has the first that counts.
FACTS = (
    *_STUDY,
    Column("MILESTONE", "string", "Milestone"),
    Column("DESCRIPTION", "string", "What happened"),
    Column("NTH", "integer", "Place among the patient's facts that count; 1 is used first"),
    Column("ADT", "date", "Date"),
    Column("ADY", "integer", "Days from index", "days"),
    *_SOURCE,
    Column("REASON", "string", "Why it does not count; empty where it does"),
)

#: The assessments with the response that counts beside the derived and the investigator's.
ASSESSMENTS = (
    *_STUDY,
    Column("SEQ", "integer", "SEQ of the row in responses"),
    Column("ADT", "date", "Date"),
    Column("ADY", "integer", "Days from index", "days"),
    Column("CYCLE", "integer", "Cycles completed at the assessment"),
    Column("CYCLESRC", "string", "Where the cycle comes from: recorded, or cycles begun before"),
    Column("RSINV", "string", "Investigator's response"),
    Column("RSDRV", "string", "Response derived from blasts and counts"),
    Column("RESPONSE", "string", "Response that counts"),
    Column("NOTE", "string", "Why another response counts than the one recorded"),
)

#: What each definition rests on: a row for each milestone that it asks for, held against the data.
SUPPORT = (
    Column("STUDYID", "string", "Study"),
    Column("PARAMCD", "string", "Endpoint code; FAILURE for the failure of the regimen"),
    Column("DEFN", "string", "Definition"),
    Column("ROLE", "string", "start, entry, landmark, event, competing, censor_at or censor"),
    Column("MILESTONE", "string", "Milestone"),
    Column("DESCRIPTION", "string", "What it is called"),
    Column("SRCDOM", "string", "Clean table that it is looked up in"),
    Column("COLUMNS", "string", "Columns that it asks for"),
    Column("NROWS", "integer", "Dated rows of the table"),
    Column("NFIT", "integer", "Rows that say what it asks for"),
    Column("NLACK", "integer", "Of these, rows without the number that decides"),
    Column("NCOUNT", "integer", "Rows that count"),
    Column("NPATIENT", "integer", "Patients with a row that counts"),
    Column("NDECIDED", "integer", "Patients whose time starts or ends by it"),
    Column("PASSED", "string", "Why rows do not count, with numbers, joined by semicolons"),
    Column("SUPPORT", "string", "N where the data cannot show it, else Y; empty where not asked"),
    Column("REASON", "string", "Why not"),
)

#: The boxes of the cohort flow, top to bottom.
FLOW = (
    Column("BOX", "string", "Box"),
    Column("PARENT", "string", "Box above"),
    Column("GROUP", "string", "Analysis group; empty = all"),
    Column("LABEL", "string", "What the box holds"),
    Column("N", "integer", "Patients (or rows, in the first box)"),
    Column("EXCLUDED", "integer", "Left out between the box above and this one"),
    Column("REASONS", "string", "Why, with numbers, joined by semicolons"),
)
