"""Methods: patients, response and endpoints, written from the study's configuration."""

from __future__ import annotations

from venaza.report import prose_support, prose_transfusions
from venaza.report.context import Context
from venaza.report.numbers import config_markdown, config_text, given
from venaza.report.prose_response import evaluable_differs
from venaza.report.words import design, is_synthetic, listed, long_date, small

#: The reference of each file of response criteria that this project ships.
CRITERIA = {
    "eln2017_aml": "dohner2017",
    "eln2022_aml": "dohner2022",
    "eln2024_all": "gokbuget2024",
}
_SPELT = {
    "CR": "complete remission",
    "CRh": "CR with partial haematological recovery",
    "CRi": "CR with incomplete haematological recovery",
    "CRp": "CR with incomplete platelet recovery",
    "MLFS": "morphological leukaemia-free state",
    "PR": "partial remission",
}
_COUNTED = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def patients(context: Context) -> str:
    """Design, data, index date, groups, cut-off and incomplete dates."""
    study = context.study
    first = f"This report analyses {design(study)}."
    if is_synthetic(study):
        first = f"This report analyses a synthetic cohort, laid out as {design(study)}."
    data = config_markdown(study["study"]["data"], "study.data")
    text = [
        f"{first} {data}",
        " ".join(filter(None, [_index(study), _groups(context)])),
        " ".join(filter(None, [_cutoff(study), _dates(study), _cleaning(study)])),
    ]
    return "## Patients and data\n\n" + "\n\n".join(text) + "\n"


def _index(study: dict) -> str:
    index = config_text(study["timeline"]["index"], "timeline.index")
    the = "the " if " of " in study["timeline"]["index"] else ""
    return (
        f"Time was counted from {the}{index} (the index date). Every patient with an index date "
        "belongs to the population of all treated patients; nobody was left out for having "
        "missing values."
    )


def _groups(context: Context) -> str:
    if not context.several:
        return ""
    groups = context.study["groups"]
    labels = listed([group.label for group in context.groups])
    n = _COUNTED.get(len(context.groups), "several")
    text = (
        f"Patients were analysed in {n} groups by "
        f"{config_text(small(str(groups['label'])), 'groups.label')}: {labels}."
    )
    if not context.study["analysis"].get("pooled"):
        text += " Survival is given for each group and not for all patients together."
    return text


def _cutoff(study: dict) -> str:
    if study["cutoff"]:
        return (
            f"Data were cut off on {given(long_date(study['cutoff']), 'timeline.cutoff')}: "
            "nothing dated later counts, but shows that the patient was alive on that day."
        )
    return "No data cut-off was applied; each patient was followed to the last recorded time."


def _dates(study: dict) -> str:
    """How incomplete dates were taken; first of all, whether the dates are the true ones."""
    told = [_shifted(study), _incomplete_dates(study)]
    return " ".join(filter(None, told))


def _shifted(study: dict) -> str:
    if not study["timeline"].get("shifted"):
        return ""
    return (
        "The dates of the export had been shifted, patient by patient, before it was made: "
        "intervals are true, calendar days are not, and none is reported."
    )


def _incomplete_dates(study: dict) -> str:
    if study["timeline"]["dates"] == "study_days":
        return "The data give times in days from the index date instead of calendar dates."
    rule = study["timeline"]["partial_dates"]
    day, month = str(rule["missing_day"]), str(rule["missing_month"])
    if day == "refuse":
        return "Dates without a day were not used and were queried."
    text = (
        "A date known only to the month was taken as day "
        f"{given(day, 'timeline.partial_dates.missing_day')} of that month, or as the day nearest "
        "to it that the patient's other dates allow, and flagged as imputed"
    )
    if month == "refuse":
        return f"{text}; a date known only to the year was not used."
    month = given(month, "timeline.partial_dates.missing_month")
    return f"{text}, one known only to the year as that day of month {month}."


def _cleaning(study: dict) -> str:
    return (
        "Each value that cleaning changed was logged, and each contradiction was raised as a "
        "query, not corrected in silence."
    )


