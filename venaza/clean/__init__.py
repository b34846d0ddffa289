"""Cleaning: typed tables with CDISC names, a log of every change, and the queries for the clinic."""
