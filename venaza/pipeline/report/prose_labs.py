"""Laboratory safety in words: worst grades beside the baseline, tumour lysis syndrome."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import uses
from venaza.pipeline.report.grammar import by_group
from venaza.pipeline.report.numbers import config_text, escape, given
from venaza.pipeline.report.sentences import paragraph, sentence

#: The tests that the text speaks of, and what a low value is called.
_SPOKEN = {"ANC": "neutropenia", "PLT": "thrombocytopenia", "HGB": "anaemia"}


def methods(context: Context) -> str:
    """How values were graded and tumour lysis syndrome defined."""
    return paragraph(
        _graded(context),
        _worst(context),
        _anaemia(context),
        _lysis(context),
        _clinical(context),
        _not_assessable(context),
    )


@sentence("methods.labs", when=uses("lab."))
def _graded(context: Context) -> str:
    study = context.study
    version = config_text(study["lab_grades"]["version"], "lab_grades.version")
    return (
        f"Laboratory values were graded by {version} [@ctcae5]{_limits(study)}, a value on a "
        "boundary by the milder grade."
    )


@sentence("methods.labs_worst", when=uses("lab."))
def _worst(context: Context) -> str:
    return (
        "The worst grade after the index date, within the treatment-emergent period, is shown "
        "beside the grade at baseline, the last one up to the index date."
    )


@sentence("methods.labs_anaemia", when=uses("lab.all.HGB."))
def _anaemia(context: Context) -> str:
    return "Anaemia was graded from haemoglobin up to grade 3 only."


def _limits(study: dict) -> str:
    """That the laboratory's own limits of normal came first, where the study reads them."""
    records = [record["columns"] for record in study["tables"]["labs"].get("records", [])]
    named = [{*columns, *columns.get("LBSTRESN", {})} for columns in records]
    own = any({"LBSTNRLO", "LBSTNRHI", "range_from"} & names for names in named)
    return " with the limits of normal that the laboratory gave beside them" if own else ""


@sentence("methods.tls", when=uses("tls."))
def _lysis(context: Context) -> str:
    spec = context.study["tls"]
    names, parts = [], []
    for key, rule in spec["definitions"].items():
        label = config_text(rule["label"], f"tls.definitions.{key}.label")
        names.append(f"{label} [@{rule['cite']}]")
        first, last = (given(abs(day), f"tls.definitions.{key}.days") for day in rule["days"])
        how = "both on one day" if rule["same_day"] else "on the same or on different days"
        change = ""
        if "change_percent" in rule:
            percent = given(f"{rule['change_percent']}%", f"tls.definitions.{key}.change_percent")
            change = f", where a change by {percent} from baseline is abnormal too"
        days = f"from day {first} before to day {last} after the index date"
        parts.append(f"for {label} {days}, {how}{change}")
    tests = listed([escape(test["label"]) for test in spec["tests"].values()])
    return (
        f"Tumour lysis syndrome was assessed by {listed(names)}: two abnormal values among "
        f"{tests}, {'; '.join(parts)}."
    )


@sentence("methods.tls_clinical", when=uses("tls."))
def _clinical(context: Context) -> str:
    return (
        "The clinical syndrome adds a rise of creatinine, a seizure, an arrhythmia or death, as "
        "far as recorded."
    )


def _some_not_assessable(context: Context) -> bool:
    found = context.numbers.matching(r"tls\.all\.[^.]+\.not_assessable")
    return any(context.numbers.value(ard_id) for _, ard_id in found)


@sentence("methods.tls_not_assessable", when=_some_not_assessable)
def _not_assessable(context: Context) -> str:
    return "Patients without enough values to tell are counted as not assessable."


def results(context: Context) -> str:
    """Grades of the counts, then tumour lysis syndrome; empty without laboratory values."""
    definitions = context.study["tls"]["definitions"] if context.numbers.used("tls.") else ()
    return paragraph(
        _grades(context),
        *(_found(context, key) for key in definitions),
        *(_unknown(context, key) for key in definitions),
        *(_recorded(context, key) for key in list(definitions)[:1]),
    )


