"""Privacy: what identifies a patient is found, and never gets past the reading of the files."""
