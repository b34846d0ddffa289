"""The study file: read, completed with the field's defaults, and checked before any job runs."""

from venaza.config.comparison import compare_with
from venaza.config.exports import (
    check_headers,
    choose_export,
    export_before,
    export_files,
    other_files,
)
from venaza.config.sections import STAGES, settings, stage_code, write_settings
from venaza.config.study import load_run, load_study

__all__ = [
    "STAGES",
    "check_headers",
    "choose_export",
    "compare_with",
    "export_before",
    "export_files",
    "load_run",
    "load_study",
    "other_files",
    "settings",
    "stage_code",
    "write_settings",
]
