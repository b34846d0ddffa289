"""Methods: response criteria, whose assessment counts, denominators, residual disease."""

from __future__ import annotations

from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, no, reads, uses
from venaza.pipeline.report.facts.response import evaluable_differs
from venaza.pipeline.report.grammar import small
from venaza.pipeline.report.numbers import config_markdown, config_text, given
from venaza.pipeline.report.sentences import Always, paragraph, paragraphs, sentence
from venaza.pipeline.report.text import part

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


def response(context: Context) -> str:
    """Criteria, whose assessment counts, the composite responses and MRD; empty without them."""
    if not context.numbers.used("rate.ORR."):
        return ""
    text = paragraphs(
        paragraph(
            _recorded(context),
            _assessed(context),
            _derived_only(context),
            _both(context),
            _imaging(context),
            _composites(context),
            _relapse(context),
        ),
        paragraph(_one_denominator(context), _two_denominators(context)),
        paragraph(_mrd(context), _mrd_denominator(context), _sensitivity(context)),
        part("methods_transfusions", context).strip(),
    )
    return f"## Response\n\n{text}\n"


def _criteria(context: Context) -> str:
    key = CRITERIA.get(context.study["response"]["criteria"])
    cite = f" [@{key}]" if key else ""
    return f"{config_text(context.study['criteria']['name'], 'response.criteria')}{cite}"


_BLASTS, _WORDS = reads("responses", "MBLAST"), reads("responses", "RSINV")


@sentence("methods.responses_recorded", when=no(_BLASTS))
def _recorded(context: Context) -> str:
    return f"Responses were taken as recorded, in the categories of the {_criteria(context)}."


@sentence("methods.responses_assessed", when=_BLASTS)
def _assessed(context: Context) -> str:
    return f"Response was assessed by the {_criteria(context)}."


@sentence("methods.responses_derived", when=both(_BLASTS, no(_WORDS)))
def _derived_only(context: Context) -> str:
    return "The category was derived from marrow and blood blasts and the blood counts."


@sentence("methods.responses_compared", when=both(_BLASTS, _WORDS))
def _both(context: Context) -> str:
    rule = context.study["response"]
    window = given(rule["count_window_days"], "response.count_window_days")
    counts, other = (
        (
            "the investigator's assessment counted",
            "the category derived from marrow and blood blasts",
        )
        if rule["counts"] == "investigator"
        else (
            "the derived category counted from marrow and blood blasts",
            "the investigator's assessment",
        )
    )
    return (
        f"Where both were available, {counts} and was compared with {other} and the blood counts "
        f"within {window} days of the marrow; disagreements were queried."
    )


@sentence(
    "methods.imaging",
    when=both(_BLASTS, reads("responses", "RSMETH"), lambda c: c.study["criteria"].get("imaging")),
)
def _imaging(context: Context) -> str:
    return f"{config_markdown(context.study['criteria']['imaging'], 'response.criteria')}."


def _categories(chosen: list[str], study: dict, key: str, last: str = "or") -> str:
    return config_text(listed(_known(chosen, study), last), key)


def _known(chosen: list[str], study: dict) -> list[str]:
    """Those of the chosen categories that the study's criteria have."""
    known = {c["response"] for c in study["criteria"]["categories"]}
    return [name for name in chosen if name in known] or chosen


@sentence("methods.composites", when=Always("every study names its composite responses"))
def _composites(context: Context) -> str:
    study, rule = context.study, context.study["response"]
    overall = _categories(rule["overall"], study, "response.overall")
    remission = _categories(rule["remission"], study, "response.remission")
    if overall == remission:
        same = f"Overall response and composite complete remission were both {overall}"
    else:
        same = f"Overall response was {overall}, composite complete remission {remission}"
    spelt = [f"{word}, {_SPELT[word]}" for word in _known(rule["overall"], study) if word in _SPELT]
    return (
        f"{same} ({'; '.join(spelt)}), as the best response {_from(study)} and up to the first of "
        f"{_window(study)}, that day included."
    )


@sentence("methods.relapse", when=Always("each assessment of disease after a remission is relapse"))
def _relapse(context: Context) -> str:
    return "Disease after a remission counted as relapse, whatever it was called."


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


@sentence("methods.one_denominator", when=lambda c: not evaluable_differs(c))
def _one_denominator(context: Context) -> str:
    return (
        "Rates are given among all treated patients; those without a recorded response count "
        "as without response."
    )


@sentence("methods.two_denominators", when=lambda c: evaluable_differs(c))
def _two_denominators(context: Context) -> str:
    used = {
        "evaluable": "the patients evaluable for response",
        "all": "all treated patients",
    }[context.study["response"]["denominator"]]
    return (
        "Rates were computed in two denominators: the patients evaluable for response, and all "
        "treated patients, those who were not evaluable then counting as without response; the "
        f"text gives the rate among {used}."
    )


@sentence("methods.mrd", when=uses("rate.MRDNEG."))
def _mrd(context: Context) -> str:
    study = context.study
    below = given(f"{study['mrd']['negative_below']:g}%", "mrd.negative_below")
    days = given(study["response"]["count_window_days"], "response.count_window_days")
    return (
        f"Measurable residual disease (MRD){_by_method(study)} counted as tested in patients with "
        f"a sample from {days} days before their first complete remission on{_by_day(study)}, "
        f"within the same time, and as negative where one was below {below}; patients without "
        "complete remission count as neither."
    )


@sentence("methods.mrd_denominator", when=uses("rate.MRDNEG."))
def _mrd_denominator(context: Context) -> str:
    mrd = context.study["mrd"]
    used = {
        "remission": "the patients who reached composite complete remission",
        "tested": "the patients tested in remission",
        "all": "all treated patients",
    }[mrd["denominator"]]
    table = (
        f"; the table gives the other denominators{_other_mrd(context.study)}"
        if context.has("tbl response")
        else ""
    )
    return f"The text gives the rate among {used}{table}."


@sentence(
    "methods.mrd_sensitivity",
    when=both(
        uses("rate.MRDNEG."),
        lambda c: reads("mrd", "MRDLOD")(c) or reads("responses", "MRDLOD")(c),
    ),
)
def _sensitivity(context: Context) -> str:
    """What becomes of samples that could not have shown so little."""
    return (
        "A sample reported as negative by an assay whose limit of detection lies above that "
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
