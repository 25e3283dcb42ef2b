"""Domains, repositories, their tags, and what package managers need to begin."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.emulator.conftest import BLOB, Aws, endpoint, publish

DOMAIN_ARN = "arn:aws:codeartifact:eu-west-1:123456789012:domain/acme"
REPOSITORY_ARN = "arn:aws:codeartifact:eu-west-1:123456789012:repository/acme/dev"


def test_a_domain_tells_its_arn_and_what_is_in_it(ca: Any) -> None:
    publish(ca, "1.0", b"four", asset="one", unfinished=True)
    publish(ca, "1.0", b"four", asset="the same again")
    publish(ca, "1.1", b"seven77")

    described = ca.describe_domain(domain="acme")["domain"]

    assert (described["arn"], described["owner"], described["status"]) == (
        DOMAIN_ARN,
        "123456789012",
        "Active",
    )
    assert (described["repositoryCount"], described["assetSizeBytes"]) == (3, 11)


def test_a_domain_exists_once(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ConflictException) as error:
        ca.create_domain(domain="acme")

    assert error.value.response["Error"]["Message"] == "Domain 'acme' already exists"
    assert error.value.response["resourceType"] == "domain"


def test_a_domain_that_does_not_exist_is_named(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.describe_domain(domain="other")

    assert error.value.response["Error"]["Message"] == (
        "Domain not found. Domain 'other' owned by account '123456789012' does not exist"
    )
    assert (error.value.response["resourceType"], error.value.response["resourceId"]) == ("domain", "other")


def test_a_domain_is_deleted_only_without_repositories(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ConflictException) as error:
        ca.delete_domain(domain="acme")
    assert error.value.response["Error"]["Message"] == "Domain 'acme' still has repositories"
    for repository in ("dev", "staging", "prod"):
        ca.delete_repository(domain="acme", repository=repository)

    assert ca.delete_domain(domain="acme")["domain"]["status"] == "Deleted"
    assert ca.list_domains()["domains"] == []


def test_deleting_a_domain_that_does_not_exist_is_no_error(ca: Any) -> None:
    assert "domain" not in ca.delete_domain(domain="other")


def test_domains_come_page_by_page(ca: Any) -> None:
    ca.create_domain(domain="beta")
    ca.create_domain(domain="gamma")

    first = ca.list_domains(maxResults=2)
    second = ca.list_domains(maxResults=2, nextToken=first["nextToken"])

    names = [[domain["name"] for domain in page["domains"]] for page in (first, second)]
    assert names == [["acme", "beta"], ["gamma"]]


@pytest.mark.parametrize("name", ["a", "Acme", "acme-", "1acme", "a" * 51])
def test_domain_names_have_a_pattern(aws: Aws, name: str) -> None:
    ca = aws.client("codeartifact", parameter_validation=False)

    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.create_domain(domain=name)

    assert error.value.response["Error"]["Message"].startswith("Invalid value: domain ")
    assert error.value.response["reason"] == "FIELD_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("operation", "asked", "message"),
    [
        ("describe_repository", {"domain": "acme"}, "No such operation, or a parameter is missing"),
        (
            "delete_package_versions",
            {**BLOB, "repository": "dev"},
            "Invalid value: versions is missing in request",
        ),
    ],
)
def test_what_the_api_requires_is_missed(
    aws: Aws, operation: str, asked: dict[str, str], message: str
) -> None:
    ca = aws.client("codeartifact", parameter_validation=False)

    with pytest.raises(ca.exceptions.ValidationException) as error:
        getattr(ca, operation)(**asked)

    assert error.value.response["Error"]["Message"] == message


def test_a_repository_is_described_as_it_was_created(ca: Any) -> None:
    ca.create_repository(
        domain="acme", repository="edge", description="At the edge", upstreams=[{"repositoryName": "dev"}]
    )

    described = ca.describe_repository(domain="acme", repository="edge")["repository"]

    assert described.pop("createdTime") is not None
    assert described == {
        "name": "edge",
        "administratorAccount": "123456789012",
        "domainName": "acme",
        "domainOwner": "123456789012",
        "arn": "arn:aws:codeartifact:eu-west-1:123456789012:repository/acme/edge",
        "description": "At the edge",
        "upstreams": [{"repositoryName": "dev"}],
        "externalConnections": [],
    }


def test_a_repository_exists_once_per_domain(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ConflictException) as error:
        ca.create_repository(domain="acme", repository="dev")

    assert error.value.response["Error"]["Message"] == "Repository 'dev' already exists"
    ca.create_domain(domain="other")
    assert ca.create_repository(domain="other", repository="dev")["repository"]["domainName"] == "other"


def test_an_update_replaces_only_what_is_given(ca: Any) -> None:
    ca.update_repository(domain="acme", repository="staging", upstreams=[{"repositoryName": "dev"}])
    ca.update_repository(domain="acme", repository="staging", description="After dev")

    described = ca.describe_repository(domain="acme", repository="staging")["repository"]

    assert (described["upstreams"], described["description"]) == ([{"repositoryName": "dev"}], "After dev")


def test_an_upstream_must_exist(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.update_repository(domain="acme", repository="staging", upstreams=[{"repositoryName": "nowhere"}])

    assert error.value.response["resourceId"] == "nowhere"


def test_more_than_ten_upstreams_exceed_a_quota(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ServiceQuotaExceededException) as error:
        ca.update_repository(
            domain="acme", repository="staging", upstreams=[{"repositoryName": "dev"} for _ in range(11)]
        )

    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402


def test_repositories_are_listed_by_prefix_over_all_domains_or_in_one(ca: Any) -> None:
    ca.create_domain(domain="other")
    ca.create_repository(domain="other", repository="staging-2")

    everywhere = ca.list_repositories(repositoryPrefix="staging")["repositories"]
    here = ca.list_repositories_in_domain(domain="acme")["repositories"]

    assert [r["name"] for r in everywhere] == ["staging", "staging-2"]
    assert [r["name"] for r in here] == ["dev", "prod", "staging"]
    elsewhere = ca.list_repositories_in_domain(domain="acme", administratorAccount="210987654321")
    assert elsewhere["repositories"] == []


def test_repositories_come_page_by_page(ca: Any) -> None:
    pages = ca.get_paginator("list_repositories").paginate(PaginationConfig={"PageSize": 2})

    assert [len(page["repositories"]) for page in pages] == [2, 1]


def test_a_deleted_repository_is_gone(ca: Any) -> None:
    ca.delete_repository(domain="acme", repository="dev")

    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.describe_repository(domain="acme", repository="dev")

    assert error.value.response["Error"]["Message"] == (
        "Repository not found. Repository 'dev' in domain 'acme' owned by account '123456789012'"
        " does not exist"
    )


def test_an_external_connection_comes_and_goes(ca: Any) -> None:
    where = {"domain": "acme", "repository": "dev"}

    connected = ca.associate_external_connection(**where, externalConnection="public:npmjs")["repository"]

    assert connected["externalConnections"] == [
        {"externalConnectionName": "public:npmjs", "packageFormat": "npm", "status": "Available"}
    ]
    with pytest.raises(ca.exceptions.ConflictException):
        ca.associate_external_connection(**where, externalConnection="public:pypi")
    gone = ca.disassociate_external_connection(**where, externalConnection="public:npmjs")["repository"]
    assert gone["externalConnections"] == []


def test_an_external_connection_is_one_of_a_list(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.associate_external_connection(domain="acme", repository="dev", externalConnection="public:mine")

    assert error.value.response["Error"]["Message"] == "Unknown external connection 'public:mine'"


@pytest.mark.parametrize("arn", [DOMAIN_ARN, REPOSITORY_ARN])
def test_domains_and_repositories_have_tags(ca: Any, arn: str) -> None:
    ca.tag_resource(resourceArn=arn, tags=[{"key": "stage", "value": "1"}, {"key": "team", "value": "web"}])
    ca.tag_resource(resourceArn=arn, tags=[{"key": "stage", "value": "2"}])
    ca.untag_resource(resourceArn=arn, tagKeys=["team"])

    assert ca.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "stage", "value": "2"}]


def test_tags_can_be_given_at_creation(ca: Any) -> None:
    tags = [{"key": "stage", "value": "0"}]
    domain = ca.create_domain(domain="other", tags=tags)["domain"]
    repository = ca.create_repository(domain="acme", repository="edge", tags=tags)["repository"]

    for arn in (domain["arn"], repository["arn"]):
        assert ca.list_tags_for_resource(resourceArn=arn)["tags"] == tags


def test_a_package_cannot_be_tagged(ca: Any) -> None:
    publish(ca, "1.0")
    arn = "arn:aws:codeartifact:eu-west-1:123456789012:package/acme/dev/generic/team/blob"

    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.tag_resource(resourceArn=arn, tags=[{"key": "stage", "value": "1"}])


def test_the_endpoint_is_on_the_server_that_was_asked(aws: Aws, ca: Any) -> None:
    told = ca.get_repository_endpoint(domain="acme", repository="dev", format="npm")["repositoryEndpoint"]

    assert told == (
        f"{aws.endpoint_url}/d/codeartifact/eu-west-1/acme-123456789012/npm/dev/"
        if aws.endpoint_url
        else "https://acme-123456789012.d.codeartifact.eu-west-1.amazonaws.com/npm/dev/"
    )


def test_an_endpoint_of_a_repository_that_does_not_exist_is_not_told(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.get_repository_endpoint(domain="acme", repository="nowhere", format="npm")


@pytest.mark.parametrize(("asked", "hours"), [({}, 12), ({"durationSeconds": 3600}, 1)])
def test_a_token_lasts_as_long_as_was_asked_for(ca: Any, asked: dict[str, int], hours: int) -> None:
    left = ca.get_authorization_token(domain="acme", **asked)["expiration"] - datetime.now(UTC)

    assert timedelta(hours=hours, minutes=-1) < left <= timedelta(hours=hours)


def test_a_token_lasts_no_less_than_a_quarter_of_an_hour(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.get_authorization_token(domain="acme", durationSeconds=899)

    assert error.value.response["Error"]["Message"] == "durationSeconds must be 0 or 900 to 43200"


def test_an_expired_token_is_unauthorized(aws: Aws, ca: Any) -> None:
    url, headers = endpoint(ca, "npm")
    token = headers["Authorization"].removeprefix("Bearer ")
    domain, expiration = aws.backend.tokens[token]
    aws.backend.tokens[token] = (domain, expiration - timedelta(hours=12))

    assert requests.get(f"{url}-/ping", headers=headers, timeout=10).status_code == 401
