"""validation: mistakes that concern several promotions, or a promotion and its patterns."""

import pytest

from promoter.rules_file.diagnostics import RulesError
from promoter.rules_file.reader import load
from tests.support.samples import promotion, rules


def errors_of(*tables: str) -> str:
    with pytest.raises(RulesError) as error:
        rules(*tables)
    return str(error.value)


def warnings_of(*tables: str) -> list[str]:
    loaded = load("\n".join(['domain = "acme"', *tables]))
    return [warning.message for warning in loaded.warnings]


def plain(name: str, packages: list[str], hop: str = "dev -> staging", **keys: object) -> str:
    """A promotion that states no origin unless it is one of the keys."""
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
    def test_a_pattern_without_a_namespace_or_the_beginning_of_a_name_is_an_error(self, text: str) -> None:
        message = errors_of(plain("web", ["pkg:npm/@acme/*", text]))

        assert f'packages of promotion "web": "{text}" also selects public packages' in message
        assert (
            'add origin = "internal" to "web", or origin = "any" to promote public packages, too' in message
        )
        assert message.endswith("\n1 error")

    @pytest.mark.parametrize("text", BROAD)
    @pytest.mark.parametrize("origin", ["internal", "external", "any"])
    def test_it_is_allowed_if_the_promotion_states_an_origin(self, text: str, origin: str) -> None:
        assert len(rules(plain("web", [text], origin=origin)).promotions) == 1

    def test_it_is_allowed_if_the_defaults_state_an_origin(self) -> None:
        assert (
            rules('[defaults]\norigin = "internal"', plain("web", ["pkg:npm/*"])).promotions[0].origin
            == "internal"
        )

    @pytest.mark.parametrize("text", NARROW)
    def test_a_pattern_with_a_namespace_or_the_beginning_of_a_name_is_allowed(self, text: str) -> None:
        assert len(rules(plain("web", [text])).promotions) == 1

    def test_the_pattern_of_a_team_is_shown_at_its_team(self) -> None:
        message = errors_of('[teams]\nweb = { packages = ["pkg:npm/*"] }', plain("to-staging", ["web"]))

        assert 'packages of promotion "to-staging": "pkg:npm/*" also selects public packages' in message
        assert '--> rules.toml:3:21\n   3 | web = { packages = ["pkg:npm/*"] }' in message

    def test_an_exclusion_may_select_public_packages(self) -> None:
        assert len(rules(plain("web", ["pkg:npm/@acme/*"], exclude=["pkg:**"])).promotions) == 1


class TestNames:
    def test_two_promotions_of_one_name_are_an_error(self) -> None:
        message = errors_of(plain("a", ["pkg:npm/@a/*"]), plain("a", ["pkg:npm/@b/*"]))

        assert 'error: promotions 1 and 2 are both named "a"' in message
        assert "give each promotion its own name" in message

    def test_a_promotion_to_its_own_source_is_an_error(self) -> None:
        message = errors_of(plain("a", ["pkg:npm/@a/*"], "dev -> dev"))

        assert 'error: promotion "a" promotes from "dev" to itself' in message
        assert message.endswith("\n1 error")

    @pytest.mark.parametrize("other", ["my.repo", "my_repo"])
    def test_repositories_that_differ_only_in_punctuation_are_an_error(self, other: str) -> None:
        message = errors_of(
            plain("a", ["pkg:npm/@a/*"], "dev -> my-repo"), plain("b", ["pkg:npm/@b/*"], f"dev -> {other}")
        )

        assert f'repositories "my-repo" and "{other}" have the same logical id in the template' in message

    def test_repositories_that_differ_in_a_digit_are_allowed(self) -> None:
        tables = [plain(name, ["pkg:npm/@a/*"], f"dev -> {name}") for name in ("my-repo", "my-repo2")]

        assert len(rules(*tables).promotions) == 2


