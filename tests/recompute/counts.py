"""Counts, proportions and measurements once more, from words and numbers in cells."""

from __future__ import annotations

from tests.recompute import reading
from tests.recompute.comparisons import fisher as fisher_p
from tests.recompute.comparisons import rank_sum
from tests.recompute.estimates import clopper_pearson, newcombe, quantile
from tests.recompute.rows import Answer, Row

REMISSION = ["CR", "CRp", "CRi"]
#: By study file: what counts as overall response.
OVERALL = ["CR", "CRp", "CRi", "PR"]
SHARES = {"median": 0.5, "q1": 0.25, "q3": 0.75, "min": 0.0, "max": 1.0}
_FLAG_CELLS = {"DTHFL": "DTHFL", "TXFL": "TXFL", "FAILFL": "FAILFL", "PFTRTFL": "PFTRTFL",
               "PFSUPFL": "PFSUPFL"}  # fmt: skip


def population(answer: Answer) -> float:
    """Patients with the flag; whose flag has a date must have that date in the export."""
    flag = answer.number["endpoint"]
    for row in answer.rows:
        if flag in (*_FLAG_CELLS, "RESPFL", "ITTFL", "SAFFL"):
            cell = row.cell(flag)
            assert cell is None or cell["COL"] is None or reading.day(answer.export.text(cell))
        if flag == "CRFL" and row.cell(flag, "RSINV")["COL"]:
            assert row.level(flag, "RSINV") in REMISSION
    return len({row.row["USUBJID"] for row in answer.rows})


def descriptive(answer: Answer) -> float | None:
    """A quartile of a measurement, or patients of a category."""
    variable, statistic = answer.number["endpoint"], answer.number["statistic"]
    if answer.number["term"] is None:
        values = [v for v in (row.number(variable) for row in answer.rows) if v is not None]
        if statistic == "missing":
            return len(answer.rows) - len(values)
        return len(values) if statistic == "n" else quantile(values, SHARES[statistic])
    term = answer.number["term"]
    members = [row for row in answer.rows if _category(row, variable) == term]
    if statistic == "n":
        assert len(members) == len(answer.rows)
        return len(members)
    return 100 * len(members) / len(answer.rows)


def _category(row: Row, variable: str) -> str:
    """The level of a category, which may be a number: ``1`` for ``１``."""
    cell = row.cell(variable)
    if cell is None or cell["COL"] is None or cell["CLEAN"] is None:
        return "missing"
    if cell["SRCCOL"] in reading.WORDS:
        return row.level(variable) or "missing"
    value = row.number(variable)
    return "missing" if value is None else f"{value:g}"


def follow_up(answer: Answer) -> float:
    days = [row.days("ITTFL", "ENDDY") for row in answer.rows]
    return quantile(days, SHARES[answer.number["statistic"]]) / answer.month


def _index(row: Row) -> str | None:
    return row.text("ITTFL")


def early_mortality(answer: Answer) -> float:
    """Deaths up to a day, of all."""
    died = 0
    for row in answer.rows:
        death = row.text("DTHFL") if row.row["DTHFL"] == "Y" else None
        if death is not None:
            died += reading.days_between(_index(row), death) <= answer.number["time"]
    if answer.number["statistic"] == "n":
        return died
    return share(answer, died, len(answer.rows))


def share(answer: Answer, k: int, n: int) -> float:
    """A proportion, its exact limits, or its two numbers."""
    statistic = answer.number["statistic"]
    if statistic in ("n", "denominator"):
        return k if statistic == "n" else n
    if statistic == "percent":
        return 100 * k / n
    return 100 * clopper_pearson(k, n)[statistic == "upper"]


def _responded(row: Row, parameter: str, overall: list[str]) -> bool:
    coded = row.cell("AVAL", "MRDRES")
    if coded is not None and coded["SRCCOL"] == "mrd_result":  # a level beside what is detectable
        level = row.text("AVAL", "MRDVAL")
        none = row.answer.export.text(coded) == "0"
        return none or (level is not None and reading.mrd_negative(level, 0.01))
    if parameter.startswith("MRDNEG"):
        text = row.text("AVAL", "MRDVAL")
        threshold = 0.01 if parameter.endswith("below_0_01") else 0.1
        return text is not None and reading.mrd_negative(text, threshold)
    wanted = {"CR": ["CR"], "CRC": REMISSION, "ORR": overall}[parameter]
    cell = row.cell("AVAL", "RSINV")
    if cell is None:  # where remission has a date and no word, the date says it
        return row.row["AVAL"] == 1 and reading.day(row.text("AVAL")) is not None
    return reading.word(cell["SRCCOL"], row.answer.export.text(cell)) in wanted


