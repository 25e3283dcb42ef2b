"""rule_set: which promotions select a package, and whether that takes a look at its origin."""

from promoter.packages.patterns import path_of
from tests.support.samples import WIDGET, candidate, promotion, rules


def test_the_promotions_of_a_hop_that_select_a_package_come_in_the_order_of_the_file() -> None:
    rule_set = rules(
        promotion("other", packages=["pkg:npm/@other/*"]),
        promotion("widget", packages=["pkg:npm/@acme/widget"]),
        promotion("acme", packages=["pkg:npm/@acme/*", "pkg:npm/@acme/w*"]),
    )
    [hop] = rule_set.hops["dev"]

    assert [each.name for each in hop.selecting(path_of(WIDGET))] == ["widget", "acme"]


def test_the_origin_is_asked_for_where_the_first_that_selects_needs_it() -> None:
    needs, takes_all = promotion("needs", origin="internal"), promotion("takes-all")

    assert rules(needs, takes_all).asks_for_origin(candidate())
    assert not rules(takes_all, needs).asks_for_origin(candidate())
    assert not rules(needs).asks_for_origin(candidate(repository="staging"))
