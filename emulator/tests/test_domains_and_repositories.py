"""Domains, repositories, tags, endpoints and tokens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from emulator_support.codeartifact_calls import MODEL, publish_generic
from emulator_support.emulated_aws import Aws
from emulator_support.package_uploads import endpoint

DOMAIN_ARN = "arn:aws:codeartifact:eu-west-1:123456789012:domain/acme"
REPOSITORY_ARN = "arn:aws:codeartifact:eu-west-1:123456789012:repository/acme/dev"


def test_a_domain_has_an_arn_and_counts_its_contents(ca: Any) -> None:
    publish_generic(ca, "1.0", b"four", asset="one", unfinished=True)
    publish_generic(ca, "1.0", b"four", asset="the same content")
    publish_generic(ca, "1.1", b"seven77")

    described = ca.describe_domain(domain="acme")["domain"]

    assert (described["arn"], described["owner"], described["status"]) == (
        DOMAIN_ARN,
        "123456789012",
        "Active",
    )
    assert (described["repositoryCount"], described["assetSizeBytes"]) == (3, 11)


def test_a_domain_cannot_be_created_twice(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ConflictException) as error:
        ca.create_domain(domain="acme")

    assert error.value.response["Error"]["Message"] == "Domain 'acme' already exists"
    assert error.value.response["resourceType"] == "domain"


def test_a_missing_domain_is_named_in_the_error(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.describe_domain(domain="other")

    assert error.value.response["Error"]["Message"] == (
        "Domain not found. Domain 'other' owned by account '123456789012' does not exist"
    )
    assert (
        error.value.response["resourceType"],
        error.value.response["resourceId"],
    ) == ("domain", "other")


def test_only_an_empty_domain_can_be_deleted(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ConflictException) as error:
        ca.delete_domain(domain="acme")
    assert (
        error.value.response["Error"]["Message"]
        == "Domain 'acme' still has repositories"
    )
    for repository in ("dev", "staging", "prod"):
        ca.delete_repository(domain="acme", repository=repository)

    assert ca.delete_domain(domain="acme")["domain"]["status"] == "Deleted"
    assert ca.list_domains()["domains"] == []


def test_deleting_a_missing_domain_is_no_error(ca: Any) -> None:
    assert "domain" not in ca.delete_domain(domain="other")


def test_domains_are_listed_in_pages(ca: Any) -> None:
    ca.create_domain(domain="beta")
    ca.create_domain(domain="gamma")

    first = ca.list_domains(maxResults=2)
    second = ca.list_domains(maxResults=2, nextToken=first["nextToken"])

    names = [[domain["name"] for domain in page["domains"]] for page in (first, second)]
    assert names == [["acme", "beta"], ["gamma"]]


@pytest.mark.parametrize("name", ["a", "Acme", "acme-", "1acme", "a" * 51])
def test_a_domain_name_must_match_the_pattern(aws: Aws, name: str) -> None:
    ca = aws.client("codeartifact", parameter_validation=False)

    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.create_domain(domain=name)

    assert error.value.response["Error"]["Message"].startswith("Invalid value: domain ")
    assert error.value.response["reason"] == "FIELD_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("operation", "parameters", "message"),
    [
        (
            "describe_repository",
            {"domain": "acme"},
            "Invalid value: repository is missing in request",
        ),
        (
            "delete_package_versions",
            {**MODEL, "repository": "dev"},
            "Invalid value: versions is missing in request",
        ),
    ],
)
def test_a_missing_parameter_is_an_error(
    aws: Aws, operation: str, parameters: dict[str, str], message: str
) -> None:
    ca = aws.client("codeartifact", parameter_validation=False)

    with pytest.raises(ca.exceptions.ValidationException) as error:
        getattr(ca, operation)(**parameters)

    assert error.value.response["Error"]["Message"] == message


def test_a_repository_is_described_as_created(ca: Any) -> None:
    ca.create_repository(
        domain="acme",
        repository="edge",
        description="At the edge",
        upstreams=[{"repositoryName": "dev"}],
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


def test_a_repository_name_is_unique_within_its_domain(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ConflictException) as error:
        ca.create_repository(domain="acme", repository="dev")

    assert error.value.response["Error"]["Message"] == "Repository 'dev' already exists"
    ca.create_domain(domain="other")
    assert (
        ca.create_repository(domain="other", repository="dev")["repository"][
            "domainName"
        ]
        == "other"
    )


def test_an_update_replaces_only_the_given_values(ca: Any) -> None:
    ca.update_repository(
        domain="acme", repository="staging", upstreams=[{"repositoryName": "dev"}]
    )
    ca.update_repository(domain="acme", repository="staging", description="After dev")

    described = ca.describe_repository(domain="acme", repository="staging")[
        "repository"
    ]

    assert (described["upstreams"], described["description"]) == (
        [{"repositoryName": "dev"}],
        "After dev",
    )


def test_an_upstream_must_exist(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.update_repository(
            domain="acme",
            repository="staging",
            upstreams=[{"repositoryName": "nowhere"}],
        )

    assert error.value.response["resourceId"] == "nowhere"


def test_more_than_ten_upstreams_exceed_the_quota(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ServiceQuotaExceededException) as error:
        ca.update_repository(
            domain="acme",
            repository="staging",
            upstreams=[{"repositoryName": "dev"} for _ in range(11)],
        )

    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402


def test_repositories_are_listed_by_prefix_in_one_domain_or_in_all(ca: Any) -> None:
    ca.create_domain(domain="other")
    ca.create_repository(domain="other", repository="staging-2")

    in_all = ca.list_repositories(repositoryPrefix="staging")["repositories"]
    in_acme = ca.list_repositories_in_domain(domain="acme")["repositories"]

    assert [r["name"] for r in in_all] == ["staging", "staging-2"]
    assert [r["name"] for r in in_acme] == ["dev", "prod", "staging"]
    of_other_account = ca.list_repositories_in_domain(
        domain="acme", administratorAccount="210987654321"
    )
    assert of_other_account["repositories"] == []


def test_repositories_are_listed_in_pages(ca: Any) -> None:
    pages = ca.get_paginator("list_repositories").paginate(
        PaginationConfig={"PageSize": 2}
    )

    assert [len(page["repositories"]) for page in pages] == [2, 1]


def test_a_deleted_repository_is_not_found(ca: Any) -> None:
    ca.delete_repository(domain="acme", repository="dev")

    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.describe_repository(domain="acme", repository="dev")

    assert error.value.response["Error"]["Message"] == (
        "Repository not found. Repository 'dev' in domain 'acme' owned by account '123456789012'"
        " does not exist"
    )


def test_an_external_connection_can_be_added_and_removed(ca: Any) -> None:
    repository = {"domain": "acme", "repository": "dev"}

    connected = ca.associate_external_connection(
        **repository, externalConnection="public:npmjs"
    )["repository"]

    assert connected["externalConnections"] == [
        {
            "externalConnectionName": "public:npmjs",
            "packageFormat": "npm",
            "status": "Available",
        }
    ]
    with pytest.raises(ca.exceptions.ConflictException):
        ca.associate_external_connection(**repository, externalConnection="public:pypi")
    disconnected = ca.disassociate_external_connection(
        **repository, externalConnection="public:npmjs"
    )["repository"]
    assert disconnected["externalConnections"] == []


def test_an_unknown_external_connection_is_refused(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.associate_external_connection(
            domain="acme", repository="dev", externalConnection="public:mine"
        )

    assert (
        error.value.response["Error"]["Message"]
        == "Unknown external connection 'public:mine'"
    )


@pytest.mark.parametrize("arn", [DOMAIN_ARN, REPOSITORY_ARN])
def test_domains_and_repositories_can_be_tagged(ca: Any, arn: str) -> None:
    ca.tag_resource(
        resourceArn=arn,
        tags=[{"key": "stage", "value": "1"}, {"key": "team", "value": "web"}],
    )
    ca.tag_resource(resourceArn=arn, tags=[{"key": "stage", "value": "2"}])
    ca.untag_resource(resourceArn=arn, tagKeys=["team"])

    assert ca.list_tags_for_resource(resourceArn=arn)["tags"] == [
        {"key": "stage", "value": "2"}
    ]


def test_tags_can_be_set_at_creation(ca: Any) -> None:
    tags = [{"key": "stage", "value": "0"}]
    domain = ca.create_domain(domain="other", tags=tags)["domain"]
    repository = ca.create_repository(domain="acme", repository="edge", tags=tags)[
        "repository"
    ]

    for arn in (domain["arn"], repository["arn"]):
        assert ca.list_tags_for_resource(resourceArn=arn)["tags"] == tags


def test_a_package_cannot_be_tagged(ca: Any) -> None:
    publish_generic(ca, "1.0")
    arn = "arn:aws:codeartifact:eu-west-1:123456789012:package/acme/dev/generic/acme/model"

    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.tag_resource(resourceArn=arn, tags=[{"key": "stage", "value": "1"}])


def test_the_endpoint_is_on_the_requested_server(aws: Aws, ca: Any) -> None:
    found = ca.get_repository_endpoint(domain="acme", repository="dev", format="npm")[
        "repositoryEndpoint"
    ]

    assert found == (
        f"{aws.endpoint_url}/d/codeartifact/eu-west-1/acme-123456789012/npm/dev/"
        if aws.endpoint_url
        else "https://acme-123456789012.d.codeartifact.eu-west-1.amazonaws.com/npm/dev/"
    )


def test_a_missing_repository_has_no_endpoint(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.get_repository_endpoint(domain="acme", repository="nowhere", format="npm")


@pytest.mark.parametrize(
    ("parameters", "hours"), [({}, 12), ({"durationSeconds": 3600}, 1)]
)
def test_a_token_has_the_requested_duration(
    ca: Any, parameters: dict[str, int], hours: int
) -> None:
    left = ca.get_authorization_token(domain="acme", **parameters)[
        "expiration"
    ] - datetime.now(UTC)

    assert timedelta(hours=hours, minutes=-1) < left <= timedelta(hours=hours)


def test_a_token_lasts_at_least_fifteen_minutes(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.get_authorization_token(domain="acme", durationSeconds=899)

    assert (
        error.value.response["Error"]["Message"]
        == "durationSeconds must be 0 or 900 to 43200"
    )


def test_an_expired_token_is_unauthorized(aws: Aws, ca: Any) -> None:
    url, headers = endpoint(ca, "npm")
    token = headers["Authorization"].removeprefix("Bearer ")
    domain, expiration, caller = aws.backend.tokens[token]
    aws.backend.tokens[token] = (domain, expiration - timedelta(hours=12), caller)

    assert requests.get(f"{url}-/ping", headers=headers, timeout=10).status_code == 401
