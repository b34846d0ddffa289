"""Reading and writing the pipeline's tables: Parquet for machines, CSV for people."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from venaza.contracts.columns import PANDAS_DTYPE, Column, names

if TYPE_CHECKING:
    import pandas as pd

#: What a spreadsheet takes for a formula: these first characters, their full-width forms too.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?%?")


def neutral(text: str) -> str:
    """``text`` as no spreadsheet runs it: an apostrophe before what begins like a formula.

    Numbers stay numbers. A text that has such an apostrophe already gets another, so that
    ``original`` gives back every text exactly (OWASP, CSV injection).
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def original(text: str) -> str:
    """The text that ``neutral`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def conform(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """``frame`` with exactly ``columns``, in order and typed; what is missing is empty.

    Texts that are a category stay one. Raises ``KeyError`` when the frame has a column that the
    contract does not name, so that nothing is dropped in silence.
    """
    import pandas as pd

    extra = [name for name in frame.columns if name not in set(names(columns))]
    if extra:
        raise KeyError(f"columns outside the contract: {extra}")
    typed = {}
    for column in columns:
        if len(frame) and column.name in frame:
            typed[column.name] = _cast(frame[column.name], column.dtype)
        else:
            typed[column.name] = pd.Series(index=frame.index, dtype=PANDAS_DTYPE[column.dtype])
    return pd.DataFrame(typed, columns=names(columns), copy=False).reset_index(drop=True)


def _cast(series: pd.Series, dtype: str) -> pd.Series:
    import pandas as pd

    if dtype == "date":
        return pd.to_datetime(series, errors="raise").astype("datetime64[ns]")
    if dtype in ("integer", "number"):
        return pd.to_numeric(series, errors="raise").astype(PANDAS_DTYPE[dtype])
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series
    return series.astype("string")


def write_table(frame: pd.DataFrame, columns: tuple[Column, ...], path: str | Path) -> None:
    """Write ``frame`` as ``path`` (Parquet) and beside it as CSV.

    Both files are written whole or not at all: first under a temporary name in the same
    folder, then renamed. Labels, units and derivations go into the Parquet schema; text in
    the CSV that a spreadsheet would run is made ``neutral``.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(path)
    frame = conform(frame, columns)
    schema = _schema(columns)
    with (
        whole(path) as part,
        whole(path.with_suffix(".csv")) as text,
        pq.ParquetWriter(part, schema) as parquet,
        text.open("wb") as lines,
    ):
        lines.write(_BYTE_ORDER + (",".join(map(_quoted, schema.names)) + "\n").encode())
        for start in range(0, max(len(frame), 1), _ROW_GROUP):
            rows = frame.iloc[start : start + _ROW_GROUP]
            arrays = [_array(rows[column.name], column.dtype) for column in columns]
            plain = [array.cast(kind) for array, kind in zip(arrays, schema.types, strict=True)]
            parquet.write_table(pa.Table.from_arrays(plain, schema=schema))
            lines.writelines(_lines([*map(_texts, arrays, plain)]))


#: Rows that are turned into Arrow and written at a time: pyarrow's own size of a row group.
_ROW_GROUP = 1 << 20
#: Rows of which the lines of the CSV are joined at a time.
_LINES = 1 << 15
_BYTE_ORDER = b"\xef\xbb\xbf"
#: Texts that may not be the same in the CSV: those ``neutral`` looks at, and those with quotes.
_SPECIAL = "^'*[=+\\-@\t\r\n＝＋－＠]|[,\"\r\n]"


def _schema(columns: tuple[Column, ...]):
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
    }
    fields = []
    for column in columns:
        meta = {"label": column.label, "unit": column.unit, "derivation": column.derivation}
        fields.append(pa.field(column.name, types[column.dtype], metadata=meta))
    return pa.schema(fields)


def _array(values: pd.Series, dtype: str):
    """A column of a conforming frame in Arrow: texts and numbers as a dictionary of theirs."""
    import numpy as np
    import pyarrow as pa

    if dtype == "date":
        return pa.array(values.to_numpy().astype("datetime64[D]"), type=pa.date32())
    if dtype == "integer":
        return pa.array(values, type=pa.int64(), from_pandas=True)
    if dtype == "number":
        return pa.array(values, type=pa.float64(), from_pandas=True)
    if hasattr(values, "cat"):
        codes = values.cat.codes.to_numpy()
        known = pa.array(values.cat.categories, type=pa.string(), from_pandas=True)
        indices = pa.array(codes.astype(np.int32), mask=codes < 0)
        return pa.DictionaryArray.from_arrays(indices, known)
    return pa.array(values, type=pa.string(), from_pandas=True).dictionary_encode()


