"""Names within a sentence keep the capitals of names and abbreviations."""

import pytest

from venaza.contracts.wording import small


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Relapse", "relapse"),
        ("CAR-T cells", "CAR-T cells"),
        ("Bridge to transplant or CAR-T", "bridge to transplant or CAR-T"),
        ("MRD relapse", "MRD relapse"),
        ("Newly diagnosed", "newly diagnosed"),
        ("pH", "pH"),
        ("A remission", "A remission"),
        ("", ""),
    ],
)
def test_the_first_letter_is_small_but_for_names_and_abbreviations(name, within):
    assert small(name) == within
