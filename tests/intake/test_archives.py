"""Archives of exports, and those that want out of their folder or into the memory."""

import io
import os
import stat
import zipfile

import pytest

from tests.intake.made import intake_of, study_of, table
from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.archives import sources
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.limits import Limits
from venaza.preflight.exports import export_files, other_files

CSV = "id,x\n7,1\n"


def packed(path, members: dict[str, str | bytes], how=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", how) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return path


def names(tmp_path, limits=None):
    with sources(sorted(tmp_path.glob("*")), tmp_path, limits or Limits()) as found:
        return [source.name for source in found]


def test_the_files_of_an_archive_have_its_name_before_theirs(tmp_path):
    packed(tmp_path / "a.zip", {"导出/x.csv": CSV, "y.csv": CSV, "__MACOSX/y.csv": "", "n/": ""})
    cells, files = intake_of(tmp_path, patients=table("x.csv", "id", {"AGE": "x"}))
    assert list(files["SRCFILE"]) == ["a.zip", "a.zip/y.csv", "a.zip/导出/x.csv"]
    assert list(files["FORMAT"]) == ["zip", "text", "text"]
    assert list(files["CELLS"]) == [0, 4, 4]
    assert set(cells["SRCFILE"]) == {"a.zip/y.csv", "a.zip/导出/x.csv"}


def test_an_archive_in_an_archive_is_opened_and_one_deeper_is_not(tmp_path):
    inner = packed(tmp_path / "c.zip", {"z.csv": CSV}).read_bytes()
    middle = packed(tmp_path / "c.zip", {"inner.zip": inner}).read_bytes()
    packed(tmp_path / "c.zip", {"middle.zip": inner})
    assert names(tmp_path) == ["c.zip", "c.zip/middle.zip", "c.zip/middle.zip/z.csv"]
    packed(tmp_path / "c.zip", {"middle.zip": middle})
    with pytest.raises(StudyError, match="too deep") as caught:
        names(tmp_path)
    assert "limits > nesting" in str(caught.value)
    assert len(names(tmp_path, Limits(nesting=3))) == 4


def test_chinese_names_packed_by_windows_are_read(tmp_path):
    packed(tmp_path / "a.zip", {"ABCD.csv": CSV})
    data = (tmp_path / "a.zip").read_bytes().replace(b"ABCD", "患者".encode("gbk"))
    (tmp_path / "a.zip").write_bytes(data)
    assert names(tmp_path) == ["a.zip", "a.zip/患者.csv"]


@pytest.mark.parametrize(
    "name", ["../x.csv", "a/../../x.csv", "/etc/x.csv", "C:/x.csv", "..\\x.csv", "C:\\x.csv"]
)
def test_a_path_that_leads_out_is_refused(tmp_path, name):
    packed(tmp_path / "a.zip", {name: CSV})
    with pytest.raises(StudyError, match="leads out of its folder"):
        names(tmp_path)


def test_a_link_in_an_archive_is_refused(tmp_path):
    link = zipfile.ZipInfo("x.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed(tmp_path / "a.zip", {link: "/etc/passwd"})
    with pytest.raises(StudyError, match="leads out of its folder"):
        names(tmp_path)


def test_two_members_of_one_name_are_refused(tmp_path):
    packed(tmp_path / "a.zip", {"x.csv": CSV, "y.csv": "id\n8\n"})
    data = (tmp_path / "a.zip").read_bytes().replace(b"y.csv", b"x.csv")
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(StudyError, match="two files of the same name"):
        names(tmp_path)


def test_a_bomb_is_refused_by_its_ratio(tmp_path):
    packed(tmp_path / "a.zip", {"x.csv": b"0" * 60_000_000})
    assert (tmp_path / "a.zip").stat().st_size < 100_000
    with pytest.raises(StudyError, match="like a zip bomb") as caught:
        names(tmp_path)
    assert "limits > ratio" in str(caught.value)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    packed(tmp_path / "a.zip", {"x.csv": b"0" * 3_000_000})
    size = (3_000_000).to_bytes(4, "little")
    data = (tmp_path / "a.zip").read_bytes().replace(size, (1000).to_bytes(4, "little"))
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(StudyError, match="damaged"):
        names(tmp_path)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(members=2), "too many files (3; the limit is 2)"),
        (Limits(unpacked_mb=2), "unpacks to too much (3 MB; the limit is 2 MB)"),
        (Limits(file_mb=0), "too large (1 MB; the limit is 0 MB)"),
    ],
)
def test_each_limit_says_how_it_is_raised(tmp_path, limits, said):
    packed(tmp_path / "a.zip", dict.fromkeys(("x.csv", "y.csv", "z.csv"), os.urandom(1_000_001)))
    with pytest.raises(StudyError) as caught:
        names(tmp_path, limits)
    assert said in str(caught.value)
    assert "raise the limit in the study file (limits > " in str(caught.value)


