"""The course of the disease: what is recorded, what is not, what lies beyond the cut-off."""

from __future__ import annotations

import copy
import dataclasses
import datetime

from tests.metamorphic.calendar import starts
from tests.metamorphic.cohort import Cohort, day_of, filled, plain
from tests.metamorphic.events_only import (
    NO_RESPONSE,
    PROGRESSION,
    events_of,
)
from tests.metamorphic.expect import (
    Expectation,
    ard_differences,
    asks,
    bound,
    differences,
    equal,
    same_results,
    stops,
)
from tests.metamorphic.outcome import Outcome, run
from tests.metamorphic.way import ASSESSED, LONG, REDCAP, WORDED, way
from tests.metamorphic.ways_numbers import TESTS

KIND = "The course"
DAY = datetime.timedelta(days=1)


def assess(cohort: Cohort, patient: str, day: datetime.date, **said: object) -> None:
    """A row of assessment more: ``said`` by clean column."""
    sheet, key = cohort.of("responses"), cohort.key("responses")
    cells = {key: patient, cohort.header("responses", "RSDT"): day.isoformat()}
    cells |= {cohort.header("responses", column): value for column, value in said.items()}
    if cohort.name == "all_venaza":
        cells |= {"redcap_event_name": "treatment_arm_1"}
        cells |= {"redcap_repeat_instrument": "response_assessment", "redcap_repeat_instance": "90"}
    row = [cells.get(header, "") for header in sheet.headers]
    sheet.body = [*sheet.body, row]


#: Words of the two studies in the calendar for some responses.
SAID = {
    "aml_venaza": {"NR": "未缓解", "CR": "CR", "RELAPSE": "复发", "PD": "PD"},
    "all_venaza": {"NR": "5", "CR": "1", "RELAPSE": "7", "PD": "6"},
}


@way(KIND, scope=ASSESSED)
def marrow_of_the_first_day(cohort: Cohort) -> Expectation:
    """The diagnostic marrow, taken on the day of the first dose, with 60% blasts and no word."""
    for patient, day in starts(cohort).items():
        assess(cohort, patient, day, MBLAST=60)
    return bound(
        "A marrow of the first day is a baseline: no response, no failure, no time moves",
        same_results,
    )


@way(KIND, scope=ASSESSED)
def marrow_of_the_first_day_in_a_word(cohort: Cohort) -> Expectation:
    """The same, with the word for no response."""
    for patient, day in starts(cohort).items():
        assess(cohort, patient, day, RSINV=SAID[cohort.name]["NR"])
    return asks("disease_before_treatment", check=same_results)


@way(KIND, scope=ASSESSED)
def assessments_without_cycle_numbers(cohort: Cohort) -> Expectation:
    """The column with the cycle of an assessment is not in the export."""
    differ = _other_cycles(cohort)
    for _, _, columns in list(cohort.columns("responses")):
        columns.pop("CYCLE", None)
    return bound(
        "The cycles begun before an assessment are counted; who has as many as were written down, "
        "or no refractory assessment on either side of two, stays the same",
        lambda before, after: differences(
            *map(_without_cycles, (before, after)),
            tables=("adtte", "adrs"),
            apart=differ,
            ard=False,
        ),
    )


def _without_cycles(outcome: Outcome) -> Outcome:
    """Without the parameters that are numbers of cycles themselves."""
    adrs = outcome.tables["adrs"]
    kept = adrs[~adrs["PARAMCD"].str.startswith("CYC")]
    return dataclasses.replace(outcome, tables={**outcome.tables, "adrs": kept})


