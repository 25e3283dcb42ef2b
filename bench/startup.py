"""What a cold start costs, from the built artifact: `python -m bench.startup DIRECTORY`.

Each figure is a ratio to a bare `boto3.client("codeartifact")` with its bytecode, of the same round, net of the
bare interpreter, which costs all of them the same; the median of the rounds. Exits 1 beyond a goal.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from statistics import median

ROUNDS = 15
EVENT = Path(__file__).parent.parent / "events" / "npm-published.json"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:promotion"
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
    "PROMOTION_QUEUE_ARN": QUEUE,
}
REFERENCE = 'import boto3; boto3.client("codeartifact")'
READY = 'import promoter.handlers; from promoter.aws.sdk import client; client("codeartifact")'
BATCH = """
import json, os, sys
from promoter.handlers import promote
class Context:
    aws_request_id = "bench"
    def get_remaining_time_in_millis(self):
        return 120_000
answer = promote(json.loads(os.environ["BATCH"]), Context())
assert answer == {"batchItemFailures": []}, answer
assert not {"boto3", "botocore.session", "botocore.client"} & sys.modules.keys(), "the SDK was imported"
"""
RESIDENT = 'print(); print(open("/proc/self/status").read().partition("VmRSS:")[2].split()[0])'


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and the most that it may be."""

    name: str
    ratio: float
    most: float


@dataclass(frozen=True, slots=True)
class Run:
    """One process: its wall time in seconds and its resident memory in MiB at the end."""

    seconds: float
    memory: float


def measure(python: str, artifact: Path, rounds: int) -> dict[str, list[Run]]:
    """Run every program once a round, after a first one that only warms the disk's cache."""
    with tempfile.TemporaryDirectory() as name:
        sdk = Path(name) / "sdk"
        sdk.mkdir()
        for module in SDK:
            origin = Path(str(find_spec(module).origin))  # type: ignore[union-attr]  # all are installed
            source = origin.parent if origin.name == "__init__.py" else origin
            (sdk / source.name).symlink_to(source)
        cache = Path(name) / "bytecode"
        programs = {
            "bare": (sdk, ""),
            "reference": (sdk, REFERENCE),
            "ready": (artifact, READY),
            "batch": (artifact, BATCH),
        }
        runs: dict[str, list[Run]] = {program: [] for program in programs}
        for _ in range(rounds + 1):
            for program, (path, code) in programs.items():
                runs[program].append(run(python, path, code, cache))
    return {program: each[1:] for program, each in runs.items()}


def run(python: str, path: Path, code: str, cache: Path) -> Run:
    """Run a program in a fresh interpreter that sees the standard library and `path` only."""
    # the artifact brings its bytecode and must not get a newer one; the reference gets its own in the first round
    bytecode = ("-B",) if (path / "rules.toml").exists() else ("-X", f"pycache_prefix={cache}")
    program = f"import sys; sys.path.insert(0, {str(path)!r})\n{code}\n{RESIDENT}"
    start = time.perf_counter()
    done = subprocess.run(
        [python, "-I", "-S", *bytecode, "-c", program],
        env=ENVIRONMENT | {"BATCH": batch()},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    return Run(seconds, int(done.stdout.splitlines()[-1]) / 1024)


def batch() -> str:
    """A batch with one version that the rules reject."""
    event = json.loads(EVENT.read_bytes())
    event["detail"]["packageName"] = "internal-keys"
    attributes = {"ApproximateReceiveCount": "1"}
    record = {"messageId": "1", "body": json.dumps(event), "attributes": attributes, "eventSourceARN": QUEUE}
    return json.dumps({"Records": [record]})


def goals(runs: dict[str, list[Run]]) -> list[Goal]:
    """The figures."""

    def ratio(program: str, what: str) -> float:
        rounds = zip(runs["bare"], runs["reference"], runs[program], strict=True)
        values = ([float(getattr(run, what)) for run in each] for each in rounds)
        return median((value - bare) / (reference - bare) for bare, reference, value in values)

    return [
        Goal("ready to serve", ratio("ready", "seconds"), 0.75),
        Goal("a batch that promotes nothing", ratio("batch", "seconds"), 0.20),
        Goal("memory when ready", ratio("ready", "memory"), 0.8),
    ]


def main(artifact: Path) -> int:
    """Measure, print, judge."""
    python = which("python3.13")
    if python is None:
        print("the artifact runs on python3.13, which is not on the PATH", file=sys.stderr)
        return 1
    # not a version manager's shim, which would cost more than what is measured
    python = subprocess.check_output([python, "-c", "import sys; print(sys.executable)"], text=True).strip()
    runs = measure(python, artifact, int(os.environ.get("ROUNDS", ROUNDS)))
    print("                     seconds   MiB   (medians, the bare interpreter included)")
    for program, name in (
        ("bare", "interpreter"),
        ("reference", "boto3.client"),
        ("ready", "ready"),
        ("batch", "batch"),
    ):
        seconds, memory = (
            median(getattr(each, what) for each in runs[program]) for what in ("seconds", "memory")
        )
        print(f"{name:<20} {seconds:7.3f} {memory:5.1f}")
    found = goals(runs)
    for goal in found:
        print(f"{goal.name:<30} {goal.ratio:.2f} of boto3.client   (to reach: at most {goal.most:.2f})")
    return 0 if all(goal.ratio <= goal.most for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
