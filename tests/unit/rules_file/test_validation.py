"""checks: what shows only when the whole rules file is seen."""

import pytest

from promoter.rules_file.diagnostics import RulesError
from promoter.rules_file.reader import load
from tests.support.samples import promotion, rules


def refused(*tables: str) -> str:
    with pytest.raises(RulesError) as error:
        rules(*tables)
    return str(error.value)


def warnings(*tables: str) -> list[str]:
    return [warning.text for warning in rules(*tables).warnings]


def plain(name: str, packages: list[str], hop: str = "dev -> staging", **keys: object) -> str:
    lines = [
        line
        for line in promotion(name, hop, packages, **keys).splitlines()
        if "origin" in keys or not line.startswith("origin")
    ]
    return "\n".join(lines)


BROAD = [
    "pkg:**", "pkg:npm/*", "pkg:npm/**", "pkg:maven/**", "pkg:maven/*/*", "pkg:npm/@*/*", "pkg:npm/@*/**",
    "pkg:npm/*-types", "pkg:npm/@*-x/*", "pkg:pypi/*", "pkg:generic/*/*", "/*", "/npm/*", "/npm//*",
]  # fmt: skip
NARROW = [
    "pkg:npm/a*", "pkg:npm/@acme/*", "pkg:npm/@acme/**", "pkg:npm/@*/acme-*", "pkg:npm/@acme-*/*", "pkg:npm/lodash",
    "pkg:maven/com.acme.*/core", "pkg:pypi/acme-*", "/npm/acme/*", "/npm/acme~", "/npm//acme-*", "/pypi//requests$",
]  # fmt: skip


class TestPublicPackages:
    @pytest.mark.parametrize("text", BROAD)
    def test_a_pattern_without_a_namespace_or_the_beginning_of_a_name_is_refused(self, text: str) -> None:
        message = refused(plain("web", ["pkg:npm/@acme/*", text]))

        assert f'packages of promotion "web": "{text}" lets public packages in' in message
        assert 'add origin = "internal" to "web"; or "any", if public packages are meant' in message
        assert message.endswith("\n1 error")

    @pytest.mark.parametrize("text", BROAD)
    @pytest.mark.parametrize("origin", ["internal", "external", "any"])
    def test_it_is_taken_where_the_promotion_states_an_origin(self, text: str, origin: str) -> None:
        assert len(rules(plain("web", [text], origin=origin)).promotions) == 1

    def test_it_is_taken_where_the_defaults_state_an_origin(self) -> None:
        assert (
            rules('[defaults]\norigin = "internal"', plain("web", ["pkg:npm/*"])).promotions[0].origin
            == "internal"
        )

    @pytest.mark.parametrize("text", NARROW)
    def test_a_pattern_with_a_namespace_or_the_beginning_of_a_name_is_taken(self, text: str) -> None:
        assert len(rules(plain("web", [text])).promotions) == 1

    def test_a_team_may_not_let_them_in_either_and_is_shown_with_its_pattern(self) -> None:
        message = refused('[teams]\nweb = { packages = ["pkg:npm/*"] }', plain("to-staging", ["web"]))

        assert 'packages of promotion "to-staging": "pkg:npm/*" lets public packages in' in message
        assert '--> rules.toml:3:21\n   3 | web = { packages = ["pkg:npm/*"] }' in message

    def test_an_exclusion_may_be_as_broad_as_it_likes(self) -> None:
        assert len(rules(plain("web", ["pkg:npm/@acme/*"], exclude=["pkg:**"])).promotions) == 1


class TestCycles:
    def test_a_cycle_is_printed_from_its_first_promotion_on(self) -> None:
        message = refused(
            plain("b", ["pkg:npm/@b/*"], "prod -> dev"), plain("a", ["pkg:npm/@a/*"], "dev -> prod")
        )

        assert "error: a cycle: b (prod -> dev) -> a (dev -> prod)\n" in message

    def test_of_several_promotions_of_a_hop_the_first_is_named(self) -> None:
        message = refused(
            plain("a", ["pkg:npm/@a/*"], "dev -> prod"),
            plain("also", ["pkg:npm/@also/*"], "dev -> prod"),
            plain("b", ["pkg:npm/@b/*"], "prod -> dev"),
        )

        assert "a cycle: a (dev -> prod) -> b (prod -> dev)\n" in message
        assert "also" not in message

    def test_cycles_that_share_no_hop_are_all_reported(self) -> None:
        message = refused(
            plain("a", ["pkg:npm/@a/*"], "dev -> prod"),
            plain("b", ["pkg:npm/@b/*"], "prod -> dev"),
            plain("c", ["pkg:npm/@c/*"], "one -> two"),
            plain("d", ["pkg:npm/@d/*"], "two -> three"),
            plain("e", ["pkg:npm/@e/*"], "three -> one"),
        )

        assert "a cycle: a (dev -> prod) -> b (prod -> dev)\n" in message
        assert "a cycle: c (one -> two) -> d (two -> three) -> e (three -> one)\n" in message
        assert message.endswith("2 errors")

    def test_two_ways_to_one_repository_are_no_cycle(self) -> None:
        assert rules(
            plain("a", ["pkg:npm/@a/*"], "dev -> prod"),
            plain("b", ["pkg:npm/@a/*"], "dev -> test"),
            plain("c", ["pkg:npm/@a/*"], "test -> prod"),
        ).promotions


