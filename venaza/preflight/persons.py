"""The lists by which a person's name is told from other words, loaded once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from venaza.pipeline.intake.privacy.names import Names
from venaza.study.documents import read_yaml, written

_SHOWN = "config/names.yaml"


def name_lists(root: Path) -> dict:
    """config/names.yaml of the project in ``root``."""
    return read_yaml(root / _SHOWN, _SHOWN)


@cache
def _loaded(root: Path, _stamp: int) -> Names:
    return Names(name_lists(root))


def load_names(root: Path) -> Names:
    """The same, ready to be asked."""
    path = root / _SHOWN
    return _loaded(root, written(path))
