"""The example of docs/rules.md for Maven snapshots promotes every build, not only the first."""

import re

from promoter.packages.package import Package
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.reader import load
from tests.support.in_memory_repositories import InMemoryRepositories
from tests.support.in_memory_waiting import run_pipeline
from tests.support.paths import ROOT
from tests.support.samples import arrival

CORE = Package("maven", "com.acme", "core")
VERSION = "1.5-SNAPSHOT"


def documented() -> RuleSet:
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    [block] = [
        each for each in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "snapshots-to-test" in each
    ]
    return load(block).rule_set


def files(build: int) -> dict[str, str]:
    return {f"core-1.5-20260102.030405-{build}.jar": f"{build}", "maven-metadata.xml": f"{build}"}


def test_every_build_of_a_snapshot_arrives() -> None:
    store = InMemoryRepositories({"dev": {}, "test": {}})
    for build in (1, 2, 3):
        store.put("dev", CORE, VERSION, f"r{build}", files(build))
        built = arrival(VERSION, f"r{build}", package=CORE, sequence_number=build)

        [result] = run_pipeline([built], documented(), store).results

        assert result.copied
        assert store.contents["test"][CORE, VERSION].hashes == files(build)
