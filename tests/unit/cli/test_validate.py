"""`promoter validate`: all errors with their location, for people and for programs."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.command_line import promoter
from tests.support.samples import promotion

BAD = """\
domain = "acme"

[[promotion]]
name = "web-to-staging"
from = "dev"
to = "staging"
packages = ["pkg:npm/@acme/*", "pkg:maven/com.acme.*/*"]
exlude = ["pkg:npm/@acme/internal-*"]
mode = "observ"
"""
GOOD = 'domain = "acme"\n' + promotion()
DOUBTFUL = 'domain = "acme"\n' + promotion(packages=["pkg:maven/com.acme.*/*"])


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("rules.toml")


def test_all_errors_are_reported_and_nothing_is_deployed(rules: Path) -> None:
    rules.write_text(BAD)

    ran = promoter("validate", "rules.toml")

    assert (ran.code, ran.err) == (2, "")
    assert (
        ran.out
        == """\
warning: "pkg:maven/com.acme.*/*" does not select namespace com.acme itself
  --> rules.toml:7:32
   7 | packages = ["pkg:npm/@acme/*", "pkg:maven/com.acme.*/*"]
     |                                ^^^^^^^^^^^^^^^^^^^^^^^^ write /maven/com.acme~ for both
error: unknown key "exlude" in promotion "web-to-staging"
  --> rules.toml:8:1
   8 | exlude = ["pkg:npm/@acme/internal-*"]
     | ^^^^^^ did you mean "exclude"?
error: mode "observ" of promotion "web-to-staging" is not one of enforce, manual, observe
  --> rules.toml:9:1
   9 | mode = "observ"
     | ^^^^ did you mean "observe"?
2 errors, 1 warning; nothing deployed
"""
    )


def test_json_has_the_path_and_the_location_of_each_error(rules: Path) -> None:
    rules.write_text(BAD)

    ran = promoter("validate", "--rules", "rules.toml", "--output", "json")

    assert (ran.code, ran.err) == (2, "")
    found = json.loads(ran.out)
    assert found["errors"][0] == {
        "path": ["promotion", 0, "exlude"],
        "line": 8,
        "column": 1,
        "message": 'unknown key "exlude" in promotion "web-to-staging"',
        "hint": 'did you mean "exclude"?',
    }
    assert [(error["line"], error["column"]) for error in found["errors"]] == [(8, 1), (9, 1)]
    assert [(warning["line"], warning["column"]) for warning in found["warnings"]] == [(7, 32)]


def test_a_valid_file_is_summarized(rules: Path) -> None:
    rules.write_text(GOOD)

    ran = promoter("validate", "rules.toml")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("rules.toml: 1 promotion on 1 hop of domain acme, ruleset ")
    assert json.loads(promoter("validate", "rules.toml", "--output", "json").out) == {
        "errors": [],
        "warnings": [],
    }


def test_a_warning_alone_exits_0(rules: Path) -> None:
    rules.write_text(DOUBTFUL)

    ran = promoter("validate", "rules.toml")

    assert ran.code == 0
    assert 'warning: "pkg:maven/com.acme.*/*" does not select' in ran.out
    assert "\n2 warnings\nrules.toml: 1 promotion on 1 hop" in ran.out


def test_files_that_are_left_out_later_are_a_warning(rules: Path) -> None:
    rules.write_text('domain = "acme"\n' + promotion(packages=["pkg:pypi/acme-*"]))

    ran = promoter("validate", "rules.toml")

    assert ran.code == 0
    assert 'selects pypi, and on-conflict is "fail": files that are uploaded after' in ran.out


@pytest.mark.parametrize("arguments", [["validate"], ["explain", "pkg:npm/a@1", "--in", "dev", "--rules"]])
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("latin.toml", 'domain = "acm\xe9"\n'.encode("latin-1"), "latin.toml is not UTF-8 (byte 14 is 0xE9)"),
        ("missing.toml", None, "there is no file missing.toml"),
        (".", None, ". is a directory; name a file"),
        ("", None, ". is a directory; name a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    rules: Path, arguments: list[str], name: str, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (rules.parent / name).write_bytes(content)

    ran = promoter(*arguments, name)

    assert ran.code == 2
    assert sentence in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_the_rules_of_the_project_are_the_default(rules: Path) -> None:
    Path("functions").mkdir()
    shutil.copy(Path(__file__).parents[3] / "functions" / "rules.toml", "functions")

    assert promoter("validate").out.startswith("functions/rules.toml: 6 promotions on 2 hops of domain acme")


def test_a_missing_file_is_one_sentence(rules: Path) -> None:
    ran = promoter("validate", "rules.toml")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "there is no file rules.toml; `promoter init` writes one, --rules names another\n"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"domain = \n", b"x = " + b"[" * 3000])
def test_a_file_that_is_not_toml_is_never_a_traceback(rules: Path, content: bytes) -> None:
    rules.write_bytes(content)

    ran = promoter("validate", "rules.toml")

    assert ran.code == 2
    assert ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err


MANY_DESTINATIONS = [promotion(f"p{number}", f"dev -> team-{number}-prod") for number in range(20)]
MANY_SOURCES = [promotion(f"p{number}", f"{'s' * 90}{number} -> prod") for number in range(20)]


@pytest.mark.parametrize(
    ("tables", "size", "hint"),
    [
        (
            MANY_DESTINATIONS,
            "the inline policies of PromoteRole can have 12,627 characters, and AWS accepts 10,240",
            'set the parameter RepositoryAccess = "domain"',
        ),
        (
            MANY_SOURCES,
            "the event pattern of PublishRule can have 2,138 characters, and AWS accepts 2,048",
            "split the rules into two files",
        ),
    ],
)
def test_a_size_that_aws_would_refuse_is_a_warning_with_its_fix(
    rules: Path, tables: list[str], size: str, hint: str
) -> None:
    rules.write_text("\n".join(['domain = "acme"', *tables]))

    ran = promoter("validate", "rules.toml")

    assert (ran.code, ran.err) == (0, "")
    assert f"warning: {size}\n" in ran.out
    assert hint in ran.out
    warnings = json.loads(promoter("validate", "rules.toml", "--output", "json").out)["warnings"]
    assert size in [each["message"] for each in warnings]


def test_sizes_are_not_measured_of_rules_with_errors(rules: Path) -> None:
    rules.write_text("\n".join(['domain = "acme"', *MANY_SOURCES, BAD.partition("\n")[2]]))

    assert "AWS accepts" not in promoter("validate", "rules.toml").out
