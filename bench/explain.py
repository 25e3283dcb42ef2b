"""Measure `promoter explain` offline: `python -m bench.explain`.

Prints the CPU time of the whole process against one that only imports click and msgspec, both the best of five.
Seconds depend on the machine, so the goal is the ratio. Exits 1 above the goal.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOAL, ROUNDS = 4.0, 5
COMMAND = [
    "-m",
    "promoter.cli",
    "explain",
    "pkg:npm/@acme/widget@1.5.0",
    "--in",
    "dev",
    "--rules",
    "docs/example-rules.toml",
]
BARE = ["-c", "import click, msgspec"]


def cpu_seconds(arguments: list[str]) -> float:
    """Return the user and system time of one Python process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "functions")}
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure, print, and return the exit code."""
    explain = min(cpu_seconds(COMMAND) for _ in range(ROUNDS))
    bare = min(cpu_seconds(BARE) for _ in range(ROUNDS))
    print(f"explain     {explain:.2f} s of CPU offline")
    print(f"            {explain / bare:.2f} of importing click and msgspec   (goal: at most {GOAL})")
    return 0 if explain / bare <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
