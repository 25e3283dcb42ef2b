"""template_sizes: the sizes that AWS limits. An integration test measures the template."""

import pytest
from msgspec.structs import replace

from promoter.cli.template_sizes import Size, pattern_size, policies_size, sizes_of
from tests.support.samples import promotion, rules


@pytest.mark.parametrize(("repositories", "fits"), [(15, True), (16, False)])
def test_15_destinations_with_short_names_fit(repositories: int, fits: bool) -> None:
    destinations = [f"prod-{number:02}" for number in range(repositories)]

    assert policies_size("acme", ["dev"], destinations).fits is fits


def test_a_policy_for_the_domain_does_not_grow_with_the_repositories() -> None:
    few, many = (policies_size("acme", ["dev"] * n, ["prod"] * n, "domain") for n in (1, 500))

    assert few == many
    assert many.fits


def test_a_size_that_equals_the_limit_fits() -> None:
    def pattern(source: str) -> Size:
        return pattern_size("acme", [source])

    room = pattern("dev").limit - pattern("dev").characters
    exact, longer = pattern("dev" + "v" * room), pattern("dev" + "v" * (room + 1))

    assert (exact.characters, exact.fits, longer.fits) == (2048, True, False)


def test_a_repository_of_answers_counts_in_both_sizes() -> None:
    without = rules(promotion("one"))
    with_answers = replace(without, evidence="answers")

    for size, larger in zip(sizes_of(without), sizes_of(with_answers), strict=True):
        assert larger.characters > size.characters


def test_a_repository_of_several_promotions_counts_once() -> None:
    one = rules(promotion("one"))
    two = rules(promotion("one"), promotion("two", packages=["pkg:pypi/acme-*"]))

    assert sizes_of(one) == sizes_of(two)


def test_policies_that_are_too_long_name_the_parameter() -> None:
    assert 'RepositoryAccess = "domain"' in policies_size("acme", [], []).fix
