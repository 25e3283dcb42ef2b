"""The commands and the rules of the README work."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from msgspec.structs import replace

from promoter.rules_file.reader import load
from tests.support.local_process import running_local_aws
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines()]


def test_its_rules_load_and_are_an_excerpt_of_the_deployed_ones() -> None:
    (text,) = blocks("toml")
    rule_set = load(text, "README.md").rule_set
    rules = load((ROOT / "functions" / "rules.toml").read_text("utf-8")).rule_set
    deployed = {promotion.name: promotion for promotion in rules.promotions}
    assert [promotion.name for promotion in rule_set.promotions] == ["web-to-staging", "releases-to-prod"]
    for promotion in rule_set.promotions:  # whom they notify is an example of a key to add
        real = deployed[promotion.name]
        assert replace(promotion, notify=real.notify) == real
    assert rule_set.evidence == rules.evidence
    assert len(rule_set.holds) == 1
    assert len(rule_set.windows) == 1


def test_its_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {line.split()[1] for line in commands() if line.startswith("make ")}
    assert targets == {"demo", "test", "local", "build"}
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_python_versions_agree_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11 or newer" in README
    assert (ROOT / ".python-version").read_text(encoding="utf-8").strip() == "3.13"


@pytest.mark.parametrize("line", [line for line in commands() if "promoter " in line])
def test_its_promoter_commands_work(line: str) -> None:
    command = line.replace(".venv/bin/promoter", f"{sys.executable} -m promoter.cli")
    done = subprocess.run(
        ["bash", "-euc", command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "functions"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1 if "explain" in line else 0, "")
    assert "explain" not in line or all(part in README for part in done.stdout.splitlines()[:4])


@pytest.mark.timeout(120)
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not on the PATH")
def test_the_commands_for_your_own_package_promote_it(tmp_path: Path) -> None:
    with running_local_aws({"PATH": os.environ["PATH"], "HOME": str(tmp_path)}) as local:
        lines = commands()
        first = next(number for number, line in enumerate(lines) if line.startswith("export "))
        script = "\n".join(lines[first : first + 3]).replace("4566", str(local.port))
        script = script.replace(".venv/bin/aws", f"{sys.executable} -m awscli")
        run(script, tmp_path)
        while "staging -> prod" not in local.read_line():
            pass
        look = lines[first + 3].replace(".venv/bin/aws", f"{sys.executable} -m awscli")
        assert '"version": "1.0.0"' in run("\n".join([script.splitlines()[0], look]), tmp_path)
        exit_code, _ = local.stop()
        assert exit_code == 0


def run(script: str, home: Path) -> str:
    """Run a script in the shell of a user without any configuration."""
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=home,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
