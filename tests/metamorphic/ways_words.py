"""Words and codes: what a clinic writes for dead, in remission, mutated, yes."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tests.metamorphic import stored, write
from tests.metamorphic.cohort import Cohort, filled, plain
from tests.metamorphic.expect import Expectation, asks, differences, equal, stops
from tests.metamorphic.redcap import labelled, told_apart
from tests.metamorphic.way import CODED, REDCAP, WORDED, Scope, way
from tests.metamorphic.words import (
    CLINIC,
    DOUBTFUL,
    ENGLISH,
    ENGLISH_HEADERS,
    ENGLISH_SHEETS,
    TRADITIONAL,
)

KIND = "Words and codes"


def coded(cohort: Cohort, how: Callable[[object], object]) -> None:
    """The 0 and 1 of the columns on which a date hangs (``when``), written otherwise."""
    headers = {
        header
        for table in cohort.tables
        for _, mapped, _ in cohort.columns(table)
        for header in mapped.get("when", {})
    }
    assert headers
    (sheet,) = cohort.sheets.values()
    for header in headers:
        sheet.change(header, how)


def told_as(cohort: Cohort, word: object) -> None:
    """The study file's ``when`` asks for ``word`` in place of 1."""
    for table in cohort.tables:
        for name, how, place in list(cohort.columns(table)):
            if "when" in how:
                place[name] = {**how, "when": dict.fromkeys(how["when"], word)}


@way(KIND, equal(), CODED)
def codes_with_a_decimal(cohort: Cohort) -> None:
    """Dead: 1.0 and 0.0, as pandas and R write a column with a gap."""
    coded(cohort, lambda c: f"{plain(c)}.0")


@way(KIND, equal(), CODED)
def codes_with_a_space(cohort: Cohort) -> None:
    """Dead: " 1" and " 0", as SPSS and SAS print them."""
    coded(cohort, lambda c: f" {plain(c)}")


@way(KIND, equal(), CODED)
def codes_in_full_width(cohort: Cohort) -> None:
    """Dead: １ and ０, typed with a Chinese keyboard."""
    coded(cohort, lambda c: {"1": "１", "0": "０"}[plain(c)])


@way(KIND, equal(), CODED)
def codes_as_true_numbers(cohort: Cohort) -> None:
    """Dead: true numbers 1 and 0 in a workbook."""
    coded(cohort, lambda c: int(plain(c)))
    cohort.write = write.workbook


def _other(words: tuple[object, object], declared: bool) -> Callable[[Cohort], None]:
    def change(cohort: Cohort) -> None:
        coded(cohort, lambda c: words[plain(c) == "1"])
        if any(isinstance(word, bool) for word in words):
            cohort.write = write.workbook
        if declared:
            told_as(cohort, str(words[1]))

    return change


#: no, yes; the name of the pair.
PAIRS = {
    "yes_and_no": ("no", "yes", "yes and no"),
    "logical_values": ("FALSE", "TRUE", "TRUE and FALSE, as R writes them"),
    "chinese_yes_and_no": ("无", "有", "有 and 无"),
    "ticks": ("×", "√", "√ and ×"),
    "dead_and_alive": ("alive", "dead", "dead and alive"),
}
for _name, (_no, _yes, _shown) in PAIRS.items():
    for _declared in (True, False):
        _change = _other((_no, _yes), _declared)
        _change.__name__ = _name if _declared else f"{_name}_not_declared"
        _change.__doc__ = f"Dead: {_shown}" + (
            ", and the study file asks for the word."
            if _declared
            else ", while the study file asks for 1."
        )
        _found = equal() if _declared else asks("unknown_condition")
        way(KIND, _found, CODED)(_change)


@way(KIND, scope=CODED)
def a_word_that_nobody_knows(cohort: Cohort) -> Expectation:
    """Dead: 1, 0, and for every tenth patient "?" or "2"; all others keep every value."""
    (sheet,) = cohort.sheets.values()
    place, key = sheet.at("death" if cohort.name == "myeloid" else "d1"), cohort.key("patients")
    odd = {}
    for word, rows in (("?", sheet.body[3::20]), ("2", sheet.body[7::20])):
        for row in rows:
            row[place] = odd[plain(row[sheet.at(key)])] = word
    return asks(
        "unknown_condition", check=lambda before, after: differences(before, after, apart=odd)
    )


