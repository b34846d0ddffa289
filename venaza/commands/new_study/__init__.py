"""A first study file for an export never seen before: `python -m venaza new-study`."""
