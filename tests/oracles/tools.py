"""The ecosystems' own tools. Each is started once for many pairs of range and version.

Each function takes (range, version) pairs. Its answer to a pair is True if the tool finds the version in the range,
False if not, or one of the words "no range", "no version", "soft" (maven) and "unsettled" (an old npm). If the tool is
not installed, the test is skipped.
"""

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).parent

Pair = tuple[str, str]
Answer = bool | str


def npm(pairs: Sequence[Pair]) -> list[Answer]:
    """npm's own semver module, prereleases included."""
    modules = Path(_run([_installed("npm"), "root", "-g"]).strip())
    module = modules / "npm" / "node_modules" / "semver"
    if not module.is_dir():
        pytest.skip("npm is installed without its semver module")
    return _answers(_run([_installed("node"), str(HERE / "npm.cjs"), str(module)], json.dumps(pairs)))


def ruby(pairs: Sequence[Pair]) -> list[Answer]:
    """RubyGems' Gem::Requirement and Gem::Version."""
    return _answers(_run([_installed("ruby"), str(HERE / "gem.rb")], json.dumps(pairs)))


def maven(pairs: Sequence[Pair]) -> list[Answer]:
    """The resolver of the installed Maven: GenericVersionScheme, which `mvn` uses for ranges."""
    java, libraries = _installed("java"), Path(_installed("mvn")).resolve().parents[1] / "lib"
    if not list(libraries.glob("maven-resolver-util*.jar")):
        pytest.skip("mvn is installed without the resolver's library")
    lines = "".join(f"{range_}\t{version}\n" for range_, version in pairs)
    command = [java, "-XX:TieredStopAtLevel=1", "-cp", f"{libraries}/*", str(HERE / "Maven.java")]
    words = _run(command, lines).split("\n")[: len(pairs)]
    return [{"true": True, "false": False}.get(word, word) for word in words]


def cargo(pairs: Sequence[Pair], home: Path) -> list[Answer]:
    """cargo's resolver: it selects crate `want<i>` 2.0.0 only if the pair's version meets the requirement.

    `want<i>` 2.0.0 needs `have<i>`, which exists only in the pair's version; `want<i>` 1.0.0 needs nothing. cargo
    skips a 2.0.0 whose requirement it cannot read, so the answer is then False and never "no range".
    """
    program = _installed("cargo")
    for index, (range_, version) in enumerate(pairs):
        _publish(home / "registry", f"have{index}", {version: None})
        _publish(home / "registry", f"want{index}", {"1.0.0": None, "2.0.0": (f"have{index}", range_)})
    (home / "src").mkdir()
    (home / "src" / "lib.rs").touch()
    wanted = "".join(f'want{index} = "*"\n' for index in range(len(pairs)))
    (home / "Cargo.toml").write_text(
        f'[package]\nname = "asker"\nversion = "0.0.0"\n[dependencies]\n{wanted}'
    )
    settings = home / ".cargo" / "config.toml"
    settings.parent.mkdir()
    source = json.dumps(str(home / "registry"))
    settings.write_text(
        f'[source.crates-io]\nreplace-with = "here"\n[source.here]\nlocal-registry = {source}\n'
    )
    _run([program, "generate-lockfile", "--offline", "--quiet"], cwd=home)
    locked = tomllib.loads((home / "Cargo.lock").read_text())["package"]
    versions = {package["name"]: package["version"] for package in locked}
    return [versions[f"want{index}"] == "2.0.0" for index in range(len(pairs))]


def _publish(registry: Path, name: str, versions: dict[str, Pair | None]) -> None:
    page = registry / "index" / name[:2] / name[2:4] / name
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("".join(f"{_entry(name, *version)}\n" for version in versions.items()))


def _entry(name: str, version: str, needed: Pair | None) -> str:
    dependency = {
        "features": [],
        "optional": False,
        "default_features": True,
        "target": None,
        "kind": "normal",
    }
    needs = [dependency | {"name": needed[0], "req": needed[1]}] if needed else []
    entry = {"name": name, "vers": version, "deps": needs, "cksum": "0" * 64, "features": {}, "yanked": False}
    return json.dumps(entry)


def _installed(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def _run(command: list[str], text: str = "", cwd: Path | None = None) -> str:
    quiet = os.environ | {"npm_config_loglevel": "silent"}
    done = subprocess.run(
        command, input=text, capture_output=True, encoding="utf-8", cwd=cwd, env=quiet, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _answers(text: str) -> list[Answer]:
    answers: list[Answer] = json.loads(text)
    return answers


Tool = Callable[[Sequence[Pair]], list[Answer]]
