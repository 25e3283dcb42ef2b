"""withdrawal: the status by format, the tag `latest`, and the scope of the hold."""

from collections.abc import Collection

import pytest

from promoter.copying.ports import ApiError
from promoter.inspection.withdrawal import (
    HoldScope,
    LatestMove,
    WithdrawnStatus,
    default_status,
    hold_scope,
    is_held,
    latest_move,
    status_to_set,
    was_published,
)
from promoter.packages.package import FORMATS
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.reader import load
from tests.support.in_memory_npm_tags import InMemoryNpmTags
from tests.support.in_memory_reader import InMemoryReader
from tests.support.samples import WIDGET, promotion, rules_text

CHAIN = promotion("one", "dev -> staging") + promotion("two", "staging -> prod")


def rules(more: str = "") -> RuleSet:
    return load(rules_text(f"{CHAIN}\n{more}")).rule_set


def hold(package: str, *lines: str) -> str:
    return "\n".join(["[[hold]]", f'package = "{package}"', 'reason = "x"', *lines]) + "\n"


class TestStatus:
    def test_formats_whose_builds_name_the_version_are_archived(self) -> None:
        archived = {each for each in FORMATS if default_status(each) == "Archived"}
        assert archived == {"maven", "generic"}

    @pytest.mark.parametrize(
        ("current", "wanted", "to_set"),
        [
            ("Published", "Unlisted", "Unlisted"),
            ("Published", "Archived", "Archived"),
            ("Unlisted", "Unlisted", None),
            ("Unlisted", "Archived", "Archived"),
            ("Archived", "Unlisted", None),
            ("Archived", "Archived", None),
            ("Disposed", "Archived", None),
        ],
    )
    def test_a_status_is_never_weakened(
        self, current: str, wanted: WithdrawnStatus, to_set: WithdrawnStatus | None
    ) -> None:
        assert status_to_set(current, wanted) == to_set

    @pytest.mark.parametrize(
        ("status", "published"),
        [
            ("Published", True),
            ("Archived", True),
            ("Disposed", True),
            ("Unfinished", False),
            ("Deleted", False),
        ],
    )
    def test_an_unfinished_version_was_never_published(self, status: str, published: bool) -> None:
        assert was_published(status) is published


class TestLatest:
    """The tag of a repository with these versions; the last column is the move."""

    @pytest.mark.parametrize(
        ("published", "latest", "listed", "move"),
        [
            ({"1.4.0", "1.5.0"}, "1.5.0", True, LatestMove("1.4.0")),
            ({"1.4.0", "1.10.0", "1.9.0", "1.5.0"}, "1.5.0", True, LatestMove("1.10.0")),
            ({"1.4.0", "1.6.0-rc.1", "1.5.0"}, "1.5.0", True, LatestMove("1.4.0")),
            ({"1.4.0", "1.5.0"}, "1.4.0", True, None),
            ({"1.4.0", "1.5.0"}, "", True, None),
            ({"1.5.0"}, "1.5.0", True, LatestMove()),
            ({"1.5.0", "1.6.0-rc.1"}, "1.5.0", True, LatestMove()),
            # the version was unlisted before, and its tag did not move
            ({"1.4.0"}, "", False, LatestMove("1.4.0")),
            ({"1.4.0"}, "1.5.0", False, LatestMove("1.4.0")),
            ({"1.4.0", "1.3.0"}, "1.3.0", False, None),
        ],
    )
    def test_the_tag_moves_to_the_highest_release_that_remains(
        self, published: Collection[str], latest: str, listed: bool, move: LatestMove | None
    ) -> None:
        reader = InMemoryReader.of("prod")
        for version in published:
            reader.put("prod", version)
        reader.put("prod", "2.0.0", status="Unlisted")
        if not listed:
            reader.put("prod", "1.5.0", status="Unlisted")
        tags = InMemoryNpmTags(lambda *_: set(published), {("prod", WIDGET): latest} if latest else {})

        assert latest_move(reader, tags, "prod", WIDGET, "1.5.0", listed=listed) == move
        assert [each[0] for each in tags.calls] == ["read"]

    def test_a_package_that_clients_do_not_see_has_no_release(self) -> None:
        tags = InMemoryNpmTags(
            lambda *_: set(), faults={"read": ApiError("ResourceNotFoundException", "404")}
        )
        reader = InMemoryReader.of("prod")

        assert latest_move(reader, tags, "prod", WIDGET, "1.5.0", listed=False) == LatestMove()

    def test_a_refused_call_raises(self) -> None:
        tags = InMemoryNpmTags(lambda *_: set(), faults={"read": ApiError("AccessDeniedException", "no")})

        with pytest.raises(ApiError):
            latest_move(InMemoryReader.of("prod"), tags, "prod", WIDGET, "1.5.0", listed=True)


class TestHold:
    def test_a_hold_is_about_the_hops_to_the_repository(self) -> None:
        assert hold_scope(rules(), "prod") == HoldScope(destination="prod")
        assert hold_scope(rules(), "staging") == HoldScope(destination="staging")

    def test_nothing_goes_to_the_first_repository_so_the_hold_is_about_the_hops_from_it(self) -> None:
        assert hold_scope(rules(), "dev") == HoldScope(source="dev")

    @pytest.mark.parametrize(
        ("text", "held"),
        [
            ("", False),
            (hold("pkg:npm/@acme/widget@1.5.0"), True),
            (hold("pkg:npm/@acme/widget@1.5.*", 'to = "prod"'), True),
            (hold("pkg:npm/@acme/widget"), True),
            (hold("pkg:npm/@acme/widget@1.5.1"), False),
            (hold("pkg:npm/@acme/widget@1.5.0", 'to = "staging"'), False),
            (hold("pkg:npm/@acme/widget@1.5.0", "until = 2030-01-02T03:04:05Z"), False),
            (hold("pkg:npm/@acme/widget@1.5.0", "from-time = 2030-01-02T03:04:05Z"), False),
        ],
    )
    def test_only_a_hold_without_an_end_keeps_the_version_away(self, text: str, held: bool) -> None:
        assert is_held(rules(text), HoldScope(destination="prod"), WIDGET, "1.5.0") is held

    def test_every_hop_to_the_repository_must_hold(self) -> None:
        two_ways = promotion("hotfix", "dev -> prod")
        one = hold("pkg:npm/@acme/widget@1.5.0", 'from = "dev"')
        other = hold("pkg:npm/@acme/widget@1.5.0", 'from = "staging"')
        scope = HoldScope(destination="prod")

        assert not is_held(rules(two_ways + one), scope, WIDGET, "1.5.0")
        assert is_held(rules(two_ways + one + other), scope, WIDGET, "1.5.0")
