"""The stages of a run, in the order in which a patient meets them (docs/architecture.md)."""
