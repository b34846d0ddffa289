"""The words at the end of a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from venaza.contracts.record import write_record
from venaza.rerun.state import Past, record_of
from venaza.rerun.summary import Ran, Told, stopped, summary

JOBS = ["intake", "clean", "statistics", "figures_curves", "figures_others", "render_pdf"]
RECORDS = [record_of("s", job) for job in JOBS]
STUDY = Told("s", "Study S, export 2020-01-01", ["html", "pdf"], RECORDS)
EARLIER = record_of("s/audit/baseline/2019-01-01", "clean")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for record in RECORDS:
        write_record(Path(record), {"data/raw/s/2020-01-01/a.csv": "1"}, {})
    return tmp_path


def past(**read) -> Past:
    return Past({r: {"made_from": read.get(Path(r).stem, {}), "made": {}} for r in RECORDS})


def lines(*ran: Ran, before: Past | None = None, study: Told = STUDY) -> list[str]:
    return summary([study], list(ran), before or Past(), Path("kept")).splitlines()


def test_nothing_to_do():
    assert lines() == ["Study S, export 2020-01-01", "  redone   nothing: all is up to date"]


def test_all_for_the_first_time():
    assert lines(*map(Ran, RECORDS))[1] == "  made     all of it, for the first time"


def test_a_raw_file_that_changed():
    was = {"data/raw/s/2020-01-01/a.csv": "0"}
    found = lines(Ran(RECORDS[0]), before=past(intake=was))
    assert found[1:] == [
        "  redone   intake",
        "  because  changed file: data/raw/s/2020-01-01/a.csv",
        "  kept     cleaning, statistics, figures, report",
    ]


def test_new_and_gone_files_and_more_than_are_shown():
    was = {f"data/raw/s/2020-01-01/{n}.csv": "0" for n in "bcdef"}
    found = lines(Ran(RECORDS[0]), before=past(intake=was))
    assert found[2] == "  because  new file: data/raw/s/2020-01-01/a.csv"
    assert " ".join(line.strip() for line in found[3:5]) == (
        "gone file: data/raw/s/2020-01-01/b.csv, data/raw/s/2020-01-01/c.csv, "
        "data/raw/s/2020-01-01/d.csv and 2 more"
    )


def test_forced_interrupted_and_missing():
    gone = Past({RECORDS[2]: {"made_from": {}, "made": {}}}, {RECORDS[2]: ["results/s/x.csv"]})
    ran = [Ran(RECORDS[0], forced=True), Ran(RECORDS[1], interrupted=True), Ran(RECORDS[2])]
    assert lines(*ran, before=gone)[2:5] == [
        "  because  it was asked for",
        "           it was interrupted",
        "           missing: results/s/x.csv",
    ]


def test_the_exports_that_it_is_compared_with_have_lines_of_their_own():
    study = Told("s", "S", ["html"], RECORDS, {"compared with 2019-01-01": [EARLIER]})
    assert lines(Ran(EARLIER, forced=True), study=study)[:3] == [
        "S",
        "  redone   nothing: all is up to date",
        "  compared with 2019-01-01",
    ]
    assert "compared with 2019-01-01" not in "\n".join(lines(study=study))


def test_queries_alarms_and_documents_are_counted(folder):
    root = folder / "results/s"
    for name in ("clean", "queries", "audit", "report"):
        (root / name).mkdir()
    (root / "clean/queries.csv").write_text("\ufeffQUERYID,SEVERITY\n1,error\n2,warning\n3,error\n")
    (root / "audit/changes.csv").write_text("\ufeffKIND\nalarm\ncell\nalarm\n")
    for file in (
        *("queries/queries.xlsx", "audit/changes.html", "audit/index.html"),
        *("report/manuscript.html", "report/manuscript.pdf", "index.html"),
    ):
        (root / file).touch()
    study = Told("s", "S", ["html", "pdf"], RECORDS, {}, compared=True, renderer="Quarto 1.9")
    assert lines(study=study)[2:] == [
        "  start    results/s/index.html leads to all of it",
        "  report   results/s/report/manuscript.html, .pdf",
        "  rendered by Quarto 1.9",
        "  queries  2 errors, 1 warning: results/s/queries/queries.xlsx",
        "  changes  2 alarms in what has changed: results/s/audit/changes.html",
        "  audit    results/s/audit/index.html",
    ]


def test_every_line_fits_a_terminal():
    was = {f"data/raw/s/2020-01-01/a long name of a file {n}.csv": "0" for n in range(9)}
    found = lines(*map(Ran, RECORDS), before=past(**dict.fromkeys(JOBS, was)))
    assert max(map(len, found)) <= 80


def test_a_run_that_stopped_repeats_what_the_job_said(folder):
    log = folder / "clean.log"
    log.write_text("A death lies before the index date.\n  to do:  Correct it.\n")
    Path(RECORDS[1]).unlink()
    ran = [
        Ran(RECORDS[0]),
        Ran(RECORDS[1], finished=False, failed=True, log=str(log)),
        Ran(RECORDS[2], finished=False),
    ]
    found = stopped([STUDY], ran).splitlines()
    assert found[:2] == ["A death lies before the index date.", "  to do:  Correct it."]
    assert found[2:4] == [
        "The run stopped: not every job could be done.",
        "  left     s: cleaning, statistics",
    ]
    assert found[4].startswith("  kept     s: intake, figures, report")


def test_figures_with_words_that_no_font_has_are_told_at_the_end(folder):
    logs = folder / "results/s/logs"
    logs.mkdir(parents=True)
    (logs / "figures_curves.log").write_text(
        "not printable in km_OS: [1] stands for 初治\nkm_OS.svg\n", encoding="utf-8"
    )
    (logs / "figures_others.log").write_text("flow.svg\n", encoding="utf-8")
    said = " ".join(" ".join(lines()).split())
    assert "figures no font has all words of km_OS: [1] and the like" in said
    assert "fonts-noto-cjk" in said
    assert "flow" not in said
    (logs / "figures_curves.log").write_text("km_OS.svg\n", encoding="utf-8")
    assert "no font" not in " ".join(lines())


def test_what_only_the_authors_can_do_is_told_at_the_end(folder):
    source = folder / "results/s/report/source"
    source.mkdir(parents=True)
    moved = {"text": "discussion", "ard_id": "km.OS.all.median", "was": "11.93", "now": "12.10"}
    notes = {
        "lacking": ["ethics"],
        "moved": [moved],
        "unseen": ["n.ITT.all", "km.OS.all.n"],
        "not_there": ["fig km_XYZ"],
    }
    (source / "_author.json").write_text(json.dumps(notes), encoding="utf-8")
    said = " ".join(" ".join(lines()).split())
    assert "to fill ethics: in config/studies/s.yaml > report, or config/studies/s/" in said
    assert "main report > main names what is not there: fig km_XYZ" in said
    assert "your discussion quotes 11.93 (km.OS.all.median); it is now 12.10." in said
    assert "your texts quote 2 numbers that you have not confirmed to have seen." in said


def test_edited_word_files_that_were_kept_aside_are_told_whether_the_run_ended_well_or_not(folder):
    edited = folder / "results/s/report/edited"
    edited.mkdir(parents=True)
    (edited / "manuscript_edited_2020-01-01_0123abcd.docx").touch()
    said = " ".join(" ".join(lines()).split())
    assert (
        "edited results/s/report/edited/manuscript_edited_2020-01-01_0123abcd.docx is the Word "
        "file with your edits, which was made anew. Carry over what is to stay into "
        "config/studies/s.yaml > report and config/studies/s/ (docs/manuscript.md), then move the "
        "copy away"
    ) in said
    assert "0123abcd.docx is the Word file" in " ".join(stopped([STUDY], []).split())
    assert "  open " not in "\n".join(lines())
    (folder / "results/s/report/manuscript.docx").touch()
    (folder / "results/s/report/.~lock.manuscript.docx#").touch()
    assert "manuscript.docx is open in Word or LibreOffice" in " ".join(lines())


def test_an_edited_word_file_is_why_a_report_was_made_again():
    edited = Past({RECORDS[5]: {"made_from": {}, "made": {}}}, edited={RECORDS[5]: ["x.docx"]})
    assert lines(Ran(RECORDS[5]), before=edited)[2] == "  because  edited by hand: x.docx"