#: Words of clinics and programs for what is not known.
MISSING = ("未查", "NA", "/", "不详", "N/A", "unknown", ".")
GAPS = Scope(("aml_venaza", "all_venaza", "myeloid"), "it has no empty cells")
AGED = Scope(("aml_venaza", "all_venaza", "bmt"), "it gives no age")


@way(KIND, equal(), GAPS)
def words_for_what_is_missing(cohort: Cohort) -> None:
    """Words in the place of empty cells: 未查, NA, /, 不详, unknown and a dot by turns."""
    _fill(cohort, MISSING)


@way(KIND, scope=GAPS)
def a_dash_for_what_is_missing(cohort: Cohort) -> Expectation:
    """A dash in every empty cell, which in a column of signs may mean no, or negative."""
    _fill(cohort, ("-",))
    return asks("sign_open", "unreadable_value") if cohort.name == "all_venaza" else equal()


def _fill(cohort: Cohort, words: tuple[str, ...]) -> None:
    """Words in the empty cells of every column that is mapped, by turns."""
    turn = itertools.cycle(words)
    asked = {header for spec in cohort.tables.values() for header in spec.get("where", {})}
    keys = {cohort.key(table) for table in cohort.tables}
    for title, header in cohort.mapped(lambda *_: True):
        if header not in asked | keys:
            sheet = cohort.sheets[title]
            place = sheet.at(header)
            for row in sheet.body:
                row[place] = row[place] if filled(row[place]) else next(turn)


@way(KIND, equal(), AGED)
def ages_with_a_word(cohort: Cohort) -> None:
    """Ages as 62岁, 62 years, 62y."""
    turn = itertools.cycle(("岁", " years", "y", "周岁"))
    header = cohort.header("patients", "AGE")
    cohort.of("patients").change(header, lambda c: f"{plain(c).rstrip('岁')}{next(turn)}")


#: What the codes of the two trials mean.
LABELS = {
    "bmt": {
        "group": {1: "ALL", 2: "AML low risk", 3: "AML high risk"},
        "z3": {1: "male", 0: "female"},
        "d1": {1: "dead", 0: "alive"},
        "d2": {1: "relapsed", 0: "disease-free"},
    },
    "myeloid": {"death": {1: "dead", 0: "alive"}},
}


@way(KIND, equal(), CODED)
def value_labels_of_spss(cohort: Cohort) -> None:
    """An SPSS file whose codes have value labels: 1 is dead, 0 alive."""
    cohort.write = stored.spss(labels=LABELS[cohort.name])


@way(KIND, equal(), CODED)
def value_labels_of_stata(cohort: Cohort) -> None:
    """A Stata file whose codes have value labels, and a study file that asks for these."""
    dead = {"bmt": {"d1": "dead", "d2": "relapsed"}, "myeloid": {"death": "dead"}}[cohort.name]
    for table in cohort.tables:
        for name, how, place in list(cohort.columns(table)):
            if "when" in how:
                place[name] = {**how, "when": {h: dead.get(h, w) for h, w in how["when"].items()}}
    cohort.write = stored.stata(labels=LABELS[cohort.name])


# the primary study's words


def said(cohort: Cohort, words: dict[str, str], but: tuple[str, ...] = ()) -> None:
    """Every cell that is one of the words, as another; the columns ``but`` stay."""
    for sheet in cohort.sheets.values():
        for header in filter(None, sheet.headers):
            if header not in but:
                sheet.change(header, lambda c: words.get(plain(c), c))


@way(KIND, scope=WORDED)
def everything_in_english(cohort: Cohort) -> Expectation:
    """The workbook of a hospital that writes English: sheets, headers and words."""
    said(cohort, ENGLISH)
    for title, headers in ENGLISH_HEADERS.items():
        cohort.refer(title, headers)
    for spec in cohort.tables.values():
        spec["sheet"] = ENGLISH_SHEETS[spec["sheet"]]
    cohort.sheets = {ENGLISH_SHEETS[title]: sheet for title, sheet in cohort.sheets.items()}
    return equal("KARYO")


@way(KIND, equal(), WORDED)
def words_of_another_clinic(cohort: Cohort) -> None:
    """The words of another Chinese clinic: 过世, 因病去世, 多色流式, 亲缘单倍体 and the like."""
    said(cohort, CLINIC)


@way(KIND, stops("it may mean NR or PR", "it may mean favourable or intermediate"), WORDED)
def doubtful_words(cohort: Cohort) -> None:
    """Words that two clinics mean differently: 未达CR (no CR yet), 标危 (standard risk)."""
    for old, new in DOUBTFUL:
        said(cohort, {old: new})


