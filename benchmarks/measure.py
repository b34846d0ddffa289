"""Measures the main job: wall time from nothing and with nothing to do, and peak memory.

Run from the checkout in an environment with the requirements: python benchmarks/measure.py
The job runs in a temporary copy, so the checkout and its results are left as they are.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PAGE = os.sysconf("SC_PAGE_SIZE")
_EVERY = 0.05


@dataclass(frozen=True)
class Measured:
    """One run: seconds of wall time, and the largest sum of memory in bytes."""

    seconds: float
    peak: int


def copy_checkout(target: Path) -> None:
    """Copy what git tracks or would track, as it is in the working folder, to ``target``."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in names.decode().split("\0"):
        source = ROOT / name
        if not name or not os.path.lexists(source):
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target / name, follow_symlinks=False)


def processes() -> dict[int, tuple[int, int]]:
    """Every process: its parent and its resident memory in bytes (Linux)."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(entry.name)] = (int(fields[1]), int(fields[21]) * _PAGE)
    return found


def memory_of_tree(top: int) -> int:
    """Resident memory of a process and all that it started; shared pages count each time."""
    found = processes()
    family, grown = {top}, True
    while grown:
        more = {pid for pid, (parent, _) in found.items() if parent in family} - family
        grown = bool(more)
        family |= more
    return sum(found[pid][1] for pid in family if pid in found)


def run(command: list[str], folder: Path, environment: dict[str, str]) -> Measured:
    """Run ``command`` in ``folder``; raises ``RuntimeError`` with its output if it fails."""
    peak, over = 0, threading.Event()

    def watch(pid: int) -> None:
        nonlocal peak
        while not over.wait(_EVERY):
            peak = max(peak, memory_of_tree(pid))

    start = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        watcher = threading.Thread(target=watch, args=(process.pid,))
        watcher.start()
        output, _ = process.communicate()
    seconds = time.perf_counter() - start
    over.set()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{output}")
    return Measured(seconds, peak)


def measure(study: str, cores: int, repeats: int) -> dict[str, list[Measured]]:
    """``repeats`` runs from nothing, each followed by one with nothing to do."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    command = [sys.executable, "-m", "snakemake", "--cores", str(cores)]
    command += ["--config", f"studies={study}"] if study else []
    found: dict[str, list[Measured]] = {"from nothing": [], "nothing to do": []}
    with tempfile.TemporaryDirectory(prefix="venaza-measure-") as name:
        folder = Path(name)
        copy_checkout(folder)
        for _ in range(repeats):
            shutil.rmtree(folder / "results", ignore_errors=True)
            shutil.rmtree(folder / ".snakemake", ignore_errors=True)
            for kind in found:
                found[kind].append(run(command, folder, environment))
    return found


def as_table(found: dict[str, list[Measured]]) -> str:
    """The measurements as a Markdown table: each repeat, their median and the highest peak."""
    repeats = max(map(len, found.values()))
    heads = ["run", *(f"repeat {i + 1}" for i in range(repeats)), "median", "peak memory"]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for kind, runs in found.items():
        seconds = [one.seconds for one in runs]
        peak = max(one.peak for one in runs) / 1e6
        shown = [f"{value:.2f} s" for value in (*seconds, statistics.median(seconds))]
        lines.append([kind, *shown, f"{peak:.0f} MB"])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--study", default="", help="default: that of config/config.yaml")
    parser.add_argument("--cores", type=int, default=4, help="given to snakemake (default 4)")
    parser.add_argument("--repeats", type=int, default=3, help="default 3")
    wish = parser.parse_args()
    found = measure(wish.study, wish.cores, wish.repeats)
    there = len(os.sched_getaffinity(0))
    print(f"snakemake --cores {wish.cores} on a machine with {there} cores\n")
    print(as_table(found))


if __name__ == "__main__":
    main()
