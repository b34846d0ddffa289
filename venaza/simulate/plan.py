"""What becomes of each of the 50 patients, and the published figures they must give together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SEED = 20231130
FIRST_DAY = date(2020, 1, 6)
FINAL_CUTOFF = date(2023, 11, 30)
EARLY_CUTOFF = date(2023, 6, 30)

REFRACTORY, PROGRESSION, RELAPSE = "REFRACTORY", "PROGRESSION", "RELAPSE"


@dataclass(frozen=True)
class Fate:
    """One patient's story in outline.

    ``best`` is CRC (complete remission with or without full recovery), PR, NR or NE.
    ``first`` bounds the days from index to failure, or to death or last contact where the
    regimen never fails; ``post`` bounds the days from failure to death or last contact.
    ``answer`` is the response to the therapy after failure, ``mrd`` says whether the patient
    becomes MRD-negative in remission.
    """

    best: str
    first: tuple[int, int]
    failure: str = ""
    post: tuple[int, int] = (0, 0)
    dead: bool = True
    lost: bool = False
    regimen: str = ""
    answer: str = ""
    mrd: str = "POSITIVE"
    transplant: bool = False
    pause: bool = False


@dataclass(frozen=True)
class Group:
    """A disease group: its patients' fates and the medians they must give, in days."""

    code: str
    fates: tuple[Fate, ...]
    efs: int
    os: int
    follow_up: int
    post_failure: int
    age: int
    age_range: tuple[int, int]


def _refractory(post, **more):
    return Fate("NR", (58, 125), REFRACTORY, post, **more)


def _relapse(first, post, **more):
    return Fate("CRC", first, RELAPSE, post, **more)


ND = Group(
    code="ND",
    efs=296,
    os=358,
    follow_up=303,
    post_failure=48,
    age=74,
    age_range=(59, 87),
    fates=(
        Fate("NE", (14, 25)),
        Fate("NR", (37, 55)),
        _refractory((80, 200), regimen="VEN-AZA + selinexor", answer="PR"),
        _refractory((8, 40)),
        _refractory((8, 70)),
        Fate("PR", (110, 300), PROGRESSION, (6, 60)),
        Fate("PR", (110, 330), PROGRESSION, (6, 90)),
        Fate("PR", (130, 330), PROGRESSION, (6, 90)),
        Fate("PR", (70, 280)),
        Fate("PR", (130, 300), dead=False),
        _relapse((160, 420), (80, 200), regimen="VEN-AZA + gilteritinib", answer="CRi"),
        _relapse((160, 420), (40, 120), regimen="VEN-AZA + chidamide", answer="NR"),
        _relapse((340, 560), (248, 248), regimen="VEN-AZA again", answer="CR", pause=True),
        _relapse((120, 420), (20, 110), regimen="low-dose cytarabine", answer="NR"),
        _relapse((140, 560), (20, 110), regimen="low-dose cytarabine", answer="NR"),
        _relapse((140, 300), (14, 60), regimen="low-dose cytarabine", answer="NE", dead=False),
        _relapse((120, 420), (14, 60), regimen="hydroxyurea", answer="NR"),
        _relapse((140, 560), (14, 60), regimen="hydroxyurea", answer="NR", mrd="NEGATIVE"),
        _relapse((140, 640), (14, 60), regimen="hydroxyurea"),
        _relapse((150, 640), (40, 220), regimen="clinical trial", answer="NR"),
        _relapse((150, 500), (40, 200), regimen="induction chemotherapy", answer="NR", dead=False),
        _relapse((120, 400), (0, 0)),
        _relapse((120, 400), (3, 25)),
        Fate("CRC", (90, 420)),
        Fate("CRC", (120, 560), mrd="NEGATIVE"),
        Fate("CRC", (100, 300), dead=False),
        Fate("CRC", (260, 900), dead=False, lost=True, mrd="NEGATIVE"),
        Fate("CRC", (420, 1100), dead=False, mrd="NEGATIVE", transplant=True),
        Fate("CRC", (500, 1000), dead=False, mrd="NEGATIVE"),
    ),
)

RR = Group(
    code="RR",
    efs=156,
    os=273,
    follow_up=256,
    post_failure=20,
    age=65,
    age_range=(27, 79),
    fates=(
        Fate("NR", (37, 55)),
        Fate("NR", (38, 57)),
        _refractory((3, 18)),
        _refractory((3, 20)),
        _refractory((3, 20)),
        _refractory((5, 30)),
        _refractory((10, 60)),
        _refractory((60, 330), regimen="induction chemotherapy", answer="NR"),
        _refractory((90, 330), regimen="VEN-AZA + gilteritinib", answer="PR"),
        _refractory((60, 330), regimen="clinical trial", answer="NR"),
        Fate("PR", (100, 260), PROGRESSION, (3, 60)),
        Fate("PR", (80, 260)),
        _relapse((120, 420), (2, 20)),
        _relapse((130, 420), (2, 20)),
        _relapse((140, 420), (3, 30)),
        _relapse((130, 420), (70, 260), regimen="VEN-AZA + enasidenib", answer="CRi", dead=False),
        _relapse((150, 520), (40, 260), regimen="induction chemotherapy", answer="NR"),
        Fate("CRC", (90, 400)),
        Fate("CRC", (240, 520), transplant=True),
        Fate("CRC", (120, 330), dead=False),
        Fate("CRC", (500, 1150), dead=False, mrd="NEGATIVE", transplant=True),
    ),
)

GROUPS = (ND, RR)
