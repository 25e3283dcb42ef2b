"""`make demo`, run as its reader runs it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from promoter.inspection.replay import Replay
from promoter.rules_file.reader import load
from tests.support.paths import PYTHONPATH, ROOT, RULES

pytestmark = pytest.mark.timeout(180)


def run_demo(
    home: Path, *, path: str | None = None, rules: Path = RULES, log: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the demo in a clean environment."""
    environment = {"PATH": path or os.environ["PATH"], "HOME": str(home), "RULES_FILE": str(rules)}
    environment |= {"PYTHONPATH": PYTHONPATH}
    environment |= {"LOG_FILE": str(log)} if log else {}
    return subprocess.run(
        [sys.executable, "-m", "local.demo"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )


def rules_with(directory: Path, old: str, new: str, count: int = -1) -> Path:
    text = RULES.read_text(encoding="utf-8")
    assert old in text
    path = directory / "rules.toml"
    path.write_text(text.replace(old, new, count), encoding="utf-8")
    return path


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not on the PATH")
def test_the_demo_shows_every_result_and_does_not_write_to_the_home_directory(
    tmp_path: Path,
) -> None:
    run = run_demo(tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    output = re.sub(r" +", " ", run.stdout)
    for line in (
        "domain acme: dev -> staging -> prod",
        "copied npm @acme/widget 1.4.0 prod",
        "copied npm acme-ui 3.1.0 prod",
        "copied pypi acme-tools 2.0 prod",
        "copied generic acme/model 1.0 prod",
        'REJECT npm @acme/internal-keys 1.0.0 dev -> staging exclude "pkg:npm/@acme/internal-*" rules.toml:',
        "FAILED generic acme/legacy 2.0.0 staging -> prod ALREADY_EXISTS legacy.bin: prod",
        "Subject: [acme] 1 not promoted: acme/legacy 2.0.0 -> prod",
        '"failedVersions": {',
        "ok npm install @acme/widget from prod -> 1.4.0",
        "ok pip install acme-tools from prod -> 2.0",
        "HOLD generic acme/release 1.1 staging -> prod size: no answer yet approval: none yet",
        "Subject: [acme] 1 held: acme/release 1.1 -> prod",
        "$ python examples/size_check.py < event.json",
        "PASSED: pkg:generic/acme/release@1.1 has 30 bytes",
        "$ promoter approve pkg:generic/acme/release@1.1 --promotion releases-to-prod",
        "copied generic acme/soaked 1.0.0 prod",
        "copied generic acme/release 1.1 prod",
        "ok CloudWatch PackagePromoter: Promoted 13, Failed 1",
        "9 versions published to dev: 6 promoted to prod, 2 rejected, 1 failed",
        "copies to staging and prod: 13, ",
    ):
        assert line in output
    assert re.search(r"WAIT generic acme/soaked 1\.0\.0 dev -> staging soak: [0-2]s of 3s, until \d", output)
    assert "\x1b" not in run.stdout
    assert run.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_without_npm_the_demo_skips_the_npm_packages(tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    log = tmp_path / "log.jsonl"
    run = run_demo(tmp_path / "bin", path=str(bare), log=log)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.startswith("npm is not on the PATH: the demo skips the npm packages\n")
    assert "6 versions published to dev: 4 promoted to prod, 1 rejected, 1 failed" in run.stdout
    assert "changed by your rules" not in run.stdout
    replay = Replay(load(RULES.read_text(encoding="utf-8")).rule_set)
    replay.add(log.read_bytes().splitlines())
    assert (replay.changes, replay.failures) == ({}, {})
    assert replay.same == replay.total >= 10


def test_a_changed_rule_changes_the_decision_and_the_demo_shows_the_difference(tmp_path: Path) -> None:
    rules = rules_with(tmp_path, 'exclude = ["pkg:generic/acme/internal-*"]\n', "")
    run = run_demo(tmp_path, path=str(tmp_path), rules=rules)
    assert run.returncode == 0, run.stdout + run.stderr
    assert (
        f"changed by your rules ({rules}):\n  acme/internal-draft 0.1: rejected -> promoted\n" in run.stdout
    )
    assert "6 versions published to dev: 5 promoted to prod, 1 failed" in run.stdout


def test_rules_that_make_everything_wait_are_shown_and_waited_for_no_longer_than_needed(
    tmp_path: Path,
) -> None:
    rules = rules_with(tmp_path, "[[promotion]]", '[defaults]\nsoak = "1h"\n\n[[promotion]]', count=1)
    run = run_demo(tmp_path, path=str(tmp_path), rules=rules)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "  acme/model 1.0: promoted -> waiting\n" in run.stdout
    assert "  acme/legacy 2.0.0: failed -> waiting\n" in run.stdout


def test_ctrl_c_ends_the_demo_in_a_line_and_leaves_nothing(tmp_path: Path) -> None:
    # a shell that runs the tests in the background lets its children ignore SIGINT
    program = (
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        'runpy.run_module("local.demo", run_name="__main__")'
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "TMPDIR": str(tmp_path),
            "PYTHONPATH": PYTHONPATH,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline().startswith("local AWS on ")
    while "published" not in process.stdout.readline():
        pass
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does

    _, errors = process.communicate(timeout=60)

    assert (process.returncode, errors.strip()) == (
        130,
        "interrupted: the local AWS is stopped, and nothing of it is left",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_broken_rules_file_stops_the_demo_with_its_line_value_and_fix(tmp_path: Path) -> None:
    rules = rules_with(tmp_path, "exclude =", "exlude =")
    run = run_demo(tmp_path, rules=rules)
    assert run.returncode == 1
    assert run.stdout == ""
    line = (
        RULES.read_text(encoding="utf-8")
        .splitlines()
        .index('exclude = ["pkg:npm/@acme/internal-*"] # exclude always wins')
        + 1
    )
    assert 'error: unknown key "exlude" in promotion "web-to-staging"\n' in run.stderr
    assert f"--> {rules}:{line}:1" in run.stderr
    assert '^^^^^^ did you mean "exclude"?' in run.stderr
    assert "Traceback" not in run.stderr
