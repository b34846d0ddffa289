"""The synthetic cohort of the primary study: made from a seed, written as a hospital would."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from venaza.simulate.defects import Defect

from venaza.simulate.plan import EARLY_CUTOFF, FINAL_CUTOFF, SEED

__all__ = ["EARLY_CUTOFF", "FINAL_CUTOFF", "SEED", "planted_defects", "truth", "write_exports"]


def write_exports(study_id_folder: Path, seed: int = SEED) -> list[Path]:
    """Write both dated exports and a README under ``study_id_folder``; return their paths.

    ``study_id_folder`` is ``data/raw/STUDY``. The same seed gives the same bytes. Raises
    ``RuntimeError`` for a seed from which the published medians cannot be reached.
    """
    from venaza.simulate.export import write_exports as write

    return write(study_id_folder, seed)


def truth(seed: int = SEED, cutoff: date = FINAL_CUTOFF) -> pd.DataFrame:
    """The endpoints of each patient that the pipeline must find (see ``simulate.answers``)."""
    from venaza.simulate.answers import truth as frame

    return frame(seed, cutoff)


def planted_defects(seed: int = SEED, cutoff: date = FINAL_CUTOFF) -> list[Defect]:
    """The contradictions planted in the export of ``cutoff``: sheet, patient, what, rule."""
    from venaza.simulate.export import planted_defects as defects

    return defects(seed, cutoff)
