"""The import contracts of pyproject.toml, on a copy of the tree with one fault planted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
LAYERS = "Imports of the promoter run downwards only; every folder has its layer"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy what the contracts are about."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in ("functions/promoter", "local", "emulator/src"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=tree,
        env={"PYTHONPATH": f"functions{os.pathsep}emulator/src", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tree_keeps_its_contracts(tree: Path) -> None:
    done = lint_imports(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{LAYERS} KEPT" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("functions/promoter/rules/decision.py", "import promoter.copying.plan", LAYERS),
        ("functions/promoter/copying/results.py", "import promoter.reporting.email", LAYERS),
        ("functions/promoter/packages/package.py", "import promoter.times", LAYERS),
        ("functions/promoter/scanners/__init__.py", "", LAYERS),
        (
            "functions/promoter/packages/package.py",
            "import promoter.versions",
            "Packages and range languages know nothing of each other",
        ),
        (
            "functions/promoter/cli/app.py",
            "import local.seed",
            "The promoter does not know the local AWS or the emulator",
        ),
        (
            "functions/promoter/cli/app.py",
            "import moto_codeartifact.models",
            "The promoter does not know the local AWS or the emulator",
        ),
        ("local/seed.py", "import promoter.rules", "The local AWS does not know the promoter"),
        (
            "emulator/src/moto_codeartifact/models.py",
            "import promoter.packages.package",
            "The emulator knows neither the promoter nor the local AWS",
        ),
        (
            "emulator/src/moto_codeartifact/models.py",
            "import local.seed",
            "The emulator knows neither the promoter nor the local AWS",
        ),
        ("functions/promoter/inspection/journey.py", "import boto3", "Only promoter.aws calls AWS"),
        (
            "functions/promoter/cli/app.py",
            "from botocore.config import Config",
            "Only promoter.aws calls AWS",
        ),
        (
            "functions/promoter/rules/decision.py",
            "import aws_lambda_powertools",
            "Only the function and its metrics use Powertools",
        ),
    ],
)
def test_a_forbidden_import_breaks_its_contract(tree: Path, module: str, line: str, broken: str) -> None:
    planted = tree / module
    planted.parent.mkdir(exist_ok=True)
    planted.write_text((planted.read_text("utf-8") if planted.exists() else "") + line + "\n", "utf-8")

    done = lint_imports(tree)

    assert done.returncode == 1
    assert f"{broken} BROKEN" in done.stdout
