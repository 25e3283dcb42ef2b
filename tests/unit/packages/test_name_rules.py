"""name_rules: patterns that no package can match."""

import pytest

from promoter.packages.errors import PatternError
from promoter.packages.name_rules import WITHOUT_NAMESPACE, check_names
from promoter.packages.package import FORMATS, NAMESPACED


def test_npm_alone_has_packages_with_and_without_a_namespace() -> None:
    assert set(FORMATS) - NAMESPACED - WITHOUT_NAMESPACE == {"npm"}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("a b", "matches no package: no name or version contains ' '"),
        ("a#b", "matches no package: no name or version contains '#'"),
        ("a/b", "matches no package: no name or version contains '/'"),
        ("a\nb", "matches no package: no name or version contains '\\n'"),
        ("a" * 256, "matches no package: no name or version is longer than 255 characters"),
    ],
)
def test_a_name_that_no_package_can_have_is_an_error(name: str, problem: str) -> None:
    with pytest.raises(PatternError) as error:
        check_names("the pattern", ["fine", name])

    assert error.value.problem == f'"the pattern" {problem}'


def test_stars_do_not_count_for_the_length_of_a_name() -> None:
    check_names("the pattern", ["a*" * 255])
