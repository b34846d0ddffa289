"""Whatever is sent, new-study ends in a study file that loads, or in one clear error."""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from venaza.commands.new_study.command import new_study
from venaza.contracts.errors import StudyError
from venaza.study.synonyms import load_synonyms, words

ROOT = Path(__file__).parents[2]
DOCUMENT = load_synonyms(ROOT).document
HEADERS = [
    *(
        word
        for columns in DOCUMENT["columns"].values()
        for e in columns.values()
        for word in words(e)
    ),
    *(word for entry in DOCUMENT["events"].values() for word in words(entry)),
    *words(DOCUMENT["patient"]) * 3,
    *(
        "",
        " ",
        "{n}",
        "x_{n}",
        "date_1",
        "date_2",
        "疗效1",
        "疗效2",
        "C1 start date",
        "C2 start date",
    ),
    *("姓名", "WBC(×10^9/L)", "a: b", "# x", "'", '"', "- y", "yes", "null", "1", "[1]", "a\nb"),
    *("redcap_event_name", "redcap_repeat_instrument", "patient id", "index date", "start date"),
]
CELLS = [
    *("", "1", "0", "2", "-999", "3.5", "12", "70", "<0.5", "1e5", "2021-01-05", "2021/2/3"),
    *(
        "2021年3月5日",
        "20210305",
        "44260",
        "3/5/2021",
        "CR",
        "PR",
        "复发",
        "死亡",
        "存活",
        "是",
        "否",
    ),
    *("男", "F", "NPM1", "TP53", "突变", "WBC", "10^9/L", "初治", "A", "B", "中性粒细胞减少", "无"),
    *("46,XX[20]", "#", "'", "{n}", ": x", "\x07", "= 1", "response", "王小明", "13912345678"),
]
NAMES = ["患者", "疗效", "labs", "Sheet1", "x.y", "2021", "随访 2021-03", "移植", "data[1]"]


@st.composite
def exports(draw) -> dict[str, list[list[str]]]:
    """One to three files: headers of any table, rows of any cells, often with a usable key."""
    made = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)):
        headers = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=9))
        width = len(headers)
        row = st.lists(st.sampled_from(CELLS), min_size=0, max_size=width + 1)
        rows = draw(st.lists(row, max_size=8))
        if draw(st.sampled_from([True, True, False])):
            headers = ["patient id", "index date", *headers]
            rows = [[f"P{i // 2}", "2021-01-05", *cells] for i, cells in enumerate(rows)]
        titles = draw(st.lists(st.just(["合成数据"]), max_size=2))
        made[name] = [*titles, headers, *rows]
    return made


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(export=exports())
def test_any_export_ends_in_a_study_file_that_loads_or_in_a_clear_error(export):
    with tempfile.TemporaryDirectory() as made:
        project = Path(made)
        for folder in ("config", "workflow/schemas"):
            shutil.copytree(ROOT / folder, project / folder)
        for name, rows in export.items():
            with open(project / f"{name}.csv", "w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(rows)
        sent = project / "sent"
        sent.mkdir()
        for path in project.glob("*.csv"):
            path.rename(sent / path.name)
        try:
            told, refused = new_study(project, "fresh", sent), ""
        except StudyError as error:
            told, refused = "", str(error)
        assert "to do:" in refused if refused else "needs your hand" not in told, told
        assert (project / "config/studies/fresh.yaml").exists() == (not refused)
