"""package_names: what people paste from their package manager, as a Package URL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.cli.package_names import purl_of
from promoter.packages.patterns import parse_package
from tests.support.command_line import promoter


@pytest.mark.parametrize(
    ("text", "purl"),
    [
        ("acme-tools==2.0", "pkg:pypi/acme-tools@2.0"),
        ("acme-tools[cli]==2.0", "pkg:pypi/acme-tools@2.0"),
        ("acme_tools===2.0.post1", "pkg:pypi/acme_tools@2.0.post1"),
        ("acme_tools-2.0-py3-none-any.whl", "pkg:pypi/acme_tools@2.0"),
        ("acme-tools-2.0.tar.gz", "pkg:pypi/acme-tools@2.0"),
        ("@acme/widget@1.5.0", "pkg:npm/@acme/widget@1.5.0"),
        ("@acme/widget 1.5.0", "pkg:npm/@acme/widget@1.5.0"),
        ("left-pad@1.3.0", "pkg:npm/left-pad@1.3.0"),
        ("com.acme:core:1.0", "pkg:maven/com.acme/core@1.0"),
        ("com.acme:core:jar:1.0", "pkg:maven/com.acme/core@1.0"),
        ("com.acme:core 3.0-SNAPSHOT", "pkg:maven/com.acme/core@3.0-SNAPSHOT"),
        ("npm:@acme/widget@1.5.0", "pkg:npm/@acme/widget@1.5.0"),
        ("pypi/acme-tools@2.0", "pkg:pypi/acme-tools@2.0"),
        ("pkg:pypi/acme-tools==2.0", "pkg:pypi/acme-tools@2.0"),
        ("pkg:maven/com.acme/core:1.0", "pkg:maven/com.acme/core@1.0"),
        ("cargo:acme-core@1.0.0", "pkg:cargo/acme-core@1.0.0"),
        ("gem:rails:7.0", "pkg:gem/rails@7.0"),
    ],
)
def test_the_form_of_a_package_manager_is_answered_with_the_package_url(text: str, purl: str) -> None:
    assert purl_of(text) == purl
    for command in (("explain", text), ("explain", text, "--in", "dev"), ("history", text)):
        ran = promoter(*command)

        assert (ran.code, ran.out) == (2, "")
        assert ran.err == f'"{text}" is not a Package URL; write {purl}\n'


@pytest.mark.parametrize(
    "text", ["", "widget", "acme-tools>=2", "a b c", "https://example.com/a@1", "pkg:npm/a@1"]
)
def test_anything_else_has_no_suggestion(text: str) -> None:
    assert purl_of(text) == ""


@given(st.text(st.sampled_from("@/:= .-a1[]"), max_size=20))
def test_every_suggestion_is_a_version(text: str) -> None:
    purl = purl_of(text)

    assert not purl or parse_package(purl)[1]
