"""The patients of the page in parcels: raw cells, cleaning, clean rows, and who owns which cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venaza.audit.origins import GIVES, clean_places, known
from venaza.audit.results import all_queries, of_stage

if TYPE_CHECKING:
    import pandas as pd

#: Patients in a parcel: opening one of them unpacks the others too.
SIZE = 100
PLACE = ["SRCFILE", "SRCSHEET", "SRCROW"]
#: What the page shows of a source that was tried.
_TRIED = ["USUBJID", "PARAMCD", "NTH", "ROLE", "SOURCE", "FOUND", "ADY", "SAID", "DECIDED"]
_POINTS = ["USUBJID", "SRCDOM", "SRCVAR", "SRCSEQ"]


def owned_rows(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Which raw row is whose: every row with a patient's number, or that a change or query names.

    Columns ``USUBJID SRCFILE SRCSHEET SRCROW``; the sheet is empty text where a file has none.
    """
    import pandas as pd

    frames = [*of_stage(tables, "clean").values(), all_queries(tables)]
    wanted = ["USUBJID", *PLACE]
    found = [frame[wanted] for frame in frames if set(wanted) <= set(frame)]
    found.append(_noted(tables, ["key"])[wanted])
    rows = pd.concat(found, ignore_index=True).dropna(subset=["USUBJID", "SRCROW"])
    return rows.assign(SRCSHEET=rows["SRCSHEET"].fillna("")).drop_duplicates(ignore_index=True)


def lent_cells(tables: dict[str, pd.DataFrame], owned: pd.DataFrame) -> pd.DataFrame:
    """The cells that a patient's values come from in rows that are not the patient's own.

    A cell merged over several patients stands in the row of the first: what else is in that row
    is not the others'. Columns as ``owned_rows``, and ``CELL``.
    """
    keys = ["USUBJID", *PLACE]
    found = _noted(tables).merge(owned.assign(_own=True), how="left", on=keys)
    return found.loc[found["_own"].isna(), [*keys, "CELL"]].reset_index(drop=True)


def _noted(tables: dict[str, pd.DataFrame], roles: list[str] | None = None) -> pd.DataFrame:
    """Patient, place and number of the raw cells noted for values, in any of the ``roles``."""
    lines = tables["clean/origins"]
    if roles is not None:
        lines = lines[lines["ROLE"].isin(roles)]
    lines = lines[["USUBJID", "CELL"]].dropna().drop_duplicates()
    found = lines.merge(tables["intake/cells"][["CELL", *PLACE]], on="CELL")
    return found.assign(SRCSHEET=found["SRCSHEET"].fillna(""))


class Sheets:
    """The sheets of the export with their columns; cells are named by places in these lists."""

    def __init__(self, cells: pd.DataFrame) -> None:
        sheets = cells[["SRCFILE", "SRCSHEET"]].drop_duplicates().astype(object)
        keys = sheets.where(sheets.notna(), "").itertuples(index=False, name=None)
        self.places = {key: i for i, key in enumerate(sorted(keys))}
        heads = cells[["SRCFILE", "SRCSHEET", "COL", "HEADER"]].drop_duplicates().astype(object)
        self._columns: list[dict] = [{} for _ in self.places]
        rows = heads.where(heads.notna(), "").itertuples(index=False, name=None)
        for file, sheet, col, header in sorted(rows, key=_left_to_right):
            known = self._columns[self.places[(file, sheet)]]
            known.setdefault((col, header), len(known))

    def column(self, sheet: int, col: str, header: str) -> int:
        """The place of a column, which a header row further down may have named anew."""
        return self._columns[sheet][(col, header)]

    def listed(self) -> list[dict]:
        """For the page: ``file``, ``sheet``, ``columns`` (letters and header) of each sheet."""
        return [
            {"file": file, "sheet": sheet, "columns": [list(key) for key in self._columns[i]]}
            for (file, sheet), i in self.places.items()
        ]


def _left_to_right(row: tuple) -> tuple:
    file, sheet, col, header = row
    return file, sheet, len(col), col, header


