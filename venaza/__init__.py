"""venaza: from raw leukaemia cohort exports to an auditable manuscript."""

__version__ = "0.1.0"