class TestCycles:
    def test_a_cycle_is_printed_from_its_first_promotion(self) -> None:
        message = errors_of(
            plain("b", ["pkg:npm/@b/*"], "prod -> dev"), plain("a", ["pkg:npm/@a/*"], "dev -> prod")
        )

        assert "error: a cycle: b (prod -> dev) -> a (dev -> prod)\n" in message
        assert "every copy would return forever; remove one of these promotions" in message
        assert message.endswith("\n1 error")

    def test_the_first_promotion_of_a_hop_is_named_in_a_cycle(self) -> None:
        message = errors_of(
            plain("a", ["pkg:npm/@a/*"], "dev -> prod"),
            plain("also", ["pkg:npm/@also/*"], "dev -> prod"),
            plain("b", ["pkg:npm/@b/*"], "prod -> dev"),
        )

        assert "a cycle: a (dev -> prod) -> b (prod -> dev)\n" in message
        assert "also" not in message

    def test_cycles_that_share_no_hop_are_all_reported(self) -> None:
        message = errors_of(
            plain("a", ["pkg:npm/@a/*"], "dev -> prod"),
            plain("b", ["pkg:npm/@b/*"], "prod -> dev"),
            plain("c", ["pkg:npm/@c/*"], "one -> two"),
            plain("d", ["pkg:npm/@d/*"], "two -> three"),
            plain("e", ["pkg:npm/@e/*"], "three -> one"),
        )

        assert "a cycle: a (dev -> prod) -> b (prod -> dev)\n" in message
        assert "a cycle: c (one -> two) -> d (two -> three) -> e (three -> one)\n" in message
        assert message.endswith("2 errors")

    def test_a_promotion_beside_a_cycle_is_not_named(self) -> None:
        message = errors_of(
            plain("up", ["pkg:npm/@a/*"], "dev -> staging"),
            plain("on", ["pkg:npm/@a/*"], "staging -> prod"),
            plain("back", ["pkg:npm/@a/*"], "prod -> dev"),
            plain("aside", ["pkg:npm/@a/*"], "dev -> test"),
        )

        assert "a cycle: up (dev -> staging) -> on (staging -> prod) -> back (prod -> dev)\n" in message
        assert "aside (" not in message

    def test_two_paths_to_one_repository_are_no_cycle(self) -> None:
        assert rules(
            plain("a", ["pkg:npm/@a/*"], "dev -> prod"),
            plain("b", ["pkg:npm/@a/*"], "dev -> test"),
            plain("c", ["pkg:npm/@a/*"], "test -> prod"),
        ).promotions


SHADOWED = [
    (["pkg:npm/@acme/*"], ["pkg:npm/@acme/*"]),
    (["/maven/com.acme~"], ["/maven/com.acme~"]),
    (["pkg:npm/@acme/*", "pkg:pypi/acme-*"], ["pkg:pypi/acme-*"]),
]
EVERYTHING = [
    (["pkg:npm/**"], ["pkg:npm/@acme/*", "pkg:npm/lodash"]),
    (["pkg:npm/**"], ["/npm/acme~"]),
    (["pkg:maven/**"], ["pkg:maven/com.acme.web/*"]),
    (["pkg:gem/**"], ["pkg:gem/rails", "pkg:ruby/rake"]),
    (["pkg:ruby/**"], ["pkg:gem/rails", "pkg:ruby/rake"]),
    (["pkg:**"], ["pkg:npm/@acme/*", "pkg:pypi/acme-*", "/maven/com.acme~"]),
    (["pkg:**"], ["pkg:npm/**"]),
]
OPEN = [
    (["pkg:npm/@acme/widget"], ["pkg:npm/@acme/*"]),
    (["pkg:npm/@acme/*"], ["pkg:npm/@acme/*", "pkg:npm/@acme2/*"]),
    (["pkg:npm/**"], ["pkg:npm/@acme/*", "pkg:pypi/acme-*"]),
    (["pkg:npm/**"], ["pkg:**"]),
    (["pkg:npm/@acme/*"], ["pkg:npm/@acme/widget"]),  # shadowed, but patterns of other texts are not compared
]


def broad(name: str, packages: list[str]) -> str:
    return plain(name, packages, origin="any")


