"""Numbers: units of the world's laboratories, per cent, fractions, commas, limits, signs."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.metamorphic import write
from tests.metamorphic.calendar import true_dates
from tests.metamorphic.cohort import Cohort, filled, number_of, plain
from tests.metamorphic.expect import (
    Expectation,
    asks,
    bound,
    differences,
    equal,
    moved_numbers,
    stops,
)
from tests.metamorphic.outcome import COMPARED, Outcome
from tests.metamorphic.way import NUMBERS, Scope, way
from tests.metamorphic.ways_programs import true_numbers

KIND = "Numbers and units"
THRESHOLD = Scope(("aml_venaza",), "its threshold is not 0.1%")
COUNTS = ("WBC", "ANC", "PLT")
BLASTS = ("BMBLAST", "MBLAST", "PBLAST")
#: Columns of a laboratory's numbers in each table.
MEASURED = (*COUNTS, "HGB", *BLASTS, "LBSTRESN")


def numbers(cohort: Cohort, columns: tuple[str, ...]) -> list[tuple[str, str]]:
    """(sheet, raw header) of clean columns of numbers."""
    return cohort.mapped(lambda table, name, how: name in columns)


#: A code for "missing" of the study in REDCap, which no change of unit touches.
MISSING = "-99"


def value_of(cell: object) -> float | int | None:
    """The number of a cell; None where it is a word, or stands for a missing value."""
    return None if plain(cell) == MISSING else number_of(cell)


def scaled(factor: float, digits: int = 12) -> Callable[[object], object]:
    """A number in another unit; a word stays."""

    def how(cell: object) -> object:
        number = value_of(cell)
        return cell if number is None else float(f"{number * factor:.{digits}g}")

    return how


def in_unit(cohort: Cohort, columns: tuple[str, ...], factor: float, unit: str, of: str) -> None:
    """Columns of a unit ``of`` in another ``unit``: the values, the header or the study file."""
    for table in cohort.tables:
        title = cohort.sheet_of(table)
        for name, how, _ in list(cohort.columns(table)):
            if table == "labs" and name == "LBSTRESN":
                _laboratory(cohort, columns, factor, unit, of)
            elif name in columns:
                header = how["from"]
                cohort.sheets[title].change(header, scaled(factor))
                if of in header:
                    cohort.refer(title, {header: header.replace(of, unit)})
                else:
                    cohort.tell(table, name, unit=unit)


#: Names of a test in the primary study's laboratory sheet.
TESTS = {
    "WBC": ("白细胞", "WBC"),
    "ANC": ("中性粒细胞", "ANC"),
    "PLT": ("血小板", "PLT"),
    "HGB": ("HGB", "Hb", "血红蛋白"),
    "CREAT": ("肌酐", "Cr"),
    "UA": ("尿酸", "UA"),
    "PHOS": ("P", "血磷"),
    "CA": ("CA", "血钙"),
}


def _laboratory(cohort: Cohort, tests: tuple[str, ...], factor: float, unit: str, of: str) -> None:
    """The values of ``tests`` in another unit: in a sheet of rows, or in columns of their own."""
    title = cohort.sheet_of("labs")
    if "records" not in cohort.tables["labs"]:
        sheet = cohort.sheets[title]
        named, value, stands = (sheet.at(h) for h in ("项目", "结果", "单位"))
        words = {word for test in tests for word in TESTS.get(test, ())}
        for row in sheet.body:
            if plain(row[named]) in words and _unit(row[stands]) == of:
                row[value], row[stands] = scaled(factor)(row[value]), unit
        return
    for record in cohort.tables["labs"]["records"]:
        columns = record["columns"]
        result = columns["LBSTRESN"]
        if columns["LBTESTCD"]["constant"] in tests and result["unit"] == of:
            cohort.sheets[title].change(result["from"], scaled(factor))
            result["unit"] = unit


def _unit(cell: object) -> str:
    """A unit of the primary study under one spelling."""
    text = plain(cell).replace("×", "").replace("μ", "u").replace("µ", "u")
    return "10^9/L" if text == "109/L" else text


@way(KIND, equal(), NUMBERS)
def american_units(cohort: Cohort) -> None:
    """A laboratory of the United States: K/µL, and haemoglobin in g/dL."""
    in_unit(cohort, COUNTS, 1, "K/µL", "10^9/L")
    _plain_header(cohort)
    _haemoglobin(cohort, "g/dL")


@way(KIND, equal(), NUMBERS)
def german_units(cohort: Cohort) -> None:
    """A laboratory in Germany: Gpt/l, and haemoglobin in g/dl."""
    in_unit(cohort, COUNTS, 1, "Gpt/l", "10^9/L")
    _plain_header(cohort)
    _haemoglobin(cohort, "g/dl")


@way(KIND, equal(), NUMBERS)
def indian_units(cohort: Cohort) -> None:
    """A laboratory in India: cells/cumm, platelets in lakhs/cumm, haemoglobin in g%."""
    in_unit(cohort, ("PLT",), 0.01, "lakhs/cumm", "10^9/L")
    in_unit(cohort, ("WBC", "ANC"), 1000, "cells/cumm", "10^9/L")
    _plain_header(cohort)
    _haemoglobin(cohort, "g%")


@way(KIND, equal(), NUMBERS)
def counts_per_microlitre(cohort: Cohort) -> None:
    """Counts per microlitre: 4500 for 4.5."""
    in_unit(cohort, COUNTS, 1000, "/µL", "10^9/L")
    _plain_header(cohort)


@way(KIND, equal(), NUMBERS)
def powers_written_out(cohort: Cohort) -> None:
    """The unit of counts as laboratories type it: 10*9/L, as in HL7 messages."""
    in_unit(cohort, COUNTS, 1, "10*9/L", "10^9/L")
    _plain_header(cohort)


def _haemoglobin(cohort: Cohort, unit: str) -> None:
    """Haemoglobin in grams per decilitre, spelled so; the REDCap study has it so already."""
    primary = cohort.name == "aml_venaza"
    in_unit(cohort, ("HGB",), 0.1 if primary else 1, unit, "g/L" if primary else "g/dL")


def _plain_header(cohort: Cohort) -> None:
    """WBC(×K/µL) is WBC(K/µL)."""
    for title, sheet in cohort.sheets.items():
        cohort.refer(title, {h: h.replace("(×", "(") for h in sheet.headers if "(×" in h})


@way(KIND, scope=NUMBERS)
def haemoglobin_in_millimoles(cohort: Cohort) -> Expectation:
    """Haemoglobin in mmol/L to one decimal, as in the Netherlands and Denmark."""
    factor, of = (1 / 16.114, "g/L") if cohort.name == "aml_venaza" else (10 / 16.114, "g/dL")
    for table in ("patients",):
        title, header = cohort.sheet_of(table), cohort.header(table, "HGB")
        cohort.sheets[title].change(
            header, lambda c: c if value_of(c) is None else round(value_of(c) * factor, 1)
        )
        if of in header:
            cohort.refer(title, {header: header.replace(of, "mmol/L")})
        else:
            cohort.tell(table, "HGB", unit="mmol/L")
    return bound(
        "Half of the last decimal, 0.05 mmol/L, is 0.8 g/L of haemoglobin: each value, their "
        "medians, quartiles and means move by so much at most; nothing else moves",
        _haemoglobin_within(0.81),
    )


def _haemoglobin_within(limit: float):
    def check(before: Outcome, after: Outcome) -> list[str]:
        old, new = (o.tables["adsl"].set_index("USUBJID")["HGB"] for o in (before, after))
        moved = (new - old).abs()
        far = moved[moved > limit]
        wrong = [f"{who}: {new[who]}, not {old[who]}" for who in far.index]
        lost = old.notna() & new.isna()
        wrong += [f"{who}: lost" for who in lost[lost].index]
        wrong += differences(before, after, ("HGB",), ard=False)
        return wrong + [
            f"{ard_id}: {value}, not {was}"
            for ard_id, was, value in moved_numbers(before.ard, after.ard)
            if not ard_id.startswith("desc.HGB.") or abs(value - was) > limit
        ]

    return check


@way(KIND, stops("HGB"), NUMBERS)
def grams_per_decilitre_not_declared(cohort: Cohort) -> None:
    """Haemoglobin in g/dL, and neither the header nor the study file says so."""
    title, header = cohort.sheet_of("patients"), cohort.header("patients", "HGB")
    if cohort.name == "aml_venaza":
        cohort.sheets[title].change(header, scaled(0.1))
        cohort.refer(title, {header: "HGB"})
    cohort.tell("patients", "HGB", unit=None)


CONVERTED = bound(
    "Twelve digits of a value that is divided by a factor and multiplied by it again differ by a "
    "billionth of it at most; no grade, no other value and no printed number of the ARD moves",
    lambda before, after: differences(before, after, within=1e-9),
)


@way(KIND, CONVERTED, NUMBERS)
def chemistry_of_the_united_states(cohort: Cohort) -> None:
    """Creatinine, urate, phosphate and calcium in mg/dL."""
    for test, factor, of in (
        ("CREAT", 1 / 88.42, "umol/L"),
        ("UA", 1 / 59.48, "umol/L"),
        ("PHOS", 1 / 0.3229, "mmol/L"),
        ("CA", 1 / 0.2495, "mmol/L"),
    ):
        _laboratory(cohort, (test,), factor, "mg/dL", of)


@way(KIND, equal(), NUMBERS)
def per_cent_cells(cohort: Cohort) -> None:
    """Blasts in cells formatted as per cent: 35% is stored as 0.35."""
    _per_cent(cohort)
    cohort.write = write.workbook


@way(KIND, equal(), NUMBERS)
def per_cent_cells_of_excel_97(cohort: Cohort) -> None:
    """The same in an .xls."""
    _per_cent(cohort)
    cohort.write = write.old_workbook


@way(KIND, equal(), NUMBERS)
def per_cent_cells_of_libreoffice(cohort: Cohort) -> None:
    """The same in an .ods."""
    _per_cent(cohort)
    cohort.write = write.open_document


@way(KIND, equal(), NUMBERS)
def per_cent_cells_of_a_binary_workbook(cohort: Cohort) -> None:
    """The same in an .xlsb."""
    _per_cent(cohort)
    cohort.write = write.binary_workbooks


def _per_cent(cohort: Cohort) -> None:
    true_numbers(cohort)
    true_dates(cohort)
    for title, header in numbers(cohort, (*BLASTS, "MRDVAL")):
        sheet = cohort.sheets[title]
        if all(number_of(cell) is not None for cell in sheet.column(header) if filled(cell)):
            cohort.formats[title, header] = "0.00%"
            sheet.change(header, lambda c: None if value_of(c) is None else scaled(0.01)(c))


@way(KIND, equal(), NUMBERS)
def blasts_as_fractions_declared(cohort: Cohort) -> None:
    """Blasts as fractions, 0.35, declared in the study file."""
    for table in cohort.tables:
        for name, how, _ in list(cohort.columns(table)):
            if name in BLASTS:
                title, header = cohort.sheet_of(table), how["from"]
                cohort.sheets[title].change(header, scaled(0.01))
                cohort.refer(title, {header: header.replace("(%)", "")})
                cohort.tell(table, name, unit="fraction")


@way(KIND, stops("fractions"), NUMBERS)
def blasts_as_fractions_not_declared(cohort: Cohort) -> None:
    """Blasts as fractions, 0.35, while the study file and the header say nothing."""
    for table in cohort.tables:
        for name, how, _ in list(cohort.columns(table)):
            if name in BLASTS:
                title, header = cohort.sheet_of(table), how["from"]
                cohort.sheets[title].change(header, scaled(0.01))
                cohort.refer(title, {header: header.replace("(%)", "")})
                cohort.tell(table, name, unit=None)


@way(KIND, equal(), NUMBERS)
def decimal_commas(cohort: Cohort) -> None:
    """A comma in every number, declared in the study file."""
    for table in cohort.tables:
        for name, how, _ in list(cohort.columns(table)):
            if name in (*MEASURED, "MRDVAL", "VAF"):
                cohort.sheets[cohort.sheet_of(table)].change(how["from"], _comma)
                cohort.tell(table, name, decimal=",")


def _comma(cell: object) -> object:
    text = plain(cell)
    return text.replace(".", ",") if re.fullmatch(r"[<>]?\d+\.\d+%?", text) else cell


@way(KIND, equal(), NUMBERS)
def commas_between_thousands_declared(cohort: Cohort) -> None:
    """Counts per microlitre with a comma after the thousands, 4,500; the decimal mark declared."""
    _thousands(cohort)
    for table in cohort.tables:
        for name, _, _ in list(cohort.columns(table)):
            if name in COUNTS:
                cohort.tell(table, name, decimal=".")


@way(KIND, asks("unreadable_value"), NUMBERS)
def commas_between_thousands(cohort: Cohort) -> None:
    """The same, not declared: 4,500 may be four and a half."""
    _thousands(cohort)


def _thousands(cohort: Cohort) -> None:
    in_unit(cohort, COUNTS, 1000, "/µL", "10^9/L")
    _plain_header(cohort)
    for title, header in numbers(cohort, COUNTS):
        cohort.sheets[title].change(
            header, lambda c: c if value_of(c) is None else f"{value_of(c):,.0f}"
        )


@way(KIND, equal(), NUMBERS)
def arrows_and_flags(cohort: Cohort) -> None:
    """Values as a laboratory prints them: 7.7↑, 69 L, 11*."""
    signs = ("↑", " L", "*", " ↓", " H")
    for title, header in numbers(cohort, (*COUNTS, "HGB", "LBSTRESN")):
        cohort.sheets[title].change(
            header,
            lambda c: c if value_of(c) is None else f"{plain(c)}{signs[len(plain(c)) % 5]}",
        )


@way(KIND, equal(), NUMBERS)
def units_in_the_cells(cohort: Cohort) -> None:
    """The unit behind every number: 69 g/L."""
    units = {"HGB": "g/L" if cohort.name == "aml_venaza" else "g/dL"}
    units |= dict.fromkeys(COUNTS, "×10^9/L") | dict.fromkeys(BLASTS, "%")
    for table in cohort.tables:
        for name, how, _ in cohort.columns(table):
            if name in units:
                cohort.sheets[cohort.sheet_of(table)].change(
                    how["from"],
                    lambda c, u=units[name]: c if value_of(c) is None else f"{plain(c)} {u}",
                )


@way(KIND, equal(), NUMBERS)
def full_width_numbers(cohort: Cohort) -> None:
    """１９．５, typed with a Chinese keyboard."""
    wide = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
    for title, header in numbers(cohort, (*MEASURED, "MRDVAL", "AGE", "CYCLE")):
        cohort.sheets[title].change(header, lambda c: plain(c).translate(wide))


@way(KIND, equal())
def spaces_around_everything(cohort: Cohort) -> None:
    """A space before and a no-break space behind whatever stands in a cell, numbers too."""
    for sheet in cohort.sheets.values():
        for header in filter(None, sheet.headers):
            sheet.change(header, lambda c: f" {write.text_of(c)}\u00a0")


# measurable residual disease


def mrd_numbers(cohort: Cohort, how: Callable[[float], object]) -> None:
    """Every MRD value that is a number, or one with %, written otherwise."""
    for title, header in numbers(cohort, ("MRDVAL",)):
        cohort.sheets[title].change(header, lambda c: _mrd(c, how))


def _mrd(cell: object, how: Callable[[float], object]) -> object:
    found = re.fullmatch(r"([<>]?)(\d+(?:\.\d+)?)%?", plain(cell))
    if not found:
        return cell
    made = how(float(found[2]))
    return f"{found[1]}{made}" if found[1] else made


def mrd_unit(cohort: Cohort, unit: str | None) -> None:
    """What the header and the study file say of the unit of MRD."""
    title, header = cohort.sheet_of("mrd"), cohort.header("mrd", "MRDVAL")
    cohort.tell("mrd", "MRDVAL", unit=unit)
    cohort.refer(title, {header: header.replace("(%)", "")})


@way(KIND, equal(), NUMBERS)
def mrd_as_fraction(cohort: Cohort) -> None:
    """MRD as a fraction, 0.0036 for 0.36%, declared in the study file."""
    mrd_numbers(cohort, lambda v: float(f"{v / 100:.12g}"))
    mrd_unit(cohort, "fraction")


@way(KIND, equal(), NUMBERS)
def mrd_as_per_cent_in_the_cell(cohort: Cohort) -> None:
    """MRD with a per cent sign in every cell, and no unit anywhere else."""
    mrd_numbers(cohort, lambda v: f"{v:g}%")
    mrd_unit(cohort, None)


@way(KIND, equal(), NUMBERS)
def mrd_as_power_of_ten(cohort: Cohort) -> None:
    """MRD as a power of ten: 3.6×10^-3 for 0.36%."""
    mrd_numbers(cohort, _power)
    mrd_unit(cohort, None)


def _power(per_cent: float) -> str:
    mantissa, _, exponent = f"{per_cent / 100:.10e}".partition("e")
    return f"{float(mantissa):g}×10^{int(exponent)}"


@way(KIND, stops("neither percent nor a power of ten"), NUMBERS)
def mrd_without_a_unit(cohort: Cohort) -> None:
    """MRD as a bare number, and no unit in the header, the cell or the study file."""
    mrd_numbers(cohort, lambda v: f"{v:g}")
    mrd_unit(cohort, None)


@way(KIND, scope=THRESHOLD)
def mrd_below_a_limit(cohort: Cohort) -> Expectation:
    """A laboratory that reports MRD below 0.1% as "<0.1%"."""
    mrd_numbers(cohort, lambda v: "<0.1%" if v < 0.1 else f"{v:g}%")
    title, header = cohort.sheet_of("mrd"), cohort.header("mrd", "MRDVAL")
    cohort.sheets[title].change(header, lambda c: re.sub(r"<+", "<", plain(c)))
    return bound(
        "Below the threshold of 0.1% nothing moves; at 0.01%, a limit of 0.1% decides nothing, so "
        "that nobody is negative there who was not",
        _primary_mrd,
    )


def _primary_mrd(before: Outcome, after: Outcome) -> list[str]:
    old, new = (
        o.tables["adrs"].set_index(["USUBJID", "PARAMCD"])["AVALC"] for o in (before, after)
    )
    wrong = [f"{key}" for key in old.index if key[1] == "MRDNEG" and new.get(key) != old[key]]
    wrong += differences(before, after, tables=[n for n in COMPARED if n != "adrs"], ard=False)
    finer = [key for key in new.index if key[1] == "MRDNEG.below_0_01" and new[key] == "Y"]
    return wrong + [f"{key} negative" for key in finer if old[key] != "Y"]
