"""SECURITY.md, docs/questions.md and docs/upgrade.md: what they name exists, and their commands work."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.operations_page import blocks, table
from tests.support.paths import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
QUESTIONS = (ROOT / "docs" / "questions.md").read_text("utf-8")
UPGRADE = (ROOT / "docs" / "upgrade.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PERMISSIONS = table(SECURITY.partition("## Who may do what")[2])
WORDS = ("publish", "answer a check", "approve", "invoke", "change the rule", "write the queue", "deploy")
ASKED = ("several accounts", "domains or regions", "monorepo", "teams on one rules file", "published before")
ASKED += ("roll back", "approvals", "scan has passed", "no AWS rights", "fork upgrade")


def shell_lines(page: str) -> list[str]:
    return [line for block in blocks("sh", page) for line in block.splitlines()]


def run(command: str, cwd: Path = ROOT) -> str:
    """Run a command of a page. It must succeed."""
    environment = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    identity = {f"GIT_{role}_{key}": "a@b" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["bash", "-euc", command],
        cwd=cwd,
        env=environment
        | identity
        | {"PYTHONPATH": "functions", "HOME": str(cwd), "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class TestSecurity:
    @pytest.mark.parametrize("word", WORDS)
    def test_each_kind_of_permission_has_a_row(self, word: str) -> None:
        assert any(row[0].lstrip("=* ").startswith(word) for row in PERMISSIONS), word

    def test_each_row_says_the_worst_and_each_limit_is_tested_or_named_as_the_account_s_own(self) -> None:
        for row in PERMISSIONS:
            assert len(row) == 4
            assert row[1]

    @pytest.mark.parametrize("test", [row[3].strip("`") for row in PERMISSIONS if row[3] != "-"])
    def test_the_test_of_a_limit_exists(self, test: str) -> None:
        file, *path = test.split("::")
        scope: ast.Module | ast.ClassDef = ast.parse((ROOT / file).read_text("utf-8"))
        for name in path:
            (found,) = [
                each
                for each in scope.body
                if isinstance(each, ast.ClassDef | ast.FunctionDef) and each.name == name
            ]
            if isinstance(found, ast.ClassDef):
                scope = found


class TestQuestions:
    @pytest.mark.parametrize("words", ASKED)
    def test_they_are_answered(self, words: str) -> None:
        assert any(words in heading for heading in re.findall(r"^## (.+)$", QUESTIONS, re.MULTILINE))

    def test_all_commands_are_tried_here(self) -> None:
        assert [line.removeprefix(".venv/bin/").split()[:2] for line in shell_lines(QUESTIONS)] == [
            ["promoter", "explain"],
            ["python", "-m"],
            ["promoter", "parameters"],
        ]

    def test_explain_needs_no_rights(self) -> None:
        (line,) = [each for each in shell_lines(QUESTIONS) if "explain" in each]
        assert "PROMOTE" in run(line.replace("promoter ", "python -m promoter.cli ", 1))

    def test_the_parameters_of_another_rules_file_are_printed(self) -> None:
        (line,) = [each for each in shell_lines(QUESTIONS) if "parameters" in each]
        assert "Domain=acme" in run(line.replace(".venv/bin/promoter", "python -m promoter.cli"))

    def test_another_rules_file_is_built(self) -> None:
        """tests/integration/test_artifact.py builds; this is the option."""
        (line,) = [each for each in shell_lines(QUESTIONS) if "deploy.build" in each]
        options = run("python -m deploy.build --help")
        assert set(re.findall(r"--[a-z]+", line)) <= set(re.findall(r"--[a-z]+", options))


class TestUpgrade:
    def test_a_fork_merges_a_release(self, tmp_path: Path) -> None:
        upstream, fork = tmp_path / "upstream", tmp_path / "fork"
        run(
            f"git init -q {upstream} && cd {upstream} && touch a && git add a && git commit -qm one", tmp_path
        )
        run(
            f"git clone -q {upstream} {fork} && cd {fork} && touch rules && git add rules && git commit -qm own",
            tmp_path,
        )
        run("touch b && git add b && git commit -qm two && git tag v0.2.0", upstream)
        (block,) = [each for each in blocks("sh", UPGRADE) if "git merge" in each]

        run(block.replace(PROJECT["urls"]["Repository"], str(upstream)), fork)

        assert {path.name for path in fork.iterdir()} >= {"a", "b", "rules"}

    def test_the_version_of_its_commands_is_the_project_s(self) -> None:
        named = {*re.findall(r"v(\d+\.\d+\.\d+)", UPGRADE), *re.findall(r"promoter-(\d+\.\d+\.\d+)", UPGRADE)}
        assert named == {PROJECT["version"]}

    def test_the_changelog_describes_the_version(self) -> None:
        changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
        headings = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
        assert headings[:2] == ["Unreleased", PROJECT["version"]]

    def test_the_files_of_a_release_are_checked_by_their_sums(self, tmp_path: Path) -> None:
        (tmp_path / "a.zip").write_text("a")
        run("sha256sum a.zip > SHA256SUMS", tmp_path)
        (line,) = [each for each in shell_lines(UPGRADE) if each.startswith("sha256sum")]
        assert run(line, tmp_path) == "a.zip: OK\n"


def test_the_project_s_addresses_are_in_one_place() -> None:
    repository = PROJECT["urls"]["Repository"]
    assert all(url.startswith((repository, "https://acme.github.io/")) for url in PROJECT["urls"].values())
    assert repository in UPGRADE
