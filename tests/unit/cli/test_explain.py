"""`promoter explain`, offline: by the rules alone."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Ran, run
from tests.support.samples import promotion

ROOT = Path(__file__).parents[3]
AT = "2026-01-02T03:04:05Z"
WIDGET = "pkg:npm/@acme/widget@1.5.0"


@pytest.fixture
def explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Explain by these rules, as at a fixed time."""

    def call(*arguments: str, rules: str = promotion()) -> Ran:
        file = tmp_path / "rules.toml"
        file.write_text(f'domain = "acme"\n{rules}')
        return run(capsys, "explain", *arguments, "--rules", file, "--at", AT)

    return call


def decisions(ran: Ran) -> Any:
    return json.loads(ran.out)["decisions"]


class TestVerdicts:
    def test_what_may_move_exits_0_and_needs_nobody(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev")
        assert ran.code == 0
        assert ran.lines[0] == "@acme/widget 1.5.0 in dev"
        assert "dev -> staging   npm-to-staging" in ran.out
        assert "PROMOTE" in ran.out
        assert "Nobody has to act" in ran.out

    def test_what_is_rejected_exits_1_with_the_code_its_text_and_its_meaning(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion(exclude=["pkg:npm/@acme/w*"]))
        assert ran.code == 1
        assert '  no  exclude  "pkg:npm/@acme/w*"' in ran.out
        assert "What this code means: docs/reasons.md#exclude" in ran.out

    def test_a_soak_counts_from_now_unless_told_otherwise(self, explain: Any) -> None:
        soaking = promotion(soak="24h")
        fresh = explain(WIDGET, "--in", "dev", rules=soaking)
        assert "no  soak  0m of 24h" in fresh.out
        assert "the soak is counted from now" in fresh.out
        assert "before 2026-01-03T03:04:05Z" in fresh.out
        old = explain(WIDGET, "--in", "dev", "--since", "2025-12-31", rules=soaking)
        assert "ok  soak  51h 4m of 24h" in old.out
        assert "the soak is" not in old.out
        assert (fresh.code, old.code) == (1, 0)

    def test_who_waits_for_a_person_is_told_what_the_person_types(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", "--revision", "r1", rules=promotion(approval=True))
        assert "HOLD" in ran.out
        assert "none yet  (wanted one for this revision)" in ran.out
        assert (
            "aws codeartifact copy-package-versions --domain acme --source-repository dev "
            "--destination-repository staging --format npm --namespace acme --package widget "
            "--version-revisions 1.5.0=r1" in ran.out
        )

    def test_without_a_revision_the_version_is_copied_by_its_name(self, explain: Any) -> None:
        ran = explain(
            "pkg:pypi/tools@1.0", "--in", "dev", rules=promotion(packages=["pkg:pypi/t*"], approval=True)
        )
        assert "--package tools --versions 1.0" in ran.out
        assert "--namespace" not in ran.out

    def test_observed_is_not_copied(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion(mode="observe"))
        assert "PROMOTE, only observed" in ran.out
        assert "Nothing is copied" in ran.out

    def test_a_hold_names_who_wrote_it(self, explain: Any) -> None:
        hold = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "leaks"\n'
        ran = explain(WIDGET, "--in", "dev", rules=promotion() + hold)
        assert 'no  hold  held: "leaks"' in ran.out
        assert "Whoever wrote the [[hold]] entry" in ran.out

    def test_nobody_is_led_past_a_hold_by_an_approval(self, explain: Any) -> None:
        hold = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "leaks"\n'
        ran = explain(WIDGET, "--in", "dev", rules=promotion(approval=True) + hold)
        assert "Whoever wrote the [[hold]] entry" in ran.out
        assert "copy-package-versions" not in ran.out

    def test_nobody_is_led_past_a_soak_by_an_approval(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion(approval=True, soak="24h"))
        assert "From 2026-01-03T03:04:05Z on a person who may do so copies it: aws" in ran.out


class TestSelection:
    def test_what_no_promotion_selects_is_said_so(self, explain: Any) -> None:
        ran = explain("pkg:pypi/tools@1.0", "--in", "dev")
        assert ran.code == 1
        assert "dev -> staging   not-selected" in ran.out

    def test_later_promotions_that_would_have_selected_it_are_named(self, explain: Any) -> None:
        rules = promotion("first") + promotion("second") + promotion("third", packages=["pkg:pypi/t*"])
        ran = explain(WIDGET, "--in", "dev", rules=rules)
        assert "later in the file, so not asked: second\n" in ran.out

    def test_every_hop_that_leaves_the_repository_is_explained(self, explain: Any) -> None:
        rules = promotion("a") + promotion("b", "dev -> qa", packages=["pkg:npm/@acme/x*"])
        ran = explain(WIDGET, "--in", "dev", rules=rules)
        assert re.findall(r"^  dev -> \w+   \S+", ran.out, re.MULTILINE) == [
            "  dev -> staging   a",
            "  dev -> qa   not-selected",
        ]
        assert ran.code == 1

    def test_the_line_of_the_promotion_and_the_ruleset_are_named(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion("other", packages=["pkg:pypi/t*"]) + promotion())
        assert re.search(r"npm-to-staging  \(\S+rules.toml:9, ruleset [0-9a-f]{8}\)", ran.out)

    def test_a_selection_by_origin_is_asked_for(self, explain: Any) -> None:
        rules = promotion("ours", origin="internal") + promotion("rest")
        unknown = explain(WIDGET, "--in", "dev", rules=rules)
        assert "dev -> staging   rest" in unknown.out
        assert "ours comes first, if the package is internal: say --origin internal" in unknown.out
        known = explain(WIDGET, "--in", "dev", "--origin", "internal", rules=rules)
        assert "dev -> staging   ours" in known.out
        assert "comes first" not in known.out

    def test_the_last_repository_is_where_it_ends(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "staging")
        assert ran.code == 0
        assert "no promotion leaves staging" in ran.out


class TestJson:
    def test_has_the_documented_shape(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", "--output", "json", rules=promotion(soak="24h"))
        assert decisions(ran) == [
            {
                "hop": {"from": "dev", "to": "staging"},
                "promotion": "npm-to-staging",
                "verdict": "wait",
                "until": "2026-01-03T03:04:05Z",
                "reasons": [
                    {"code": "soak", "met": False, "seen": "0m", "wanted": "24h", "text": "0m of 24h"}
                ],
                "purl": "pkg:npm/%40acme/widget@1.5.0",
            }
        ]
        assert ran.code == 1

    def test_says_not_selected(self, explain: Any) -> None:
        (only,) = decisions(explain("pkg:pypi/tools@1.0", "--in", "dev", "--output", "json"))
        assert (only["promotion"], only["verdict"], only["reasons"]) == (None, "not-selected", [])


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["pkg:npm/@acme/widget", "--in", "dev"], "names no version; write pkg:npm/@acme/widget@1.2.3"),
            (["pkg:nmp/widget@1", "--in", "dev"], 'unknown type "nmp"'),
            (["pkg:npm/@acme/*@1", "--in", "dev"], "is a pattern; name one package"),
            ([WIDGET, "--in", "devv"], 'no promotion goes from or to "devv"; the rules have dev, staging'),
            (["@acme/widget@1.5.0"], "a version is written pkg:npm/@acme/widget@1.5.0"),
            ([str(ROOT / "README.md")], "is not JSON"),
            ([WIDGET, "--in", "dev", "--since", "yesterday"], '"yesterday" is not a time; write 2026-'),
        ],
    )
    def test_are_one_sentence_and_exit_2(self, explain: Any, arguments: list[str], sentence: str) -> None:
        ran = explain(*arguments)
        assert ran.code == 2
        assert sentence in ran.err
        assert ran.out == ""

    def test_a_missing_rules_file_is_named(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        ran = run(capsys, "explain", WIDGET, "--rules", tmp_path / "none.toml")
        assert ran.code == 2
        assert ran.err.startswith("there is no file ")

    def test_help_has_examples(self, capsys: pytest.CaptureFixture[str]) -> None:
        for command in ("explain", "plan", "status"):
            assert f"Examples:\n    promoter {command}" in run(capsys, command, "--help").out


class TestCost:
    COMMAND = ("explain", WIDGET, "--in", "dev", "--rules", str(ROOT / "docs" / "example-rules.toml"))

    def test_offline_no_sdk_is_imported(self) -> None:
        script = (
            "import sys; from promoter.cli.app import app\n"
            f"app.main({list(self.COMMAND)!r}, standalone_mode=False)\n"
            "heavy = ('boto3', 'botocore', 'rich', 'aws_lambda_powertools')\n"
            "print([name for name in sys.modules if name.partition('.')[0] in heavy])"
        )
        environment = {"PYTHONPATH": str(ROOT / "functions"), "PATH": os.environ["PATH"]}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert "web-to-staging" in done.stdout
        assert done.stdout.splitlines()[-1] == "[]"

    def test_on_a_terminal_colours_only_add_to_the_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        piped = run(capsys, *self.COMMAND).out
        shown = on_terminal(self.COMMAND)
        assert "\x1b[" in shown
        assert words(re.sub(r"\x1b\[[0-9;]*m", "", shown)) == words(piped)
        assert "\x1b" not in piped


def words(text: str) -> list[str]:
    return text.split()


def on_terminal(arguments: tuple[str, ...]) -> str:
    """What a command writes where standard output is a terminal of 200 columns."""
    ours, theirs = pty.openpty()
    environment = {
        "PYTHONPATH": str(ROOT / "functions"),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "COLUMNS": "200",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "promoter.cli", *arguments], env=environment, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            shown += chunk
        process.wait()
    os.close(ours)
    return shown.decode()
