"""The generated text: every number has a source, and the words follow the data."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from tests.report.cohort import ard, study
from tests.report.conftest import ACCOUNT, QUERIES
from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.documents import DOCUMENTS
from venaza.pipeline.report.embedded import expand
from venaza.pipeline.report.grammar import groups_of, small
from venaza.pipeline.report.numbers import Numbers, config_text, variable
from venaza.pipeline.report.text import phrase
from venaza.pipeline.report.variables import variables_yaml

#: Words with digits that are no results: the names of grades and of a version.
NAMES = ("grade 3", "grade 5", "SHA-256")
CAUSAL = r"\b(caused|causes|causal\w*|due to|led to|improv\w+|prolong\w+|reduc\w+|effective)\b"


def text_of(source, *names: str) -> str:
    """The generated parts of that name; all but the study's own introduction without one."""
    folder = source / "_generated"
    wanted = names or sorted(p.stem for p in folder.glob("*.md") if p.stem != "introduction")
    return "\n".join((folder / f"{name}.md").read_text(encoding="utf-8") for name in wanted)


def whole(source) -> str:
    """Every document of a project, with its includes and its numbers."""
    return "\n".join(expand(source, name) for name in DOCUMENTS)


def without_sources(text: str) -> str:
    """The text without what says where it comes from: references, marked spans, tables."""
    for pattern in (
        r"```\{=html\}.*?```",
        r"\{\{< var \S+ >\}\}",
        r"\[(?:[^\[\]]|\\.)*\]\{\.(?:given|fact|ard)[^}]*\}",
        r"\[@[^\]]*\]",
        r"@(?:fig|tbl)-[\w-]+",
        r"\[[^\[\]]*\]\([^)]*\)\{\.elsewhere\}",
        r"\{#(?:fig|tbl)-.*\}",
        r"\(figures/\w+\)",
        r"\*\*|::: .*",
    ):
        text = re.sub(pattern, "", text, flags=re.DOTALL if "html" in pattern else 0)
    return text


def test_no_number_stands_in_the_text_without_its_source(source):
    text = without_sources(text_of(source))
    for name in NAMES:
        text = text.replace(name, "")
    assert re.findall(r".{0,40}\d.{0,20}", text) == []


def test_the_scan_would_find_a_number():
    assert "11" in without_sources("Median survival was 11 months {{< var km.OS.ND.median >}}.")


def test_every_variable_of_the_text_is_a_number_of_the_ard(source):
    used = set(re.findall(r"\{\{< var (\S+) >\}\}", text_of(source)))
    assert len(used) > 100
    assert used <= {variable(ard_id) for ard_id in ard().rows}


def test_every_variable_prints_what_the_ard_prints(source):
    text = whole(source)
    spans = dict(re.findall(r'\[((?:[^\[\]]|\\.)*)\]\{\.ard data-ard="([^"]+)"\}', text))
    assert len(spans) > 20
    for shown, ard_id in spans.items():
        row = ard().rows[ard_id]
        plain = re.sub(r"\\(.)", r"\1", shown).replace("\u2212", "-")
        assert plain in (row["display"], row.get("term"))


def test_no_shortcode_is_left(source):
    text = re.sub(r"<!--.*?-->", "", whole(source), flags=re.DOTALL)
    assert "{{<" not in text


def test_asking_for_a_number_that_does_not_exist_fails():
    with pytest.raises(KeyError, match=r"km\.OS\.ND\.mean"):
        Numbers(ard().frame(), study()).var("km.OS.ND.mean")


def test_a_part_of_digits_is_no_position_to_quarto():
    assert variable("desc.ECOG.ND.2.n") == "desc.ECOG.ND._2.n"
    yaml = variables_yaml(ard().frame(), {})
    assert '"_0":' in yaml
    assert '"0":' not in yaml


def test_a_negative_number_has_a_minus_sign(source):
    assert "[−12.5]" in (source / "_variables.yml").read_text(encoding="utf-8")


def test_an_exhibit_is_shown_once_and_only_shown_ones_are_referred_to(source):
    text = whole(source)
    made = re.findall(r"\{#((?:fig|tbl)-[\w-]+)", text)
    assert len(made) == len(set(made)) == 8 + 8 + 3 + 2
    assert set(re.findall(r"@((?:fig|tbl)-[\w-]+)", text)) <= set(made)


def test_every_reference_is_in_the_bibliography(source):
    bibliography = (source / "references.bib").read_text(encoding="utf-8")
    cited = set(re.findall(r"(?<![\w.])@(?!fig-|tbl-)([a-z][\w]+)", whole(source)))
    assert len(cited) > 8
    assert cited <= set(re.findall(r"^@\w+\{(\w+),", bibliography, re.MULTILINE))


