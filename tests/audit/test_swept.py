"""What a run no longer asks for is removed, and only that."""

from pathlib import Path

from venaza.contracts.record import file_hash
from venaza.contracts.word_files import note
from venaza.pipeline.audit.sweep import sweep_results

FILES = (
    *("bridges/xpt/adsl.xpt", "bridges/spss/adsl.sav", "settings/bridges.json", "a.txt"),
    *("records/clean.json", "records/render_pdf.json", "logs/clean.log", "logs/audit.log"),
    *("logs/bridge_xpt.log", "report/manuscript.pdf", "report/manuscript.html"),
    *("report/source/a.md", "report/mine.docx", "report/edited/manuscript_edited_a_1.docx"),
    *("audit/baseline/2020-01-01/x.csv", "audit/baseline/2019-01-01/x.csv"),
)
STAYS = [
    *("a.txt", "audit/baseline/2020-01-01/x.csv", "logs/audit.log", "logs/clean.log"),
    *("records/clean.json", "report/edited/manuscript_edited_a_1.docx"),
    *("report/manuscript.html", "report/mine.docx", "report/source/a.md"),
]


def test_what_is_asked_for_stays(tmp_path):
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x")

    def left():
        return sorted(
            p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()
        )

    wanted = {"jobs": ["clean"], "runs": {"2020-01-01"}, "documents": ["manuscript.html"]}
    sweep_results(tmp_path, **wanted, bridges=["xpt"])
    assert left() == sorted([*STAYS, "bridges/xpt/adsl.xpt", "settings/bridges.json"])
    sweep_results(tmp_path, **wanted, bridges=[])
    sweep_results(tmp_path, **wanted, bridges=[])
    assert left() == STAYS
    assert not (tmp_path / "bridges").exists()


def test_an_edited_word_file_of_a_format_no_longer_asked_for_is_kept_aside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    root = Path("results/s")
    manuscript, letter = root / "report/manuscript.docx", root / "report/cover_letter.docx"
    for file in (manuscript, letter):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("as written")
        note(file, {file_hash(file): "2020-01-01"})
    manuscript.write_text("edited")
    sweep_results(root, jobs=[], runs=[], documents=[], bridges=[])
    assert [(p.name[:27], p.read_text()) for p in sorted(root.rglob("*.docx"))] == [
        ("manuscript_edited_2020-01-0", "edited")
    ]