def parcels(
    tables: dict[str, pd.DataFrame],
    patients: list[str],
    sheets: Sheets,
    study: dict,
    pointing: dict[str, pd.DataFrame],
) -> Iterator[tuple[dict[str, pd.DataFrame], dict[str, pd.Series]]]:
    """Parcel by parcel of ``patients``: its tables, and the cells that decided rows.

    The tables are ``cells`` (USUBJID S SRCROW C VALUE OF: sheet, row, column, text, and the columns
    of the clean patients table that it gives),
    ``cleaning_log``, ``tried`` (the sources of endpoints in the order tried) and the clean
    tables. ``pointing`` are tables with ``SRCDOM SRCVAR SRCSEQ``; of each comes, for the rows of
    the parcel's patients, the cell that decided as ``sheet.row.column`` (without the column
    where none can be told).
    """  # fmt: skip
    import pandas as pd

    owned = owned_rows(tables)
    cells = _placed(tables["intake/cells"], owned, lent_cells(tables, owned), sheets)
    clean = {name: f for name, f in of_stage(tables, "clean").items() if _is_clean(f)}
    split = {name: _split(frame, patients) for name, frame in clean.items()}
    logs, raws = _split(tables["clean/cleaning_log"], patients), _split(cells, patients)
    lines = tables["clean/origins"]
    noted = _split(lines[lines["ROLE"].isin(GIVES) & lines["CELL"].notna()], patients)
    points = {name: _split(frame, patients) for name, frame in pointing.items()}
    trails = _split(tables["endpoints/trail"], patients)
    for number in range(max(1, -(-len(patients) // SIZE))):
        own = {name: found[number] for name, found in split.items() if number in found}
        tried = trails.get(number, tables["endpoints/trail"].iloc[:0])
        raw = raws.get(number, cells.iloc[:0])
        asked = {name: found[number] for name, found in points.items() if number in found}
        origins = noted.get(number, lines.iloc[:0])
        decided = _cells_of({**asked, "tried": tried}, own, raw, origins, sheets)
        if number in logs:
            own["cleaning_log"] = logs[number]
        made = {name: _compact(frame, sheets) for name, frame in own.items()}
        gives = _columns_of_patients(origins)
        of = [gives.get(key) for key in _zipped(raw, "USUBJID", "CELL")]
        made["cells"] = raw[["USUBJID", "S", "SRCROW", "C", "VALUE"]].assign(
            OF=pd.array(of, dtype="string")
        )
        made["tried"] = tried[_TRIED].assign(CELL=decided.pop("tried", None))
        yield made, decided


def _split(frame: pd.DataFrame, patients: list[str]) -> dict[int, pd.DataFrame]:
    """The rows of each parcel's patients, by the parcel's number."""
    parcel = {name: i // SIZE for i, name in enumerate(patients)}
    return {int(number): rows for number, rows in frame.groupby(frame["USUBJID"].map(parcel))}


def _is_clean(frame: pd.DataFrame) -> bool:
    return {"USUBJID", "SEQ", *PLACE} <= set(frame)


def _placed(
    cells: pd.DataFrame, owned: pd.DataFrame, lent: pd.DataFrame, sheets: Sheets
) -> pd.DataFrame:
    """The cells of owned rows, and those lent, with the places of their sheet and column."""
    import pandas as pd

    filled = cells.assign(SRCSHEET=cells["SRCSHEET"].fillna(""), HEADER=cells["HEADER"].fillna(""))
    found = owned.merge(filled, on=PLACE)
    found = pd.concat([found, lent.merge(filled, on=["CELL", *PLACE])], ignore_index=True)
    places = [sheets.places[key] for key in _zipped(found, "SRCFILE", "SRCSHEET")]
    heads = zip(places, *(known(found[c]) for c in ("COL", "HEADER")), strict=True)
    return found.assign(S=places, C=[sheets.column(*head) for head in heads])


def _compact(frame: pd.DataFrame, sheets: Sheets) -> pd.DataFrame:
    """The file and the sheet as one place, empty columns left out."""
    keys = _zipped(frame, "SRCFILE", "SRCSHEET")
    made = frame.drop(columns=["SRCFILE", "SRCSHEET"])
    made = made.assign(S=[sheets.places.get((file, sheet or ""), -1) for file, sheet in keys])
    return made.dropna(axis="columns", how="all")


def _columns_of_patients(origins: pd.DataFrame) -> dict[tuple, str]:
    """The columns of the clean patients table that a cell gives a patient, parted by spaces."""
    own = origins[origins["TABLE"] == "patients"]
    return own.groupby(["USUBJID", "CELL"])["COLUMN"].agg(" ".join).to_dict()


def _cells_of(points, clean, raw, origins, sheets: Sheets) -> dict[str, pd.Series]:
    """The deciding cell of every row of ``points``, looked up for all tables at once."""
    import pandas as pd

    frames = [frame[_POINTS].assign(_of=name) for name, frame in points.items() if len(frame)]
    if not frames:
        return {}
    asked = pd.concat(frames)
    cells = {n: f"{s}.{row}.{c}" for n, s, row, c in _zipped(raw, "CELL", "S", "SRCROW", "C")}
    texts = {
        key: f"{sheets.places[(file, sheet)]}.{row}."
        for key, (file, sheet, row) in clean_places(clean).items()
    }
    names = ("TABLE", "USUBJID", "SEQ", "COLUMN", "CELL")
    for table, patient, seq, column, number in _zipped(origins, *names):
        texts.setdefault((table, patient, seq, column), cells.get(number))
    keys = _zipped(asked, "SRCDOM", "USUBJID", "SRCSEQ", "SRCVAR")
    said = [texts.get(key) or texts.get(key[:3]) for key in keys]
    made = pd.Series(said, index=asked.index, dtype="string")
    of = asked["_of"].to_numpy()
    return {name: made[of == name] for name in points}


def _zipped(frame: pd.DataFrame, *names: str) -> Iterator[tuple]:
    return zip(*(known(frame[name]) for name in names), strict=True)
