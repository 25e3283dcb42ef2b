"""Installs the promoted packages as their consumers do, and checks the versions that they get."""

import json
from collections.abc import Sequence
from pathlib import Path

from local.demo.package_managers import PackageManagers
from local.demo.sample_packages import TOOLS, UI, WIDGET, SampleVersion
from local.demo.timeline import Timeline
from local.demo.verification import Ending


def check_installs(
    managers: PackageManagers, timeline: Timeline, directory: Path, endings: Sequence[Ending]
) -> list[str]:
    """Install the promoted packages of npm and PyPI from the last repository, and check their versions."""
    promoted = [each.sample for each in endings if each.end == "promoted"]
    installed: list[tuple[str, SampleVersion, str]] = []
    for sample in promoted:
        if sample in (WIDGET, UI):
            installed.append(
                (f"npm install {sample.name}", sample, _npm_install(managers, directory, sample))
            )
        elif sample is TOOLS:
            installed.append(
                (f"pip install {sample.name}", sample, _pip_install(managers, directory, sample))
            )
    return [problem for each in installed for problem in _check_installed(timeline, *each)]


def _npm_install(managers: PackageManagers, directory: Path, sample: SampleVersion) -> str:
    """Install a package. Return the version that npm has chosen."""
    consumer = directory / f"npm-install-{sample.package}"
    consumer.mkdir()
    managers.npm("prod", "install", sample.name, cwd=consumer)
    manifest = consumer / "node_modules" / sample.name / "package.json"
    return str(json.loads(manifest.read_text())["version"])


def _pip_install(managers: PackageManagers, directory: Path, sample: SampleVersion) -> str:
    """Install a package. Return the version that pip has chosen."""
    site = directory / "site"
    managers.pip("prod", "install", "--quiet", "--target", str(site), sample.package, cwd=directory)
    (metadata,) = site.glob("acme_tools-*.dist-info")
    return metadata.name.removesuffix(".dist-info").split("-")[1]


def _check_installed(timeline: Timeline, command: str, sample: SampleVersion, version: str) -> list[str]:
    correct = version == sample.version
    timeline.say(f"  {'ok' if correct else 'NO'} {command:<28} from prod -> {version}", "ok")
    return [] if correct else [f"{command} installed {version}; expected: {sample.version}"]
