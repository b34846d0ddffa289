"""Bridges: the analysis tables as files of other programs, made where the run asks for them."""

#: What `--config bridges=` may name, and the folder of each in `results/STUDY/bridges/`.
KINDS = ("xpt", "spss")
#: The analysis tables that cross, with the label that SAS and SPSS show (at most 40 bytes).
DATASETS = {
    "adsl": "Subject-Level Analysis",
    "adrs": "Response Analysis",
    "adtte": "Time-to-Event Analysis",
    "adae": "Adverse Events Analysis",
    "adlb": "Laboratory Analysis",
}