def _other_cycles(cohort: Cohort) -> set[str]:
    """Patients of whom the count of cycles begun says otherwise than the number written down."""
    begun: dict[str, list] = {}
    sheet, key = cohort.of("cycles"), cohort.key("cycles")
    start = cohort.header("cycles", "EXSTDT")
    rows = {tuple(map(plain, row)): row for row in sheet.body}
    for row in rows.values():
        cells = dict(zip(sheet.headers, row, strict=True))
        if day_of(cells[start]):
            begun.setdefault(plain(cells[key]), []).append(day_of(cells[start]))
    sheet, key = cohort.of("responses"), cohort.key("responses")
    date, cycle = cohort.header("responses", "RSDT"), cohort.header("responses", "CYCLE")
    differ = set()
    for cells in sheet.records():
        if day_of(cells[date]):
            count = sum(day < day_of(cells[date]) for day in begun.get(plain(cells[key]), []))
            digits = "".join(c for c in plain(cells[cycle]) if c.isdigit())
            limits = (2, 6)
            if any((int(digits or 0) >= n) != (count >= n) for n in limits):
                differ.add(plain(cells[key]))
    return differ


@way(KIND, scope=ASSESSED)
def response_words_alone(cohort: Cohort) -> Expectation:
    """Responses as words; blasts and counts at the assessment are not in the export."""
    for _, _, columns in list(cohort.columns("responses")):
        for name in ("MBLAST", "PBLAST", "ANC", "PLT", "EMD", "DEAUV", "RSMETH"):
            columns.pop(name, None)
    without = _without_word(cohort)
    return bound(
        "The investigator's word counts; only who has an assessment without a word may differ",
        lambda before, after: differences(
            before, after, tables=("adtte", "adrs"), apart=without, ard=False
        ),
    )


def _without_word(cohort: Cohort) -> set[str]:
    key = cohort.key("responses")
    date, word = cohort.header("responses", "RSDT"), cohort.header("responses", "RSINV")
    return {
        plain(r[key])
        for r in cohort.of("responses").records()
        if filled(r[date]) and plain(r[word]) in ("", "NE", "9")
    }


@way(KIND, scope=ASSESSED)
def a_remission_after_salvage(cohort: Cohort) -> Expectation:
    """The complete remission that a later therapy reached, recorded among the assessments."""
    title = cohort.of("therapies")
    key, start = cohort.key("therapies"), cohort.header("therapies", "CMSTDT")
    first: dict[str, datetime.date] = {}
    for row in title.records():
        day = day_of(row[start])
        if day:
            first[plain(row[key])] = min(day, first.get(plain(row[key]), day))
    last = _known_alive(cohort)
    never = _never_in_remission(cohort)
    for patient, day in first.items():
        seen = day + 30 * DAY
        if patient in never and seen <= last.get(patient, seen - DAY):
            assess(cohort, patient, seen, RSINV=SAID[cohort.name]["CR"])
    return bound(
        "A remission reached by a later therapy is not the regimen's: no result moves",
        same_results,
    )


def _known_alive(cohort: Cohort) -> dict[str, datetime.date]:
    key, last = cohort.key("patients"), cohort.header("patients", "LSTALVDT")
    death = cohort.header("patients", "DTHDT")
    days: dict[str, datetime.date] = {}
    for row in cohort.of("patients").records():
        end = day_of(row[death]) or day_of(row[last])
        if end:
            days[plain(row[key])] = end
    return days


def _never_in_remission(cohort: Cohort) -> set[str]:
    words = {"CR", "完全缓解", "血液学CR", "CRi", "完全缓解伴血细胞不完全恢复", "1", "2", "3"}
    key, word = cohort.key("responses"), cohort.header("responses", "RSINV")
    date = cohort.header("responses", "RSDT")
    rows = [r for r in cohort.of("responses").records() if filled(r[date])]
    remitted = {plain(r[key]) for r in rows if plain(r[word]) in words}
    return set(starts(cohort)) - remitted


@way(KIND, scope=ASSESSED)
def a_second_remission(cohort: Cohort) -> Expectation:
    """After the relapse a second remission and a second relapse are recorded."""
    relapse = {"复发", "Relapse", "7"}
    key, word = cohort.key("responses"), cohort.header("responses", "RSINV")
    date = cohort.header("responses", "RSDT")
    last = _known_alive(cohort)
    never = _never_in_remission(cohort)
    for row in list(cohort.of("responses").records()):
        patient = plain(row[key])
        if plain(row[word]) in relapse and patient not in never:
            day = day_of(row[date])
            for wait, said in ((40, "CR"), (80, "RELAPSE")):
                if day + wait * DAY <= last[patient]:
                    assess(cohort, patient, day + wait * DAY, RSINV=SAID[cohort.name][said])
    return bound("The first remission and the first relapse count: no result moves", same_results)


