"""`python -m venaza seen`: the authors have read their texts with the numbers as they are now."""

from __future__ import annotations

import argparse
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.contracts.files import csv_text, write_text
from venaza.study.author import quoted


def run(options: argparse.Namespace, root: Path) -> None:
    """Write ``config/studies/STUDY/seen.csv``: each number that the texts quote, as printed now."""
    from venaza.pipeline.audit.results import read_results
    from venaza.preflight import load_study

    texts = load_study(root, options.study)["author"]["texts"]
    ard = read_results(root / "results" / options.study, ["statistics"])["statistics/ard"]
    display = dict(zip(ard["ard_id"], ard["display"].astype(str), strict=True))
    ids = sorted({_known(q, display, options.study) for q in quoted(texts)})
    target = root / "config/studies" / options.study / "seen.csv"
    target.unlink(missing_ok=True)
    if ids:
        rows = [("ard_id", "display"), *((ard_id, display[ard_id]) for ard_id in ids)]
        write_text(csv_text(rows), target)
    print(f"{len(ids)} numbers that your texts quote are noted as you have seen them.")


def _known(quote: tuple[str, int, str], display: dict[str, str], study: str) -> str:
    name, line, ard_id = quote
    if ard_id not in display:
        raise StudyError(
            "This text quotes a number that the results do not have.",
            fix=f"Look it up on the audit page, or run: snakemake --cores 4 --config "
            f"studies={study}",
            file=f"config/studies/{study}/{name}.md",
            row=line,
            value=ard_id,
        )
    return ard_id
