"""Bridges that a run no longer asks for are removed, and only those."""

from venaza.audit.swept import sweep_bridges


def test_what_is_asked_for_stays(tmp_path):
    for file in ("bridges/xpt/adsl.xpt", "bridges/spss/adsl.sav", "settings/bridges.json", "a.txt"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x")

    def left():
        return sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*"))

    sweep_bridges(tmp_path, ["xpt"])
    assert left() == ["a.txt", "bridges/xpt/adsl.xpt", "settings/bridges.json"]
    sweep_bridges(tmp_path, [])
    sweep_bridges(tmp_path, [])
    assert left() == ["a.txt"]
    assert not (tmp_path / "bridges").exists()
