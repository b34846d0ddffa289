"""Numbers of the manuscript once more, from the cells of the export, by code of its own.

Nothing here imports venaza. What is read is the answer of ``python -m venaza why --json`` and, at
the places that it names, the files of the export themselves.
"""
