"""For each check: rows that raise it and close ones that do not, worked by hand.

One patient (``p1``) stands in every case: a newly diagnosed man of 60, diagnosed ten days before
the first dose (day 0), alive on day 200. A case changes that row (None empties a cell) and adds
rows to other tables; dates are days from the first dose, calendar dates where it says so.
"""

from __future__ import annotations

from tests.clean.cases.course import DATES, DUPLICATES, PERSON, VITAL_STATUS
from tests.clean.cases.reading import NUMBERS, READING
from tests.clean.cases.response import MRD, RESPONSE
from tests.clean.cases.treatment import GENETICS, SAFETY, TREATMENT

CASES = [
    *READING,
    *NUMBERS,
    *PERSON,
    *DATES,
    *VITAL_STATUS,
    *RESPONSE,
    *MRD,
    *TREATMENT,
    *SAFETY,
    *GENETICS,
    *DUPLICATES,
]
