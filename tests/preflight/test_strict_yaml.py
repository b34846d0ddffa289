"""Study files in YAML that could do more than say what they say, or say it oddly."""

import pytest

from venaza.contracts.errors import StudyError
from venaza.study.documents import read_yaml


def refused(tmp_path, text: str) -> str:
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_yaml(tmp_path / "s.yaml", "s.yaml")
    assert len(str(caught.value)) < 2000
    return str(caught.value)


@pytest.mark.parametrize(
    "attack",
    [
        "!!python/object/apply:os.system ['touch {flag}']",
        "!!python/object/apply:subprocess.check_output [['touch', '{flag}']]",
        "!!python/object/new:os.system ['touch {flag}']",
        "!!python/name:os.system",
        "!!python/module:os",
        "!!python/tuple [1]",
        "!!python/object:os.PathLike {{}}",
        "!<tag:yaml.org,2002:python/object/apply:os.system> ['touch {flag}']",
    ],
)
def test_yaml_runs_no_code(tmp_path, attack):
    flag = tmp_path / "flag"
    text = refused(tmp_path, "a: " + attack.format(flag=flag))
    assert "not valid YAML" in text
    assert not flag.exists()


def test_a_key_that_is_no_text(tmp_path):
    refused(tmp_path, "? [a, b]\n: 1\n? {c: d}\n: 2\n? [a, b]\n: 3\n")


def test_a_number_of_ten_thousand_digits(tmp_path):
    text = refused(tmp_path, f"a: {'1' * 10_000}\n")
    assert "A value in this file cannot be read" in text
    assert "Put the value into quotes if it is text." in text


def test_anchors_in_ordinary_use_are_read(tmp_path):
    (tmp_path / "s.yaml").write_text("a: &a {x: N}\nb: {<<: *a, y: 2021-03-05}\n", encoding="utf-8")
    assert read_yaml(tmp_path / "s.yaml", "s") == {
        "a": {"x": "N"},
        "b": {"x": "N", "y": "2021-03-05"},
    }
