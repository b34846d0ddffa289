"""Each table of a made-up study: what is printed, where it comes from, what is left out."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from tests.report.cohort import Ard, ard, study
from venaza.contracts.results import slug
from venaza.markup.printed import BLANK, Table
from venaza.pipeline.tables import build_all, planned
from venaza.pipeline.tables.adverse_events import adverse_events
from venaza.pipeline.tables.baseline import baseline
from venaza.pipeline.tables.cox import cox
from venaza.pipeline.tables.definitions import definitions
from venaza.pipeline.tables.failure import failure
from venaza.pipeline.tables.numbers import Numbers
from venaza.pipeline.tables.published import published
from venaza.pipeline.tables.response import response
from venaza.pipeline.tables.survival import survival

ADAE = pd.DataFrame({"AEDECOD": ["Anemia", "Nausea"], "AEBODSYS": ["Blood", "Gut"]})


def rows(table: Table) -> dict[str, list[str]]:
    """The printed cells by ``section | label``."""
    return {
        f"{section.heading} | {row.label}": [cell.text for cell in row.cells]
        for section in table.sections
        for row in section.rows
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("tables")
    build_all({"adae": ADAE}, ard().frame(), study(), target)
    return target


class Cells(HTMLParser):
    """The text of each ``td`` of a table's body, without what stands in spans of the ARD."""

    def __init__(self) -> None:
        super().__init__()
        self.bare, self.numbers, self._in_cell, self._in_span = [], [], False, False

    def handle_starttag(self, tag, attrs):
        if tag == "td":
            self._in_cell = True
            self.bare.append("")
        elif tag == "span":
            self._in_span = True
            self.numbers.append(dict(attrs)["data-ard"])

    def handle_endtag(self, tag):
        if tag == "td":
            self._in_cell = False
        elif tag == "span":
            self._in_span = False

    def handle_data(self, data):
        if self._in_cell and not self._in_span:
            self.bare[-1] += data


def test_a_study_plans_the_tables_that_it_can_fill():
    assert planned(study()) == [
        *("baseline", "response", "survival", "failure", "cox", "adverse_events"),
        *("published", "definitions"),
    ]


def test_a_study_of_patients_alone_plans_three():
    bare = study(published=None, tables={"patients": {}})
    bare["endpoints"] = {"OS": bare["endpoints"]["OS"]}
    bare["analysis"]["cox"] = {}
    assert planned(bare) == ["baseline", "survival", "definitions"]


def test_responses_that_are_not_assessed_make_no_table():
    relapses = study()
    relapses["analysis"]["response_rates"] = False
    assert "response" not in planned(relapses)


def test_every_planned_table_is_written_as_html_and_csv(folder):
    expected = {f"{name}{suffix}" for name in planned(study()) for suffix in (".html", ".csv")}
    expected.add("tables.xlsx")
    assert {path.name for path in folder.iterdir()} == expected


def test_every_number_of_a_cell_names_a_row_of_the_ard(folder):
    known = set(ard().rows)
    for name in set(planned(study())) - {"definitions"}:
        cells = Cells()
        body = (folder / f"{name}.html").read_text(encoding="utf-8").split("<tfoot>")[0]
        cells.feed(body)
        assert set(cells.numbers) <= known
        assert cells.numbers, name
        # the percentage of an interval's label is the configuration's, all else the ARD's
        assert [text for text in cells.bare if re.search(r"\d", text)] == [], name


def test_every_row_is_as_wide_as_the_table(folder):
    for path in folder.glob("*.html"):
        html = path.read_text(encoding="utf-8")
        width = html.count("<col ")
        for line in re.findall(r"<tr>(.*?)</tr>", html.split("<tbody>", 1)[1], re.DOTALL):
            spans = re.findall(r"<t[dh][^>]*>", line)
            found = [int(m[1]) if (m := re.search(r'colspan="(\d+)"', s)) else 1 for s in spans]
            assert sum(found) == width, (path.name, line)


def test_the_csv_prints_what_the_html_prints(folder):
    for path in folder.glob("*.html"):
        html = path.read_text(encoding="utf-8").split("<tfoot>")[0]
        html = re.sub("<br>", " ", html)
        cells = [re.sub("<[^>]+>", "", c) for c in re.findall(r"<td[^>]*>(.*?)</td>", html)]
        text = path.with_suffix(".csv").read_text(encoding="utf-8-sig")
        printed = [c for row in list(csv.reader(io.StringIO(text)))[1:] for c in row[2:]]
        unescaped = [c.replace("&lt;", "<").replace("&amp;", "&") for c in cells]
        assert [c for c in unescaped if c] == [c for c in printed if c]


