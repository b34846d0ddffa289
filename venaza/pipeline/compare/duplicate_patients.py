"""Patients that are probably one person: under another number, or registered twice."""

from __future__ import annotations

import pandas as pd

#: What grows or is filled in while a patient is followed says nothing of who he is.
_COURSE = ("LSTALV", "DTH", "STOP", "SURV", "SRC", "SEQ", "USUBJID")
#: So many filled columns must be equal, and none of those that hardly ever change may differ.
_LEAST, _SHARE = 5, 0.9
_DECISIVE = ("SEX", "BRTHDT", "INDEXDT", "DIAGDT")


def renamed(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, str]:
    """The vanished patients of ``before`` and the new one of ``after`` whose data are the same.

    Each is named only where no other vanished or new patient fits as well.
    """
    old = _profiles(before[~before["USUBJID"].isin(after["USUBJID"])])
    new = _profiles(after[~after["USUBJID"].isin(before["USUBJID"])])
    fits = {one: [other for other in new if _alike(old[one], new[other])] for one in old}
    taken = [other for found in fits.values() for other in found]
    return {
        one: found[0]
        for one, found in fits.items()
        if len(found) == 1 and taken.count(found[0]) == 1
    }


def twins(patients: pd.DataFrame) -> dict[str, list[str]]:
    """The patients of one export who are like another one there, and those whom they are like.

    Candidates share the sex and every decisive date, so that not all pairs are compared.
    """
    profiles = _profiles(patients)
    alike: dict[tuple, list[str]] = {}
    for name, said in profiles.items():
        alike.setdefault(tuple(said.get(column, "") for column in _DECISIVE), []).append(name)
    found: dict[str, list[str]] = {}
    for names in alike.values():
        if 1 < len(names) <= 20:
            for one in names:
                others = [o for o in names if o != one and _alike(profiles[one], profiles[o])]
                if others:
                    found[one] = others
    return found


def _profiles(patients: pd.DataFrame) -> dict[str, dict[str, str]]:
    kept = [name for name in patients.columns if not name.startswith(_COURSE)]
    texts = patients[kept].astype("string")
    return {
        patient: {name: text for name, text in row.items() if not pd.isna(text)}
        for patient, row in zip(patients["USUBJID"], texts.to_dict("records"), strict=True)
    }


def _alike(one: dict[str, str], other: dict[str, str]) -> bool:
    if any(one.get(c) != other.get(c) for c in _DECISIVE if c in one and c in other):
        return False
    both = [name for name in one if name in other]
    equal = sum(one[name] == other[name] for name in both)
    return equal >= _LEAST and equal >= _SHARE * len(set(one) | set(other))
