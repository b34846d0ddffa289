"""What new-study proposes at first sight: dates, index, groups, headers of six languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.new_study.test_new_study import columns, csv_file, loaded
from venaza.commands.new_study.content import Content
from venaza.study.synonyms import FILES, LANGUAGES, load_synonyms, tokens, words

ROOT = Path(__file__).parents[2]
SYNONYMS = load_synonyms(ROOT)
HEAD = ["patient id", "sex", "treatment start", "last contact", "status"]


def rows(*more: list[str], status=("dead", "alive")) -> list[list[str]]:
    """Six patients, and a column for each list of a header and its cells in turn."""
    made = [[*HEAD, *(column[0] for column in more)]]
    for n in range(6):
        own = [f"P{n}", "FM"[n % 2], f"2021-01-0{n + 1}", f"2022-01-0{n + 1}", status[n % 2]]
        made.append([*own, *(column[1 + n % (len(column) - 1)] for column in more)])
    return made


def proposal(project, tmp_path, table: list[list[str]]) -> tuple[dict, str]:
    return loaded(project, csv_file(tmp_path / "sent", "clinic.csv", table))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_of_a_language_is_known_by_every_one_of_its_headers(language):
    """Each word of the configuration: itself, in capitals, with underlines, without accents."""
    plain = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc")
    seen = 0
    for table, entries in SYNONYMS.document["columns"].items():
        for column, names in entries.items():
            for word in names.get(language, ()):
                for form in (word, word.upper(), word.replace(" ", "_"), word.translate(plain)):
                    assert column in SYNONYMS.means(form, table).columns, (form, table)
                seen += 1
    for event, names in SYNONYMS.document["events"].items():
        for word in names.get(language, ()):
            assert SYNONYMS.event(word) == event, word
            assert SYNONYMS.event(word.upper()) == event, word
    assert seen > 60


@pytest.mark.parametrize(
    ("header", "means"),
    [
        *(("Date de la 1ère rechute", "relapse"), ("Fecha de la primera recaída", "relapse")),
        *(("Data della seconda recidiva", "relapse"), ("Datum des 2. Rezidivs", None)),
        *(("Rezidivdatum 2", "relapse"), ("Date of relapse 3", "relapse")),
        *(("Second relapse date", "relapse"), ("CR2 date", "remission")),
        *(("Days to relapse", "relapse"), ("Months to CR", "remission")),
        *(
            ("第2次复发日期", "relapse"),
            ("首次复发日期", "relapse"),
            ("OS (months)", "survival_days"),
        ),
        *(("No relapse", None), ("Relapse type", None), ("Age", None)),
    ],
)
def test_a_header_of_an_event_says_which_whatever_its_number(header, means):
    assert SYNONYMS.event(header) == means


@pytest.mark.parametrize(
    "header",
    [
        *("Date of death or last contact", "Last FU / death date", "Death or last follow-up"),
        *("Letzter Kontakt / Tod", "Date du décès ou des dernières nouvelles"),
        *("Fecha de muerte o último contacto", "Data del decesso o ultimo contatto"),
        *("末次随访/死亡日期", "死亡或末次随访日期"),
    ],
)
def test_one_date_for_death_or_last_contact_is_the_last_contact(header):
    assert SYNONYMS.means(header, "patients").columns == {"LSTALVDT"}


@pytest.mark.parametrize("header", ["Death or relapse", "CR / last contact", "Sex or age"])
def test_another_pair_is_none(header):
    assert SYNONYMS.means(header, "patients") is None


def test_every_language_has_its_file_and_no_word_is_listed_twice():
    assert FILES == ("config/synonyms.yaml", "config/synonyms_european.yaml")
    for entries in SYNONYMS.document["columns"].values():
        for column, names in entries.items():
            for language in LANGUAGES:
                listed = names.get(language, ())
                assert len(set(listed)) == len(listed), (column, language)
    assert words({"en": ["a"], "it": ["b"]}) == ["a", "b"]
    assert tokens("Date du décès") == tokens("DATE DU DECES") == ["deces", "date"]
    assert tokens("date d'inclusion") == ["inclusion", "date"]
    assert tokens("WBC (10^9/L)") == ["wbc", "10", "9", "l"]


@pytest.mark.parametrize("word", ["alive", "no", "not reached", "n/a", "ninguno"])
def test_words_between_dates_leave_a_column_of_dates(project, tmp_path, word):
    table = rows(["date of death", "2021-12-24", word], ["relapse date", word, word, "2021-06-01"])
    study, _ = proposal(project, tmp_path, table)
    assert columns(study, "patients")["DTHDT"] == "date of death"
    assert columns(study, "responses")["RSDT"] == "relapse date"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("comment", ["2021-12-24", "seen"]),  # no date by its header
        ("date of death", ["7", "2021-12-24"]),  # a number is no word
        ("date of death", ["2021-12-24", "a", "b", "c"]),  # more words than dates
    ],
)
def test_other_columns_are_no_dates(project, tmp_path, header, cells):
    study, _ = proposal(project, tmp_path, rows([header, *cells]))
    assert "from" not in study["tables"]["patients"]["records"][0]["columns"].get(header, {})
    assert columns(study, "patients")["DTHDT"] == "last contact"


@pytest.mark.parametrize(
    "header",
    [
        *("date of birth", "Geburtsdatum", "Date de naissance", "Fecha de nacimiento"),
        *("Data di nascita", "出生日期", "date of death", "Todesdatum", "Date du décès"),
        *("Fecha de muerte", "Data del decesso", "死亡日期", "date of relapse", "last visit date"),
    ],
)
def test_the_index_date_is_never_a_birth_a_death_or_a_last_contact(project, tmp_path, header):
    table = rows([header, "2021-06-01", "2021-07-01"], ["seen on", "2021-01-01"])
    for row in table:
        del row[2]
    study, told = proposal(project, tmp_path, table)
    assert columns(study, "patients")["INDEXDT"] == "seen on"
    asked = re.search(r"Times count from .*", told)[0]
    assert header not in asked


def test_other_dates_are_offered_for_the_index(project, tmp_path):
    table = rows(["diagnosis date", "2020-12-01"], ["sample taken", "2020-12-05"])
    study, told = proposal(project, tmp_path, table)
    assert columns(study, "patients")["INDEXDT"] == "treatment start"
    assert "Other candidates: diagnosis date, sample taken." in told


def test_a_condition_follows_the_words_that_are_accepted(project, tmp_path):
    study, told = proposal(project, tmp_path, rows(status=("gone", "here")))
    assert "No word of 'status' is known to mean dead: which do?" in told
    how = study["tables"]["patients"]["records"][0]["columns"]["DTHDT"]
    assert how == {"from": "last contact", "when": {"status": ["DEAD"]}}


@pytest.mark.parametrize("name", ["vital_status", "response", "disease_status", "transplant_type"])
def test_no_word_is_proposed_across_a_negation(name):
    content = Content(ROOT)
    column = {"vital_status": "SURVSTAT", "response": "RSINV", "disease_status": "DISSTAT",
              "transplant_type": "TXTYPE"}[name]  # fmt: skip
    from tests.new_study.profiles import words_of

    negated, denying = 0, re.compile(r"\b(?:no|not|non|un|in|kein|keine|pas|sin)", re.IGNORECASE)
    for code, spelled in content.vocabulary[name].items():
        for word in spelled:
            if denying.match(word) or re.search(r"[未无不非没否放弃拒]", word):
                continue
            for form in (f"not {word}", f"never {word}", f"未{word}", f"无{word}"):
                near = content.unknown_words(column, words_of(form)).get(form, "")
                assert near != code, (form, near)
                negated += 1
    assert negated > 20


@pytest.mark.parametrize(
    ("column", "word", "near"),
    [
        ("SURVSTAT", "pending", ""),
        ("SURVSTAT", "deceassed", "DEAD"),
        ("RSINV", "complete remision", "CR"),
        ("RSINV", "see report", ""),
    ],
)
def test_a_word_is_proposed_where_it_is_like_one_and_not_where_it_is_not(column, word, near):
    from tests.new_study.profiles import words_of

    assert Content(ROOT).unknown_words(column, words_of(word)) == {word: near}


@pytest.mark.parametrize(
    ("more", "variable", "levels"),
    [
        (["Regimen", "VEN+AZA", "VEN+DEC"], "COHORT", ["VEN+AZA", "VEN+DEC"]),
        (["方案", "VA", "VD"], "COHORT", ["VA", "VD"]),
        (["Study group", "1", "2"], "COHORT", ["1", "2"]),
        (["Arm", "A", "B"], "ARM", ["A", "B"]),
        (["ELN risk", "adverse", "favourable"], "RISK", ["favourable", "adverse"]),
        (["AML type", "de novo", "secondary"], "DISTYPE", ["de novo", "secondary"]),
    ],
)
def test_groups_are_proposed_where_something_looks_like_one(
    project, tmp_path, more, variable, levels
):
    study, told = proposal(project, tmp_path, rows(more))
    assert study["groups"]["variable"] == variable
    assert list(study["groups"]["levels"]) == levels
    assert f"Are these the groups to compare: {', '.join(levels)} ({variable})?" in told
    assert study["analysis"]["cox"]["OS"][0] == "GROUP"
    assert variable not in study["analysis"]["cox"]["OS"]


@pytest.mark.parametrize(
    "more",
    [
        ["Regimen", "VEN+AZA"],  # one level
        ["Regimen", "a", "b", "c", "d", "e", "f"],  # a level of one patient
        ["Regimen", "a", "a", "a", "a", "a", "b"],  # the same
        ["Regimen", "A+B", "A-B"],  # levels that results cannot tell apart
        ["Blood type", "A", "B"],  # called no group
        ["Regimen", "王小明", "李国强"],  # names
    ],
)
def test_groups_are_not_proposed_where_nothing_does(project, tmp_path, more):
    study, _ = proposal(project, tmp_path, rows(more))
    assert not study["groups"]


def test_joined_files_of_which_a_table_reads_one_give_a_file_that_loads(project, tmp_path):
    """A header of two joined files needs its sheet named, and must not where one is read."""
    base = [["patient id", "sex", "treatment start", "relapse date"]]
    base += [[f"P{n}", "F", f"2021-01-0{n + 1}", ""] for n in range(6)]
    follow = [["patient id", "sex", "last contact", "status", "relapse date"]]
    follow += [[f"P{n}", "F", f"2022-01-0{n + 1}", "alive", "2021-06-01"] for n in range(6)]
    csv_file(tmp_path / "sent", "base.csv", base)
    csv_file(tmp_path / "sent", "follow.csv", follow)
    study, _ = loaded(project, tmp_path / "sent")
    patients = study["tables"]["patients"]
    assert patients["file"] == ["base.csv", "follow.csv"]
    assert patients["records"][0]["columns"]["SEX"]["sheet"] == "base.csv"
    text = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    part = text[text.index("  responses:") :]
    assert "relapse date" in part
    for table in study["tables"].values():
        files = table["file"] if isinstance(table["file"], list) else [table["file"]]
        for record in table["records"]:
            for how in record["columns"].values():
                assert how.get("sheet") in (None, *files)
                assert len(files) > 1 or "sheet" not in how


def test_the_last_contact_is_that_of_the_file_with_the_latest(project, tmp_path):
    head = ["patient id", "sex", "treatment start", "last contact"]
    base = [head, *([f"P{n}", "F", f"2021-01-0{n + 1}", "2021-03-01"] for n in range(6))]
    follow = [["patient id", "last contact", "status"]]
    follow += [[f"P{n}", "2022-01-01", "dead"] for n in range(6)]
    csv_file(tmp_path / "sent", "base.csv", base)
    csv_file(tmp_path / "sent", "follow.csv", follow)
    study, _ = loaded(project, tmp_path / "sent")
    mapped = study["tables"]["patients"]["records"][0]["columns"]
    assert mapped["LSTALVDT"]["sheet"] == mapped["DTHDT"]["sheet"] == "follow.csv"


def test_the_best_response_is_kept_where_a_date_of_remission_says_the_rest(project, tmp_path):
    more = (["best response", "CR", "CRi", "NR"], ["CR date", "2021-02-01", "2021-02-01", ""])
    study, _ = proposal(project, tmp_path, rows(*more))
    assert columns(study, "patients")["BESTRESP"] == "best response"
    assert columns(study, "responses") == {"RSDT": "CR date", "RSINV": "CR"}
    best = study["tables"]["patients"]["records"][0]["columns"]["BESTRESP"]
    assert best["values"] == {"CR": ["CR"], "CRi": ["CRi"], "NR": ["NR"]}


def test_the_best_response_with_a_date_of_its_own_is_a_response(project, tmp_path):
    more = (["best response", "CR", "PR"], ["date of best response", "2021-02-01"])
    study, _ = proposal(project, tmp_path, rows(*more))
    expected = {"RSDT": "date of best response", "RSINV": "best response"}
    assert columns(study, "responses") == expected
    assert "BESTRESP" not in columns(study, "patients")
    assert study["endpoints"]["EFS"]


def test_a_clinics_short_headers_are_known(project, tmp_path):
    """The start of the drug is the index before the diagnosis; ``resp.`` is the response."""
    table = [["Pt no.", "Sex (m/f)", "Dx date", "Ven start", "Best resp.", "Date best resp."]]
    table[0] += ["Status", "Date of death / last FU"]
    for n in range(1, 7):
        own = [f"A-0{n}", "mf"[n % 2], "05.01.2021", f"{14 + n}.01.2021"]
        own += [["CR", "PR"][n % 2], f"{14 + n}.03.2021", ["RIP", "alive"][n % 2]]
        table.append([*own, f"{14 + n}.12.2022"])
    study, text = proposal(project, tmp_path, table)
    patients = columns(study, "patients")
    assert patients["INDEXDT"] == "Ven start"
    assert patients["DIAGDT"] == "Dx date"
    responses = columns(study, "responses")
    assert responses["RSINV"] == "Best resp."
    assert responses["RSDT"] == "Date best resp."
    assert "Other candidates: Dx date" in text.replace("\n#     ", " ")
