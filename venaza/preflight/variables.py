"""The patients' columns of a study: its own, their levels, which of them an analysis may name."""

from __future__ import annotations

from venaza.contracts.analysis import NOT_OWN, NOT_RECORDED
from venaza.contracts.clean import MADE, PATIENTS, TABLES
from venaza.contracts.coded_values import code_of, codes
from venaza.contracts.columns import Column, names, study_columns
from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import mapped_columns
from venaza.contracts.results import slug
from venaza.pipeline.clean.cell import read_cell
from venaza.pipeline.clean.numbers import read_number
from venaza.study.names import check_known, did_you_mean, no_such
from venaza.study.risk import derived_levels


def own_columns(patients: dict, shown: str) -> list[dict]:
    """The patients' columns that only this study has, in the order of the study file."""
    known = set(names(TABLES["patients"]))
    own = []
    for name, how in patients["records"][0]["columns"].items():
        place = f"tables > patients > columns > {name}"
        if name in NOT_OWN:
            raise StudyError(
                f"'{name}' is a column that the pipeline makes itself.",
                fix="Give your column another name.",
                at=Key(shown, place),
            )
        if name in known:
            continue
        if "label" not in how:
            hint = did_you_mean(name, sorted(known - MADE))
            raise StudyError(
                f"'{name}' is not a column of the clean table 'patients'.",
                fix=f"{hint}A column of your own needs a 'label'.",
                at=Key(shown, place),
            )
        own.append(
            {
                "name": name,
                "label": how["label"],
                "type": how.get("type", "string"),
                "unit": how.get("unit", ""),
            }
        )
    return own


def levels(study: dict) -> dict[str, list[str]]:
    """The codes of each coded variable of the patients, in the order of their vocabulary."""
    found = {}
    for name, how in study["tables"]["patients"]["records"][0]["columns"].items():
        known = codes(name, how, study)
        if known is not None:
            found[name] = list(known)
    return found


def check_columns(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a column that is not the table's, or whose words are at odds."""
    for table, spec in study["tables"].items():
        known = {c.name: c for c in TABLES[table] if c.name not in MADE}
        known |= study_columns(study) if table == "patients" else {}
        for name, how in mapped_columns(spec):
            place = f"tables > {table} > columns > {name}"
            if name not in known:
                raise no_such(name, known, f"a column of '{table}'", shown, place)
            column = known[name]
            _check_words(column, how.get("values") or {}, study, shown, f"{place} > values")
            if "constant" in how and "from" not in how:
                _check_constant(column, how, study, shown, f"{place} > constant")


def _check_constant(column: Column, how: dict, study: dict, shown: str, place: str) -> None:
    """A constant can be read as a cell of its column; of a coded one it is a code or a word."""
    text = str(how["constant"])
    known = codes(column.name, how, study)
    if known is not None and code_of(text, known) is None:
        raise no_such(text, known, f"a code of {column.name}", shown, place)
    reading = read_cell(text, column, how, study, None)
    if reading.problem or (reading.value is None and not reading.beside):
        raise StudyError(
            f"The constant '{text}' cannot be read as {column.name} ({column.label}): "
            f"{reading.problem or 'a word for missing'}.",
            fix="Correct it, or name the raw column with 'from'.",
            at=Key(shown, place, text),
        )


def _check_words(column: Column, values: dict, study: dict, shown: str, place: str) -> None:
    """A word stands for one code, and the code of a number is a number, of MRD also a result."""
    seen: dict[str, str] = {}
    results = study["vocabulary"]["mrd_result"] if column.name == "MRDVAL" else {}
    for code, words in values.items():
        numeric = column.dtype in ("integer", "number") and code not in results
        if numeric and read_number(code).problem:
            raise StudyError(
                f"'{code}' is no number, and {column.name} holds numbers.",
                fix='Give the number that the words stand for: {"0": [none, 未见]}.',
                at=Key(shown, f"{place} > {code}", code),
            )
        for word in words:
            if seen.setdefault(word, code) != code:
                raise StudyError(
                    f"The word '{word}' stands for two codes: {seen[word]} and {code}.",
                    fix="Take it out of one of them.",
                    at=Key(shown, f"{place} > {code}", word),
                )


def variables_of(study: dict) -> dict[str, Column]:
    """What an analysis may name: the patients' columns, but no numbers of patients and no dates.

    Days from the index date are measurements as others are.
    """
    found = {c.name: c for c in PATIENTS if c.name not in MADE or c.name.endswith("DY")}
    found = {name: c for name, c in found.items() if c.dtype != "date" and name != "INDEXDY"}
    found |= study_columns(study)
    return found | {name: Column(name, "string", name) for name in derived_levels(study)}


def has_levels(variable: Column) -> bool:
    """Whether patients can be sorted by its values: words, or a score (a whole number, no unit)."""
    return variable.dtype == "string" or (variable.dtype == "integer" and variable.unit == "")


def with_kind(groups: dict | None) -> dict | None:
    """The groups, and whether they are treatments: where the study file is silent, arms are."""
    return groups and {"treatment": groups["variable"] == "ARM", **groups}


def check_groups(study: dict, variables: dict[str, Column], shown: str) -> None:
    """Raise ``StudyError`` where the groups' variable, or one of their levels, does not exist.

    Adds the codes that the groups leave out on purpose, as ``not_compared``, and with ``missing:
    show`` a level for patients whose group is not recorded.
    """
    groups = study["groups"]
    if not groups:
        return
    name = groups["variable"]
    known = [other for other in variables if other not in derived_levels(study)]
    check_known([name], known, "a recorded variable", shown, "groups > variable")
    if variables[name].dtype != "string":
        raise StudyError(
            f"'{name}' is a number, and numbers are no groups.",
            fix="Map a column of your own whose 'values' sort the numbers, and name it here: "
            'GRADE: {from: HEADER, label: Grade, values: {low: ["0", "1"], high: ["2"]}}.',
            at=Key(shown, "groups > variable", name),
        )
    known = study["levels"].get(name)
    for level in groups["levels"] if known is not None else ():
        if level not in known:
            raise no_such(level, known, f"a code of {name}", shown, "groups > levels")
    for level in groups.get("short", {}):
        if level not in groups["levels"]:
            raise no_such(level, groups["levels"], "a level of the groups", shown, "groups > short")
    _check_keys(groups["levels"], shown)
    groups["not_compared"] = [code for code in known or () if code not in groups["levels"]]
    if groups.get("missing") == "show":
        groups["levels"][NOT_RECORDED] = "Not recorded"


def _check_keys(wanted: dict, shown: str) -> None:
    """Each group has a key of its own in the results, and ``all`` is the whole cohort."""
    taken = {"all": "all", NOT_RECORDED: NOT_RECORDED}
    for level in wanted:
        key = slug(level)
        if key in taken:
            raise StudyError(
                f"Two groups would have the same key in the results: '{level}' and '{taken[key]}'.",
                fix=f"Rename the level; letters and digits make its key ('{key}' is taken).",
                at=Key(shown, "groups > levels", str(level)),
            )
        taken[key] = level
