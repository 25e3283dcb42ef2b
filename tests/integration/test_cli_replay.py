"""replay: recorded decisions of a file and of the local AWS, decided again."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator_support.codeartifact_calls import publish_generic
from emulator_support.package_uploads import put_npm
from local.stack import LocalStack
from promoter.inspection.replay import Replay
from promoter.rules_file.reader import load
from tests.support.command_line import promoter
from tests.support.paths import RULES
from tests.support.samples import promotion, rules_text
from tests.unit.inspection.test_replay import MORNING, recorded_lines

OLD = rules_text(promotion(soak="24h"))
OLD_RULES = load(OLD).rule_set
NEW = rules_text(promotion(soak="48h", versions="^1"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with rules and a log of three versions."""
    (tmp_path / "old.toml").write_text(OLD)
    (tmp_path / "new.toml").write_text(NEW)
    lines = [
        *recorded_lines(OLD_RULES, now=MORNING + 100_000),
        *recorded_lines(OLD_RULES, now=MORNING + 100_000, version="2.0.0"),
        *recorded_lines(OLD_RULES, now=MORNING + 200_000, version="1.1.0"),
        recorded_lines(OLD_RULES)[0][:-20],
    ]
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_other_rules_show_each_version_that_changes_with_its_reason(folder: Path) -> None:
    ran = promoter("replay", "--log", "log.jsonl", "--rules", "new.toml")

    digest = load(NEW).rule_set.digest
    assert ran.code == 0
    assert ran.lines == [
        f"4 decisions of log.jsonl, recorded by ruleset {OLD_RULES.digest}; decided again by new.toml, "
        f"ruleset {digest}",
        "1 would now wait, 1 would now be rejected; 0 decisions the same, 1 only with other reasons",
        "dev -> staging",
        "  x  npm  @acme/widget 2.0.0  promote -> reject  versions: 2.0.0 not in ^1",
        "  ?  npm  @acme/widget 1.0.0  promote -> wait    soak: 27h 46m of 48h",
        "1 cannot be decided again:",
        "  1  the line is cut off",
    ]


def test_the_same_rules_change_nothing(folder: Path) -> None:
    ran = promoter("replay", "--log", "log.jsonl", "--rules", "old.toml")

    assert ran.lines[1] == "no version would get another verdict; 3 decisions the same"


def test_more_versions_than_the_limit_are_counted(folder: Path) -> None:
    ran = promoter("replay", "--log", "log.jsonl", "--rules", "new.toml", "--limit", 1)

    assert "and 1 more; --limit shows them" in ran.lines
    assert not any("1.0.0" in line for line in ran.lines)


def test_json_has_every_change(folder: Path) -> None:
    found = json.loads(
        promoter("replay", "--log", "log.jsonl", "--rules", "new.toml", "--output", "json").out
    )

    assert (found["decisions"], found["same"], found["otherReasons"]) == (4, 0, 1)
    assert found["versions"] == {"wait": 1, "reject": 1}
    assert found["notDecidedAgain"] == {"the line is cut off": 1}
    change = found["changes"][1]
    assert (change["purl"], change["recorded"]["verdict"], change["verdict"]) == (
        "pkg:npm/%40acme/widget@1.0.0",
        "promote",
        "wait",
    )
    assert [each["code"] for each in change["reasons"]] == ["versions", "soak"]


def test_a_new_hop_is_named(folder: Path) -> None:
    (folder / "new.toml").write_text(OLD + promotion("more", "staging -> prod"))

    ran = promoter("replay", "--log", "log.jsonl", "--rules", "new.toml")

    assert "staging -> prod   no decision is recorded; promoter plan shows what would be copied" in ran.lines


def test_standard_input_is_a_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (folder / "log.jsonl").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

    ran = promoter("replay", "--log", "-", "--rules", "old.toml")

    assert ran.lines[0].startswith("4 decisions of standard input, ")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--log", "none.jsonl"], "cannot read none.jsonl: No such file or directory; check its name"),
        (["--log", "."], "cannot read .: Is a directory; check its name"),
        (["--log", "log.jsonl", "--since", "7d"], "a file is read as a whole, so leave it out"),
        (["--since", "soon"], '"soon" is not a time; write 30d, or 2026-01-02T03:04:05Z'),
    ],
)
def test_bad_usage_says_what_to_write(folder: Path, arguments: list[str], text: str) -> None:
    ran = promoter("replay", "--rules", "old.toml", *arguments)

    assert ran.code == 2
    assert text in ran.err


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    """A stack that has copied, rejected and held versions, and let one wait."""
    with LocalStack.start(parameters={"SettleSeconds": "0"}) as stack:
        stack.create_repositories()
        client = stack.client("codeartifact")
        for name in ("widget", "internal-keys"):
            put_npm(client, f"@acme/{name}", "1.0.0").raise_for_status()
        for name in ("soaked", "release"):
            publish_generic(client, "1.0", package=name)
        stack.wait_until_idle()
        yield stack


class TestOnTheLocalAws:
    @pytest.fixture
    def replay(self, stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Any:
        for name, value in stack.client_environment().items():
            monkeypatch.setenv(name, value)
        return lambda *arguments: promoter("replay", "--stack", "local", *arguments)

    def test_its_own_rules_change_nothing(self, replay: Any) -> None:
        found = json.loads(replay("--rules", RULES, "--output", "json").out)

        assert found["decisions"] == found["same"] >= 6
        assert (found["changes"], found["notDecidedAgain"]) == ([], {})

    def test_other_rules_change_what_was_promoted(self, replay: Any, tmp_path: Path) -> None:
        other = tmp_path / "rules.toml"
        other.write_text(RULES.read_text().replace("internal-*", "widget"))

        ran = replay("--rules", other, "--since", "1h")

        assert ran.code == 0
        assert "1 would now be promoted, 1 would now be rejected" in ran.lines[1]

    def test_the_log_before_since_is_not_read(self, replay: Any) -> None:
        ran = replay("--rules", RULES, "--since", "2999-01-01")

        assert ran.lines[0].startswith("0 decisions since 2999-01-01T00:00:00Z; decided again by ")

    def test_a_stack_that_does_not_exist_is_named(self, replay: Any) -> None:
        ran = replay("--rules", RULES, "--stack", "other")

        assert ran.code != 0
        assert 'there is no stack "other"' in ran.err

    def test_the_log_group_has_every_line_that_the_function_printed(self, stack: LocalStack) -> None:
        group = stack.outputs["PromoteLogGroupName"]
        events = stack.client("logs").filter_log_events(logGroupName=group)["events"]

        again = Replay(load(RULES.read_text()).rule_set)
        again.add(each["message"].encode() for each in events)
        assert again.same == again.total >= 6
        assert any('"_aws"' in each["message"] for each in events)
