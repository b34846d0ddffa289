"""The data-quality report of `python -m venaza check`: one page, drawn from the clean tables."""
