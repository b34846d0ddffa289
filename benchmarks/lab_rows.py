"""Measures the reading of a hospital's laboratory rows (a CSV of 5 columns) beside pandas.

    python benchmarks/lab_rows.py
    python benchmarks/lab_rows.py --rows 200000

Run from the checkout in an environment with the requirements. In a temporary copy the laboratory
sheet of 500 synthetic patients is replaced by invented rows (patient number, date, item, result,
unit). Then intake, which writes every cell with its address as Parquet and CSV, takes turns with
``pandas.read_csv(dtype=str)``, which only reads the file. Needs Linux and git.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from stages import Used, Version, version

ITEMS = {
    "白细胞": (0.1, 80, "×10^9/L"),
    "中性粒细胞": (0.0, 40, "×10^9/L"),
    "血红蛋白": (40, 170, "g/L"),
    "血小板": (1, 500, "×10^9/L"),
    "肌酐": (30, 400, "μmol/L"),
    "总胆红素": (2, 120, "μmol/L"),
    "ALT": (4, 600, "U/L"),
    "钾": (2, 7, "mmol/L"),
}
#: pandas in a process of its own, which says what it used.
_PANDAS = """
import json, resource, sys
import pandas
before = resource.getrusage(resource.RUSAGE_SELF)
frame = pandas.read_csv(sys.argv[1], dtype=str)
used = resource.getrusage(resource.RUSAGE_SELF)
seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps([len(frame), seconds, used.ru_maxrss * 1024]))
"""


def write_rows(path: Path, rows: int) -> None:
    """A laboratory's CSV with so many invented rows of 500 patients, the same each time."""
    drawn = random.Random(7)
    names = list(ITEMS)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write("病案号,日期,项目,结果,单位\n")
        for _ in range(rows):
            item = drawn.choice(names)
            low, high, unit = ITEMS[item]
            day = f"{drawn.randint(2019, 2023)}-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}"
            patient = f"SIM{drawn.randint(1, 500):05}"
            file.write(f"{patient},{day},{item},{drawn.uniform(low, high):.2f},{unit}\n")


def prepare(now: Version, rows: int) -> Path:
    """A study of 500 patients with so many laboratory rows, as the sheet of its laboratory."""
    told = ("--like", "aml_venaza", "--patients", "500", "--seed", "7")
    now.run("-m", "venaza", "simulate", *told, "--to", "data/raw/measured")
    study = now.folder / "config/studies/measured.yaml"
    limits = f"\nlimits:\n  cells: {rows * 5 + 1_000_000}\n  grid: {rows * 5 + 1_000_000}\n"
    study.write_text(study.read_text(encoding="utf-8") + limits, encoding="utf-8")
    (path,) = now.folder.glob("data/raw/measured/*/化验.csv")
    write_rows(path, rows)
    return path


def by_pandas(path: Path) -> Used:
    """What reading the file as text by pandas uses, its import apart."""
    done = subprocess.run(
        [sys.executable, "-c", _PANDAS, str(path)], capture_output=True, check=True, text=True
    )
    _, seconds, peak = json.loads(done.stdout)
    return Used(seconds, peak)


def by_intake(now: Version) -> Used:
    """What the job of intake uses, imports, the patients' other sheets and the hashes included."""
    for made in now.folder.glob("results/*/records/intake.json"):
        made.unlink()
    return now.stage("intake")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--repeats", type=int, default=2)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="venaza-lab-rows-") as name:
        now = version("now", Path(name), None)
        path = prepare(now, wish.rows)
        print(f"{wish.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB", end="")
        print(f", load {os.getloadavg()[0]:.0f}\n")
        print("| pandas.read_csv | intake | ratio of CPU | memory of intake |")
        print("| ---: | ---: | ---: | ---: |")
        for _ in range(wish.repeats):
            read, made = by_pandas(path), by_intake(now)
            shown = f"{made.seconds / read.seconds:.1f} | {made.peak / 1e6:.0f} MB"
            print(f"| {read.seconds:.2f} s | {made.seconds:.2f} s | {shown} |", flush=True)


if __name__ == "__main__":
    main()
