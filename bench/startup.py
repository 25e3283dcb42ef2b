"""Measure a cold start from the built artifact: `python -m bench.startup DIRECTORY`.

Each figure is a ratio to a bare `boto3.client("codeartifact")` with bytecode, measured in the same round and
without the bare interpreter; the median of all rounds. Exits 1 beyond a goal.

The goal for time is set for a whole process. That includes the end of the process, which `gc.freeze()` shortens
and Lambda does not wait for, so the time until the function is ready is printed as well, without a goal.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from statistics import median

ROUNDS = 15
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "COPIES_PER_SECOND": "1.5",
    "PROMOTION_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/promotion",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/dead",
    "DOMAIN_OWNER": "123456789012",
    "NOTIFICATION_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:topic",
    "PROMOTION_QUEUE_ARN": "arn:aws:sqs:us-east-1:123456789012:promotion",
    "SCHEDULE_GROUP": "package-promoter",
    "SCHEDULER_ROLE_ARN": "arn:aws:iam::123456789012:role/scheduler",
    "SCHEDULE_DEAD_LETTER_QUEUE_ARN": "arn:aws:sqs:us-east-1:123456789012:schedule-dead",
}
PROGRAMS = {
    "interpreter": "",
    "boto3.client": 'import boto3; boto3.client("codeartifact")',
    "ready": "import promoter.handlers",
}
READY, MEMORY = 0.80, 1.0  # goals
# the program itself reads the clock, which all processes share
REPORT = """
import time
ready = time.perf_counter()
print(ready, open("/proc/self/status").read().partition("VmRSS:")[2].split()[0])
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One process: seconds until it ended and until its program was done, and resident memory in MiB then."""

    seconds: float
    until_ready: float
    memory: float


def measure(python: str, artifact: Path, rounds: int) -> dict[str, list[Sample]]:
    """Run every program once a round. The first round only fills the caches."""
    samples: dict[str, list[Sample]] = {program: [] for program in PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        sdk, bytecode = Path(folder) / "sdk", Path(folder) / "bytecode"
        _link_sdk(sdk)
        # the artifact brings its bytecode; the reference writes its own in the first round
        reference, ready = ([python, "-X", f"pycache_prefix={bytecode}"], sdk), ([python, "-B"], artifact)
        for program in list(PROGRAMS) * (rounds + 1):
            interpreter, path = ready if program == "ready" else reference
            samples[program].append(run(interpreter, path, PROGRAMS[program]))
    return {program: each[1:] for program, each in samples.items()}


def run(python: list[str], path: Path, code: str) -> Sample:
    """Run a program in a fresh interpreter that finds the standard library and `path` only."""
    program = f"import sys; sys.path.insert(0, {str(path)!r})\n{code}\n{REPORT}"
    start = time.perf_counter()
    done = subprocess.run(
        [*python, "-I", "-S", "-c", program], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    ready, kibibytes = done.stdout.split()
    return Sample(seconds, float(ready) - start, int(kibibytes) / 1024)


def ratio(samples: dict[str, list[Sample]], value: Callable[[Sample], float]) -> float:
    """Compare the ready function with boto3.client, both without the bare interpreter."""
    rounds = zip(*(samples[program] for program in PROGRAMS), strict=True)
    return median(
        (value(ready) - value(bare)) / (value(reference) - value(bare)) for bare, reference, ready in rounds
    )


def main(artifact: Path) -> int:
    """Measure, print, and return the exit code."""
    python = which("python3.13")
    if python is None:
        print("the artifact runs on python3.13, which is not on the PATH", file=sys.stderr)
        return 1
    # a version manager's shim would take longer than what is measured
    python = subprocess.check_output([python, "-c", "import sys; print(sys.executable)"], text=True).strip()
    samples = measure(python, artifact, int(os.environ.get("ROUNDS", ROUNDS)))
    print("                seconds  until ready    MiB   (medians, including the bare interpreter)")
    for program, each in samples.items():
        seconds, until_ready, memory = (
            median(getattr(sample, field) for sample in each)
            for field in ("seconds", "until_ready", "memory")
        )
        print(f"{program:<15} {seconds:7.3f} {until_ready:12.3f} {memory:6.1f}")
    figures = (
        ("ready to serve", ratio(samples, lambda sample: sample.seconds), READY),
        ("memory when ready", ratio(samples, lambda sample: sample.memory), MEMORY),
    )
    for name, found, goal in figures:
        print(f"{name:<18} {found:.2f} of boto3.client   (goal: at most {goal:.2f})")
    print(f"{'until ready':<18} {ratio(samples, lambda sample: sample.until_ready):.2f} of boto3.client")
    return 0 if all(found <= goal for _, found, goal in figures) else 1


def _link_sdk(directory: Path) -> None:
    """Put the whole installed SDK into a directory that holds nothing else."""
    directory.mkdir()
    for module in SDK:
        origin = Path(str(find_spec(module).origin))  # type: ignore[union-attr]  # all are installed
        source = origin.parent if origin.name == "__init__.py" else origin
        (directory / source.name).symlink_to(source)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
