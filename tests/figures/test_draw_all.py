"""All figures of a study: files whole, bytes equal, nothing cut off, nothing overprinted."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace

import pandas as pd
import pytest
from matplotlib.text import Text
from PIL import Image
from pypdf import PdfReader

from tests.figures.cases import make_case, sheet_of
from venaza.contracts.errors import StudyError
from venaza.pipeline.figures import draw, draw_all, planned


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def written(two_groups, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    case = two_groups
    paths = draw_all(case.tables, case.ard, case.curves, case.study, folder)
    return SimpleNamespace(folder=folder, paths=paths, case=case)


def test_each_planned_figure_comes_in_three_formats_with_its_data(written):
    expected = [
        f"{name}.{suffix}"
        for name in planned(written.case.study)
        for suffix in ("svg", "pdf", "png", "csv")
    ]
    assert [path.name for path in written.paths] == expected
    assert sorted(path.name for path in written.folder.iterdir()) == sorted(expected)


def test_formats_are_what_their_names_say(written):
    files = bytes_of(written.folder)
    assert b"<svg" in files["km_OS.svg"]
    assert b"<text" not in files["km_OS.svg"], (
        "letters are outlines, so they look the same anywhere"
    )
    assert files["km_OS.pdf"].startswith(b"%PDF")
    assert b"/FontFile2" in files["km_OS.pdf"], "TrueType outlines embedded"
    picture = Image.open(io.BytesIO(files["km_OS.png"]))
    assert picture.mode == "RGB"
    assert picture.size[0] == pytest.approx(174 / 25.4 * 300, abs=1)
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_every_figure_is_as_wide_as_a_journal_s_column_or_columns(written):
    for name in planned(written.case.study):
        files = {kind: written.folder / f"{name}.{kind}" for kind in ("svg", "pdf", "png")}
        svg = re.search(r'<svg [^>]*width="([0-9.]+)pt"', files["svg"].read_text(encoding="utf-8"))
        picture = Image.open(files["png"])
        widths = [
            float(svg[1]) / 72 * 25.4,
            float(PdfReader(files["pdf"]).pages[0].mediabox.width) / 72 * 25.4,
            picture.size[0] / 300 * 25.4,
        ]
        assert any(widths == pytest.approx([w] * 3, abs=0.1) for w in (85.0, 174.0)), name


def test_a_journal_gets_a_figure_of_600_dpi_where_the_study_asks(two_groups, tmp_path):
    asked = {**two_groups.study, "report": {"tiff": True}}
    tables = {"flow": two_groups.tables["flow"]}
    for folder in ("one", "two"):
        written = draw.draw(
            ["flow"], tables, two_groups.ard, two_groups.curves, asked, tmp_path / folder, []
        )
        assert [path.suffix for path in written] == [".svg", ".pdf", ".png", ".tiff", ".csv"]
    picture = Image.open(tmp_path / "one/flow.tiff")
    assert (picture.mode, picture.info["compression"]) == ("RGB", "tiff_lzw")
    assert picture.info["dpi"] == pytest.approx((600, 600), abs=0.1)
    assert picture.size[0] == pytest.approx(174 / 25.4 * 600, abs=1)
    assert (tmp_path / "one/flow.tiff").read_bytes() == (tmp_path / "two/flow.tiff").read_bytes()


@pytest.mark.parametrize("name", ["km_OS", "cif_CIR"])
def test_the_data_hold_the_numbers_at_risk_that_are_printed(written, name):
    data = pd.read_csv(written.folder / f"{name}.csv", encoding="utf-8-sig")
    below = data[data["AT_RISK"].notna()]
    sheet = sheet_of(written.case, name)
    drawn = {t.get_gid(): t.get_text() for t in sheet.figure.findobj(Text) if t.get_gid()}
    printed = [text for gid, text in drawn.items() if gid.endswith(".n_risk") and text]
    assert sorted(printed) == sorted(f"{n:g}" for n in below["AT_RISK"])
    assert printed
    assert below["ESTIMATE"].isna().all()
    first = below[below["MONTHS"] == 0].set_index("GROUP")["AT_RISK"]
    assert set(first.index) == {"ND", "RR"}


def test_no_clock_in_any_file(written):
    for name, content in bytes_of(written.folder).items():
        assert b"CreationDate" not in content, name
        assert b"<dc:date>" not in content, name
        assert b"Software" not in content, name


def test_row_order_of_the_input_changes_no_byte(written, tmp_path):
    case = written.case
    turned = {name: table.iloc[::-1] for name, table in case.tables.items() if name != "flow"}
    turned["flow"] = case.tables["flow"]
    draw_all(turned, case.ard.iloc[::-1], case.curves.iloc[::-1], case.study, tmp_path)
    assert bytes_of(tmp_path) == bytes_of(written.folder)


def test_a_failed_write_leaves_the_old_file_and_no_other(written, tmp_path, monkeypatch):
    old = tmp_path / "flow.svg"
    old.write_text("old")

    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", broken)
    case = written.case
    with pytest.raises(OSError, match="disk full"):
        draw_all(case.tables, case.ard, case.curves, case.study, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["flow.svg"]
    assert old.read_text() == "old"


def test_a_flow_that_does_not_add_up_stops_before_any_file(two_groups, tmp_path):
    flow = two_groups.tables["flow"].copy()
    flow.loc[flow["BOX"] == "group:RR", "N"] = 20
    tables = two_groups.tables | {"flow": flow}
    with pytest.raises(StudyError, match="group:RR"):
        draw_all(tables, two_groups.ard, two_groups.curves, two_groups.study, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_matplotlib_is_left_changed(written):
    import matplotlib
    from fontTools import subset

    assert matplotlib.rcParams["svg.hashsalt"] != "venaza"
    assert "GPOS" not in subset.Options._drop_tables_default


LONG = {
    "A": "Venetoclax and azacitidine, newly diagnosed",
    "B": "Relapsed",
    "C": "Primary refractory acute myeloid leukaemia",
    "D": "Other",
}
CASES = {
    "two groups": lambda: make_case({"ND": 29, "RR": 21}),
    "three groups": lambda: make_case({"ALL": 38, "AML low risk": 54, "AML high risk": 45}),
    "long names, one group empty": lambda names=LONG: make_case(
        {"A": 12, "B": 30, "C": 0, "D": 9}, names
    ),
    "one cohort": lambda: make_case(18),
    "nobody failed": lambda: make_case({"ND": 9, "RR": 7}, failing=False),
    "one patient": lambda: make_case(1),
}


@pytest.mark.parametrize("name", CASES)
def test_text_is_legible_inside_the_sheet_and_not_overprinted(name):
    case = CASES[name]()
    for figure in planned(case.study):
        sheet = sheet_of(case, figure)
        assert_legible(sheet, figure)


def assert_legible(sheet, figure: str) -> None:
    """Every text is 7 points or more, inside the sheet and runs into no other."""
    texts = _printed(sheet)
    assert texts, figure
    assert min(size for _, size, _ in texts) >= 7
    for text, _, box in texts:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= 1 and box.y1 <= 1
        assert inside, f"{figure}: {text!r} is cut off"
    for i, (first, _, one) in enumerate(texts):
        for second, _, other in texts[i + 1 :]:
            assert not one.overlaps(other), f"{figure}: {first!r} runs into {second!r}"


def _printed(sheet):
    """Every visible text with its size and the middle half of its height, in figure units."""
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

    figure = sheet.figure
    renderer = figure.canvas.get_renderer()
    figure.canvas.draw()
    found = []
    for text in figure.findobj(Text):
        if not text.get_visible() or not text.get_text().strip():
            continue
        box = text.get_window_extent(renderer).transformed(figure.transFigure.inverted())
        quarter = box.height / 4
        box = Bbox.from_extents(box.x0, box.y0 + quarter, box.x1, box.y1 - quarter)
        found.append((text.get_text(), text.get_fontsize(), box))
    return found


def test_the_synthetic_mark_is_there_only_for_synthetic_data(two_groups):
    sheet = sheet_of(two_groups, "km_OS")
    assert [t for t, _, _ in _printed(sheet)].count("Synthetic data") == 1
    real = SimpleNamespace(**vars(two_groups))
    real.study = two_groups.study | {"study": {"synthetic": False}}
    assert "Synthetic data" not in [t for t, _, _ in _printed(sheet_of(real, "km_OS"))]


def test_data_files_open_in_a_spreadsheet(written):
    steps = pd.read_csv(written.folder / "km_OS.csv", encoding="utf-8-sig")
    assert list(steps.columns[:3]) == ["GROUP", "CAUSE", "MONTHS"]
    assert steps["ESTIMATE"].dropna().between(0, 100).all()
