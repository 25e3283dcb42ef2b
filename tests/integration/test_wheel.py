"""The wheel of the command line: the same every time, and complete in an environment that has nothing else."""

import re
import shutil
import subprocess
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from deploy.wheel import build_wheel, main
from promoter.cli.app import COMMANDS
from tests.support.paths import ROOT

pytestmark = [
    pytest.mark.timeout(300),  # the first installation on a machine downloads the libraries
    pytest.mark.xdist_group("wheel"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    return build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel and what it requires, in the project's own versions, into an empty environment."""
    home = tmp_path_factory.mktemp("home")
    venv.create(home, with_pip=True)
    pinned = re.findall(r"(?m)^[\w.-]+==[^ \\\n]+", (ROOT / "requirements-dev.txt").read_text())
    constraints = home / "constraints.txt"
    constraints.write_text("\n".join(pinned))
    pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", constraints, wheel], check=True, cwd=home)
    return home


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in an empty folder, with no variable of this process."""
    program = [home / "bin" / "promoter", *arguments]
    bare = {"PATH": "", "HOME": str(home), "LANG": "C.UTF-8"}
    return subprocess.run(program, cwd=home, env=bare, capture_output=True, text=True, check=False)


def test_two_builds_have_the_same_bytes(
    wheel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "other")]) == 0

    again = tmp_path / "other" / wheel.name
    assert again.read_bytes() == wheel.read_bytes()
    assert str(again) in capsys.readouterr().out


def test_it_has_every_module_of_the_package_and_nothing_else(wheel: Path) -> None:
    modules = {path.relative_to(ROOT / "functions") for path in (ROOT / "functions/promoter").rglob("*.py")}
    with zipfile.ZipFile(wheel) as archive:
        names = {Path(name) for name in archive.namelist()}
        modes = {entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}

    packaged = {name for name in names if not name.parts[0].endswith(".dist-info")}
    assert modules <= packaged
    assert {name.suffix for name in packaged - modules} <= {".md", ".typed"}
    assert modes <= {0o644, 0o664}


def test_it_requires_only_what_the_command_line_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(archive.read(name))

    required = [each for each in metadata.get_all("Requires-Dist", []) if "extra ==" not in each]
    names = {re.split(r"[^\w-]", each)[0] for each in required}
    assert names == {"boto3", "click", "rich", "msgspec", "packaging", "semver", "tzdata", "univers"}
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"


def test_every_command_is_there_and_needs_no_library_of_the_function(home: Path) -> None:
    for name in (name for group in COMMANDS.values() for name in group):
        done = run(home, name, "--help")
        assert done.returncode == 0, done.stderr
    imported = "import importlib.util; print(importlib.util.find_spec('aws_lambda_powertools'))"
    python = home / "bin" / "python"
    assert subprocess.check_output([python, "-I", "-c", imported], text=True).strip() == "None"


def test_it_validates_and_explains_without_the_checkout(home: Path) -> None:
    shutil.copyfile(ROOT / "docs" / "example-rules.toml", home / "rules.toml")

    validated = run(home, "validate", "--rules", "rules.toml")
    assert validated.returncode == 0, validated.stdout + validated.stderr
    explained = run(home, "explain", "pkg:npm/@acme/widget@1.5.0", "--in", "dev", "--rules", "rules.toml")
    assert "@acme/widget 1.5.0 in dev" in explained.stdout, explained.stderr
    assert "Traceback" not in explained.stderr


def test_it_says_what_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "checkout"
    shutil.copytree(ROOT / "functions/promoter", broken / "functions/promoter")
    for name in ("README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, broken / name)
    (broken / "pyproject.toml").write_text("[project")
    monkeypatch.setattr("deploy.wheel.ROOT", broken)

    assert main([str(tmp_path / "dist")]) == 1
    assert "the wheel cannot be built" in capsys.readouterr().err
