"""Ways in which real life writes the same cohort, and what venaza makes of each.

python -m tests.metamorphic            every way, on every study: docs/metamorphic.md
python -m tests.metamorphic WORD ...   only the ways and studies that the words name
"""
