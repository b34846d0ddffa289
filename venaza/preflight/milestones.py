"""The milestones of a study: the library's, the study's own in their place, and what they name."""

from __future__ import annotations

from venaza.contracts.clean import RESPONSES, TABLES
from venaza.contracts.coded_values import codes
from venaza.contracts.columns import Column, study_columns
from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import mapped_columns
from venaza.pipeline.endpoints.needs import needed_before
from venaza.study.names import check_known, no_such, slip_of

#: Milestones that the engine makes before, and after, it looks up those of the study.
_MADE_FIRST = ("INDEX", "LAST_ALIVE", "LAST_ASSESSMENT")
_MADE_LAST = ("ASSESSED", "FAILURE")
#: Columns that hold names of drugs beside a study's own codes, and the vocabularies of those.
_OPEN = {"CMTRT": ("drug", "regimen"), "CMCLAS": ("therapy_class",)}
#: The assessments: the table of responses with the response that counts.
_ASSESSMENTS = (*RESPONSES, Column("RESPONSE", "string", "Response that counts"))


def milestones_of(library: dict, own: dict) -> dict:
    """The library's milestones with those of the study file, each of which replaces one whole.

    A condition of the library would otherwise live on in a milestone that was defined anew.
    """
    own = own.get("milestones")
    return {**library["milestones"], **own} if isinstance(own, dict) else library["milestones"]


def check_milestones(study: dict, shown: str) -> list[str]:
    """The names of all milestones; raises ``StudyError`` for what one of them names in vain."""
    own = list(study["milestones"])
    known = [*own, *_MADE_FIRST]
    for place, chosen in (
        ("failure > milestones", study["failure"]["milestones"]),
        ("response > until", study["response"]["until"]),
        ("treatment_emergent > until", study["treatment_emergent"]["until"]),
        ("on_one_day", study["on_one_day"]),
    ):
        check_known(chosen, own, "a milestone", shown, place)
    kind = "a drug, a regimen or a kind of therapy"
    known_therapies = _therapies(study)
    check_known(
        study["failure"]["supportive"], known_therapies, kind, shown, "failure > supportive"
    )
    for name, spec in study["milestones"].items():
        place = f"milestones > {name}"
        if spec.get("anti_leukaemic") and spec["table"] != "therapies":
            raise StudyError(
                "Only a milestone of 'therapies' can ask for anti-leukaemic therapy.",
                fix="Leave 'anti_leukaemic' out, or take the table 'therapies'.",
                at=Key(shown, f"{place} > anti_leukaemic"),
            )
        if name in (*_MADE_FIRST, *_MADE_LAST):
            raise StudyError(
                f"The milestone {name} is made by the pipeline itself.",
                fix="Give yours another name; endpoints can name both.",
                at=Key(shown, place),
            )
        _check_rows(spec, study, shown, place)
        for key in ("after", "unless_before"):
            named = [spec[key]] if key in spec else []
            check_known(named, known, "a milestone", shown, f"{place} > {key}")
    for name in study["milestones"]:
        _no_circle(name, (), study, shown)
    return [*known, *_MADE_LAST]


def _therapies(study: dict) -> list[str]:
    """The names and kinds of therapy of the vocabulary, and the study's own."""
    mapped = mapped_columns(study["tables"].get("therapies", {}))
    hows = [how for name, how in mapped if name in _OPEN]
    own = [code for how in hows for code in [*(how.get("values") or {}), how.get("constant")]]
    words = (study["vocabulary"][name] for name in ("drug", "regimen", "therapy_class"))
    return [*(code for known in words for code in known), *filter(None, own)]


def _check_rows(spec: dict, study: dict, shown: str, place: str) -> None:
    """Table, date and conditions of a milestone."""
    tables = {**TABLES, "assessments": _ASSESSMENTS}
    table = spec["table"]
    check_known([table], tables, "a clean table", shown, f"{place} > table")
    columns = {column.name: column for column in tables[table]}
    if table == "patients":
        columns |= study_columns(study)
    dates = [name for name, column in columns.items() if column.dtype == "date"]
    check_known([spec["date"]], dates, f"a date of '{table}'", shown, f"{place} > date")
    words = [name for name, column in columns.items() if column.dtype == "string"]
    for key in ("where", "also", "needs"):
        for column, wanted in spec.get(key, {}).items():
            at = f"{place} > {key} > {column}"
            check_known([column], words, f"a column of words in '{table}'", shown, at)
            _check_codes(table, column, wanted, study, shown, at)
    numbers = [name for name, column in columns.items() if column.dtype in ("integer", "number")]
    counts = [name for name, value in study["response"].items() if type(value) is int]
    for column, least in spec.get("min", {}).items():
        at = f"{place} > min > {column}"
        check_known([column], numbers, f"a column of numbers in '{table}'", shown, at)
        if isinstance(least, str):
            check_known([least], counts, "a number under 'response'", shown, at)


def _check_codes(
    table: str, column: str, wanted: str | list, study: dict, shown: str, place: str
) -> None:
    """What a column is asked to be is one of its codes, or the name of a list of them."""
    lists = [name for name, value in study["response"].items() if isinstance(value, list)]
    if wanted in lists:
        return
    if table == "assessments":
        table, column = "responses", "RSINV" if column == "RESPONSE" else column
    known = known_codes(table, column, study)
    if known is None:
        _check_drugs(column, wanted, study, shown, place)
        return
    if isinstance(wanted, str):
        kind = f"a code of {column}, and no list under 'response'"
        check_known([wanted], [*known, *lists], kind, shown, place)
    else:
        check_known(wanted, known, f"a code of {column}", shown, place)


def _check_drugs(column: str, wanted: str | list, study: dict, shown: str, place: str) -> None:
    """A drug or a class may have any name, but none that is a known one misspelt."""
    if column not in _OPEN:
        return
    known = [code for name in _OPEN[column] for code in study["vocabulary"].get(name, ())]
    for name, how in mapped_columns(study["tables"].get("therapies", {})):
        known += how.get("values", ()) if name == column else ()
    for word in [wanted] if isinstance(wanted, str) else wanted:
        if slip_of(word, known):
            raise no_such(word, known, f"a name of {column}", shown, place)


def known_codes(table: str, column: str, study: dict) -> list[str] | None:
    """The codes of a column, those that the study adds included; None for free text."""
    if column in _OPEN:
        return None
    mapped = mapped_columns(study["tables"].get(table, {}))
    hows = [how for name, how in mapped if name == column] or [{}]
    found = [codes(column, how, study) for how in hows]
    return None if None in found else [code for known in found for code in known]


def _no_circle(name: str, asking: tuple[str, ...], study: dict, shown: str) -> None:
    if name in asking:
        raise StudyError(
            f"The milestones {' -> '.join((*asking, name))} hang on each other.",
            fix="Change 'after', 'unless_before', 'until' or response.until: one must come first.",
            at=Key(shown, f"milestones > {name}"),
        )
    for other in needed_before(study["milestones"].get(name, {}), study):
        _no_circle(other, (*asking, name), study, shown)
