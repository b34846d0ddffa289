"""Rerun: what of the results still stands when a run begins, and the words for what it did."""
