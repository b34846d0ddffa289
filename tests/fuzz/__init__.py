"""Mangled exports and study files, from a seed: clean, or one message that says what and where."""
