"""A checker of published numbers: what the numbers in print can have been made from."""
