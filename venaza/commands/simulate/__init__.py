"""Synthetic cohorts by plans (config/simulate/), written as a hospital would."""