def test_nothing_is_said_to_cause_anything(source):
    assert re.findall(CAUSAL, text_of(source), re.IGNORECASE) == []


def test_the_methods_follow_the_configuration(source):
    text = text_of(source, "methods_patients", "methods_response", "methods_endpoints")
    assert "Time was counted from the first dose of the new regimen" in text
    assert "[30 November 2023]{.given data-config=" in text
    assert "Overall response was defined as CR, CRi or PR" in text
    assert 'below [0.1%]{.given data-config="mrd.negative_below"}' in text
    assert "refractory disease was SD, NR or PD after at least [2]" in text
    assert "The primary endpoint was overall survival (OS)" in text
    statistics = text_of(source, "methods_statistics")
    assert "One month was taken as [30.4375]" in statistics
    assert "[@clopper1934]" in statistics
    assert "[@wilson1927]" not in statistics


def test_other_choices_give_other_methods(staged):
    other = study(timeline={**study()["timeline"], "dates": "study_days"}, cutoff=None)
    other["analysis"]["proportion_interval"] = "wilson"
    other["response"]["counts"] = "derived"
    source = staged(other, ard().frame())
    text = text_of(source)
    assert "days from the index date, without calendar dates" in text
    assert "No data cut-off was applied" in text
    assert "[@wilson1927]" in text
    assert "took precedence over the investigator's assessment" in text


def test_shifted_dates_are_told_as_such(staged):
    other = study(timeline={**study()["timeline"], "shifted": True}, cutoff=None)
    text = text_of(staged(other, ard().frame()))
    assert "had been shifted together" in text
    assert "shifted together" not in text_of(staged(study(), ard().frame()))


def test_a_median_beyond_the_data_is_not_reached(staged):
    made = ard().survival("km.OS.ND", 20, 4, (None, 8.1, None))
    text = whole(staged(study(), made.frame()))
    plain = re.sub(r"\[([^\[\]]*)\]\{[^}]*\}", r"\1", text).replace("\u00a0", " ")
    assert "Median overall survival (OS) was not reached (95% CI 8.10 to not reached)" in plain
    assert "not reached months" not in plain


def test_limits_that_do_not_exist_are_not_estimable(staged):
    made = ard().survival("km.OS.ND", 20, 0, (None, None, None))
    assert "CI not estimable" in whole(staged(study(), made.frame()))


def test_a_group_without_failures_is_said_to_have_none(staged):
    made = ard()
    for ard_id in made.rows:
        if ard_id.startswith(("failure.RR.", "postfailure.RR.", "km.PFOS.RR.n")):
            made.rows[ard_id]["value"] = 0
    text = text_of(staged(study(), made.frame()), "results_failure")
    assert "No failure was documented in the relapsed or refractory group." in text
    assert "{{< var km.PFOS.ND.median >}}" in text
    assert "{{< var km.PFOS.RR.median >}}" not in text


def test_without_any_failure_there_is_no_median_after_it(staged):
    made = ard()
    for ard_id in made.rows:
        if ard_id.startswith(("failure.", "postfailure.")) or re.match(
            r"km\.PFOS\.\w+\.n$", ard_id
        ):
            made.rows[ard_id]["value"] = 0
    text = text_of(staged(study(), made.frame()), "results_failure")
    assert "No treatment failure was documented." in text
    assert "was therefore not estimated" in text


def test_relapse_takes_the_place_of_failure_where_the_study_says_so(staged):
    relapse = study()
    relapse["endpoints"]["PFOS"]["start"] = "RELAPSE"
    text = text_of(staged(relapse, ard().frame()))
    assert "## Outcome after relapse" in text
    assert "Relapse was documented in" in text
    assert "The regimen had failed at" not in text


def test_a_study_of_one_group_names_no_group(staged):
    one = study(groups=None, published=None)
    one["analysis"]["cox"] = {}
    text = text_of(staged(one, ard(("all",)).frame()))
    assert " group and " not in text
    assert "log-rank" not in text.split("## Statistical analysis")[1].split("\n# ")[0]
    assert "There was no comparison group." in text


