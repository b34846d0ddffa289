"""What a number is computed from, by its selection: what can have moved it."""

import pandas as pd
import pytest

from venaza.pipeline.compare.causes import Causes
from venaza.pipeline.statistics import selections
from venaza.study.groups import Group

COLUMNS = {
    "adtte": ["USUBJID", "PARAMCD", "AVAL", "STARTDT", "STARTDY", "ADT", "ADY", "ENTRYDY"],
    "adrs": ["USUBJID", "PARAMCD", "AVALC", "AVAL", "ADT", "ADY"],
    "adae": ["USUBJID", "AEDECOD", "AETERM", "AETOXGR", "ASTDT", "ASTDY", "AEREL"],
    "adlb": ["USUBJID", *("ADT", "ADY", "AVAL", "AVALU", "BASE", "BTOXGR", "ATOXGR")],
    "tls": ["USUBJID", "DEFN", "LTLS", "CTLS", "ADY", "REASON"],
}
COLUMNS["adtte"] += ["CNSR", "EVNTDESC", "CNSDTDSC"]
AFTER = {f"endpoints/{name}": pd.DataFrame(columns=c) for name, c in COLUMNS.items()}
MEMBERS = (("ITTFL", "=", "Y"), *Group("ND").condition)


def columns(*names: str) -> list[tuple]:
    return [("column", name) for name in (*names, "ITTFL", "GROUP")]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (selections.times("OS", {}), [("time", "OS"), *columns()]),
        (selections.times("OS", {}, ["AGE", "GROUP"]), [("time", "OS"), *columns("AGE")]),
        (
            selections.times("EFS.x", {}, beside="EFS"),
            [("time", "EFS.x"), ("time", "EFS"), *columns()],
        ),
        (selections.times("OS", {}, change="TXDY"), [("time", "OS"), *columns("TXDY")]),
        (selections.responses("ORR"), [("response", "ORR"), *columns()]),
        (selections.events("Anemia", 3), [("event", "Anemia"), *columns()]),
        (selections.events(None, 0), [("event", None), *columns()]),
        (selections.values("ANC", "WORSTFL"), [("value", "ANC"), *columns()]),
        (selections.lysis("howard"), [("lysis", "howard"), *columns()]),
        (selections.patients("DTHFL", "ENDDY"), columns("DTHFL", "ENDDY")),
        (selections.ours("km.OS.ND"), []),
    ],
)
def test_what_a_number_is_computed_from(selection, expected):
    chosen = {"x": selection.among(MEMBERS)}
    causes = Causes(AFTER, AFTER, {}, None, chosen)
    assert causes.sources({"ard_id": "x"}) == expected


def test_a_number_that_nobody_knows_has_no_sources():
    assert Causes(AFTER, AFTER, {}, None, {}).sources({"ard_id": "x"}) == []
