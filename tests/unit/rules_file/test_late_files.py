"""late_files: warnings about files that a version gets after it was copied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.rules_file.late_files import find_late_files
from promoter.rules_file.reader import load
from tests.support.paths import ROOT
from tests.support.samples import promotion, rules


def warnings(*tables: str) -> list[tuple[str, str]]:
    return [(each.message, each.hint) for each in find_late_files(rules(*tables).promotions)]


def one(packages: list[str], **keys: object) -> str:
    return promotion("web", packages=packages, **{"prereleases": False, **keys})


def chain(first: dict[str, object], second: dict[str, object]) -> list[tuple[str, str]]:
    same = {"prereleases": False, "packages": ["pkg:pypi/acme-*"]}
    return warnings(
        promotion("first", "dev -> staging", **{**same, **first}),  # type: ignore[arg-type]
        promotion("second", "staging -> prod", **{**same, **second}),  # type: ignore[arg-type]
    )


LATE = [
    (["pkg:pypi/acme-*"], "pypi", "a wheel after its sdist"),
    (["/python//acme~"], "pypi", "a wheel after its sdist"),
    (["pkg:npm/@acme/*", "pkg:maven/com.acme/*"], "maven", "a jar of sources after the jar"),
    (["/maven/com.acme~"], "maven", "a jar of sources after the jar"),
    (["/maven/com.acme~", "pkg:pypi/acme-*"], "pypi and maven", "a wheel after its sdist"),
    (["pkg:**"], "pypi and maven", "a wheel after its sdist"),
    (["/*"], "pypi and maven", "a wheel after its sdist"),
]


class TestFail:
    @pytest.mark.parametrize(("packages", "formats", "example"), LATE)
    @pytest.mark.parametrize(
        "keys", [{}, {"mode": "observe"}, {"on_conflict": "fail"}, {"soak": "1h"}], ids=str
    )
    def test_with_versions_that_get_files_later_is_a_warning(
        self, packages: list[str], formats: str, example: str, keys: dict[str, object]
    ) -> None:
        assert warnings(one(packages, **keys)) == [
            (
                f'promotion "web" selects {formats}: a file that arrives later is not promoted ({example})',
                'add on-conflict = "extend" to add it; a soak leaves time for such files before the copy',
            )
        ]

    @pytest.mark.parametrize(
        "packages", [["pkg:npm/**"], ["pkg:generic/acme/*", "pkg:gem/acme-*", "/nuget/*"]]
    )
    def test_with_versions_of_one_upload_is_none(self, packages: list[str]) -> None:
        assert warnings(one(packages)) == []

    @pytest.mark.parametrize(
        "keys", [{"on_conflict": "extend"}, {"on_conflict": "overwrite"}, {"mode": "manual"}], ids=str
    )
    def test_is_the_only_value_that_is_warned_about(self, keys: dict[str, object]) -> None:
        assert [warnings(one(packages, **keys)) for packages, _, _ in LATE] == [[]] * len(LATE)

    def test_is_reported_at_its_key(self) -> None:
        [found] = find_late_files(rules(one(["pkg:pypi/acme-*"])).promotions)

        assert (found.severity, found.path) == ("warning", ("promotion", 0, "on-conflict"))


ADDS = (
    'promotion "first" adds files to staging, but promotion "second" does not promote them',
    'add on-conflict = "extend" to "second"',
)


class TestExtendThenFail:
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
    def test_is_a_warning(self, packages: list[str]) -> None:
        assert chain({"packages": packages, "on_conflict": "extend"}, {"packages": packages}) == [ADDS]

    def test_is_a_warning_if_only_some_packages_are_on_both_hops(self) -> None:
        found = chain(
            {"packages": ["pkg:pypi/acme-*", "pkg:npm/@acme/*"], "on_conflict": "extend"},
            {"packages": ["pkg:pypi/acme-tools", "pkg:npm/@other/*"]},
        )

        assert found == [ADDS]

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ({"packages": ["pkg:npm/@acme/*"]}, {"packages": ["pkg:npm/@other/*"]}),
            ({"packages": ["pkg:npm/@acme/*", "pkg:pypi/acme-*"]}, {"packages": ["pkg:npm/@acme/*"]}),
            ({"packages": ["pkg:**"]}, {"packages": ["pkg:npm/@acme/*"]}),
            ({"origin": "internal"}, {"origin": "external", "on_conflict": "overwrite"}),
            ({}, {"on_conflict": "extend"}),
            ({}, {"on_conflict": "overwrite"}),
            ({}, {"mode": "manual"}),
        ],
        ids=["other packages", "only npm on both", "everything, then npm", "other origins", "extend", "overwrite",
             "manual"],
    )  # fmt: skip
    def test_is_not_found_elsewhere(self, first: dict[str, object], second: dict[str, object]) -> None:
        assert chain({**first, "on_conflict": "extend"}, second) == []

    def test_concerns_only_hops_of_one_chain(self) -> None:
        same = {"prereleases": False, "packages": ["pkg:npm/@acme/*"]}

        assert (
            warnings(
                promotion("a", "dev -> staging", on_conflict="extend", **same),  # type: ignore[arg-type]
                promotion("b", "dev -> prod", **same),  # type: ignore[arg-type]
                promotion("c", "other -> dev", **same),  # type: ignore[arg-type]
            )
            == []
        )


class TestSnapshots:
    @pytest.mark.parametrize("on_conflict", ["fail", "extend"])
    @pytest.mark.parametrize(
        "packages",
        [["pkg:maven/com.acme/*"], ["/maven/com.acme~"], ["pkg:npm/@acme/*", "pkg:maven/com.acme/a"]],
    )
    def test_without_overwrite_are_a_warning(self, packages: list[str], on_conflict: str) -> None:
        assert warnings(one(packages, prereleases=True, on_conflict=on_conflict)) == [
            (
                'promotion "web" promotes each SNAPSHOT only once: its next build changes files, '
                f'and on-conflict = "{on_conflict}" changes none',
                'add on-conflict = "overwrite", or write a promotion with it for the packages that have SNAPSHOTs',
            )
        ]

    @pytest.mark.parametrize(
        "keys",
        [
            {"prereleases": True, "on_conflict": "overwrite"},
            {"prereleases": True, "mode": "manual"},
            {"prereleases": False, "on_conflict": "extend"},
        ],
        ids=str,
    )
    def test_are_no_warning_elsewhere(self, keys: dict[str, object]) -> None:
        assert warnings(one(["/maven/com.acme~"], **keys)) == []

    def test_do_not_hide_the_warning_about_another_format(self) -> None:
        found = warnings(one(["/maven/com.acme~", "pkg:pypi/acme-*"], prereleases=True))

        assert [message.partition(":")[0] for message, _ in found] == [
            'promotion "web" promotes each SNAPSHOT only once',
            'promotion "web" selects pypi',
        ]


@pytest.mark.parametrize("file", ["functions/rules.toml", "docs/example-rules.toml"])
def test_the_rules_of_the_project_have_no_warning(file: str) -> None:
    loaded = load((ROOT / file).read_text("utf-8"))

    assert find_late_files(loaded.rule_set.promotions) == []


PATTERNS = ["pkg:npm/@acme/*", "pkg:pypi/acme-*", "/maven/com.acme~", "pkg:generic/acme/*"]
HOPS = ["dev -> staging", "staging -> prod", "dev -> test"]


@given(
    st.lists(st.tuples(st.sampled_from(HOPS), st.lists(st.sampled_from(PATTERNS), min_size=1)), max_size=5)
)
def test_extend_everywhere_has_no_warning(made: list[tuple[str, list[str]]]) -> None:
    tables = [
        promotion(f"p{number}", hop, packages, prereleases=False, on_conflict="extend")
        for number, (hop, packages) in enumerate(made)
    ]

    assert not tables or warnings(*tables) == []
