"""The bridges of real runs: every value in SAS and SPSS files, the syntax, DuckDB, R."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from tests.workflow.conftest import STUDIES
from tests.workflow.project import hashes, snakemake
from venaza.contracts.files import read_table, table_columns
from venaza.pipeline.bridges import DATASETS
from venaza.pipeline.bridges.ascii import to_ascii
from venaza.pipeline.bridges.names import short_names
from venaza.pipeline.bridges.write import write_spss, write_xpt
from venaza.preflight import load_study, settings

PAGE = Path(__file__).parents[2] / "docs/bridges.md"
needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
needs_pspp = pytest.mark.skipif(shutil.which("pspp") is None, reason="PSPP is not installed")


@pytest.fixture(scope="module")
def bridged(finished, tmp_path_factory):
    """The bridges of each study, made as the rule makes them: study -> (tables, ard, folder)."""
    made = {}
    for name in STUDIES:
        root, folder = finished / "results" / name, tmp_path_factory.mktemp(name)
        told = settings(load_study(finished, name), "bridges")
        paths = [root / f"endpoints/{table}.parquet" for table in DATASETS]
        tables = {path.stem: read_table(path) for path in paths}
        columns = {path.stem: table_columns(path) for path in paths}
        ard = read_table(root / "statistics/ard.parquet")
        write_xpt(tables, columns, told, folder / "xpt")
        write_spss(tables, columns, ard, told, folder / "spss")
        made[name] = (tables, ard.set_index("ard_id"), folder)
    return made


def plain(values: pd.Series) -> list:
    """Values to compare: texts as they are with blank for missing, numbers as floats, days."""
    if str(values.dtype) in ("string", "object", "str"):
        return [x if isinstance(x, str) else "" if pd.isna(x) else str(x) for x in values]
    if str(values.dtype).startswith("datetime"):
        return ["" if pd.isna(x) else str(x.date()) for x in values]
    return ["" if pd.isna(x) else float(x) for x in values]


def expected(name: str, table: pd.DataFrame, told: dict) -> dict[str, list]:
    """What a transport file of ``table`` should hold, by column, from the rules of the page."""
    codes = {
        r["original"]: r["written"]
        for r in told["changed"]
        if r["what"] == "code" and r["dataset"] == name.upper()
    }
    wanted = {}
    for column, short in short_names(table.columns).items():
        values = plain(table[column])
        if str(table[column].dtype) == "string":
            values = [to_ascii(codes.get(x, x) if column == "PARAMCD" else x) for x in values]
        wanted[short] = values
    return wanted


@pytest.mark.parametrize("study", STUDIES)
def test_every_value_is_in_the_transport_file(bridged, study):
    tables, _, folder = bridged[study]
    told = json.loads((folder / "xpt/define.json").read_text(encoding="utf-8"))
    assert len(told["datasets"]) >= 2
    for data in told["datasets"]:
        name = data["name"].lower()
        read, meta = pyreadstat.read_xport(folder / "xpt" / data["file"])
        wanted = expected(name, tables[name], told)
        assert list(read.columns) == list(wanted)
        for column, values in wanted.items():
            if column == "PARAM":  # says the definition too where codes share it
                assert all(a.startswith(b) for a, b in zip(read[column], values, strict=True))
                assert read.groupby("PARAM")["PARAMCD"].nunique().max() == 1
            else:
                assert plain(read[column]) == values, (name, column)
        assert all(len(label) <= 40 for label in meta.column_labels)
        assert read.get("PARAMCD", pd.Series(["x"])).str.len().max() <= 8


@needs_r
def test_r_reads_the_same_from_a_transport_file(bridged, tmp_path):
    tables, _, folder = bridged["aml_venaza"]
    code = f"""
    if (!requireNamespace("foreign", quietly = TRUE)) quit(status = 77)
    for (name in c("adsl", "adrs", "adtte", "adae", "adlb")) {{
      x <- foreign::read.xport(file.path("{folder}/xpt", paste0(name, ".xpt")))
      write.csv(format(x, digits = 17, trim = TRUE), file.path("{tmp_path}", paste0(name, ".csv")),
                row.names = FALSE)
    }}"""
    run = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
    if run.returncode == 77:
        pytest.skip("R has no package 'foreign'")
    assert run.returncode == 0, run.stderr
    for name in DATASETS:
        read, _ = pyreadstat.read_xport(
            folder / f"xpt/{name}.xpt", disable_datetime_conversion=True
        )
        with (tmp_path / f"{name}.csv").open(newline="") as file:
            header, *rows = csv.reader(file)
        assert header == list(read.columns)
        assert len(rows) == len(tables[name])
        for i, column in enumerate(header):
            for row, own in zip(rows, plain(read[column]), strict=True):
                other = row[i].strip()
                if isinstance(own, float):
                    assert float(other) == own
                else:
                    assert other == own.strip() or (own == "" and other == "NA")


@pytest.mark.parametrize("study", STUDIES)
def test_every_value_is_in_the_spss_file(bridged, study):
    tables, _, folder = bridged[study]
    told = json.loads((folder / "spss/define.json").read_text(encoding="utf-8"))
    codes = {
        (v["dataset"], v["variable"]): {c["value"]: c.get("code", c["value"]) for c in v["codes"]}
        for v in told["variables"]
    }
    for data in told["datasets"]:
        name = data["name"].lower()
        read, meta = pyreadstat.read_sav(folder / "spss" / data["file"])
        for column in tables[name]:
            values, own = plain(read[column]), plain(tables[name][column])
            own = [x.rstrip(" ") if isinstance(x, str) else x for x in own]
            behind = codes[data["name"], column]
            if behind:
                values = ["" if x == "" else behind[int(x)] for x in values]
            assert values == own, (name, column)
            assert meta.column_names_to_labels[column]


def analyses(folder: Path) -> list[dict]:
    """Each KM and COXREG command of the syntax with its patients and the numbers echoed for it."""
    frame, _ = pyreadstat.read_sav(folder / "spss/adtte.sav")
    text = (folder / "spss/survival.sps").read_bytes().decode("utf-8-sig")
    found, echoed = [], []
    for block in re.split(r"\.\n", text):
        command = block.strip()
        if command.startswith("TITLE"):
            echoed = []
        elif command.startswith("ECHO"):
            echoed.append(command[6:-1])
        elif command.startswith("SELECT IF"):
            chosen = frame[frame["PARAMCD"] == re.search(r'PARAMCD = "(.+?)"', command)[1]]
            if groups := re.search(r"ANY\(GROUP, (.+?)\)", command):
                chosen = chosen[chosen["GROUP"].isin([int(g) for g in groups[1].split(",")])]
            if missing := re.search(r"NOT MISSING\((.+?)\)", command):
                chosen = chosen[chosen[missing[1]].notna()]
        elif command.startswith(("KM", "COXREG")):
            found.append({"command": command, "rows": chosen, "echoed": " ".join(echoed)})
    return found


def in_r(analysis: dict) -> str:
    """The R that does what the command asks for; it prints chi-square, p or ratios and p."""
    command = analysis["command"]
    outcome = f"Surv(AVAL, CNSR == {re.search(r'/STATUS=CNSR.(.).', command)[1]})"
    if command.startswith("KM"):
        assert "/TEST=LOGRANK\n  /COMPARE=OVERALL POOLED" in command
        strata = re.search(r"/STRATA=(\w+)", command)
        more = f" + strata({strata[1]})" if strata else ""
        return (
            f"s <- survdiff({outcome} ~ GROUP{more}, data = x)\n"
            "df <- nlevels(factor(x$GROUP)) - 1\n"
            "cat(s$chisq, pchisq(s$chisq, df, lower.tail = FALSE), '\\n')\n"
        )
    variables = re.search(r"/METHOD=ENTER (.+)", command)[1].split()
    lines = [f"x <- x[complete.cases(x[c({', '.join(map(repr, variables))})]),]"]
    for name, place in re.findall(r"/CONTRAST \((\w+)\)=INDICATOR\((\d+)\)", command):
        lines.append(f"x${name} <- factor(x${name}); ")
        lines.append(f"x${name} <- relevel(x${name}, levels(x${name})[{place}])")
    lines.append(
        f"m <- summary(coxph({outcome} ~ {' + '.join(variables)}, data = x, ties = 'breslow'))"
    )
    lines.append("cat(m$n, m$nevent, rbind(m$conf.int[, c(1, 3, 4), drop = FALSE] |> t(), ")
    lines.append("    m$coefficients[, 5]), '\\n')")
    return "\n".join(lines) + "\n"


@needs_r
@pytest.mark.parametrize("study", STUDIES)
def test_r_does_what_the_syntax_asks_and_finds_the_echoed_numbers(bridged, study, tmp_path):
    _, ard, folder = bridged[study]
    asked = analyses(folder)
    code = "library(survival)\n"
    for i, analysis in enumerate(asked):
        analysis["rows"].to_csv(tmp_path / f"{i}.csv", index=False)
        code += f"x <- read.csv('{tmp_path}/{i}.csv')\n{in_r(analysis)}"
    (tmp_path / "run.R").write_text(code)
    run = subprocess.run(
        ["Rscript", tmp_path / "run.R"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    lines = [[float(x) for x in line.split()] for line in run.stdout.splitlines()]
    moved = 0.0
    for analysis, got in zip(asked, lines, strict=True):
        if analysis["command"].startswith("KM"):
            name = re.search(r"ARD (logrank\S+): chi", analysis["echoed"])[1]
            assert got[0] == pytest.approx(ard.loc[f"{name}.chi_square", "value"], rel=1e-6)
            assert got[1] == pytest.approx(ard.loc[f"{name}.p_value", "value"], rel=1e-6)
            continue
        said = re.findall(
            r"ARD (cox\S+?)(?: \([^)]*\))?: (\S+), .+?Exp\(B\) (\S+), (\S+) to (\S+), Sig (\S+)",
            analysis["echoed"],
        )
        n, events = re.search(r": n (\d+), events (\d+)", analysis["echoed"]).groups()
        assert [float(n), float(events)] == got[:2]
        levels = re.findall(r"ARD (cox[^ :]+)(?: \([^)]*\))?: (?!n \d)", analysis["echoed"])
        assert len(levels) * 4 == len(got) - 2
        for place, efron, *numbers in said:
            i = levels.index(place)
            own = got[2 + 4 * i : 6 + 4 * i]
            number = ard.loc[f"{place}.hazard_ratio", "value"]
            assert float(efron) == pytest.approx(number, abs=6e-5)
            assert own == pytest.approx([float(x) for x in numbers], abs=6e-4, rel=1e-5)
            moved = max(moved, abs(own[0] / number - 1))
    assert moved < 0.1, "docs/bridges.md says less than 10%"
    kinds = {"logrank": "KM", "cox": "COXREG"}
    for analysis, command in kinds.items():
        there = ard[(ard["analysis"] == analysis) & ard["value"].notna()]
        assert bool(len(there)) == any(a["command"].startswith(command) for a in asked)


def pspp(folder: Path, text: str) -> tuple[list[str], str]:
    """The errors, and the tables as CSV, of PSPP running ``text`` in ``folder``."""
    path = folder / "tried.sps"
    path.write_text(text, encoding="utf-8-sig")
    run = subprocess.run(
        ["pspp", "-O", "format=csv", "-o", "tried.csv", path.name],
        *(),
        **{"cwd": folder, "capture_output": True, "text": True, "check": False},
    )
    lines = (run.stdout + run.stderr).splitlines()
    return [x for x in lines if "error" in x], (folder / "tried.csv").read_text(encoding="utf-8")


@needs_pspp
@pytest.mark.parametrize("study", STUDIES)
def test_pspp_runs_all_but_the_commands_that_it_lacks(bridged, study):
    _, ard, folder = bridged[study]
    text = (folder / "spss/survival.sps").read_bytes().decode("utf-8-sig")
    errors, _ = pspp(folder / "spss", text)
    unknown = [x for x in errors if "not yet implemented" in x]
    assert len(unknown) == len(analyses(folder))
    # TEMPORARY waits for a procedure, and the one after it was none to PSPP.
    assert all("TEMPORARY" in x for x in errors if x not in unknown)
    counted = re.sub(r"(?m)^(KM|COXREG) AVAL[^.]*(\.\d[^.]*)*\.\n", "FREQUENCIES CNSR.\n", text)
    errors, tables = pspp(folder / "spss", counted)
    assert errors == []
    titles = re.findall(r'TITLE "(.+?): log-rank', text)
    totals = re.findall(r"(?m)^Total,+Count,(.+)$", tables)
    assert len(totals) == len(titles)
    assert bool(titles) == ("logrank" in set(ard["analysis"]))
    for endpoint, line in zip(titles, totals, strict=True):
        groups = ard[
            (ard["endpoint"] == endpoint) & (ard["analysis"] == "kaplan_meier") & ard["time"].isna()
        ]
        own = groups[groups["group"].notna()]
        events = own.loc[own["statistic"] == "events", "value"].sum()
        n = own.loc[own["statistic"] == "n", "value"].sum()
        counts = [float(x) for x in line.split(",")]
        assert counts[-1] == n
        assert counts[0] == events or events == 0


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.S)


def test_duckdb_runs_the_page_and_finds_the_numbers_of_the_ard(finished, bridged, monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(finished)
    response, events, medians, described = [duckdb.sql(q).df() for q in blocks("sql")]
    ard = bridged["aml_venaza"][1]
    assert len(response) == 2
    for row in response.itertuples():
        assert row.n == ard.loc[f"rate.ORR.{row.GROUP_}.n", "value"]
        assert row.denominator == ard.loc[f"rate_all.ORR.{row.GROUP_}.denominator", "value"]
    seen = set()
    for row in events.itertuples():
        own = bridged[row.STUDYID][1]
        group = "all" if row.GROUP_ is None else re.sub(r"[^A-Za-z0-9]+", "_", row.GROUP_)
        key = f"km.{row.PARAMCD}.{group}"
        if f"{key}.events" in own.index:  # an endpoint with competing risks has no such row
            assert (row.events, row.n) == (
                own.loc[f"{key}.events", "value"],
                own.loc[f"{key}.n", "value"],
            )
            seen.add(row.STUDYID)
    assert seen == set(STUDIES)
    assert set(medians["study"]) == set(STUDIES)
    types = dict(zip(described["column_name"], described["column_type"], strict=True))
    assert {types[c] for c in ("AVAL", "CNSR", "SRCSEQ")} == {"BIGINT"}
    assert {types[c] for c in ("ADT", "STARTDT")} == {"DATE"}
    assert {types[c] for c in ("USUBJID", "PARAMCD")} == {"VARCHAR"}


@needs_r
def test_the_r_of_the_page_runs(finished, bridged):
    (code,) = blocks("r")
    run = subprocess.run(
        ["Rscript", "-e", code], cwd=finished, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    chi, p = re.search(r"Chisq= (\S+)\s+on 1 degrees of freedom, p= (\S+)", run.stdout).groups()
    ard = bridged["aml_venaza"][1]
    assert float(chi) == pytest.approx(ard.loc["logrank.OS.chi_square", "value"], abs=0.05)
    assert float(p) == pytest.approx(ard.loc["logrank.OS.p_value", "value"], abs=0.005)


def test_a_run_makes_them_when_asked_and_removes_them_when_not(finished, tmp_path):
    project = shutil.copytree(finished, tmp_path / "project", symlinks=True)
    root = project / "results/bmt"
    before = hashes(root)
    for asked, there in (("xpt,spss", {"xpt", "spss"}), ("", set())):
        run = snakemake(project, "--config", "studies=bmt", f"bridges={asked}")
        assert run.returncode == 0, run.stdout + run.stderr
        assert {p.parent.name for p in root.glob("bridges/*/define.json")} == there
        assert {p.stem for p in root.glob("logs/bridge_*.log")} == {f"bridge_{x}" for x in there}
        manifest = json.loads((root / "audit/manifest.json").read_text(encoding="utf-8"))
        listed = [e for e in manifest["files"] if e["file"].startswith("bridges/")]
        assert {e["file"].split("/")[1] for e in listed} == there
        assert {(e["stage"], e["rule"]) for e in listed} == {
            ("bridges", f"bridge_{name}") for name in there
        }
        assert all(e["made_from"] for e in listed)
    assert hashes(root) == before