def response(context: Context) -> str:
    """Criteria, whose assessment counts, the composite responses and MRD; empty without them."""
    if not context.numbers.used("rate.ORR."):
        return ""
    text = [" ".join([_criteria(context.study), _composites(context.study)])]
    text.append(_denominators(context))
    if context.numbers.used("rate.MRDNEG."):
        text.append(_mrd(context.study))
    text.append(prose_transfusions.methods(context))
    text = [part for part in text if part]
    return "## Response\n\n" + "\n\n".join(text) + "\n"


def _criteria(study: dict) -> str:
    rule = study["response"]
    key = CRITERIA.get(rule["criteria"])
    cite = f" [@{key}]" if key else ""
    name = config_text(study["criteria"]["name"], "response.criteria")
    columns = {c for record in study["tables"]["responses"]["records"] for c in record["columns"]}
    if "MBLAST" not in columns:
        return f"Responses were taken as recorded, in the categories of the {name}{cite}."
    window = given(rule["count_window_days"], "response.count_window_days")
    counts, other = (
        ("the investigator's assessment", "the category derived from marrow and blood blasts")
        if rule["counts"] == "investigator"
        else ("the derived category", "the investigator's assessment")
    )
    derived = "" if rule["counts"] == "investigator" else " from marrow and blood blasts"
    text = (
        f"Response was assessed by the {name}{cite}. Where both were available, {counts} "
        f"counted{derived} and was compared with {other} and the blood counts within {window} "
        "days of the marrow; disagreements were queried."
    )
    if "RSMETH" in columns and study["criteria"].get("imaging"):
        text += f" {config_markdown(study['criteria']['imaging'], 'response.criteria')}."
    return text


def _categories(chosen: list[str], study: dict, key: str, last: str = "or") -> str:
    return config_text(listed(_known(chosen, study), last), key)


def _known(chosen: list[str], study: dict) -> list[str]:
    """Those of the chosen categories that the study's criteria have."""
    known = {c["response"] for c in study["criteria"]["categories"]}
    return [name for name in chosen if name in known] or chosen


def _composites(study: dict) -> str:
    rule = study["response"]
    overall = _categories(rule["overall"], study, "response.overall")
    remission = _categories(rule["remission"], study, "response.remission")
    if overall == remission:
        same = f"Overall response and composite complete remission were both {overall}"
    else:
        same = f"Overall response was {overall}, composite complete remission {remission}"
    spelt = [f"{word}, {_SPELT[word]}" for word in _known(rule["overall"], study) if word in _SPELT]
    return (
        f"{same} ({'; '.join(spelt)}), as the best response {_from(study)} and up to the first of "
        f"{_window(study)}, that day included. Disease after a remission counted as relapse, "
        "whatever it was called."
    )


def _from(study: dict) -> str:
    if study["response"]["baseline_remission"]:
        return "after the index date (a remission on it counted too)"
    return "after the index date"


def _window(study: dict) -> str:
    """What ends the time in which a response is the regimen's, whichever came first."""
    named = [study["milestones"][name] for name in study["response"]["until"]]
    mapped = {"assessments", *study["tables"]}
    ends = [small(spec["description"]) for spec in named if spec["table"] in mapped]
    return config_text(listed([*ends, "relapse", "death"], "or"), "response.until")


def _denominators(context: Context) -> str:
    if not evaluable_differs(context):
        return (
            "Rates are given among all treated patients; those without a recorded response count "
            "as without response."
        )
    used = {
        "evaluable": "the patients evaluable for response",
        "all": "all treated patients",
    }[context.study["response"]["denominator"]]
    return (
        "Rates were computed in two denominators: the patients evaluable for response, and all "
        "treated patients, those who were not evaluable then counting as without response. The "
        f"text gives the rate among {used}."
    )


