"""Study files made to hurt: YAML that runs code, grows without end, or nests without end."""

import time

import pytest

from venaza.config.documents import read_yaml
from venaza.errors import StudyError


def refused(tmp_path, text: str) -> str:
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    start = time.monotonic()
    with pytest.raises(StudyError) as caught:
        read_yaml(tmp_path / "s.yaml", "s.yaml")
    assert time.monotonic() - start < 5
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


def test_a_billion_laughs(tmp_path):
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    for n in range(1, 12):
        lines.append(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]")
    assert "The aliases (*name) of this file grow it" in refused(tmp_path, "\n".join(lines))


def test_merged_laughs(tmp_path):
    lines = ["a0: &a0 {x: 1}"]
    for n in range(1, 25):
        lines.append(f"a{n}: &a{n} {{k{n}: {{<<: [*a{n - 1}, *a{n - 1}]}}, <<: *a{n - 1}}}")
    refused(tmp_path, "\n".join(lines))


@pytest.mark.parametrize("opened", ["[", "{a: ", "- "])
def test_nesting_without_end(tmp_path, opened):
    assert "Keys are nested more than" in refused(tmp_path, "a:\n  " + opened * 100_000)


def test_a_mapping_that_holds_itself(tmp_path):
    refused(tmp_path, "a: &a\n  b: *a\n")


def test_a_key_that_is_no_text(tmp_path):
    refused(tmp_path, "? [a, b]\n: 1\n? {c: d}\n: 2\n? [a, b]\n: 3\n")


@pytest.mark.parametrize("value", ["1" * 10_000, "0x" + "f" * 10_000, "1:" * 5000 + "1"])
def test_a_number_of_ten_thousand_digits(tmp_path, value):
    assert "A number in this file has more than 100" in refused(tmp_path, f"a: {value}\n")


def test_a_file_too_large(tmp_path):
    assert "too large" in refused(tmp_path, "a: b\n" + "# x\n" * 600_000)


def test_anchors_in_ordinary_use_are_read(tmp_path):
    (tmp_path / "s.yaml").write_text("a: &a {x: N}\nb: {<<: *a, y: 2021-03-05}\n", encoding="utf-8")
    assert read_yaml(tmp_path / "s.yaml", "s") == {
        "a": {"x": "N"},
        "b": {"x": "N", "y": "2021-03-05"},
    }