def test_what_archives_hold_together_is_counted(tmp_path):
    for name in ("a.zip", "b.zip"):
        packed(tmp_path / name, {"x.csv": os.urandom(1_500_000)})
    with pytest.raises(StudyError, match="unpacks to too much"):
        names(tmp_path, Limits(unpacked_mb=2))


@pytest.mark.parametrize("damage", ["cut", "empty", "text"])
def test_a_damaged_archive_is_one_clear_error(tmp_path, damage):
    data = packed(tmp_path / "a.zip", {"x.csv": CSV * 100}).read_bytes()
    made = {"cut": data[: len(data) // 2], "empty": b"", "text": b"id,x\n"}[damage]
    (tmp_path / "a.zip").write_bytes(made)
    with pytest.raises(StudyError, match="damaged"):
        names(tmp_path)


def test_a_locked_archive_says_so(tmp_path):
    packed(tmp_path / "a.zip", {"x.csv": CSV}, zipfile.ZIP_STORED)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(data))
    with pytest.raises(StudyError, match="locked with a password"):
        names(tmp_path)


def test_an_error_in_an_archive_names_the_file_in_it(tmp_path):
    packed(tmp_path / "a.zip", {"n/x.csv": ""})
    with pytest.raises(StudyError, match="This file is empty") as caught:
        intake_of(tmp_path)
    assert caught.value.place["file"] == "a.zip/n/x.csv"


def test_a_file_of_no_known_kind_is_listed_with_its_hash(tmp_path):
    (tmp_path / "protocol.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "x.csv").write_text(CSV, encoding="utf-8")
    _, files = intake_of(tmp_path)
    assert list(files["NOTES"]) == ["not read: no reader for this kind of file", None]
    assert files["SHA256"].notna().all()


def export(root):
    folder = root / "data/raw/demo/2024-01-01/sub/deep"
    folder.mkdir(parents=True)
    (folder / "x.csv").write_text(CSV, encoding="utf-8")
    (folder / "~$x.xlsx").write_text("lock", encoding="utf-8")
    (folder / "notes.pdf").write_text("x", encoding="utf-8")
    return folder


def test_folders_are_read_in_depth(tmp_path):
    folder = export(tmp_path)
    assert export_files(tmp_path, "demo", "2024-01-01") == [folder / "x.csv"]
    assert other_files(tmp_path, "demo", "2024-01-01") == [folder / "notes.pdf"]
    cells, _ = read_export([folder / "x.csv"], folder.parents[1], study_of())
    assert set(cells["SRCFILE"]) == {"sub/deep/x.csv"}


@pytest.mark.parametrize("target", ["/etc/hostname", "/etc", "../../../../nothing"])
def test_a_link_out_of_the_export_folder_is_refused(tmp_path, target):
    (export(tmp_path) / "y.csv").symlink_to(target)
    with pytest.raises(StudyError, match="leads out of the export folder"):
        export_files(tmp_path, "demo", "2024-01-01")


def test_a_link_within_the_export_folder_is_read(tmp_path):
    folder = export(tmp_path)
    (folder / "y.csv").symlink_to("x.csv")
    assert len(export_files(tmp_path, "demo", "2024-01-01")) == 2


def test_nothing_unpacked_stays_behind(tmp_path):
    packed(tmp_path / "a.zip", {"x.csv": CSV})
    with sources([tmp_path / "a.zip"], tmp_path, Limits()) as found:
        place = found[1].path
        assert place.read_bytes() == CSV.encode()
    assert not place.exists()


def test_a_workbook_in_an_archive(tmp_path):
    from openpyxl import Workbook

    made, data = Workbook(), io.BytesIO()
    made.active.append(["id"])
    made.save(data)
    packed(tmp_path / "a.zip", {"x.xlsx": data.getvalue()})
    _, files = intake_of(tmp_path)
    assert list(files["FORMAT"]) == ["zip", "xlsx"]