SHADOWED = [
    (["pkg:npm/@acme/*"], ["pkg:npm/@acme/*"]),
    (["pkg:npm/@acme/*"], ["pkg:npm/@acme/widget", "pkg:npm/@acme/ui-*"]),
    (["pkg:npm/@acme/*"], ["/npm/acme/*"]),
    (["/npm/acme/*"], ["pkg:npm/@acme/*-x"]),
    (["pkg:npm/acme-*"], ["pkg:npm/acme-web-*"]),
    (["pkg:npm/@acme/**"], ["pkg:npm/@acme/a*b*c"]),
    (["/maven/com.acme~"], ["pkg:maven/com.acme.web/*", "/maven/com.acme.api~", "/maven/com.acme/core$"]),
    (["/maven/com.acme~"], ["/maven/com.acme~"]),
    (["pkg:maven/com.acme.*/*"], ["pkg:maven/com.acme.web/*", "pkg:maven/com.acme.api/core"]),
    (["pkg:npm/@acme/*-types"], ["pkg:npm/@acme/node-types"]),
    (["pkg:npm/@a*/*"], ["pkg:npm/@acme/w*"]),
    (["pkg:pypi/Acme_*"], ["pkg:pypi/acme-tools"]),
]
OPEN = [
    (["pkg:npm/@acme/widget"], ["pkg:npm/@acme/*"]),
    (["pkg:npm/@acme/*"], ["pkg:npm/@acme/*", "pkg:npm/@acme2/*"]),
    (["pkg:npm/acme-*"], ["pkg:npm/acme*"]),
    (["/maven/com.acme~"], ["pkg:maven/com.acme*/*"]),
    (["/maven/com.acme~"], ["/maven/com.acmesoft~"]),
    (["pkg:npm/@acme/a*"], ["pkg:npm/@acme/*a"]),
    (["pkg:npm/@a*/w*"], ["pkg:npm/@acme/*"]),
    (["pkg:npm/acme*"], ["/npm/acme~"]),
    (["pkg:npm/@acme/*-types"], ["pkg:npm/@acme/node-*"]),
]  # fmt: skip


class TestShadowing:
    @pytest.mark.parametrize(("first", "second"), SHADOWED)
    def test_what_an_earlier_promotion_selects_all_of_can_never_decide(
        self, first: list[str], second: list[str]
    ) -> None:
        told = warnings(plain("first", first), plain("second", second))

        assert 'promotion "second" can never decide: all that it selects is decided by "first"' in told

    @pytest.mark.parametrize(("first", "second"), OPEN)
    def test_what_an_earlier_promotion_leaves_something_of_can_decide(
        self, first: list[str], second: list[str]
    ) -> None:
        assert warnings(plain("first", first), plain("second", second)) == []

    def test_several_earlier_promotions_may_take_all_together(self) -> None:
        told = warnings(
            plain("a", ["pkg:npm/@acme/*"]),
            plain("b", ["pkg:pypi/acme-*"]),
            plain("c", ["pkg:npm/@acme/web", "pkg:pypi/acme-tools"]),
        )

        assert told == ['promotion "c" can never decide: all that it selects is decided by "a", "b"']

    def test_another_hop_takes_nothing(self) -> None:
        assert warnings(plain("a", ["pkg:npm/@acme/*"]), plain("b", ["pkg:npm/@acme/*"], "dev -> test")) == []

    @pytest.mark.parametrize(
        ("first", "second", "shadows"),
        [
            ("internal", "internal", True),
            ("any", "internal", True),
            ("any", "any", True),
            ("internal", "external", False),
            ("internal", "any", False),
        ],
    )
    def test_an_origin_takes_only_its_own(self, first: str, second: str, shadows: bool) -> None:
        told = warnings(
            plain("a", ["pkg:npm/@acme/*"], origin=first), plain("b", ["pkg:npm/@acme/w*"], origin=second)
        )

        assert bool(told) is shadows

    def test_what_is_unknown_may_still_be_decided_below_internal_and_external(self) -> None:
        tables = [plain(each, ["pkg:npm/@acme/*"], origin=each) for each in ("internal", "external", "any")]

        assert warnings(*tables) == []


class TestProbablyNotMeant:
    def test_a_glob_below_a_namespace_that_leaves_it_out_is_told_once(self) -> None:
        tables = [plain(name, ["pkg:maven/com.acme.*/*"], f"dev -> {name}") for name in ("staging", "test")]

        assert warnings(*tables) == [
            '"pkg:maven/com.acme.*/*" does not select namespace com.acme itself; write /maven/com.acme~ for both'
        ]

    @pytest.mark.parametrize("other", ["pkg:maven/com.acme/*", "/maven/com.acme~", "pkg:maven/com.acme*/*"])
    def test_it_is_meant_where_the_namespace_is_selected_too(self, other: str) -> None:
        assert warnings(plain("a", ["pkg:maven/com.acme.*/*", other])) == []

    def test_a_range_of_a_format_that_is_not_selected_is_told_with_its_place(self) -> None:
        source = (
            'domain = "acme"\n'
            + plain("a", ["pkg:npm/@acme/*"])
            + '\nversions = { npm = "1", maven = "[1,2)" }'
        )

        [warning] = load(source).warnings

        assert warning.text == 'versions of promotion "a" restricts maven, which it does not select'
        assert warning.path == ("promotion", 0, "versions", "maven")

    def test_an_inherited_range_may_be_of_any_format(self) -> None:
        assert (
            warnings('[defaults]\nversions = { npm = "1", maven = "[1,2)" }', plain("a", ["pkg:npm/@acme/*"]))
            == []
        )
