"""The study file: read, completed with the field's defaults, and checked before any job runs."""

from venaza.preflight.comparison import compare_with
from venaza.preflight.exports import (
    check_headers,
    choose_export,
    export_before,
    export_files,
    other_files,
)
from venaza.preflight.load import load_run, load_study
from venaza.preflight.stage_settings import STAGES, settings, stage_code, write_settings

__all__ = [
    "STAGES", "check_headers", "choose_export", "compare_with", "export_before", "export_files",
    "load_run", "load_study", "other_files", "settings", "stage_code", "write_settings",
]  # fmt: skip
