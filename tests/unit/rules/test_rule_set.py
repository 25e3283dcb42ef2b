"""rule_set: the promotions of a hop that select a package."""

from promoter.packages.patterns import path_of
from tests.support.samples import WIDGET, promotion, rules


def test_the_promotions_of_a_hop_that_select_a_package_come_in_the_order_of_the_file() -> None:
    rule_set = rules(
        promotion("other", packages=["pkg:npm/@other/*"]),
        promotion("widget", packages=["pkg:npm/@acme/widget"]),
        promotion("acme", packages=["pkg:npm/@acme/*", "pkg:npm/@acme/w*"]),
    )
    [hop] = rule_set.hops["dev"]

    assert [each.name for each in hop.selecting(path_of(WIDGET))] == ["widget", "acme"]
