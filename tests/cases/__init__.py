"""Small exports that go wrong elsewhere, each as a text table, run from the raw file on.

A case is a ``##`` section of a file of this folder: what goes wrong, the raw files, the study file,
the results, and how they were worked out by hand. ``docs/cases.md`` is made of them.
"""
