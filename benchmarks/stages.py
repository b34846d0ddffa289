"""Measures CPU time and peak memory of each stage on a large synthetic cohort, beside a commit.

    python benchmarks/stages.py --patients 5000 --beside 8c2699b
    python benchmarks/stages.py --patients 50000 --stages intake clean endpoints

Run from the checkout in an environment with the requirements. Both versions work in temporary
copies, each on the cohort that its own ``simulate`` writes; stage by stage they take turns, so that
a machine that grows slower does so for both. Only jobs are measured, with the processes that they
start; Snakemake itself is not. Needs Linux and git.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from measure import ROOT, copy_checkout

STAGES = ("intake", "clean", "endpoints", "statistics", "audit")
#: Put on the path of every job: at its end it writes what the process and its children used.
_METER = """
import atexit, json, os, resource, sys

def write():
    own, below = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = sum(u.ru_utime + u.ru_stime for u in (own, below))
    used = {"script": os.path.basename(sys.argv[0]).split(".", 1)[-1], "seconds": seconds,
            "peak": max(own.ru_maxrss, below.ru_maxrss) * 1024}
    with open(os.path.join(os.environ["VENAZA_METER"], f"{os.getpid()}.json"), "w") as file:
        json.dump(used, file)

if sys.argv and ".snakemake/scripts" in sys.argv[0]:
    atexit.register(write)
"""


@dataclass(frozen=True)
class Used:
    """What the job of a stage used: seconds of CPU time, and bytes of its largest process."""

    seconds: float
    peak: int


@dataclass(frozen=True)
class Version:
    """A version of the project in a folder of its own, with the folder its jobs are metered in."""

    name: str
    folder: Path
    meter: Path

    def environment(self) -> dict[str, str]:
        """The environment of its commands."""
        known = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{known['PATH']}"
        return {
            **known,
            "PATH": path,
            "PYTHONPATH": str(self.meter),
            "VENAZA_METER": str(self.meter),
        }

    def run(self, *arguments: str) -> None:
        """Run Python with ``arguments`` in the folder; raises ``RuntimeError`` if that fails."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{self.name}: {arguments} failed:\n{done.stdout}{done.stderr}")

    def stage(self, stage: str) -> Used:
        """Run a stage, and what it needs that is not there yet."""
        for file in self.meter.glob("*.json"):
            file.unlink()
        options = ["--cores", "1", "--config", "studies=measured", "formats=html"]
        self.run("-m", "snakemake", "--until", stage, *options)
        jobs = [json.loads(file.read_text()) for file in self.meter.glob("*.json")]
        own = [job for job in jobs if job["script"] == f"{stage}.py"]
        return Used(sum(job["seconds"] for job in own), max(job["peak"] for job in own))


def version(name: str, folder: Path, commit: str | None) -> Version:
    """A copy of the checkout as it stands, or of a commit, ready to run."""
    made = Version(name, folder / name, folder / f"{name}-meter")
    made.folder.mkdir()
    made.meter.mkdir()
    (made.meter / "sitecustomize.py").write_text(_METER)
    if commit is None:
        copy_checkout(made.folder)
    else:
        tree = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
        subprocess.run(["tar", "-x"], cwd=made.folder, input=tree.stdout, check=True)
    return made


def measure(versions: list[Version], patients: int, stages: list[str]) -> dict[str, list[Used]]:
    """For each stage what each version used, in the order of ``versions``."""
    told = ("--like", "aml_venaza", "--patients", str(patients), "--seed", "7")
    for one in versions:
        one.run("-m", "venaza", "simulate", *told, "--to", "data/raw/measured")
    return {stage: [one.stage(stage) for one in versions] for stage in stages}


def as_table(found: dict[str, list[Used]], versions: list[Version]) -> str:
    """The measurements as a Markdown table, with ratios where there are two versions."""
    names = [one.name for one in versions]
    heads = ["stage", *(f"{n}, CPU" for n in names), *(f"{n}, memory" for n in names)]
    heads += ["ratio of CPU", "of memory"] if len(names) > 1 else []
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for stage, used in found.items():
        line = [
            stage,
            *(f"{u.seconds:.1f} s" for u in used),
            *(f"{u.peak / 1e6:.0f} MB" for u in used),
        ]
        if len(used) > 1:
            before, now = used
            line += [f"{now.seconds / before.seconds:.2f}", f"{now.peak / before.peak:.2f}"]
        lines.append(line)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--patients", type=int, default=5000)
    parser.add_argument("--stages", nargs="+", default=list(STAGES), choices=STAGES)
    parser.add_argument("--beside", metavar="COMMIT", help="measure this commit too, in turn")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="venaza-stages-") as name:
        versions = [version(wish.beside, Path(name), wish.beside)] if wish.beside else []
        versions.append(version("now", Path(name), None))
        found = measure(versions, wish.patients, wish.stages)
    print(f"{wish.patients} patients, load {os.getloadavg()[0]:.0f}\n")
    print(as_table(found, versions))


if __name__ == "__main__":
    main()
