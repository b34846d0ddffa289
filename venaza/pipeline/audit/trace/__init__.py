"""The way back: one patient from raw cells to numbers, one number to its patients and cells."""
