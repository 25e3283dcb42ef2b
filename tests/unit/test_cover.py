"""cover: whether one pattern means all that another means. Its soundness is a property in test_checks."""

import pytest

from promoter.cover import Cover
from promoter.patterns import parse


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("pkg:npm/@acme/*", "pkg:npm/@acme/ui"),
        ("pkg:npm/@acme/*", "/npm/acme/*"),
        ("pkg:npm/acme-*", "pkg:npm/acme-ui-*"),
        ("/maven/com.acme~", "pkg:maven/com.acme.web/*"),
        ("pkg:npm/**", "pkg:npm/@acme/*"),
        ("pkg:**", "/pypi//requests$"),
        ("pkg:npm/@acme/*-ui", "pkg:npm/@acme/web-ui"),
    ],
)
def test_the_wider_covers_the_narrower(wide: str, narrow: str) -> None:
    assert Cover([(7, parse(wide))]).first(parse(narrow)) == 7


def test_the_narrower_does_not_cover_the_wider() -> None:
    assert Cover([(7, parse("pkg:npm/@acme/ui"))]).first(parse("pkg:npm/@acme/*")) is None
    assert Cover([(7, parse("pkg:npm/acme-ui-*"))]).first(parse("pkg:npm/acme-*")) is None


def test_the_first_that_covers_is_named() -> None:
    cover = Cover([(3, parse("pkg:npm/@acme/*")), (1, parse("pkg:npm/**")), (0, parse("pkg:pypi/a"))])

    assert cover.first(parse("pkg:npm/@acme/ui")) == 1
    assert cover.first(parse("pkg:pypi/b")) is None
