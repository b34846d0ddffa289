"""A finished run as an RO-Crate: results, code and configuration with their provenance."""