def rates(answer: Answer) -> float:
    parameter = answer.number["endpoint"]
    found = [_responded(row, parameter, OVERALL) for row in answer.rows]
    return share(answer, sum(found), len(found))


def _two_groups(answer: Answer) -> list[tuple[int, int]]:
    """Responders and patients of each group, in the order of the comparison."""
    parameter = answer.number["endpoint"]
    names = [name.strip() for name in answer.number["term"].split(" vs ")]
    groups = []
    for name in names:
        members = [row for row in answer.rows if row.group() == name]
        groups.append((sum(_responded(r, parameter, OVERALL) for r in members), len(members)))
    return groups


def fisher(answer: Answer) -> float:
    assert answer.number["statistic"] == "p_value"
    return fisher_p(*_two_groups(answer))


def rate_difference(answer: Answer) -> float:
    place = ["estimate", "lower", "upper"].index(answer.number["statistic"])
    return 100 * newcombe(*_two_groups(answer))[place]


def best_response(answer: Answer) -> float:
    """Patients whose best response is the category, of all treated."""
    term, found = answer.number["term"], []
    for row in answer.rows:
        cell = row.cell("AVAL", "RSINV")
        if cell is not None:
            found.append(reading.word(cell["SRCCOL"], answer.export.text(cell)))
        elif row.cell("AVAL") is not None:
            found.append("CR")
        else:
            found.append("NE")
    k = found.count(term)
    return k if answer.number["statistic"] == "n" else 100 * k / len(found)


def response_values(answer: Answer) -> list[tuple[str, float]]:
    """Days to response, or cycles, of those who responded, with the group."""
    found = []
    for row in answer.rows:
        if answer.number["endpoint"] == "TTR":
            days = row.days("STARTDT", "AVAL")
            if row.row["AVAL"] is not None:
                found.append((row.group(), days))
        elif row.cell("AVAL") is not None and row.number("AVAL") is not None:
            found.append((row.group(), row.number("AVAL")))
    return found


def response_time(answer: Answer) -> float:
    values = [value for _, value in response_values(answer)]
    return quantile(values, SHARES[answer.number["statistic"]]) / answer.month


def wilcoxon(answer: Answer) -> float:
    assert answer.number["statistic"] == "p_value"
    values = response_values(answer)
    names = [name.strip() for name in answer.number["term"].split(" vs ")]
    return rank_sum(*([v for group, v in values if group == name] for name in names))


def failure(answer: Answer) -> float:
    """Failures of a kind: the word of the assessment that ended the regimen."""
    kinds = {"relapse": ["RELAPSE"], "progression": ["PD"], "refractory": ["NR", "PD", "SD"]}
    for row in answer.rows:
        cell = row.cell("FAILFL", "RSINV")
        if cell is not None and cell["COL"] is not None:
            said = reading.word(cell["SRCCOL"], answer.export.text(cell))
            assert said in kinds[answer.number["term"] or row.row["FAILTYPE"]]
    return len(answer.rows)


def post_failure(answer: Answer) -> float:
    column, term = answer.number["endpoint"], answer.number["term"]
    for row in answer.rows:
        assert (row.level(column) or "unknown") == term, row.row
    return len(answer.rows)


def adverse_events(answer: Answer) -> float:
    """Patients with an event of the term and grade; of the safety population."""
    least = {"any": 1, "g3": 3, "g5": 5}[answer.key[-2]]
    for row in answer.rows:
        assert reading.grade(row.text("AETOXGR")) >= least
        if answer.number["term"] not in (None, "Any adverse event"):
            assert row.level("AEDECOD") == answer.number["term"]
    k, n = len({row.row["USUBJID"] for row in answer.rows}), len(answer.told["patients"])
    return k if answer.number["statistic"] == "n" else 100 * k / n
