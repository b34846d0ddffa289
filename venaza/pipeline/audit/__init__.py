"""Audit: what each file was made from, what a new export changed, and the way to the raw cells."""
