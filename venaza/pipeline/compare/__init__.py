"""Compare: what has changed since the export before, and what moved each number."""
