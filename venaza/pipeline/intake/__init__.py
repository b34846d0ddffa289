"""Intake: what the hospital sent, cell by cell, with file, sheet and row."""
