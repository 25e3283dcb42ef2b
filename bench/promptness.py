"""Measure the time from publish to prod on the local AWS: `python -m bench.promptness`. Exits 1 above the goal.

Each version passes two hops. The clock starts before `npm publish` or `twine upload` starts, so it includes the upload.
A PyPI upload waits `SettleSeconds` (1 here) for its last file; its goal is twice that and the uploads.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import Queue
from statistics import median

from local.demo.package_managers import PackageManagers
from local.demo.sample_packages import (
    TOOLS,
    WIDGET,
    SampleVersion,
    build_python_distributions,
    write_npm_package,
)
from local.stack import LocalStack

GOAL, ROUNDS, TIMEOUT = 2.0, 5, 60  # seconds for npm; versions of each format; seconds


class Arrivals:
    """Waits for versions to arrive in prod, by the decision log."""

    def __init__(self) -> None:
        self._arrived: Queue[dict[str, str]] = Queue()

    def log(self, line: str) -> None:
        """Receive a line of the function's log."""
        record = json.loads(line)
        if record.get("outcome") == "copied" and record["hop"]["to"] == "prod":
            self._arrived.put(record)

    def seconds_of(self, sample: SampleVersion, publish: Callable[[], object]) -> float:
        """Publish a version. Return the seconds until it is in prod."""
        start = time.monotonic()
        publish()
        while not sample.is_subject_of(self._arrived.get(timeout=TIMEOUT)):
            pass
        return time.monotonic() - start


def main() -> int:
    """Measure, print, and return the exit code."""
    if shutil.which("npm") is None:
        print("npm is not on the PATH")
        return 1
    arrivals = Arrivals()
    with (
        tempfile.TemporaryDirectory(prefix="promoter-bench-") as directory,
        LocalStack.start(on_log=arrivals.log) as stack,
    ):
        stack.create_repositories()
        home = Path(directory) / "home"
        home.mkdir()
        managers = PackageManagers(
            home, stack.client_environment(), stack.client("codeartifact"), stack.rules.domain
        )
        npm = [_publish_npm(managers, arrivals, Path(directory), number) for number in range(ROUNDS)]
        pypi = [_publish_pypi(managers, arrivals, Path(directory), number) for number in range(ROUNDS)]
    print(
        f"npm         {median(npm):.2f} s from `npm publish` to prod, over two hops   (goal: below {GOAL:.0f})"
    )
    print(f"pypi        {median(pypi):.2f} s from `twine upload` (2 files) to prod, with 1 s to settle")
    return 0 if median(npm) < GOAL else 1


def _publish_npm(managers: PackageManagers, arrivals: Arrivals, directory: Path, number: int) -> float:
    sample = replace(WIDGET, version=f"1.4.{number}")
    folder = directory / f"npm-{number}"
    folder.mkdir()
    package = write_npm_package(folder, sample)
    return arrivals.seconds_of(sample, lambda: managers.npm("dev", "publish", cwd=package))


def _publish_pypi(managers: PackageManagers, arrivals: Arrivals, directory: Path, number: int) -> float:
    sample = replace(TOOLS, version=f"2.{number}")
    folder = directory / f"pypi-{number}"
    folder.mkdir()
    files = map(str, build_python_distributions(managers, folder, sample))
    command = ["upload", "--disable-progress-bar", *files]
    return arrivals.seconds_of(sample, lambda: managers.twine("dev", *command, cwd=folder))


if __name__ == "__main__":
    sys.exit(main())