def test_the_same_numbers_give_the_same_bytes(folder, tmp_path):
    shuffled = ADAE.sample(frac=1, random_state=3)
    build_all({"adae": shuffled}, ard().frame(), study(), tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_baseline_has_p_values_only_where_the_results_hold_them():
    with_tests = ard()
    for key, value, shown, test in (
        ("wilcoxon.AGE", 0.031, "0.031", "Wilcoxon's rank-sum test, exact"),
        ("contingency.SEX", None, "not estimable", "Fisher's exact test"),
    ):
        with_tests.add(f"{key}.p_value", value, shown, method=f"{test}, unadjusted, exploratory")
    table, plain = (baseline(Numbers(a.frame()), study()) for a in (with_tests, ard()))
    assert [c.group.text for c in table.columns][-1] == "P"
    assert len(table.columns) == len(plain.columns) + 1
    printed = rows(table)
    assert printed["Age, years | Median (IQR)"][-1] == "0.031"
    assert printed["Age, years | Range"][-1] == ""
    assert {len(cells) for cells in printed.values()} == {len(table.columns)}
    assert table.notes[-1] == (
        "P values are unadjusted and exploratory, without missing values: "
        "Wilcoxon's rank-sum test, Fisher's exact test."
    )
    assert not any("P values" in note for note in plain.notes)


def test_baseline_shows_missing_values_where_there_are_any():
    printed = rows(baseline(Numbers(ard().frame()), study()))
    assert printed["ECOG performance status | Missing"] == ["2 (10.0)", "2 (10.0)", "2 (5.0)"]
    assert "Sex | Missing" not in printed
    assert printed["Age, years | Median (IQR)"] == ["70 (65 to 76.5)"] * 3
    assert printed["Sex | Male"] == ["13 (65.0)", "13 (65.0)", "33 (82.5)"]


def test_a_study_of_one_group_has_one_column():
    table = baseline(Numbers(ard(("all",)).frame()), study(groups=None))
    assert [column.group.text for column in table.columns] == ["All patients (n = 20)"]


def test_response_gives_each_rate_in_each_denominator():
    printed = rows(response(Numbers(ard().frame()), study()))
    overall = "Overall response (CR, CRi or PR)"
    assert printed[f"{overall} | Evaluable patients"][:2] == ["9/19 (47.4)", "30.0 to 80.0"]
    assert printed[f"{overall} | All treated patients"][:2] == ["9/20 (45.0)", "28.0 to 78.0"]
    mrd = "MRD-negative (below 0.1%)"
    assert printed[f"{mrd} | Patients in composite complete remission"][0] == "2/8 (25.0)"
    assert printed[f"{mrd} | Patients tested in remission"][0] == "2/7 (28.6)"
    assert printed[f"{mrd} | Remissions tested, n/N"] == ["7/8", "7/8"]


def test_a_difference_spans_the_groups_and_has_a_minus_sign():
    table = response(Numbers(ard().frame()), study())
    row = next(r for s in table.sections for r in s.rows if r.label.startswith("Difference"))
    assert [cell.colspan for cell in row.cells] == [4]
    assert row.cells[0].text == "\u221212.5 (\u221220.1 to 4.2); P <0.001"


def test_best_responses_come_in_the_order_of_the_criteria():
    labels = [row.label for row in response(Numbers(ard().frame()), study()).sections[0].rows]
    assert labels == ["CR", "CRi", "PR", "NR", "NE"]


def test_where_only_responses_are_recorded_the_evaluable_are_left_out():
    made = ard()
    for group in ("ND", "RR", "all"):
        made.rate(f"rate_evaluable.ORR.{group}", 9, 9, 66.0, 100.0)
    all_treated = study()
    all_treated["response"]["denominator"] = "all"
    printed = rows(response(Numbers(made.frame()), all_treated))
    assert not [label for label in printed if "Evaluable" in label]


def test_survival_says_not_reached_and_stops_at_the_end_of_follow_up():
    printed = rows(survival(Numbers(ard().frame()), study()))
    assert (
        printed["Overall survival | Median, months (95% CI)"] == ["11.93 (7.20 to not reached)"] * 2
    )
    assert printed["Overall survival | At 6 months, % (95% CI) [at risk]"][0] == (
        "69.00 (48.80 to 82.50) [9]"
    )
    assert not [label for label in printed if "At 12 months" in label]
    assert printed["Event-free survival | Relapse"] == ["9", "9"]
    assert "Overall survival | Death" not in printed


def test_competing_events_have_incidences_and_no_median():
    printed = rows(survival(Numbers(ard().frame()), study()))
    assert (
        printed["Cumulative incidence of relapse | Incidence at 6 months, % (95% CI)"]
        == ["10.50 (1.70 to 29.10)"] * 2
    )
    assert "Cumulative incidence of relapse | Median, months (95% CI)" not in printed


def test_the_competing_event_is_called_by_its_label():
    named = study()
    named["endpoints"]["CIR"]["competing_label"] = "Non-relapse mortality"
    printed = rows(survival(Numbers(ard().frame()), named))
    of = "Cumulative incidence of relapse | "
    assert printed[f"{of}Non-relapse mortality at 6 months, % (95% CI)"]
    assert printed[f"{of}Non-relapse mortality"] == ["3", "3"]
    assert f"{of}Death" not in printed
    assert not [key for key in printed if "Competing event" in key]
    plain = rows(survival(Numbers(ard().frame()), study()))
    assert plain[f"{of}Competing event at 6 months, % (95% CI)"]
    assert plain[f"{of}Death"] == ["3", "3"]


def test_survival_after_failure_is_in_its_own_table():
    numbers = Numbers(ard().frame())
    assert "Post-failure" not in str(rows(survival(numbers, study())))
    printed = rows(failure(numbers, study()))
    assert (
        printed["Post-failure overall survival | Range of observed times, months"]
        == ["0.00 to 24.50"] * 2
    )


def test_failures_that_never_happened_have_no_row():
    printed = rows(failure(Numbers(ard().frame()), study()))
    assert printed["Failure of the regimen | Relapse"] == ["7", "7"]
    assert "Failure of the regimen | Progression" not in printed
    assert printed["First anti-leukaemic therapy | Drug 7+3"] == ["3", "3"]


def test_the_level_of_confidence_is_the_configurations():
    other = study()
    other["analysis"]["confidence"] = 0.9
    numbers = Numbers(ard().frame())
    for table in (response, survival, failure, cox):
        made = table(numbers, other)
        labels = [*rows(made), *(f"{c.group.text} {c.name}" for c in made.columns)]
        assert any("90% CI" in label for label in labels)
        assert not any("95% CI" in label for label in labels)


def test_relapse_takes_the_place_of_failure():
    relapse = study()
    relapse["endpoints"]["PFOS"]["start"] = "RELAPSE"
    table = failure(Numbers(ard().frame()), relapse)
    assert table.stub == "After relapse"
    assert rows(table)[" | Patients with a relapse"] == ["9", "9"]
    assert "Failure of the regimen" not in [s.heading for s in table.sections]


def test_remissions_defined_alike_are_printed_once():
    alike = study()
    alike["response"] |= {"overall": ["CR"], "remission": ["CR"]}
    table = response(Numbers(ard().frame()), alike)
    rates = [s.heading for s in table.sections if s.heading.startswith(("Over", "Comp"))]
    assert rates == ["Overall response (CR)"]


def test_without_later_therapies_nobody_is_said_to_be_treated_again():
    no_therapies = study(tables={"patients": {}})
    printed = rows(failure(Numbers(ard().frame()), no_therapies))
    assert "Failure of the regimen | Anti-leukaemic therapy" not in printed


def test_cox_names_its_reference_and_says_not_estimable():
    printed = rows(cox(Numbers(ard().frame()), study()))
    assert printed["Overall survival | Disease status (reference: newly diagnosed)"][:2] == [
        *("40", "24"),
    ]
    assert printed["Overall survival | Relapsed or refractory"][2:] == [
        *("1.96 (1.03 to 3.74)", "0.041"),
    ]
    assert printed["Overall survival | Age, per year"][2:] == ["not estimable", "–"]


def test_adverse_events_are_sorted_by_class_and_frequency():
    table = adverse_events(Numbers(ard().frame()), ADAE, study())
    assert [s.heading for s in table.sections] == ["", "Blood", "Gut"]
    printed = rows(table)
    assert printed[" | Fatal (grade 5)"] == ["1 (5.0)", "1 (5.0)", "1 (2.5)"]
    assert printed["Blood | Anemia"][:2] == ["8 (40.0)", "3 (15.0)"]


def test_adverse_events_without_classes_are_not_indented():
    uncoded = pd.DataFrame({"AEDECOD": ["Anemia"], "AEBODSYS": [None]})
    table = adverse_events(Numbers(ard().frame()), uncoded, study())
    assert [s.heading for s in table.sections] == ["", ""]
    assert {row.level for s in table.sections for row in s.rows} == {0}


def test_published_values_stand_beside_the_computed_ones():
    printed = rows(published(Numbers(ard().frame()), study()))
    assert printed["Newly diagnosed | Overall response (%)"] == [
        *("45 [9/20]", "45 [9/20]", "yes"),
    ]
    assert "Newly diagnosed | Overall survival, median (months)" not in printed


def test_definitions_come_from_the_configuration():
    printed = rows(definitions(study()))
    assert printed[" | Event-free survival (EFS)"] == [
        *("Index date", "Refractory disease, relapse, death", "Last date known alive", "ELN 2017"),
    ]
    assert printed[" | Cumulative incidence of relapse (CIR)"][1] == "Relapse (competing: death)"


def test_a_number_that_the_ard_lacks_leaves_the_whole_cell_blank():
    numbers = Numbers(Ard().add("a.n", 3).frame())
    assert numbers.cell("{} of {}", "a.n", "a.total").text == BLANK


def test_keys_of_the_ard_are_made_as_statistics_makes_them():
    assert slug("AML low-risk (2)") == "AML_low_risk_2"
    assert slug("再发") == "再发"