def test_what_a_study_lacks_is_left_out(staged):
    less = study(published=None, tables={"patients": {"records": [{"columns": {}}]}})
    less["endpoints"] = {"OS": less["endpoints"]["OS"]}
    less["analysis"]["cox"] = {}
    parts = ("response", "failure", "adverse_events", "published", "cox")
    source = staged(less, ard(leave_out=parts).frame(), ["flow", "km_OS"], tables={})
    for name in ("notice", "methods_response", "results_response", "results_failure"):
        assert text_of(source, name).strip() == ""
    assert text_of(source, "results_safety", "results_published").strip() == ""
    text = text_of(source)
    for word in ("MRD", "CTCAE", "Fisher", "Cox", "adverse event", "Data quality"):
        assert word not in text


def test_synthetic_patients_are_said_to_be_so_first_and_last(staged):
    made = study()
    made["study"]["synthetic"] = True
    source = staged(made, ard().frame())
    assert whole(source).strip().startswith('::: {.callout-warning title="Synth')
    assert "**The cohort is synthetic: no row describes a real person.**" in text_of(
        source, "abstract"
    )
    assert "The main limitation is that the patients are synthetic." in text_of(
        source, "discussion"
    )
    assert 'notice: "Synthetic data: no row describes a real person"' in (
        source / "_study.yml"
    ).read_text(encoding="utf-8")


def test_real_patients_are_never_called_synthetic(source):
    assert "ynthetic" not in whole(source)


def test_a_published_value_that_differs_is_named(staged):
    made = ard()
    made.rows["published.ND.orr.agrees"]["value"] = 0
    text = text_of(staged(study(), made.frame()))
    assert "The following did not agree: orr in the newly diagnosed group" in text
    assert "Not all computed values agree" in text


def test_a_randomised_trial_is_not_told_that_its_groups_differ(staged):
    trial = study()
    trial["study"]["design"] = "Randomised trial"
    trial["groups"] = {**trial["groups"], "label": "Arm", "levels": {"ND": "Arm A", "RR": "Arm B"}}
    made = staged(trial, ard().frame())
    text = text_of(made)
    assert "not formed at random" not in text
    assert "in arm A" in text
    assert "vonelm2007" not in text_of(made, "methods_statistics")


def test_queries_and_rows_are_counted(source):
    text = text_of(source, "record")
    assert 'data-fact="queries: out_of_range">2</span>' in text
    assert "Value that no living patient has" in text
    assert 'data-fact="rows: patients">20</span>' in text
    assert "exact duplicate (<span" in text


def test_corrections_of_the_clinic_are_counted(staged):
    rows = [("p1", "applied"), ("p1", "applied"), ("p2", "already in the export")]
    made = pd.DataFrame(rows, columns=["USUBJID", "STATUS"])
    tables = {"queries": QUERIES, "row_account": ACCOUNT, "corrections": made}
    text = text_of(staged(study(), ard().frame(), tables=tables), "record")
    assert "2 values of 1 patient were corrected" in re.sub(r"\[(\d+)\]{[^}]*}", r"\1", text)
    none = {**tables, "corrections": made.iloc[2:]}
    assert "corrected before" not in text_of(staged(study(), ard().frame(), tables=none), "record")


def test_the_source_of_the_manuscript_is_stated(source):
    text = text_of(source, "record")
    for part in ("a" * 64, "b" * 64, "c" * 64, "my_\u200bcohort.csv", "[2.3.3]"):
        assert part in text


@pytest.mark.parametrize(
    ("items", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists(items, text):
    assert listed(items) == text


def test_turns_of_phrase():
    own = study()
    own["study"]["design"] = "Observational cohort"
    context = Context(Numbers(ard().frame(), own), own, groups_of(own), [], [])
    assert phrase(context, "design") == "an observational cohort"
    assert phrase(context, "long_date", "2023-02-01") == "1 February 2023"


def test_a_group_is_called_by_its_abbreviation_where_it_has_one():
    def where(own: dict) -> list[str]:
        context = Context(Numbers(ard().frame(), own), own, groups_of(own), [], [])
        return [phrase(context, "where", group) for group in context.groups]

    assert where(study()) == [
        " in the newly diagnosed group",
        " in the relapsed or refractory group",
    ]
    short = {**study()["groups"], "short": {"RR": "R/R"}}
    assert where(study(groups=short)) == [" in the newly diagnosed group", " in R/R patients"]
    arms = {**study()["groups"], "levels": {"ND": "Arm A", "RR": "Arm B"}}
    assert where(study(groups=arms)) == [" in arm A", " in arm B"]
    assert where(study(groups=None)) == [""]


def test_words():
    assert small("Newly diagnosed") == "newly diagnosed"
    assert small("AML low risk") == "AML low risk"
    assert config_text("AML_1*", "key") == '[AML\\_1\\*]{.given data-config="key"}'
    assert [g.slug for g in groups_of(study())] == ["ND", "RR"]