def _mrd(study: dict) -> str:
    below = given(f"{study['mrd']['negative_below']:g}%", "mrd.negative_below")
    used = {
        "remission": "the patients who reached composite complete remission",
        "tested": "the patients tested",
        "all": "all treated patients",
    }[study["mrd"]["denominator"]]
    return (
        f"Measurable residual disease (MRD){_by_method(study)} was negative where a sample taken "
        f"from remission on{_by_day(study)}, within the same time, was below {below}. The text "
        f"gives the rate among {used}; the table gives the other denominators{_other_mrd(study)}."
        f"{_sensitivity(study)}"
    )


def _sensitivity(study: dict) -> str:
    """What becomes of samples that could not have shown so little; empty without their limits."""
    tables = [study["tables"][name] for name in ("mrd", "responses") if name in study["tables"]]
    records = [record["columns"] for table in tables for record in table["records"]]
    if not any("MRDLOD" in columns for columns in records):
        return ""
    return (
        " A sample reported as negative by an assay whose limit of detection lies above that "
        "threshold did not count as tested."
    )


def _other_mrd(study: dict) -> str:
    """The clause that names the other rules of MRD negativity; empty without any."""
    labels = [
        config_text(m["label"], "mrd.alternatives") for m in study["mrd"].get("alternatives", [])
    ]
    return f", and MRD negativity {listed(labels)}" if labels else ""


def _by_method(study: dict) -> str:
    method = study["mrd"].get("method", "any")
    return "" if method == "any" else f" by {config_text(method, 'mrd.method')}"


def _by_day(study: dict) -> str:
    day = study["mrd"].get("by_day", "none")
    return "" if day == "none" else f" up to day {given(day, 'mrd.by_day')}"


def endpoints(context: Context) -> str:
    """Each endpoint as the study defines it, the primary one first."""
    study = context.study
    primary = study["analysis"]["primary"]
    first = study["endpoints"][primary]
    text = [
        f"The primary endpoint was {small(first['label'])} ({primary}), measured "
        f"{_definition(first)}."
    ]
    others = {code: e for code, e in study["endpoints"].items() if code != primary}
    if others:
        text.append("The other endpoints were:")
        text += [f"- {e['label']} ({code}): {_definition(e)}." for code, e in others.items()]
    if any(e["start"] == "FAILURE" for e in study["endpoints"].values()):
        text.append(_failure(study))
    text.append(prose_support.methods(context))
    if context.has("tbl definitions"):
        text.append("@tbl-definitions sets the definitions out with their sources.")
    return "## Endpoints\n\n" + "\n\n".join(filter(None, text)) + "\n"


def _definition(endpoint: dict) -> str:
    sentence = config_text(endpoint["sentence"], "endpoints")
    censored = endpoint.get("censor_sentence")
    return f"{sentence}; {config_text(censored, 'endpoints')}" if censored else sentence


def _failure(study: dict) -> str:
    """What failure of the regimen is, from the milestones that the configuration names."""
    names = study["failure"]["milestones"]
    described = [small(study["milestones"][name]["description"]) for name in names]
    text = f"The regimen had failed at the first of {listed(described, 'or')}"
    refractory = study["milestones"].get("REFRACTORY", {})
    cycles = (refractory.get("min") or {}).get("CYCLE")
    if "REFRACTORY" in names and cycles:
        n = study["response"].get(cycles, cycles) if isinstance(cycles, str) else cycles
        words = config_text(listed(refractory["where"]["RESPONSE"], "or"), "milestones.REFRACTORY")
        text += (
            f"; refractory disease was {words} after at least "
            f"{given(n, 'response.refractory_after_cycles')} cycles without a response before"
        )
        text += ", or what was recorded as refractory" if "also" in refractory else ""
        if "cycles" in study["tables"]:
            text += "; where an assessment had no cycle number, the cycles begun before it counted"
    if "therapies" in study["tables"]:
        days = given(study["failure"]["treated_before_days"], "failure.treated_before_days")
        text += (
            f"; a therapy begun up to {days} days before a failure was written down was taken as "
            "given after it"
        )
    return text + ". Death without any of these was not counted as failure."
