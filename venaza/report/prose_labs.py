"""Laboratory safety in words: worst grades beside the baseline, tumour lysis syndrome."""

from __future__ import annotations

from venaza.report.context import Context
from venaza.report.numbers import config_text, given
from venaza.report.words import by_group, listed

#: The tests that the text speaks of, and what a low value is called.
_SPOKEN = {"ANC": "neutropenia", "PLT": "thrombocytopenia", "HGB": "anaemia"}


def methods(context: Context) -> str:
    """How values were graded and tumour lysis syndrome defined."""
    text = []
    study = context.study
    if context.numbers.used("lab."):
        version = config_text(study["lab_grades"]["version"], "lab_grades.version")
        text.append(
            f"Laboratory values were graded by {version} [@ctcae5]{_limits(study)}, a value on a "
            f"boundary by the milder grade; the worst grade after the index date, within the "
            "treatment-emergent period, is shown beside the grade at baseline, the last one up to "
            "the index date. Anaemia was graded from haemoglobin up to grade 3 only."
        )
    if context.numbers.used("tls."):
        text.append(_tls_methods(study["tls"]))
    return " ".join(text)


def _limits(study: dict) -> str:
    """That the laboratory's own limits of normal came first, where the study reads them."""
    records = [record["columns"] for record in study["tables"]["labs"].get("records", [])]
    named = [{*columns, *columns.get("LBSTRESN", {})} for columns in records]
    own = any({"LBSTNRLO", "LBSTNRHI", "range_from"} & names for names in named)
    return " with the limits of normal that the laboratory gave beside them" if own else ""


def _tls_methods(spec: dict) -> str:
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
    tests = listed([test["label"] for test in spec["tests"].values()])
    return (
        f"Tumour lysis syndrome was assessed by {listed(names)}: two abnormal values among "
        f"{tests}, {'; '.join(parts)}. The clinical syndrome adds a rise of creatinine, a "
        "seizure, an arrhythmia or death, as far as recorded. Patients without enough values to "
        "tell are counted as not assessable, never as free of it."
    )


def results(context: Context) -> str:
    """Grades of the counts, then tumour lysis syndrome; empty without laboratory values."""
    text = [_grades(context), _tumour_lysis(context)]
    return " ".join(filter(None, text))


def _grades(context: Context) -> str:
    numbers = context.numbers
    parts = []
    for test, name in _SPOKEN.items():
        stem = f"lab.all.{test}"
        if not numbers.value(f"{stem}.g3.denominator"):
            continue
        newly = (
            f", newly in {numbers.var(f'{stem}.g3_new.n')} of the "
            f"{numbers.var(f'{stem}.g3_new.denominator')} who did not have it at baseline"
            if numbers.value(f"{stem}.g3_new.denominator")
            else ", all of whom had it at baseline"
        )
        parts.append(
            f"{name} in {numbers.var(f'{stem}.g3.n')} of "
            f"{numbers.var(f'{stem}.g3.denominator')} patients"
            f" ({numbers.var(f'{stem}.g3.percent')}%){newly}"
        )
    if not parts:
        return ""
    see = context.see("tbl labs", "tbl labs_shift")
    return f"Laboratory values of grade 3 or worse were: {'; '.join(parts)}{see}."


def _tumour_lysis(context: Context) -> str:
    numbers, text = context.numbers, []
    if not numbers.used("tls."):
        return ""
    for key in context.study["tls"]["definitions"]:
        stem = f"tls.all.{key}"
        if f"{stem}.n" not in numbers:
            continue
        label = config_text(
            context.study["tls"]["definitions"][key]["label"], f"tls.definitions.{key}.label"
        )
        if not numbers.value(f"{stem}.denominator"):
            text.append(f"By {label}, tumour lysis syndrome could be assessed in no patient.")
            continue
        clause = numbers.share(stem)
        if context.several:
            clause += f" ({by_group(context.groups, lambda g, k=key: _count(context, g.slug, k))})"
        clinical = numbers.var(f"tls.all.{key}_clinical.n")
        sentence = (
            f"By {label}, laboratory tumour lysis syndrome was found in {clause}, "
            f"the clinical syndrome in {clinical}"
        )
        if numbers.value(f"{stem}.not_assessable"):
            sentence += f"; {numbers.var(f'{stem}.not_assessable')} could not be assessed"
        text.append(f"{sentence}.")
    return " ".join(text)


def _count(context: Context, group: str, key: str) -> str:
    stem = f"tls.{group}.{key}"
    return f"{context.numbers.var(f'{stem}.n')} of {context.numbers.var(f'{stem}.denominator')}"
