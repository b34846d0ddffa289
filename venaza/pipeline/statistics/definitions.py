"""Other definitions of an endpoint: analysed as the endpoint is, and whom they change."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.pipeline.statistics import ard, selections
from venaza.study.endpoints import definitions_of
from venaza.study.groups import groups_and_all

#: How a patient may differ under another definition (``DEFINITIONS.CHANGE``).
CHANGES = ("status", "time", "reason")


def with_alternatives(study: dict) -> dict:
    """The study with its alternative definitions as endpoints of their own (``EFS.eln2022``).

    Of the regression models an alternative gets the comparison of the groups alone.
    """
    cox = dict(study["analysis"]["cox"])
    for code, definition in study["alternatives"].items():
        if "GROUP" in cox.get(definition["of"], []):
            cox[code] = ["GROUP"]
    return {
        **study,
        "endpoints": definitions_of(study),
        "analysis": {**study["analysis"], "cox": cox},
    }


def changed_patients(
    adsl: pd.DataFrame, definitions: pd.DataFrame, study: dict
) -> Iterator[ard.Row]:
    """How many patients each alternative changes, by what differs.

    ``definitions`` is the table ``DEFINITIONS`` of the endpoints: ``definition.EFS.eln2022.ND``
    with ``any``, ``status``, ``time`` and ``reason``.
    """
    joined = definitions.merge(adsl[["USUBJID", "GROUP"]], on="USUBJID")
    for code, definition in study["alternatives"].items():
        own = joined["PARAMCD"] == definition["of"]
        part = joined[own & (joined["DEFN"] == definition["definition"])]
        for group in groups_and_all(study):
            members = group.of(part)
            counts = {"any": len(members)}
            counts |= {name: int((members["CHANGE"] == name).sum()) for name in CHANGES}
            for name, n in counts.items():
                yield from ard.rows(
                    f"definition.{code}.{group.slug}.{name}",
                    {"n": ard.count(n)},
                    rows=selections.times(code, study, beside=definition["of"]),
                    analysis="definition",
                    endpoint=code,
                    group=group,
                    term=name,
                    method=f"Count of patients against the definition of {definition['of']}",
                )
