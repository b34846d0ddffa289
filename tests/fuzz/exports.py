"""Ways to mangle an export: cells, rows, headers, sheets, codes, dates, numbers, bytes."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from random import Random

from tests.fuzz.bases import Base, File, Rows

#: Cells that no column asks for.
ODD = [
    *("", " ", "\t", "\u3000", "0", "-1", "1.0", " 1", "01", "1e3", "1e400", "9" * 20, "9" * 400),
    *("inf", "NaN", "nan", "None", "null", "NA", "N/A", "#REF!", "#N/A", "=A1", "=1+1", "<5", ">9"),
    *("-", "--", "?", "/", ".", ",", ";", "'", '"', '""', "\\", "|", "\n", "a\nb", "a\r\nb"),
    *(
        "2021-02-30",
        "0000-00-00",
        "9999-99-99",
        "99999999",
        "44260",
        "-44260",
        "2021年",
        "2021年13月",
    ),
    *(
        "3/5/2021",
        "15/3/2021",
        "2021-01-01~D",
        "00:00",
        "1900-01-01",
        "1899-12-30",
        "2021-3",
        "2.5",
    ),
    *(
        "1,5",
        "1.234,5",
        "1 234",
        "１２",
        "½",
        "²",
        "٣",
        "10^-4",
        "1E-4",
        "50%",
        "0.35",
        "1-5",
        "1~5",
    ),
    *(
        "yes",
        "no",
        "Y",
        "N",
        "是",
        "否",
        "男",
        "女",
        "M",
        "CR",
        "CR(MRD-)",
        "CRi→CR",
        "PR?",
        "死亡",
    ),
    *(
        "Total",
        "合计",
        "Gesamt",
        "median",
        "N=12",
        "Σ",
        "id",
        "note",
        "姓名",
        "a" * 5000,
        "中" * 300,
    ),
    *("\u200b", "\u202e", "\ufeff", "\x07", "\x1b[31m", "🩸", "𠮷", "é", "ß", "\u00a0", "𝟏", "𝐂𝐑"),
    *("106752", "10000000000000000000", "12345678901234567890", "1e28", "1e308", "-0", "+5", "5."),
    *(
        "TRUE",
        "FALSE",
        "true",
        "0.999999999",
        "1.0000000001",
        "2021/1/1 25:61",
        "20210101",
        "5-Mar",
    ),
]
#: The same as cells of a workbook, which has types.
TYPED = [0, 1, 1.0, 0.5, -3, 10**12, True, False, 44260, dt.date(2021, 3, 5),
         dt.datetime(2021, 3, 5, 13, 1), dt.date(1899, 12, 31), dt.time(3, 4), 1e300]  # fmt: skip

Mutator = Callable[[Base, Random], str]
MUTATORS: dict[str, list[Mutator]] = {}


def of(kind: str) -> Callable[[Mutator], Mutator]:
    """Register a mutator under a kind of mutation."""

    def register(mutator: Mutator) -> Mutator:
        MUTATORS.setdefault(kind, []).append(mutator)
        return mutator

    return register


def _sheet(base: Base, rng: Random) -> tuple[File, str, Rows]:
    file = rng.choice(base.files)
    name = rng.choice(list(file.sheets))
    return file, name, file.sheets[name]


def _body(rows: Rows, rng: Random) -> int:
    return rng.randrange(1, len(rows)) if len(rows) > 1 else 0


def _cell(rows: Rows, rng: Random) -> tuple[int, int]:
    row = _body(rows, rng)
    return row, rng.randrange(len(rows[row])) if rows[row] else 0


def _put(rows: Rows, row: int, column: int, value: object) -> None:
    rows[row] += [""] * (column + 1 - len(rows[row]))
    rows[row][column] = value


@of("cell")
def one_odd_cell(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    row, column = _cell(rows, rng)
    value = rng.choice(TYPED if file.kind == "xlsx" and rng.random() < 0.4 else ODD)
    _put(rows, row, column, value)
    return f"{file.name} row {row + 1} column {column + 1}: {value!r:.40}"


@of("cell")
def several_odd_cells(base: Base, rng: Random) -> str:
    said = [one_odd_cell(base, rng) for _ in range(rng.randint(2, 6))]
    return "; ".join(said)


@of("cell")
def a_column_of_one_odd_value(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    column, value = rng.randrange(max(1, len(rows[0]))), rng.choice(ODD)
    for row in range(1, len(rows)):
        _put(rows, row, column, value)
    return f"{file.name} column {column + 1}: all {value!r:.40}"


@of("cell")
def a_cell_from_elsewhere(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    (row, column), (from_row, from_column) = _cell(rows, rng), _cell(rows, rng)
    value = rows[from_row][from_column] if rows[from_row] else ""
    _put(rows, row, column, value)
    return f"{file.name} row {row + 1} column {column + 1} as row {from_row + 1}"


@of("cell")
def a_cell_with_something_around_it(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    row, column = _cell(rows, rng)
    before, after = (
        rng.choice(["", " ", "\t", "'", "<", "~", "("]),
        rng.choice(["", " ", ".0", "?", "*", ")", " d"]),
    )
    text = f"{before}{rows[row][column] if rows[row] else ''}{after}"
    _put(rows, row, column, text)
    return f"{file.name} row {row + 1} column {column + 1}: {text!r:.40}"


@of("number")
def a_number_scaled(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    column, factor = (
        rng.randrange(max(1, len(rows[0]))),
        rng.choice([0.01, 0.1, 10, 100, 1000, -1, 1e6]),
    )
    for row in rows[1:] if rng.random() < 0.5 else rows[1:2]:
        if column < len(row):
            try:
                row[column] = float(str(row[column])) * factor
            except ValueError:
                continue
    return f"{file.name} column {column + 1} times {factor:g}"


@of("number")
def numbers_as_pandas_writes_them(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0])))
    for row in rows[1:]:
        if column < len(row) and str(row[column]).isdigit():
            row[column] = f"{row[column]}.0"
    return f"{file.name} column {column + 1}: 1 is 1.0"


@of("number")
def a_decimal_comma(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0])))
    for row in rows[1:]:
        if column < len(row):
            row[column] = str(row[column]).replace(".", ",")
    return f"{file.name} column {column + 1}: comma for the point"


@of("date")
def dates_in_another_form(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    form = rng.choice(
        ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%Y%m%d", "%d-%b-%Y", "%Y年%m月%d日", "%Y-%m", "%Y"]
    )
    changed = 0
    for row in rows[1:]:
        for column, value in enumerate(row):
            day = _day(value)
            if day and rng.random() < 0.8:
                row[column], changed = day.strftime(form), changed + 1
    return f"{file.name}: {changed} dates as {form}"


@of("date")
def a_date_moved(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    days = rng.choice([-36500, -3650, -400, -30, -1, 1, 30, 400, 3650, 36500])
    row, column = _cell(rows, rng)
    for column in range(len(rows[row])):
        day = _day(rows[row][column])
        if day and rng.random() < 0.5:
            rows[row][column] = (day + dt.timedelta(days=days)).isoformat()
            break
    return f"{file.name} row {row + 1} column {column + 1}: a date moved by {days} days"


@of("date")
def a_study_day_moved(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    row, column = _cell(rows, rng)
    value = rng.choice([-1, 0, 1, 106751, 106752, 44197, -44197, 5.5, 10**9])
    _put(rows, row, column, value)
    return f"{file.name} row {row + 1} column {column + 1}: day {value}"


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        return None


@of("code")
def a_word_misspelt(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    row, column = _cell(rows, rng)
    text = str(rows[row][column] if rows[row] else "")
    at = rng.randrange(len(text) + 1)
    changed = rng.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + "x" + text[at:],
            text.upper(),
            text.lower(),
            text[::-1],
        ]
    )
    _put(rows, row, column, changed)
    return f"{file.name} row {row + 1} column {column + 1}: {text!r:.30} as {changed!r:.30}"


@of("code")
def another_code(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0])))
    known = sorted({str(row[column]) for row in rows[1:] if column < len(row)})
    old, new = (
        rng.choice(known or [""]),
        rng.choice(["1", "0", "1.0", " 1", "2", "9", "yes", "no", "?", "", "Checked", "Unchecked"]),
    )
    for row in rows[1:]:
        if column < len(row) and str(row[column]) == old:
            row[column] = new
    return f"{file.name} column {column + 1}: {old!r:.30} is {new!r}"


@of("row")
def a_row_gone(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    row = rng.randrange(len(rows)) if rows else 0
    del rows[row : row + rng.choice([1, 1, 2, len(rows)])]
    return f"{file.name}: rows gone from {row + 1}"


@of("row")
def a_row_below_the_patients(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    words = [
        "Total",
        "合计",
        "Gesamt",
        "N=12",
        "median",
        "Σ",
        "Note: lost to follow-up",
        "Kommentar",
        "-",
        "* made up",
    ]
    head = rng.choice(words)
    rows.append([head, *[rng.choice(["", "12", "x"]) for _ in rows[0][1:]]] if rows else [head])
    return f"{file.name}: a row {head!r}"


@of("row")
def the_headers_again(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    at = rng.randrange(1, len(rows) + 1) if rows else 0
    rows.insert(at, list(rows[0]) if rows else [])
    return f"{file.name}: the headers again in row {at + 1}"


@of("row")
def a_row_longer_or_shorter(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    row = _body(rows, rng)
    if rng.random() < 0.5:
        rows[row].insert(rng.randrange(len(rows[row]) + 1), rng.choice(["9", "x", ""]))
        return f"{file.name} row {row + 1}: a cell more"
    del rows[row][rng.randrange(len(rows[row]) + 1) :]
    return f"{file.name} row {row + 1}: cut off"


@of("row")
def a_title_above(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    for _ in range(rng.randint(1, 3)):
        rows.insert(
            0, rng.choice([["Export of the clinic"], [], ["", "2021-03-05"], ["a", "b", "c"]])
        )
    return f"{file.name}: lines above the headers"


@of("row")
def a_patient_twice_and_otherwise(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    row = _body(rows, rng)
    again = list(rows[row])
    if again:
        again[rng.randrange(len(again))] = rng.choice(ODD)
    rows.append(again)
    return f"{file.name}: row {row + 1} again with another cell"


@of("row")
def a_number_of_a_patient_changed(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    row = _body(rows, rng)
    key = str(rows[row][0] if rows[row] else "")
    changed = rng.choice(
        [f"0{key}", f" {key}", key.lower(), f"{key}.0", f"{key}a", "", "?", "1.23E+10", key * 10]
    )
    _put(rows, row, 0, changed)
    return f"{file.name} row {row + 1}: patient {changed!r:.30}"


@of("header")
def a_header_misspelt(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0]))) if rows else 0
    text = str(rows[0][column]) if rows and rows[0] else ""
    new = rng.choice(
        ["", text + "x", text[:-1], text.upper(), f" {text} ", text + "\n", "id", rng.choice(ODD)]
    )
    if rows:
        _put(rows, 0, column, new)
    return f"{file.name}: header {text!r:.30} is {new!r:.30}"


@of("header")
def two_headers_changed_round(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    if rows and len(rows[0]) > 1:
        one, other = rng.sample(range(len(rows[0])), 2)
        rows[0][one], rows[0][other] = rows[0][other], rows[0][one]
    return f"{file.name}: two headers changed round"


@of("header")
def a_header_twice(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    if rows and rows[0]:
        header = rng.choice(rows[0])
        for n, row in enumerate(rows):
            row.append(header if n == 0 else rng.choice(ODD))
    return f"{file.name}: a header twice"


@of("header")
def a_column_gone(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    column = rng.randrange(max(1, len(rows[0]))) if rows else 0
    for row in rows:
        del row[column : column + 1]
    return f"{file.name}: column {column + 1} gone"


@of("header")
def headers_gone(base: Base, rng: Random) -> str:
    file, _, rows = _sheet(base, rng)
    del rows[:1]
    return f"{file.name}: the header row gone"


@of("sheet")
def a_sheet_renamed(base: Base, rng: Random) -> str:
    file, name, rows = _sheet(base, rng)
    if file.kind != "xlsx":
        file.name = rng.choice(
            [f"copy of {file.name}", file.name.upper(), "x.csv", file.name + ".txt"]
        )
        return f"the file is called {file.name}"
    file.sheets = {("Sheet9" if n == name else n): r for n, r in file.sheets.items()}
    return f"{file.name}: sheet {name!r} renamed"


@of("sheet")
def a_file_twice(base: Base, rng: Random) -> str:
    import copy

    file, _, _ = _sheet(base, rng)
    other = copy.deepcopy(file)
    other.name = f"older_{file.name}"
    base.files.append(other)
    if rng.random() < 0.5:
        (_, _, rows) = other, "", next(iter(other.sheets.values()))
        row, column = _cell(rows, rng)
        _put(rows, row, column, rng.choice(ODD))
    return f"{file.name} is there twice"


@of("sheet")
def a_file_or_sheet_gone(base: Base, rng: Random) -> str:
    file, name, _ = _sheet(base, rng)
    if len(file.sheets) > 1:
        del file.sheets[name]
        return f"{file.name}: sheet {name!r} gone"
    if len(base.files) > 1:
        base.files.remove(file)
        return f"{file.name} is gone"
    file.sheets[name] = []
    return f"{file.name} is empty"


@of("sheet")
def another_kind_of_file(base: Base, rng: Random) -> str:
    file, _, _ = _sheet(base, rng)
    old, file.name = (
        file.name,
        rng.choice(["a.xls", "a.ods", "a.dta", "a.zip", "a.html", "a.sas7bdat", "a.pdf"]),
    )
    return f"{old} is called {file.name}"


def mangled_bytes(data: bytes, rng: Random) -> tuple[bytes, str]:
    """``data`` with bytes flipped, taken out, put in or repeated, or the end cut off."""
    made, said = bytearray(data), []
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(max(1, len(made)))
        how = rng.choice(["flip", "cut", "insert", "remove", "repeat", "nul"])
        said.append(f"{how} at {at}")
        if how == "flip" and made:
            made[at] = rng.randrange(256)
        elif how == "cut":
            del made[at:]
        elif how == "insert":
            made[at:at] = rng.randbytes(rng.randint(1, 8))
        elif how == "remove":
            del made[at : at + rng.randint(1, 20)]
        elif how == "repeat":
            made[at:at] = made[at : at + rng.randint(1, 40)] * rng.randint(1, 20)
        else:
            made[at:at] = b"\x00"
    return bytes(made), ", ".join(said)


NEUTRAL: list[Mutator] = []


def neutral(mutator: Mutator) -> Mutator:
    """Register a change after which every table must be the same."""
    NEUTRAL.append(mutator)
    return mutator


def _texts(base: Base) -> list[File]:
    return [file for file in base.files if file.kind == "csv"]


@neutral
def rows_in_another_order(base: Base, rng: Random) -> str:
    for file in base.files:
        for name, rows in file.sheets.items():
            if "Dictionary" not in file.name:
                below = file.heads.get(name, 0) + 1
                body = rows[below:]
                rng.shuffle(body)
                file.sheets[name] = [*rows[:below], *body]
    return "rows in another order"


@neutral
def columns_in_another_order(base: Base, rng: Random) -> str:
    for file in base.files:
        for name, rows in file.sheets.items():
            width = max(map(len, rows), default=0)
            order = rng.sample(range(width), width)
            wide = [[*row, *[""] * (width - len(row))] for row in rows]
            file.sheets[name] = [[row[n] for n in order] for row in wide]
    return "columns in another order"


@neutral
def other_line_ends(base: Base, rng: Random) -> str:
    for file in _texts(base):
        file.newline = rng.choice(["\n", "\r\n", "\r"])
    return "other line ends"


@neutral
def another_delimiter(base: Base, rng: Random) -> str:
    for file in _texts(base):
        file.delimiter = rng.choice([",", ";", "\t", "|"])
    return "another delimiter"


@neutral
def another_encoding(base: Base, rng: Random) -> str:
    for file in _texts(base):
        file.encoding = rng.choice(["utf-8-sig", "utf-16", "gb18030"])
    return "another encoding"


@neutral
def quotes_everywhere(base: Base, rng: Random) -> str:
    for file in _texts(base):
        file.quoting = csv.QUOTE_ALL
    return "quotes everywhere"


@neutral
def blank_rows(base: Base, rng: Random) -> str:
    for file in base.files:
        for name, rows in file.sheets.items():
            for _ in range(rng.randint(1, 4)):
                at = rng.randrange(file.heads.get(name, 0) + 1, len(rows) + 1)
                rows.insert(at, [""] * len(rows[at - 1]))
    return "blank rows"


@neutral
def rows_copied(base: Base, rng: Random) -> str:
    for file in base.files:
        if "Dictionary" not in file.name:
            for name, rows in file.sheets.items():
                body = rows[file.heads.get(name, 0) + 1 :]
                rows += [list(row) for row in rng.sample(body, min(3, len(body)))]
    return "rows copied"


@neutral
def a_column_that_nobody_maps(base: Base, rng: Random) -> str:
    for file in base.files:
        for name, rows in file.sheets.items():
            width, head = max(map(len, rows)), file.heads.get(name, 0)
            for n, row in enumerate(rows):
                row += [""] * (width - len(row))
                row.append("room" if n == head else str(n % 7) if n > head else "")
    return "a column that nobody maps"