@way(KIND, scope=ASSESSED)
def salvage_before_the_failure_was_written_down(cohort: Cohort) -> Expectation:
    """Salvage that begins ten days before the relapse or the refractory marrow is written down."""
    before = _as_sent_failures(cohort)
    sheet = cohort.of("therapies")
    key, start = sheet.at(cohort.key("therapies")), sheet.at(cohort.header("therapies", "CMSTDT"))
    for row in sheet.body:
        failure = before.get(plain(row[key]))
        if failure and day_of(row[start]) and day_of(row[start]) >= failure:
            row[start] = (failure - 10 * DAY).isoformat()
            before.pop(plain(row[key]))
    kept = ("FAILFL", "FAILTYPE", "FAILDY", "PFTRTFL", "PFTRT", "BOR")

    def check(old: Outcome, after: Outcome) -> list[str]:
        rows = [
            o.tables["adsl"].set_index("USUBJID")[list(kept)].astype("string") for o in (old, after)
        ]
        wrong = (rows[0].fillna("") != rows[1].fillna("")).any(axis=1)
        found = [f"{who}: {rows[1].loc[who].tolist()}" for who in wrong[wrong].index]
        for endpoint in ("OS", "EFS", "PFOS"):
            times = [o.times(endpoint)[["AVAL", "CNSR"]] for o in (old, after)]
            found += [] if times[0].equals(times[1]) else [f"{endpoint} differs"]
        return found

    return bound(
        "Within the tolerance of 14 days the therapy still follows the failure: who failed, when, "
        "who was treated, and survival, event-free and from failure, stay the same",
        check,
    )


def _as_sent_failures(cohort: Cohort) -> dict[str, datetime.date]:
    """The day of the first relapse of each patient, from the raw rows."""
    words = {"复发", "Relapse", "7"}
    key, word = cohort.key("responses"), cohort.header("responses", "RSINV")
    date = cohort.header("responses", "RSDT")
    days: dict[str, datetime.date] = {}
    for row in cohort.of("responses").records():
        if plain(row[word]) in words and day_of(row[date]):
            who = plain(row[key])
            days[who] = min(day_of(row[date]), days.get(who, day_of(row[date])))
    return days


@way(KIND, scope=WORDED)
def refractory_in_the_word_of_the_clinician(cohort: Cohort) -> Expectation:
    """难治 in the place of no response after two cycles, and no number of a cycle beside it."""
    sheet = cohort.of("responses")
    place = {n: sheet.at(cohort.header("responses", n)) for n in ("RSDT", "CYCLE", "RSINV")}
    refractory = {who: own.refractory for who, own in events_of(cohort).items() if own.refractory}
    key = sheet.at(cohort.key("responses"))
    for row in sheet.body:
        word, day = plain(row[place["RSINV"]]), day_of(row[place["RSDT"]])
        if day and refractory.get(plain(row[key])) == day and word in NO_RESPONSE - PROGRESSION:
            row[place["RSINV"]], row[place["CYCLE"]] = "难治", None
    return bound(
        "The word needs no cycle: event-free survival, failure and what follows it stay the same",
        lambda before, after: [
            text
            for endpoint in ("OS", "EFS", "PFOS", "RFS", "CIR")
            for text in _same_times(before, after, endpoint)
        ],
    )


