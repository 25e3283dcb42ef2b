"""Measure `promoter explain` offline: `python -m bench.explain`.

Prints the CPU time of the whole process, the best of five. Exits 1 above the goal.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOAL, ROUNDS = 0.15, 5  # seconds of CPU
COMMAND = ["explain", "pkg:npm/@acme/widget@1.5.0", "--in", "dev", "--rules", "docs/example-rules.toml"]


def cpu_seconds() -> float:
    """Return the user and system time of one call in its own process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "functions")}
    subprocess.run(
        [sys.executable, "-m", "promoter.cli", *COMMAND],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure, print, and return the exit code."""
    best = min(cpu_seconds() for _ in range(ROUNDS))
    print(f"explain     {best:.2f} s of CPU offline   (goal: at most {GOAL})")
    return 0 if best <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
