"""The wheel, in an environment of its own that has nothing of this checkout."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PROGRAM = """
import moto_codeartifact
from moto import mock_aws
import boto3, json

with mock_aws():
    ca = boto3.client("codeartifact", region_name="eu-west-1")
    ca.create_domain(domain="acme")
    names = [each["name"] for each in ca.list_domains()["domains"]]
print(json.dumps([names, moto_codeartifact.__file__]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, without a network."""
    folder = tmp_path_factory.mktemp("dist")
    build = tmp_path_factory.mktemp("build")
    program = (
        "import sys, setuptools.build_meta as backend;"
        f"print(backend.build_wheel({str(folder)!r}))"
    )
    shutil.copytree(
        PROJECT / "src", build / "src", ignore=shutil.ignore_patterns("*.egg-info")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, build)
    subprocess.run(
        [sys.executable, "-c", program], cwd=build, check=True, capture_output=True
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel. Only what the wheel requires comes from the tests' own one."""
    home = tmp_path_factory.mktemp("home")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    bare = {name: os.environ[name] for name in os.environ if name != "PYTHONPATH"}
    install = ("install", "--quiet", "--no-deps", "--no-index", str(wheel))
    subprocess.run([*pip, *install], check=True, env=bare)
    [site] = home.glob("lib/python*/site-packages")
    known = [path for path in sys.path if path.endswith("site-packages")]
    (site / "requirements.pth").write_text("\n".join(known) + "\n")
    return home


def run(home: Path, folder: Path, *command: str) -> str:
    """Run a program of the environment, and return its output."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    name, *arguments = command
    done = subprocess.run(
        [home / "bin" / name, *arguments],
        cwd=folder,
        env=bare | keys,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_has_the_package_the_plugin_and_its_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert wheel.name.startswith("moto_codeartifact-")
    assert {"moto_codeartifact/py.typed", "pytest_moto_codeartifact.py"} < set(names)
    assert not [
        name for name in names if name.split("/")[0] in ("tests", "conformance")
    ]


def test_two_lines_are_enough_for_mock_aws(home: Path, tmp_path: Path) -> None:
    names, file = json.loads(run(home, tmp_path, "python", "-c", PROGRAM))

    assert names == ["acme"]
    assert file.startswith(str(home))


def test_the_command_is_installed(home: Path, tmp_path: Path) -> None:
    assert "--event-fault" in run(home, tmp_path, "moto-codeartifact", "--help")


def test_pytest_finds_the_fixtures_by_itself(home: Path, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "def test_it(published):\n"
        "    assert published('npm', 'widget', '1.0.0').revision\n"
    )

    assert "1 passed" in run(home, tmp_path, "python", "-m", "pytest")