def _same_times(before: Outcome, after: Outcome, endpoint: str) -> list[str]:
    columns = ["STARTDT", "AVAL", "CNSR", "EVNTDESC"]
    old, new = (o.times(endpoint)[columns] for o in (before, after))
    if not old.index.equals(new.index):
        return [f"{endpoint}: other patients"]
    wrong = old.index[~old.eq(new).mask(old.isna() & new.isna(), True).all(axis=1)]
    return [
        f"{endpoint} {who}: {new.loc[who].tolist()}, not {old.loc[who].tolist()}" for who in wrong
    ]


@way(KIND)
def dead_without_a_date(cohort: Cohort) -> Expectation:
    """Each fifth patient who died is dead by his status alone: the date is missing."""
    sheet, header = cohort.of("patients"), cohort.header("patients", "DTHDT")
    when = next(how for name, how, _ in cohort.columns("patients") if name == "DTHDT").get("when")
    place = sheet.at(header)
    dead = [
        row
        for row in sheet.body
        if (row[sheet.at(next(iter(when)))] == "1" if when else day_of(row[place]))
    ]
    for row in dead[::5]:
        row[place] = ""
    return asks("event_without_date" if when else "dead_without_date")


# beyond the cut-off

CUTOFFS = {"aml_venaza": datetime.date(2022, 12, 31), "all_venaza": datetime.date(2022, 12, 31)}


@way(KIND, scope=ASSESSED)
def an_earlier_cutoff(cohort: Cohort) -> Expectation:
    """The same export with an earlier cut-off, against the records cut off by hand."""
    cutoff = CUTOFFS[cohort.name]
    late = {patient for patient, day in starts(cohort).items() if day > cutoff}
    cut = copy.deepcopy(cohort)
    by_hand(cut, cutoff)
    cohort.told["timeline"]["cutoff"] = cutoff.isoformat()
    reference = run(cut)
    assert not reference.stopped, reference.stopped
    return bound(
        "Equal to the export without the rows that lie after the day: who was seen after it was "
        "alive on it, who began after it is not in the cohort",
        lambda _, after: [
            *differences(
                reference,
                after,
                ("SURVSTAT", "DTHCAUS", "LSTALVDT", "LSTALVDY", "LSTALVDTF"),
                apart=late,
            ),
            *ard_differences(reference.ard, after.ard),
            *(sorted(late & set(after.tables["adtte"]["USUBJID"]))),
        ],
    )


def by_hand(cohort: Cohort, cutoff: datetime.date) -> None:
    """Whatever lies after the day, taken out of the records as a person would."""
    late = {patient for patient, day in starts(cohort).items() if day > cutoff}
    cohort.told["timeline"]["cutoff"] = cutoff.isoformat()
    for table in cohort.tables:
        sheet, key = cohort.of(table), cohort.key(table)
        sheet.body = [row for row in sheet.body if plain(row[sheet.at(key)]) not in late]
        dates = [(n, how["from"]) for n, how, _ in cohort.columns(table) if n.endswith("DT")]
        if table == "patients" or not dates:
            continue
        for header in {header for name, header in dates if name == dates[0][0]}:
            at = sheet.at(header)
            sheet.body = [row for row in sheet.body if not _after(row[at], cutoff)]
        for header in {header for name, header in dates if name != dates[0][0]}:
            sheet.change(header, lambda c: None if _after(c, cutoff) else c)
    _patients_by_hand(cohort, cutoff)


def _after(cell: object, cutoff: datetime.date) -> bool:
    return bool(day_of(cell) and day_of(cell) > cutoff)


def _patients_by_hand(cohort: Cohort, cutoff: datetime.date) -> None:
    sheet = cohort.of("patients")
    at = {n: sheet.at(cohort.header("patients", n)) for n in ("LSTALVDT", "DTHDT", "STOPDT")}
    at |= {n: sheet.at(cohort.header("patients", n)) for n in ("SURVSTAT", "DTHCAUS", "STOPREAS")}
    alive = {"aml_venaza": "存活", "all_venaza": "1"}[cohort.name]
    for row in sheet.body:
        after = {name: _after(row[place], cutoff) for name, place in at.items()}
        if after["STOPDT"]:
            row[at["STOPDT"]] = row[at["STOPREAS"]] = None
        if after["DTHDT"]:
            row[at["DTHDT"]] = row[at["DTHCAUS"]] = None
            row[at["SURVSTAT"]] = alive
        if after["DTHDT"] or after["LSTALVDT"]:
            row[at["LSTALVDT"]] = cutoff.isoformat()


