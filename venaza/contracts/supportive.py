"""Whether a later therapy is supportive care only, by the names and kinds that the study lists."""

from __future__ import annotations


def is_supportive(name: object, kind: object, study: dict) -> bool:
    """Whether a therapy (``CMTRT``, ``CMCLAS``) is no anti-leukaemic one (``failure.supportive``).

    Its kind is listed, or its name, or every drug of it: hydroxyurea with azacitidine is none.
    """
    listed = study["failure"]["supportive"]
    if isinstance(kind, str) and kind in listed:
        return True
    if not isinstance(name, str):
        return False
    return name in listed or all(drug in listed for drug in name.split(" + "))
