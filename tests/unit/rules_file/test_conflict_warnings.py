"""conflict_warnings: promotions that leave out files which are uploaded later."""

import pytest

from promoter.rules_file.conflict_warnings import conflict_warnings
from promoter.rules_file.reader import load
from tests.support.paths import ROOT
from tests.support.samples import promotion, rules

NEXT = "staging -> prod"


def messages(*tables: str) -> list[str]:
    return [each.message for each in conflict_warnings(rules(*tables).promotions)]


@pytest.mark.parametrize(
    "packages", [["pkg:pypi/acme-*"], ["pkg:maven/com.acme/*"], ["/maven/com.acme~"], ["pkg:**"]]
)
def test_fail_is_a_warning_where_files_may_come_later(packages: list[str]) -> None:
    [message] = messages(promotion(packages=packages))

    assert message.endswith("files that are uploaded after the version was promoted are not promoted")


@pytest.mark.parametrize("keys", [{"on_conflict": "extend"}, {"on_conflict": "overwrite"}, {"soak": "1h"}])
def test_whoever_extends_overwrites_or_soaks_is_not_warned(keys: dict[str, str]) -> None:
    assert messages(promotion(packages=["pkg:pypi/acme-*"], **keys)) == []


@pytest.mark.parametrize(
    "package", ["pkg:npm/acme-*", "pkg:nuget/acme.*", "pkg:generic/acme/*", "pkg:gem/acme-*"]
)
def test_formats_whose_versions_are_complete_are_not_warned_of(package: str) -> None:
    assert messages(promotion(packages=[package])) == []


def test_extend_on_one_hop_and_not_on_the_next_is_a_warning() -> None:
    first = promotion("first", packages=["pkg:pypi/acme-*"], on_conflict="extend")
    second = promotion("second", NEXT, packages=["pkg:pypi/*"], soak="1h")

    assert messages(first, second) == [
        'promotion "first" adds files to versions in staging, but "second" does not add them in prod'
    ]
    other_format = promotion("second", NEXT, packages=["pkg:maven/com.acme/*"], soak="1h")
    assert messages(first, other_format) == []


def test_the_rules_of_the_project_have_no_such_warning() -> None:
    text = (ROOT / "functions" / "rules.toml").read_text("utf-8")

    assert list(conflict_warnings(load(text).rule_set.promotions)) == []