@way(KIND, asks("after_death"), ASSESSED)
def a_row_after_death(cohort: Cohort) -> None:
    """An assessment that is dated a month after the death of the patient."""
    key, death = cohort.key("patients"), cohort.header("patients", "DTHDT")
    row = next(r for r in cohort.of("patients").records() if day_of(r[death]))
    assess(cohort, plain(row[key]), day_of(row[death]) + 30 * DAY, RSINV=SAID[cohort.name]["PD"])


@way(KIND, stops("before the index date"), ASSESSED)
def a_death_before_the_first_dose(cohort: Cohort) -> None:
    """A death that is dated before the first dose."""
    sheet = cohort.of("patients")
    death, index = (cohort.header("patients", n) for n in ("DTHDT", "INDEXDT"))
    row = next(r for r in sheet.body if day_of(r[sheet.at(death)]))
    row[sheet.at(death)] = (day_of(row[sheet.at(index)]) - 30 * DAY).isoformat()


@way(KIND, asks("year_typo"), ASSESSED)
def a_year_typed_wrong(cohort: Cohort) -> None:
    """One assessment of each fifth patient is typed with a year ten years before."""
    sheet, date = cohort.of("responses"), cohort.header("responses", "RSDT")
    place = sheet.at(date)
    rows = [row for row in sheet.body if day_of(row[place])]
    for row in rows[::25]:
        day = day_of(row[place])
        row[place] = f"{day.year - 10}-{day:%m-%d}"


# specimens and forms


@way(KIND, scope=LONG)
def other_specimens(cohort: Cohort) -> Expectation:
    """A laboratory's table with a column for the specimen, and rows of urine and liquor."""
    sheet = cohort.of("labs")
    counted = {word for test in ("WBC", "ANC", "PLT", "HGB") for word in TESTS[test]}
    sheet.add("标本类型", ["全血" if plain(c) in counted else "血清" for c in sheet.column("项目")])
    more = []
    for row in sheet.body[::9]:
        other = list(row)
        other[sheet.at("结果")], other[-1] = 0.003, "脑脊液"
        more.append(other)
        third = list(row)
        third[sheet.at("结果")], third[-1] = 15, "尿液"
        more.append(third)
    sheet.body = [*sheet.body, *more]
    return equal()


@way(KIND, scope=REDCAP)
def a_form_that_nobody_filled(cohort: Cohort) -> Expectation:
    """REDCap's form of genes, empty for each third patient: its boxes are exported as 0."""
    record = cohort.tables["mutations"]["records"][0]
    record["unticked"] = {"GERES": {"constant": "WILD-TYPE"}}
    filled_in = run(copy.deepcopy(cohort))
    sheet = cohort.of("patients")
    boxes = [h for h in sheet.headers if h.startswith("genes___")]
    unfilled = set(cohort.patients()[::3])
    for row in sheet.body:
        if plain(row[0]) in unfilled and plain(row[sheet.at("redcap_event_name")]).startswith(
            "scr"
        ):
            for header in boxes:
                row[sheet.at(header)] = "0"
            row[sheet.at("molecular_complete")] = row[sheet.at("ngs_done")] = ""

    def check(_: Outcome, after: Outcome) -> list[str]:
        old, new = (o.clean["mutations"] for o in (filled_in, after))
        wrong = sorted(set(new["USUBJID"]) & unfilled)
        kept = old[~old["USUBJID"].isin(unfilled)]
        rest = new[~new["USUBJID"].isin(unfilled)]
        if list(kept["GERES"]) != list(rest["GERES"]):
            wrong.append("other patients differ")
        return wrong

    return bound("Nobody without the form has a gene result; all others have theirs", check)
