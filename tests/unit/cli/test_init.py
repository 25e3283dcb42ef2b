"""`promoter init`: the file that it writes, the summary that it prints, and the arguments that it refuses."""

from pathlib import Path

import pytest

from promoter.cli import init as module
from promoter.packages.package import Package
from promoter.rules_file.reader import load
from tests.support.command_line import Ran, promoter
from tests.support.in_memory_reader import InMemoryReader


@pytest.fixture
def domain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> InMemoryReader:
    """The domain that init connects to; the current directory is empty."""
    reader = InMemoryReader.of("dev", "npm-store", "prod")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "connect_to_domain", lambda *_: reader)
    return reader


def init(*arguments: str, terminal: bool = False) -> Ran:
    return promoter("init", "--domain", "acme", "--rules", "rules.toml", *arguments, terminal=terminal)


def test_the_rules_are_written_and_the_contents_and_the_next_step_are_printed(domain: InMemoryReader) -> None:
    domain.put("dev")
    domain.put("dev", package=Package("npm", "acme", "gadget"))

    ran = init()

    assert (ran.code, ran.err) == (0, "")
    assert ran.lines == [
        "domain acme: 3 repositories",
        "  dev        npm 2 (@acme 2)",
        "  npm-store  no packages of your own",
        "  prod       no packages of your own",
        "  dev -> prod",
        "wrote rules.toml; its rules only observe and copy nothing",
        "Next: promoter validate rules.toml, then promoter plan --rules rules.toml",
    ]
    [promotion] = load(Path("rules.toml").read_text("utf-8")).rule_set.promotions
    assert (promotion.name, promotion.mode) == ("dev-to-prod-by-origin", "observe")


def test_the_default_file_need_not_be_named_in_the_next_step(domain: InMemoryReader) -> None:
    Path("functions").mkdir()

    ran = promoter("init", "--domain", "acme")

    assert ran.lines[-1] == "Next: promoter validate, then promoter plan"


def test_without_stages_the_file_has_an_example(domain: InMemoryReader) -> None:
    del domain.contents["prod"]

    ran = init()

    assert ran.code == 0
    assert ran.lines[-2:] == [
        "no two repositories have names of stages that follow each other, so no hop is proposed",
        "wrote rules.toml with an example; edit it. Next: promoter validate rules.toml",
    ]
    assert "# [[promotion]]\n" in Path("rules.toml").read_text("utf-8")


def test_a_schema_beside_the_file_is_named_in_it(domain: InMemoryReader) -> None:
    Path("rules.schema.json").write_text("{}")

    init()

    assert (
        Path("rules.toml")
        .read_text("utf-8")
        .startswith("#:schema ./rules.schema.json\n# Promotions of domain")
    )


def test_progress_is_shown_only_on_a_terminal_and_cleared_at_the_end(domain: InMemoryReader) -> None:
    shown = init(terminal=True).err.split("\r\033[K")

    assert shown[1:] == ["reading dev, 1 of 3", "reading npm-store, 2 of 3", "reading prod, 3 of 3", ""]


def test_an_existing_file_is_replaced_only_by_force(domain: InMemoryReader) -> None:
    Path("rules.toml").write_text("mine")

    ran = init()

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "rules.toml exists; use --force to replace it, or --rules to write another\n"
    assert Path("rules.toml").read_text("utf-8") == "mine"
    assert init("--force").code == 0
    assert Path("rules.toml").read_text("utf-8").startswith("# Promotions of domain acme")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ("--domain", "Acme"),
            '"Acme" is not a valid domain name; `aws codeartifact list-domains` lists yours',
        ),
        (("--domain-owner", "me"), '--domain-owner "me" is not an AWS account id; it has 12 digits'),
        (
            ("--rules", "no/rules.toml"),
            "there is no directory no; create it, or use --rules to write another file",
        ),
    ],
    ids=str,
)
def test_arguments_that_cannot_be_right_are_refused_before_aws_is_asked(
    domain: InMemoryReader, arguments: tuple[str, ...], text: str
) -> None:
    ran = init(*arguments)

    assert (ran.code, ran.out, ran.err) == (2, "", f"{text}\n")
    assert domain.calls == []


def test_a_file_that_cannot_be_written_is_an_error(domain: InMemoryReader) -> None:
    Path("rules.toml").mkdir()

    ran = init("--force")

    assert (ran.code, ran.err) == (2, "cannot write rules.toml: Is a directory\n")
