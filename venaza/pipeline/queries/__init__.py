"""The queries as a workbook that the clinic fills in."""