def _texts(array, plain):
    """A column as the CSV writes it; ``plain`` is the array without its dictionary."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(array.type):
        bits, places = np.unique(plain.fill_null(0).to_numpy().view(np.int64), return_inverse=True)
        shown = pa.array([repr(number) for number in bits.view(np.float64).tolist()], pa.string())
        return pc.if_else(plain.is_valid(), shown.take(pa.array(places)), "")
    if not pa.types.is_dictionary(array.type):
        return plain.cast(pa.string()).fill_null("")
    special = pc.match_substring_regex(array.dictionary, _SPECIAL)
    if not pc.any(special).as_py():
        return plain.fill_null("")
    written = np.array(array.dictionary.to_pylist(), dtype=object)
    for place in np.flatnonzero(special.to_numpy(zero_copy_only=False)):
        written[place] = _quoted(neutral(written[place]))
    return pa.array(written, type=pa.string()).take(array.indices).fill_null("")


def _quoted(text: str) -> str:
    """A text as Python's csv writes it between others: in quotes where it needs them."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([text, ""])
    return line.getvalue()[: -len(",\n")]


def _lines(texts: list) -> Iterator[memoryview]:
    """The lines of a CSV, many at a time, from the texts of its columns."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if len(texts) == 1:  # an empty line would be no row
        texts = [pc.if_else(pc.equal(texts[0], ""), '""', texts[0])]
    kind = pa.large_string()
    empty, comma, end = (pa.scalar(sign, kind) for sign in ("", ",", "\n"))
    for start in range(0, len(texts[0]), _LINES):
        cells = [column.slice(start, _LINES).cast(kind) for column in texts]
        cells[-1] = pc.binary_join_element_wise(cells[-1], empty, end)
        lines = pc.binary_join_element_wise(*cells, comma)
        _, offsets, data = lines.buffers()
        ends = np.frombuffer(offsets, dtype=np.int64)
        yield memoryview(data)[ends[0] : ends[len(lines)]]


@contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """A file beside ``path`` to write to; it takes the name ``path`` when all is written."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_bytes(data: bytes, path: str | Path) -> Path:
    """Write a file whole or not at all; returns its path."""
    with whole(path) as part:
        part.write_bytes(data)
    return Path(path)


def write_text(text: str, path: str | Path) -> None:
    """Write a text file whole or not at all, UTF-8, line feeds as given."""
    write_bytes(text.encode("utf-8"), path)


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Texts as CSV, safe for a spreadsheet, with the mark that lets it show Chinese."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(map(neutral, row) for row in rows)
    return f"\ufeff{out.getvalue()}"


def write_json(value: object, path: str | Path) -> None:
    """Write JSON with sorted keys, so that equal content has equal bytes."""
    write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", path)


def read_table(path: str | Path, categories: bool = False) -> pd.DataFrame:
    """Read a Parquet file of the pipeline with pandas' nullable types.

    With ``categories`` a text column is a categorical one, which holds each distinct text once.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    texts = [field.name for field in schema if field.type == pa.string()]
    table = pq.read_table(path, read_dictionary=texts if categories else None)
    mapping = {pa.int64(): pd.Int64Dtype(), pa.float64(): pd.Float64Dtype()}
    columns = {}
    for name, kind, column in zip(schema.names, schema.types, table.columns, strict=True):
        if name in texts and not categories:
            columns[name] = _shared(column)
            continue
        values = column.to_pandas(types_mapper=mapping.get, date_as_object=False)
        columns[name] = values.astype("datetime64[ns]") if pa.types.is_date(kind) else values
    frame = pd.DataFrame(columns, index=range(table.num_rows), copy=False)
    # Arrow keeps what decoding took, which nothing else in the job could use.
    del table
    pa.default_memory_pool().release_unused()
    return frame


def _shared(column):
    """A column in which equal texts are one object: a third of the time and half of the memory."""
    import numpy as np
    import pandas as pd

    chunks = column.dictionary_encode().unify_dictionaries().chunks
    known = chunks[0].dictionary.to_pylist() if chunks else []
    texts = np.array([*known, pd.NA], dtype="object")
    codes = [chunk.indices.fill_null(-1).to_numpy() for chunk in chunks]
    return pd.arrays.StringArray(texts[np.concatenate([np.array([], dtype=np.int32), *codes])])


def read_text(path: str | Path) -> pd.DataFrame:
    """A CSV file of published figures as it is written: every cell is text, none is missing."""
    import pandas as pd

    return pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8-sig")


def table_columns(path: str | Path) -> tuple[Column, ...]:
    """The columns of a Parquet file with their labels, units and derivations."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {pa.string(): "string", pa.int64(): "integer", pa.float64(): "number"}
    columns = []
    for field in pq.read_schema(path):
        meta = {k.decode(): v.decode() for k, v in (field.metadata or {}).items()}
        dtype = "date" if pa.types.is_date(field.type) else kinds[field.type]
        columns.append(
            Column(
                field.name,
                dtype,
                meta.get("label", field.name),
                meta.get("unit", ""),
                meta.get("derivation", ""),
            )
        )
    return tuple(columns)


def sweep(folder: str | Path, kept: list[str]) -> None:
    """Remove from ``folder`` what an earlier configuration made and this one does not.

    ``kept`` names the files and folders that belong there; hidden files are left alone.
    """
    for path in sorted(Path(folder).glob("[!.]*")):
        if path.name in kept:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
