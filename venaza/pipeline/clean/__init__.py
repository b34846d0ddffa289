"""Cleaning: typed tables with CDISC names, a log of every change, queries for the clinic."""