@way(KIND, equal(), WORDED)
def traditional_characters(cohort: Cohort) -> None:
    """The workbook of a hospital in Taiwan: headers and words in traditional characters."""
    for title, sheet in list(cohort.sheets.items()):
        cohort.refer(title, {h: h.translate(TRADITIONAL) for h in sheet.headers if h})
        for header in filter(None, sheet.headers):
            sheet.change(header, lambda c: c.translate(TRADITIONAL) if isinstance(c, str) else c)


@way(KIND, equal(), WORDED)
def capitals(cohort: Cohort) -> None:
    """English words in capitals, with stray spaces: " DEAD ", "CRI", "DE NOVO"."""
    for sheet in cohort.sheets.values():
        key = sheet.headers[0]
        for header in filter(None, sheet.headers[1:]):
            assert header != key
            sheet.change(header, lambda c: _capitals(c))


def _capitals(cell: object) -> object:
    """Units keep their letters: mg is no MG."""
    if isinstance(cell, str) and cell.isascii() and cell.strip().replace(" ", "").isalpha():
        return f" {cell.upper()} "
    return cell


@way(KIND, stops("SEX"), WORDED)
def sex_in_codes_without_a_key(cohort: Cohort) -> None:
    """Sex as 1 and 2, and no key anywhere."""
    codes = {"男": 1, "M": 1, "女": 2, "F": 2}
    cohort.of("patients").change("性别", lambda c: codes.get(plain(c), c))


@way(KIND, equal(), WORDED)
def sex_in_codes_with_a_key(cohort: Cohort) -> None:
    """Sex as 1 and 2, declared in the study file."""
    codes = {"男": 1, "M": 1, "女": 2, "F": 2}
    cohort.of("patients").change("性别", lambda c: codes.get(plain(c), c))
    cohort.tell("patients", "SEX", values={"M": ["1"], "F": ["2"]})


@way(KIND, equal(), WORDED)
def negated_words(cohort: Cohort) -> None:
    """Status in words with a negation: "not dead", "no death", which are alive."""
    words = {"存活": "not dead", "alive": "no death"}
    cohort.of("patients").change("生存状态", lambda c: words.get(plain(c), c))


@way(KIND, stops("RSINV"), WORDED)
def response_words_that_are_unknown(cohort: Cohort) -> None:
    """A response in words that no vocabulary has: 病情稳中向好."""
    cohort.of("responses").change(
        "疗效(Response)", lambda c: "病情稳中向好" if plain(c) == "CRi" else c
    )


@way(KIND, equal(), WORDED)
def grades_in_other_words(cohort: Cohort) -> None:
    """Grades of adverse events as Ⅲ°, 3度, "grade 3"."""
    roman = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
    shown = (lambda n: "ⅠⅡⅢⅣⅤ"[n - 1] + "°", lambda n: f"{n}度", lambda n: f"grade {n}")

    def again(cell: object) -> object:
        text = plain(cell).replace("级", "").replace("G", "")
        grade = roman.get(text) or int(text)
        return shown[grade % 3](grade)

    cohort.of("adverse_events").change("CTCAE分级", again)


# codes of REDCap


@way(KIND, stops("plt, bm_blast"), REDCAP)
def labels_in_place_of_codes(cohort: Cohort) -> None:
    """REDCap's labelled export: labels for codes and as headers, some of which two fields share."""
    labelled(cohort)


@way(KIND, equal(), REDCAP)
def labels_in_place_of_codes_declared(cohort: Cohort) -> None:
    """The same, and the study file says which of the two columns is meant, by .1 and .2."""
    labelled(cohort)
    apart = told_apart(cohort)
    for table in cohort.tables:
        for name, how, place in list(cohort.columns(table)):
            if how.get("from") in apart:
                place[name] = {**how, "from": apart[how["from"]]}


@way(KIND, equal(), REDCAP)
def redcap_codes_with_a_space(cohort: Cohort) -> None:
    """REDCap codes with a space before them: " 1"."""
    sheet = cohort.of("patients")
    for header in sheet.headers:
        sheet.change(header, lambda c: f" {c}" if plain(c).isdigit() else c)


@way(KIND, equal(), REDCAP)
def redcap_codes_with_a_decimal(cohort: Cohort) -> None:
    """A REDCap export that went through R: every code a number with .0."""
    sheet = cohort.of("patients")
    for header in sheet.headers:
        sheet.change(header, lambda c: f"{c}.0" if plain(c).lstrip("-").isdigit() else c)
