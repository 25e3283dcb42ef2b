"""version_patterns: packages, and some of their versions."""

from promoter.rules_file.diagnostics import Collector
from promoter.rules_file.table_reader import TablePlace
from promoter.rules_file.version_patterns import VersionPattern, read_package

PLACE = TablePlace(("waive", 0), "waiver 1")


def read(text: str) -> tuple[VersionPattern | None, list[tuple[str, str]]]:
    out = Collector()
    found = read_package(text, PLACE, out)
    return found, [(each.message, each.hint) for each in out.all]


def test_a_package_has_all_versions_or_those_that_it_names() -> None:
    every, _ = read("pkg:npm/@acme/*")
    some, wrong = read("pkg:npm/@acme/widget@1.5.*")

    assert every is not None
    assert (every.pattern.text, every.versions) == ("pkg:npm/@acme/*", None)
    assert some is not None
    assert some.versions is not None
    assert (some.pattern.text, some.versions.text, wrong) == ("pkg:npm/@acme/widget", "1.5.*", [])


def test_a_mistake_has_its_hint() -> None:
    found, [(message, hint)] = read("pkg:npm/@acme/widget@v1.5.x.y")

    assert found is None
    assert message.startswith('package of waiver 1: "pkg:npm/@acme/widget@v1.5.x.y" names no version')
    assert hint.startswith("write pkg:npm/@acme/widget@")


def test_several_packages_in_one_text_need_an_entry_each() -> None:
    found, [(_, hint)] = read("pkg:npm/@acme/{a,b}")

    assert found is None
    assert hint == "write pkg:npm/@acme/a and pkg:npm/@acme/b, each in an entry of its own"
