"""`promoter explain`, offline: by the rules alone."""

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from promoter.reporting.next_steps import next_step
from tests.support.command_line import Ran, promoter
from tests.support.samples import event, promotion, rules_text

ROOT = Path(__file__).parents[3]
AT = "2026-01-02T03:04:05Z"
WIDGET = "pkg:npm/@acme/widget@1.5.0"
HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "leaks"\n'


@pytest.fixture
def explain(tmp_path: Path) -> Any:
    """Explain by these rules, as of a fixed time."""

    def call(*arguments: object, rules: str = promotion()) -> Ran:
        file = tmp_path / "rules.toml"
        file.write_text(rules_text(rules))
        return promoter("explain", *arguments, "--rules", file, "--at", AT)

    return call


def decisions(ran: Ran) -> Any:
    return json.loads(ran.out)["decisions"]


class TestVerdicts:
    def test_a_version_that_is_promoted_exits_0_and_needs_nobody(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev")

        assert ran.code == 0
        assert ran.lines[0] == "@acme/widget 1.5.0 in dev"
        assert re.fullmatch(
            r"  dev -> staging   npm-to-staging  \(\S+rules\.toml:2, ruleset [0-9a-f]{8}\)  PROMOTE",
            ran.lines[1],
        )
        assert "  Next: Nothing: the pipeline copies the version to staging" in ran.out
        assert "About this code" not in ran.out

    def test_a_rejected_version_exits_1_with_the_code_its_text_and_its_section(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion(exclude=["pkg:npm/@acme/w*"]))

        assert ran.code == 1
        assert '  no  exclude  "pkg:npm/@acme/w*"' in ran.out
        assert "  About this code: docs/reasons.md#exclude" in ran.out

    def test_a_soak_counts_from_now_unless_a_time_is_given(self, explain: Any) -> None:
        soaking = promotion(soak="24h")

        fresh = explain(WIDGET, "--in", "dev", rules=soaking)
        old = explain(WIDGET, "--in", "dev", "--since", "2025-12-31", rules=soaking)

        assert "no  soak  0s of 24h" in fresh.out
        assert "  the soak counts from now; use --since to give the exact time\n" in fresh.out
        assert "Not before 2026-01-03T03:04:05Z." in fresh.out
        assert "ok  soak  51h 4m of 24h" in old.out
        assert "the soak counts" not in old.out
        assert (fresh.code, old.code) == (1, 0)

    def test_a_version_that_waits_for_a_person_shows_the_command_to_type(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", "--revision", "r1", rules=promotion(approval=True))

        assert "HOLD" in ran.out
        assert "not looked up  (wanted one for this revision)" in ran.out
        about = 'pkg:npm/@acme/widget@1.5.0 --promotion npm-to-staging --reason "..."'
        assert f"  $ promoter approve {about}" in ran.lines
        assert f"  $ promoter refuse {about}" in ran.lines

    def test_observe_mode_copies_nothing(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion(mode="observe"))

        assert "PROMOTE, only observed" in ran.out
        assert "Nothing is copied" in ran.out

    def test_a_hold_shows_its_reason_and_how_it_ends(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion() + HOLD)

        assert 'no  hold  held: "leaks"' in ran.out
        assert f"  Next: {next_step('hold')}\n" in ran.out

    def test_nobody_is_shown_a_way_around_a_hold_by_an_approval(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion(approval=True) + HOLD)

        assert f"  Next: {next_step('hold')}\n" in ran.out
        assert "promoter approve" not in ran.out

    def test_nobody_is_shown_a_way_around_a_soak_by_an_approval(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion(approval=True, soak="24h"))

        assert f"  Next: {next_step('approval')} Not before 2026-01-03T03:04:05Z.\n" in ran.out


class TestSelection:
    def test_a_version_that_no_promotion_selects_says_so(self, explain: Any) -> None:
        ran = explain("pkg:pypi/tools@1.0", "--in", "dev")

        assert ran.code == 1
        assert ran.lines[1:] == [
            "  dev -> staging   not-selected",
            f"  Next: {next_step('not-selected')}",
            "  About this code: docs/reasons.md#not-selected",
        ]

    def test_later_promotions_that_also_match_are_named(self, explain: Any) -> None:
        rules = promotion("first") + promotion("second") + promotion("third", packages=["pkg:pypi/t*"])

        ran = explain(WIDGET, "--in", "dev", rules=rules)

        assert "  also match, but come later in the file: second\n" in ran.out

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

    def test_a_selection_by_origin_asks_for_the_origin(self, explain: Any) -> None:
        rules = promotion("ours", origin="internal") + promotion("rest")

        unknown = explain(WIDGET, "--in", "dev", rules=rules)
        known = explain(WIDGET, "--in", "dev", "--origin", "internal", rules=rules)

        assert "dev -> staging   rest" in unknown.out
        assert (
            "  ours decides if the package is internal: use --origin internal, or omit --in to ask AWS\n"
            in unknown.out
        )
        assert "dev -> staging   ours" in known.out
        assert "--origin" not in known.out

    def test_an_unknown_origin_comes_before_the_advice_to_change_the_rules(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "dev", rules=promotion("ours", origin="internal"))

        assert "dev -> staging   not-selected" in ran.out
        assert "ours decides if the package is internal" in ran.out
        assert next_step("not-selected") not in ran.out

    def test_a_version_stays_in_a_repository_that_no_promotion_starts_from(self, explain: Any) -> None:
        ran = explain(WIDGET, "--in", "staging")

        assert ran.code == 0
        assert ran.lines[1] == "  no promotion starts from staging, so the version stays there"


class TestFiles:
    def test_an_event_is_decided_by_its_own_time(self, explain: Any, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        file.write_text(json.dumps(event(time="2026-01-02T02:04:05Z")))

        ran = explain(file, rules=promotion(soak="2h"))

        assert ran.lines[0] == "@acme/widget 1.0.0 in dev since 2026-01-02T02:04:05Z"
        assert "no  soak  1h of 2h" in ran.out
        assert ran.code == 1

    def test_an_option_overrides_the_file(self, explain: Any, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        file.write_text(json.dumps(event()))

        ran = explain(file, "--in", "staging", "--since", "2025-12-31")

        assert ran.lines[0] == "@acme/widget 1.0.0 in staging since 2025-12-31T00:00:00Z"

    def test_control_characters_in_a_name_are_escaped(self, explain: Any, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        file.write_text(json.dumps(event(packageName="widget\x1b[2J")))

        assert explain(file).lines[0].startswith("@acme/widget\\x1b[2J 1.0.0 in dev")

    def test_a_skipped_event_says_why_and_exits_1(self, explain: Any, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        file.write_text(json.dumps([event(operationType="Deleted"), event("2.0.0")]))

        ran = explain(file)
        as_json = explain(file, "--output", "json")

        assert ran.lines[0].startswith("event e1: deleted: ")
        assert ran.lines[1].startswith("@acme/widget 2.0.0 in dev")
        assert ran.code == 1
        assert len(decisions(as_json)) == 1
        assert as_json.err.startswith("event e1: deleted: ")


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
                    {"code": "soak", "met": False, "seen": "0s", "wanted": "24h", "text": "0s of 24h"}
                ],
                "purl": "pkg:npm/%40acme/widget@1.5.0",
            }
        ]
        assert ran.code == 1

    def test_says_not_selected(self, explain: Any) -> None:
        [only] = decisions(explain("pkg:pypi/tools@1.0", "--in", "dev", "--output", "json"))

        assert (only["promotion"], only["verdict"], only["reasons"]) == (None, "not-selected", [])


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["pkg:npm/@acme/widget", "--in", "dev"], "has no version; write pkg:npm/@acme/widget@1.2.3"),
            (["pkg:nmp/widget@1", "--in", "dev"], 'unknown type "nmp"'),
            (["pkg:npm/@acme/*@1", "--in", "dev"], "is a pattern"),
            (
                [WIDGET, "--in", "devv"],
                'no promotion starts or ends in "devv"; the rules have dev, staging',
            ),
            (
                ["@acme/widget@1.5.0"],
                '"@acme/widget@1.5.0" is not a Package URL; write pkg:npm/@acme/widget@1.5.0',
            ),
            (["widget"], "there is no file widget; write a version as pkg:npm/@acme/widget@1.5.0"),
            ([str(ROOT / "README.md")], "is not JSON"),
            ([str(ROOT / "docs")], "is a directory; name a file"),
            ([""], "the version is empty; write it as pkg:npm/@acme/widget@1.5.0, or name a JSON file"),
            ([WIDGET, "--in", "dev", "--since", "yesterday"], '"yesterday" is not a time; write 2026-'),
        ],
    )
    def test_are_one_sentence_and_exit_2(self, explain: Any, arguments: list[str], sentence: str) -> None:
        ran = explain(*arguments)

        assert ran.code == 2
        assert sentence in ran.err
        assert ran.out == ""

    def test_an_event_in_another_encoding_is_one_sentence(self, explain: Any, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        file.write_bytes('{"detail": "café"}'.encode("latin-1"))

        ran = explain(file)

        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (f"{file} is not UTF-8 (byte 0xE9 at line 1, column 16); save the file as UTF-8\n")

    def test_standard_input_in_another_encoding_is_one_sentence(
        self, explain: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xe9")))

        assert explain("-").err.startswith("standard input is not UTF-8 (byte 0xE9 at line 1, column 1)")

    def test_a_missing_rules_file_is_named(self, tmp_path: Path) -> None:
        ran = promoter("explain", WIDGET, "--rules", tmp_path / "none.toml")

        assert ran.code == 2
        assert ran.err.startswith("there is no file ")


class TestHelp:
    def test_explains_the_arrows_of_the_first_line(self) -> None:
        text = promoter("explain", "--help").out

        assert "    dev * 3d ago   dev has had the version for 3 days\n" in text
        for arrow in ("--  ", "->  ", "--|", ".. "):
            assert re.search(rf"^    {re.escape(arrow)} +\w+", text, re.MULTILINE)


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

    def test_on_a_terminal_colours_only_add_to_the_words(self) -> None:
        piped = promoter(*self.COMMAND).out
        shown = on_terminal(self.COMMAND)

        assert "\x1b[" in shown
        assert words(re.sub(r"\x1b\[[0-9;]*m", "", shown)) == words(piped)
        assert "\x1b" not in piped


def words(text: str) -> list[str]:
    return text.split()


def on_terminal(arguments: tuple[str, ...]) -> str:
    """The output of a command whose standard output is a terminal of 200 columns."""
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
