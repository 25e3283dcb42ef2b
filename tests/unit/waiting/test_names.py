"""names: of entries and of answers, as design fixes them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.package import Package
from promoter.rules.vocabulary import Hop
from promoter.waiting.names import answer_package, entry_prefix, hop_id, subject_id
from tests.support.samples import candidate

STAGING = Hop("dev", "staging")
REVISION = "nQjAwhAz3hVCmCKLlcrxOsvCxBq844wgT+ZZjiXjFZo="
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Zs", "Cc"], exclude_characters="#/\u2028\u2029"),
    min_size=1,
    max_size=255,
)


def test_the_subject_is_that_of_the_published_test_vector() -> None:
    assert subject_id(candidate("1.5.0", REVISION)) == "51e7a7b40fe3824901b5"


def test_another_version_revision_or_hop_has_another_name() -> None:
    names = {
        entry_prefix(candidate("1.0.0", "r1"), STAGING),
        entry_prefix(candidate("1.0.0", "r2"), STAGING),
        entry_prefix(candidate("1.0.1", "r1"), STAGING),
        entry_prefix(candidate("1.0.0", "r1"), Hop("dev", "prod")),
    }

    assert len(names) == 4


def test_the_name_of_an_answer_can_be_read_and_ends_in_its_subject() -> None:
    one = candidate("1.5.0", REVISION)

    assert answer_package(one) == "npm.acme.widget.1.5.0.51e7a7b40fe3824901b5"
    assert answer_package(one, STAGING) == f"npm.acme.widget.1.5.0.51e7a7b40fe3824901b5-{hop_id(STAGING)}"


def test_an_absent_namespace_leaves_no_dot() -> None:
    one = candidate("1.0", package=Package("pypi", "", "tools"))

    assert answer_package(one).startswith("pypi.tools.1.0.")


@pytest.mark.parametrize("names", [(("a/b"), ("a-b")), (("é"), ("è")), (("a b"), ("a+b"))])
def test_names_that_are_equal_after_sanitising_are_answered_apart(names: tuple[str, str]) -> None:
    """A yes to one must never be a yes to the other."""
    packages = [candidate(package=Package("npm", "", name)) for name in names]
    first, second = (answer_package(each) for each in packages)

    assert first.rpartition(".")[0] == second.rpartition(".")[0]
    assert first != second


@given(namespace=TEXT | st.just(""), name=TEXT, version=TEXT, revision=TEXT)
def test_every_name_is_legal_whatever_the_version_is_called(
    namespace: str, name: str, version: str, revision: str
) -> None:
    one = candidate(version, revision, package=Package("npm", namespace, name))

    assert re.fullmatch(r"[A-Za-z0-9._-]{1,255}", answer_package(one, STAGING))
    assert re.fullmatch(r"[0-9a-f]{20}-[0-9a-f]{8}-", entry_prefix(one, STAGING))
    assert len(f"{entry_prefix(one, STAGING)}99999999999") <= 64
