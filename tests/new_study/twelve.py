"""SYNTHETIC: twelve invented patients, their survival by hand, and how exports write them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Patient:
    """Days from the start of treatment; ``response`` is the best one, ``last`` death or contact."""

    id: str
    sex: str
    age: int
    state: str
    response: str
    remission: int | None
    relapses: tuple[int, ...]
    transplant: int | None
    next_therapy: int | None
    last: int
    dead: bool
    status: str

    @property
    def start(self) -> dt.date:
        return dt.date(2021, 1, 11) + dt.timedelta(days=20 * (int(self.id[1:]) - 1))

    def on(self, day: int | None) -> dt.date | None:
        return None if day is None else self.start + dt.timedelta(days=day)

    def relapse(self, number: int) -> int | None:
        """The day of the first, second or third relapse."""
        return self.relapses[number - 1] if len(self.relapses) >= number else None

    @property
    def start_day(self) -> int:
        return 0

    @property
    def death(self) -> int | None:
        return self.last if self.dead else None


def _patients() -> tuple[Patient, ...]:
    """The table below, read as it is written: - is nothing, relapses stand beside each other."""
    return tuple(_patient(line.split("|")) for line in TABLE.strip().splitlines()[1:])


def _patient(cells: list[str]) -> Patient:
    number, sex, age, state, best, cr, relapses, tx, then, last, dead, status = (
        cell.strip() for cell in cells
    )
    days = [None if cell == "-" else int(cell) for cell in (cr, tx, then)]
    found = tuple(int(day) for day in relapses.split() if day != "-")
    return Patient(
        *(number, sex, int(age), state, best, days[0], found, days[1], days[2], int(last)),
        *(dead == "yes", status),
    )


TABLE = """
id  |sex|age|state|best|CR |relapses    |transplant|next|last|dead|status
P01 | M | 61| ND  |CR  |30 |200 400     | -        |210 |500 |yes |DOD
P02 | F | 45| ND  |CR  |28 |-           | -        |-   |700 |no  |alive in CR
P03 | M | 77| ND  |NR  |-  |-           | -        |70  |90  |yes |RIP
P04 | F | 38| ND  |CRi |35 |-           | 120      |-   |600 |no  |alive
P05 | M | 69| RR  |PR  |-  |-           | -        |-   |150 |no  |lost to FU
P06 | F | 72| ND  |CR  |60 |180         | -        |190 |420 |no  |AWD
P07 | M | 81| RR  |NE  |-  |-           | -        |-   |12  |yes |RIP
P08 | F | 55| ND  |CR  |29 |90 250 380  | -        |100 |450 |yes |dead
P09 | M | 58| RR  |CRi |58 |-           | 150      |-   |300 |yes |died in remission
P10 | F | 74| RR  |NR  |-  |-           | -        |80  |240 |no  |alive with disease
P11 | M | 66| ND  |CR  |31 |-           | -        |-   |365 |no  |NED
P12 | F | 63| RR  |CR  |33 |100         | -        |-   |101 |yes |DOD
"""
PATIENTS = _patients()

#: Days and 0 for the event, 1 for censored. Death, or the last contact.
OS = {
    **{"P01": (500, 0), "P02": (700, 1), "P03": (90, 0), "P04": (600, 1), "P05": (150, 1)},
    **{"P06": (420, 1), "P07": (12, 0), "P08": (450, 0), "P09": (300, 0), "P10": (240, 1)},
    **{"P11": (365, 1), "P12": (101, 0)},
}
#: The first relapse or death; where an export dates no failure.
EFS = {
    **{"P01": (200, 0), "P02": (700, 1), "P03": (90, 0), "P04": (600, 1), "P05": (150, 1)},
    **{"P06": (180, 0), "P07": (12, 0), "P08": (90, 0), "P09": (300, 0), "P10": (240, 1)},
    **{"P11": (365, 1), "P12": (100, 0)},
}
#: With assessments: P03 and P10 are refractory after two cycles, on days 56 and 60.
EFS_ASSESSED = {**EFS, "P03": (56, 0), "P10": (60, 0)}

#: Assessments: patient, day, cycle, response.
ASSESSED = [
    *[("P01", 30, 1, "CR"), ("P01", 200, 6, "relapse"), ("P02", 28, 1, "CR"), ("P02", 90, 3, "CR")],
    *[("P03", 28, 1, "NR"), ("P03", 56, 2, "NR"), ("P04", 35, 1, "CRi"), ("P05", 60, 2, "PR")],
    *[("P06", 30, 1, "PR"), ("P06", 60, 2, "CR"), ("P06", 180, 5, "relapse")],
    *[("P08", 29, 1, "CR"), ("P08", 90, 3, "relapse"), ("P09", 58, 2, "CRi")],
    *[("P10", 30, 1, "NR"), ("P10", 60, 2, "NR"), ("P11", 31, 1, "CR")],
    *[("P12", 33, 1, "CR"), ("P12", 100, 3, "relapse")],
]
BY_ID = {patient.id: patient for patient in PATIENTS}
