"""Endpoints: response, failure, survival and safety of each patient, with the deciding row."""
