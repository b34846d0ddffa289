"""The study file: read, completed with the field's defaults, and checked before any job runs."""

from venaza.config.exports import check_headers, choose_export, export_before, export_files
from venaza.config.sections import settings
from venaza.config.study import load_run, load_study

__all__ = [
    "check_headers",
    "choose_export",
    "export_before",
    "export_files",
    "load_run",
    "load_study",
    "settings",
]
