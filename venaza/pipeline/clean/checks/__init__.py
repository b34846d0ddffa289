"""Checks with clinical sense on the clean rows: each asks the clinic, none corrects a value."""
