"""conflict_warnings: promotions that leave out files which are uploaded later."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    [message] = messages(promotion(packages=packages, prereleases=False))

    assert message.endswith("files that are uploaded after the version was promoted are not promoted")


@pytest.mark.parametrize(
    "keys",
    [{"on_conflict": "extend"}, {"on_conflict": "overwrite"}, {"soak": "1h"}, {"mode": "manual"}],
    ids=str,
)
def test_extend_overwrite_a_soak_and_manual_are_no_warning(keys: dict[str, str]) -> None:
    assert messages(promotion(packages=["pkg:pypi/acme-*"], **keys)) == []


@pytest.mark.parametrize(
    "package", ["pkg:npm/acme-*", "pkg:nuget/acme.*", "pkg:generic/acme/*", "pkg:gem/acme-*"]
)
def test_formats_whose_versions_are_complete_are_not_warned_of(package: str) -> None:
    assert messages(promotion(packages=[package])) == []


def chain(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    same = {"prereleases": False, "packages": ["pkg:pypi/acme-*"]}
    return messages(
        promotion("first", **{**same, **first}),
        promotion("second", NEXT, **{**same, **second}),
    )


class TestExtendOnOneHopAndFailOnTheNext:
    @pytest.mark.parametrize("keys", [{}, {"soak": "1h"}, {"mode": "observe"}], ids=str)
    @pytest.mark.parametrize(
        "packages",
        [
            ["pkg:pypi/acme-*"],
            ["/maven/com.acme~"],
            ["pkg:npm/@acme/*"],
            ["pkg:generic/acme/*"],
            ["pkg:npm/@acme/*", "pkg:pypi/acme-*"],
        ],
    )
    def test_is_a_warning(self, packages: list[str], keys: dict[str, Any]) -> None:
        found = chain({"packages": packages, "on_conflict": "extend"}, {"packages": packages, **keys})

        assert found == [
            'promotion "first" adds files to versions in staging, but "second" does not add them in prod'
        ]

    def test_is_a_warning_if_only_some_packages_are_on_both_hops(self) -> None:
        [message] = chain(
            {"packages": ["pkg:pypi/acme-*", "pkg:npm/@acme/*"], "on_conflict": "extend"},
            {"packages": ["pkg:pypi/acme-tools", "pkg:npm/@other/*"]},
        )

        assert message.startswith('promotion "first" adds files')

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ({"packages": ["pkg:npm/@acme/*"]}, {"packages": ["pkg:npm/@other/*"]}),
            ({}, {"packages": ["pkg:pypi/other-*"], "soak": "1h"}),
            ({}, {"packages": ["pkg:maven/com.acme/*"], "soak": "1h"}),
            ({"packages": ["pkg:npm/@acme/*", "pkg:pypi/acme-*"]}, {"packages": ["pkg:npm/@acme/*"]}),
            ({"packages": ["pkg:**"]}, {"packages": ["pkg:npm/@acme/*"]}),
            ({"origin": "internal"}, {"origin": "external", "soak": "1h"}),
            ({"mode": "manual"}, {"soak": "1h"}),
            ({}, {"on_conflict": "extend"}),
            ({}, {"on_conflict": "overwrite"}),
            ({}, {"mode": "manual"}),
            ({}, {"from": "test", "soak": "1h"}),
        ],
        ids=["other packages", "other names", "another format", "only npm on both", "everything, then npm",
             "other origins", "manual first", "extend", "overwrite", "manual next", "another chain"],
    )  # fmt: skip
    def test_is_not_found_elsewhere(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        assert chain({**first, "on_conflict": "extend"}, second) == []


class TestSnapshots:
    @pytest.mark.parametrize("on_conflict", ["fail", "extend"])
    @pytest.mark.parametrize(
        "packages",
        [["pkg:maven/com.acme/*"], ["/maven/com.acme~"], ["pkg:npm/@acme/*", "pkg:maven/com.acme/a"]],
    )
    def test_without_overwrite_are_a_warning(self, packages: list[str], on_conflict: str) -> None:
        assert messages(promotion("web", packages=packages, on_conflict=on_conflict)) == [
            'promotion "web" promotes each SNAPSHOT only once: its next build changes files, '
            f'and on-conflict = "{on_conflict}" changes none'
        ]

    @pytest.mark.parametrize(
        "keys",
        [{"on_conflict": "overwrite"}, {"mode": "manual"}, {"prereleases": False, "on_conflict": "extend"}],
        ids=str,
    )
    def test_are_no_warning_elsewhere(self, keys: dict[str, Any]) -> None:
        assert messages(promotion(packages=["/maven/com.acme~"], **keys)) == []

    def test_do_not_hide_the_warning_about_another_format(self) -> None:
        found = messages(promotion("web", packages=["/maven/com.acme~", "pkg:pypi/acme-*"]))

        assert [message.partition(":")[0] for message in found] == [
            'promotion "web" promotes each SNAPSHOT only once',
            'promotion "web" selects pypi, and on-conflict is "fail"',
        ]


def test_the_rules_of_the_project_have_no_such_warning() -> None:
    text = (ROOT / "functions" / "rules.toml").read_text("utf-8")

    assert list(conflict_warnings(load(text).rule_set.promotions)) == []


PATTERNS = ["pkg:npm/@acme/*", "pkg:pypi/acme-*", "/maven/com.acme~", "pkg:generic/acme/*"]
HOPS = ["dev -> staging", NEXT, "dev -> test"]


@given(
    st.lists(st.tuples(st.sampled_from(HOPS), st.lists(st.sampled_from(PATTERNS), min_size=1)), max_size=5)
)
def test_extend_everywhere_is_no_warning(made: list[tuple[str, list[str]]]) -> None:
    tables = [
        promotion(f"p{number}", hop, packages, prereleases=False, on_conflict="extend")
        for number, (hop, packages) in enumerate(made)
    ]

    assert not tables or messages(*tables) == []