def _with_values(context: Context) -> dict[str, str]:
    """The tests of the text that somebody has a value of."""
    value = context.numbers.value
    return {test: name for test, name in _SPOKEN.items() if value(f"lab.all.{test}.g3.denominator")}


@sentence("labs.grades", when=_with_values)
def _grades(context: Context) -> str:
    parts = [
        _grade(f"lab.all.{test}", name, context) for test, name in _with_values(context).items()
    ]
    see = context.see("tbl labs", "tbl labs_shift")
    return f"Laboratory values of grade 3 or worse were: {'; '.join(parts)}{see}."


def _grade(stem: str, name: str, context: Context) -> str:
    numbers = context.numbers
    share = (
        f"{name} in {numbers.var(f'{stem}.g3.n')} of {numbers.var(f'{stem}.g3.denominator')} "
        f"patients ({numbers.var(f'{stem}.g3.percent')}%)"
    )
    if numbers.value(f"{stem}.g3_new.denominator"):
        return (
            f"{share}, newly in {numbers.var(f'{stem}.g3_new.n')} of the "
            f"{numbers.var(f'{stem}.g3_new.denominator')} who did not have it at baseline"
        )
    return share


def _assessed(context: Context, key: str) -> bool:
    return bool(context.numbers.value(f"tls.all.{key}.denominator"))


def _lysis_label(context: Context, key: str) -> str:
    label = context.study["tls"]["definitions"][key]["label"]
    return config_text(label, f"tls.definitions.{key}.label")


@sentence("labs.tls", when=_assessed)
def _found(context: Context, key: str) -> str:
    numbers, stem = context.numbers, f"tls.all.{key}"
    clause = numbers.share(stem)
    if context.several:
        clause += f" ({by_group(context.groups, lambda g: _count(context, g.slug, key))})"
    text = (
        f"By {_lysis_label(context, key)}, laboratory tumour lysis syndrome was found in {clause}, "
        f"the clinical syndrome in {numbers.var(f'{stem}_clinical.n')}"
    )
    if numbers.value(f"{stem}.n") and f"{stem}.by_change" in numbers:
        rule = context.study["tls"]["definitions"][key]
        percent = given(f"{rule['change_percent']:g}%", f"tls.definitions.{key}.change_percent")
        text += (
            f"; {numbers.var(f'{stem}.by_change')} of these rest on a change of {percent} from the "
            "baseline alone, with values that need not be outside the limits"
        )
    if numbers.value(f"{stem}.not_assessable"):
        text += f"; {numbers.var(f'{stem}.not_assessable')} could not be assessed"
    return f"{text}."


@sentence("labs.tls_recorded", when=lambda c, key: _differs(c, f"tls.all.{key}"))
def _recorded(context: Context, key: str) -> str:
    """Where the record of adverse events and the laboratory do not name the same patients."""
    numbers, stem = context.numbers, f"tls.all.{key}"
    patients = "patient" if numbers.value(f"{stem}.recorded") == 1 else "patients"
    return (
        "Tumour lysis syndrome was recorded as an adverse event in "
        f"{numbers.var(f'{stem}.recorded')} {patients}, of whom "
        f"{numbers.var(f'{stem}.recorded_found')} had it by {_lysis_label(context, key)} in the "
        "laboratory."
    )


def _differs(context: Context, stem: str) -> bool:
    """Whether somebody has the syndrome in one of the two and not in the other."""
    value = context.numbers.value
    held, found = value(f"{stem}.recorded"), value(f"{stem}.n")
    both_ways = value(f"{stem}.recorded_found")
    return held is not None and not (held == found == both_ways)


@sentence(
    "labs.tls_unknown",
    when=lambda c, key: f"tls.all.{key}.n" in c.numbers and not _assessed(c, key),
)
def _unknown(context: Context, key: str) -> str:
    label = _lysis_label(context, key)
    return f"By {label}, tumour lysis syndrome could be assessed in no patient."


def _count(context: Context, group: str, key: str) -> str:
    stem = f"tls.{group}.{key}"
    return f"{context.numbers.var(f'{stem}.n')} of {context.numbers.var(f'{stem}.denominator')}"
