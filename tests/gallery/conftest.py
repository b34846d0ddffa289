"""Reading the files of an export as a study file maps them."""

from __future__ import annotations

import pytest

from tests.gallery.exports import Result, one, result


@pytest.fixture
def of(tmp_path):
    """Reads files under tables, in a folder of its own each time."""
    count = iter(range(99))

    def read(files: dict[str, str | bytes], tables: dict | None = None, **sections) -> Result:
        if tables is None:
            tables = one(next(iter(files)))
        return result(tmp_path / str(next(count)), files, tables, **sections)

    return read
