"""The study and the results that the tests of the audit make stand here too."""

from tests.audit.conftest import made_results, made_tables, results, study, tables

__all__ = ["made_results", "made_tables", "results", "study", "tables"]