class TestShadowing:
    @pytest.mark.parametrize(("first", "second"), SHADOWED + EVERYTHING)
    def test_a_promotion_whose_packages_an_earlier_one_selects_never_decides(
        self, first: list[str], second: list[str]
    ) -> None:
        assert warnings_of(broad("first", first), broad("second", second)) == [
            'promotion "second" never decides: "first" already selects all its packages'
        ]

    @pytest.mark.parametrize(("first", "second"), OPEN)
    def test_other_promotions_can_decide(self, first: list[str], second: list[str]) -> None:
        assert warnings_of(broad("first", first), broad("second", second)) == []

    def test_a_later_promotion_shadows_nothing(self) -> None:
        assert warnings_of(broad("a", ["pkg:npm/@acme/*"]), broad("b", ["pkg:npm/**"])) == []

    def test_several_earlier_promotions_may_select_all_packages_together(self) -> None:
        assert warnings_of(
            broad("a", ["pkg:npm/@acme/*"]),
            broad("b", ["pkg:pypi/**"]),
            broad("c", ["pkg:npm/@acme/*", "pkg:pypi/acme-tools"]),
        ) == ['promotion "c" never decides: "a", "b" already select all its packages']

    def test_a_team_is_compared_by_its_patterns(self) -> None:
        teams = '[teams]\nweb = { packages = ["pkg:npm/@acme/*"] }'

        assert warnings_of(teams, plain("a", ["web"]), plain("b", ["pkg:npm/@acme/*"])) == [
            'promotion "b" never decides: "a" already selects all its packages'
        ]

    def test_another_hop_is_decided_separately(self) -> None:
        packages = ["pkg:npm/@acme/*"]

        assert warnings_of(plain("a", packages), plain("b", packages, "dev -> test")) == []

    @pytest.mark.parametrize(
        ("first", "second", "shadowed"),
        [
            ("internal", "internal", True),
            ("any", "internal", True),
            ("any", "any", True),
            ("internal", "external", False),
            ("internal", "any", False),
        ],
    )
    def test_an_origin_shadows_only_the_same_origin(self, first: str, second: str, shadowed: bool) -> None:
        packages = ["pkg:npm/@acme/*"]

        found = warnings_of(plain("a", packages, origin=first), plain("b", packages, origin=second))

        assert bool(found) is shadowed

    def test_a_package_of_unknown_origin_is_decided_after_internal_and_external(self) -> None:
        tables = [plain(each, ["pkg:npm/@acme/*"], origin=each) for each in ("internal", "external", "any")]

        assert warnings_of(*tables) == []

    def test_the_warning_is_at_the_promotion_with_a_hint(self) -> None:
        tables = [plain("a", ["pkg:npm/@acme/*"]), plain("b", ["pkg:npm/@acme/*"])]

        [warning] = load("\n".join(['domain = "acme"', *tables])).warnings

        assert (warning.path, warning.hint) == (("promotion", 1), "move it up, or remove it")

    def test_promotions_without_readable_repositories_are_not_compared(self) -> None:
        table = '[[promotion]]\nname = "{}"\nfrom = 1\nto = "prod"\npackages = ["pkg:npm/@acme/*"]'

        assert "never decides" not in errors_of(table.format("a"), table.format("b"))


class TestNamespaceLeftOut:
    def test_a_glob_that_leaves_out_its_namespace_is_a_warning_once(self) -> None:
        tables = [plain(name, ["pkg:maven/com.acme.*/*"], f"dev -> {name}") for name in ("staging", "test")]

        [warning] = load("\n".join(['domain = "acme"', *tables])).warnings

        assert warning.message == '"pkg:maven/com.acme.*/*" does not select namespace com.acme itself'
        assert warning.hint == "write /maven/com.acme~ for both"
        assert warning.value == "pkg:maven/com.acme.*/*"

    @pytest.mark.parametrize("other", ["pkg:maven/com.acme/*", "/maven/com.acme~", "pkg:maven/com.acme*/*"])
    def test_there_is_no_warning_if_the_namespace_is_selected_too(self, other: str) -> None:
        assert warnings_of(plain("a", ["pkg:maven/com.acme.*/*", other])) == []
