"""The audit page: one file that leads from every number and patient back to the raw cells."""
