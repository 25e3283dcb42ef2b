"""stages: repositories follow each other by the words for their stages."""

import pytest

from promoter.inspection.stages import find_families


def chains(*repositories: str) -> list[str]:
    return [" -> ".join(",".join(stage) for stage in family.stages) for family in find_families(repositories)]


@pytest.mark.parametrize(
    ("repositories", "found"),
    [
        (["prod", "dev", "staging"], ["dev -> staging -> prod"]),
        (["release", "snapshots"], ["snapshots -> release"]),
        (["live", "develop", "qa", "test"], ["develop -> test -> qa -> live"]),
        (["DEV", "Prod"], ["DEV -> Prod"]),
        (
            ["team-a-dev", "team-a-prod", "team-b-dev", "team-b-prod"],
            ["team-a-dev -> team-a-prod", "team-b-dev -> team-b-prod"],
        ),
        (["dev-team-a", "prod-team-a"], ["dev-team-a -> prod-team-a"]),
        (["npm.rc.acme", "npm.prod.acme"], ["npm.rc.acme -> npm.prod.acme"]),
        (["dev", "stage", "staging", "prod"], ["dev -> stage,staging -> prod"]),
        (["test-tools-dev", "test-tools-prod"], ["test-tools-dev -> test-tools-prod"]),
        (["dev", "team-a-prod"], []),
        (["npm-store", "shared", "devtools"], []),
        (["dev"], []),
        ([], []),
    ],
    ids=str,
)
def test_repositories_follow_each_other_by_the_words_for_their_stages(
    repositories: list[str], found: list[str]
) -> None:
    assert chains(*repositories) == found


def test_of_names_with_one_logical_id_the_first_is_used() -> None:
    assert chains("a-dev", "a.dev", "a-prod") == ["a-dev -> a-prod"]


def test_every_repository_of_a_stage_leads_to_every_one_of_the_next() -> None:
    [family] = find_families(["dev", "stage", "staging", "prod"])

    assert family.hops == (
        ("dev", "stage"),
        ("dev", "staging"),
        ("stage", "prod"),
        ("staging", "prod"),
    )


def test_a_family_is_named_by_the_common_part_of_its_names() -> None:
    families = find_families(["dev", "prod", "Team.A-dev", "team-a-prod"])

    assert [family.name for family in families] == ["", "team-a"]
