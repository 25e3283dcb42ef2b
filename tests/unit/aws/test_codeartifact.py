"""codeartifact: the parameters of each call, and what is made of its answer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from promoter.aws.codeartifact import CodeArtifact, CodeArtifactReader
from promoter.copying.plan import Copy
from promoter.copying.ports import ApiError, Assets, Description, Failure, Reply, Success
from promoter.inspection.ports import (
    ExternalConnection,
    RepositoryLinks,
    RepositoryPackage,
    VersionSummary,
)
from promoter.packages.package import Package
from promoter.rules.vocabulary import Hop
from tests.support.samples import OWNER, WIDGET
from tests.support.stubbed import stubbed

TOOLS = Package("pypi", "", "tools")
DOMAIN = {"domain": "acme", "domainOwner": OWNER}
NPM = {"format": "npm", "namespace": "acme", "package": "widget"}
VERSION = {**DOMAIN, "repository": "dev", **NPM, "packageVersion": "1.0.0"}
PAGE = {"maxResults": 1000}
INSTRUCTION = Copy(Hop("dev", "prod"), WIDGET, "fail", False, ())
COPY = {**DOMAIN, **NPM, "sourceRepository": "dev", "destinationRepository": "prod"}
HASH = "a" * 64


@pytest.fixture
def sdk() -> Iterator[tuple[Any, Stubber]]:
    with stubbed("codeartifact") as made:
        yield made


@pytest.fixture
def stubber(sdk: tuple[Any, Stubber]) -> Stubber:
    return sdk[1]


@pytest.fixture
def codeartifact(sdk: tuple[Any, Stubber]) -> CodeArtifact:
    return CodeArtifact(sdk[0], "acme", OWNER)


def test_repositories_are_sorted_and_every_page_is_read(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    first = {"repositories": [{"name": "prod"}, {"name": "dev"}], "nextToken": "more"}
    stubber.add_response("list_repositories_in_domain", first, {**DOMAIN, **PAGE})
    second = {"repositories": [{"name": "staging"}]}
    stubber.add_response("list_repositories_in_domain", second, {**DOMAIN, **PAGE, "nextToken": "more"})

    assert codeartifact.repositories() == ["dev", "prod", "staging"]


def test_without_an_owner_the_domain_is_the_one_of_the_callers_account(sdk: tuple[Any, Stubber]) -> None:
    client, stubber = sdk
    stubber.add_response("list_repositories_in_domain", {"repositories": []}, {"domain": "acme", **PAGE})

    assert CodeArtifactReader(client, "acme").repositories() == []


def test_a_repository_has_its_upstreams_in_order_and_its_external_connections(
    stubber: Stubber, codeartifact: CodeArtifact
) -> None:
    described = {
        "upstreams": [{"repositoryName": "shared"}, {"repositoryName": "dev"}],
        "externalConnections": [
            {"externalConnectionName": "public:npmjs", "packageFormat": "npm", "status": "Available"}
        ],
    }
    asked = {**DOMAIN, "repository": "prod"}
    stubber.add_response("describe_repository", {"repository": described}, asked)

    assert codeartifact.links("prod") == RepositoryLinks(
        ("shared", "dev"), (ExternalConnection("public:npmjs", "npm"),)
    )


def test_a_repository_may_have_no_links(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    stubber.add_response("describe_repository", {"repository": {"name": "dev"}})

    assert codeartifact.links("dev") == RepositoryLinks()


def test_a_repository_that_may_not_be_described_is_an_api_error(
    stubber: Stubber, codeartifact: CodeArtifact
) -> None:
    stubber.add_client_error("describe_repository", "AccessDeniedException", "no permission", 403)

    with pytest.raises(ApiError, match="AccessDeniedException: no permission"):
        codeartifact.links("dev")


def test_packages_are_read_from_every_page(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    asked = {**DOMAIN, "repository": "dev", **PAGE}
    first = {"packages": [{"format": "npm", "namespace": "acme", "package": "widget"}], "nextToken": "more"}
    stubber.add_response("list_packages", first, asked)
    second = {"packages": [{"format": "pypi", "package": "tools"}]}
    stubber.add_response("list_packages", second, {**asked, "nextToken": "more"})

    assert [each.package for each in codeartifact.packages("dev")] == [WIDGET, TOOLS]


def test_packages_are_filtered_by_aws(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    filters = {"format": "npm", "namespace": "acme", "packagePrefix": "w"}
    stubber.add_response(
        "list_packages", {"packages": []}, {**DOMAIN, "repository": "dev", **filters, **PAGE}
    )

    assert list(codeartifact.packages("dev", "npm", "acme", "w")) == []


def test_a_package_of_a_format_that_no_rule_can_name_is_left_out(
    stubber: Stubber, codeartifact: CodeArtifact
) -> None:
    stubber.add_response("list_packages", {"packages": [{"format": "conda", "package": "numpy"}]})

    assert list(codeartifact.packages("dev")) == []


@pytest.mark.parametrize(
    ("restrictions", "published_here"),
    [
        ({"publish": "ALLOW", "upstream": "BLOCK"}, True),
        ({"publish": "BLOCK", "upstream": "ALLOW"}, False),
        ({"publish": "ALLOW", "upstream": "ALLOW"}, None),
    ],
)
def test_origin_controls_tell_where_a_package_was_first_published(
    stubber: Stubber,
    codeartifact: CodeArtifact,
    restrictions: dict[str, str],
    published_here: bool | None,
) -> None:
    entry = {"format": "pypi", "package": "tools", "originConfiguration": {"restrictions": restrictions}}
    stubber.add_response("list_packages", {"packages": [entry]})

    assert list(codeartifact.packages("dev")) == [RepositoryPackage(TOOLS, published_here)]


def test_versions_are_read_from_every_page(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    asked = {**DOMAIN, "repository": "dev", **NPM, "status": "Published", **PAGE}
    external = {"originType": "EXTERNAL"}
    first = {"version": "1.0.0", "revision": "r1", "status": "Published", "origin": external}
    stubber.add_response("list_package_versions", {"versions": [first], "nextToken": "more"}, asked)
    second = {"version": "1.1.0", "status": "Published"}
    stubber.add_response("list_package_versions", {"versions": [second]}, {**asked, "nextToken": "more"})

    assert list(codeartifact.versions("dev", WIDGET, "Published")) == [
        VersionSummary("1.0.0", "r1", "Published", "external"),
        VersionSummary("1.1.0", "", "Published"),
    ]


def test_versions_of_a_package_without_a_namespace_send_none(
    stubber: Stubber, codeartifact: CodeArtifact
) -> None:
    asked = {**DOMAIN, "repository": "dev", "format": "pypi", "package": "tools", **PAGE}
    stubber.add_response("list_package_versions", {"versions": []}, asked)

    assert list(codeartifact.versions("dev", TOOLS)) == []


@pytest.mark.parametrize(
    ("origin", "expected"),
    [({"originType": "INTERNAL"}, "internal"), ({"originType": "UNKNOWN"}, None), ({}, None)],
)
def test_a_version_is_described(
    stubber: Stubber, codeartifact: CodeArtifact, origin: dict[str, str], expected: Any
) -> None:
    published = datetime(2026, 1, 2, 3, 4, 5, 999_000, tzinfo=UTC)
    version = {"revision": "r1", "status": "Published", "publishedTime": published, "origin": origin}
    stubber.add_response("describe_package_version", {"packageVersion": version}, VERSION)

    found = codeartifact.describe("dev", WIDGET, "1.0.0")

    assert found == Description("r1", "Published", 1_767_323_045.0, expected)


def test_a_version_without_a_time_has_the_epoch(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    stubber.add_response(
        "describe_package_version", {"packageVersion": {"revision": "r1", "status": "Unfinished"}}
    )

    assert codeartifact.describe("dev", WIDGET, "1.0.0").published == 0


@pytest.mark.parametrize("resource", ["package", "package-version", ""])
def test_a_version_that_the_repository_does_not_have_is_not_found(
    stubber: Stubber, codeartifact: CodeArtifact, resource: str
) -> None:
    not_found(stubber, resource)

    assert codeartifact.find("dev", WIDGET, "1.0.0") is None


@pytest.mark.parametrize("resource", ["domain", "repository"])
def test_a_repository_or_domain_that_does_not_exist_is_an_error(
    stubber: Stubber, codeartifact: CodeArtifact, resource: str
) -> None:
    not_found(stubber, resource)

    with pytest.raises(ApiError) as raised:
        codeartifact.find("dev", WIDGET, "1.0.0")
    assert (raised.value.code, raised.value.resource_type) == ("ResourceNotFoundException", resource)


def not_found(stubber: Stubber, resource: str) -> None:
    stubber.add_client_error(
        "describe_package_version",
        "ResourceNotFoundException",
        http_status_code=404,
        expected_params=VERSION,
        modeled_fields={"message": "not found", "resourceType": resource} if resource else None,
    )


def test_other_errors_of_a_look_up_are_errors(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    stubber.add_client_error("describe_package_version", "AccessDeniedException", http_status_code=403)

    with pytest.raises(ApiError, match="AccessDeniedException"):
        codeartifact.find("dev", WIDGET, "1.0.0")


def test_assets_are_read_from_every_page(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    asked = {**VERSION, **PAGE}
    first = {
        "assets": [{"name": "a", "hashes": {"SHA-256": HASH}}],
        "versionRevision": "r1",
        "nextToken": "more",
    }
    stubber.add_response("list_package_version_assets", first, asked)
    second = {"assets": [{"name": "b", "hashes": {"MD5": "0" * 32}}, {"name": "c"}], "versionRevision": "r1"}
    stubber.add_response("list_package_version_assets", second, {**asked, "nextToken": "more"})

    assets = codeartifact.list_assets("dev", WIDGET, "1.0.0")

    assert assets == Assets("r1", {"a": HASH, "b": "", "c": ""})


def test_a_version_without_assets_still_has_its_revision(
    stubber: Stubber, codeartifact: CodeArtifact
) -> None:
    stubber.add_response("list_package_version_assets", {"assets": [], "versionRevision": "r1"})

    assert codeartifact.list_assets("dev", WIDGET, "1.0.0") == Assets("r1", {})


def test_a_copy_sends_the_revisions_and_no_option_that_is_off(
    stubber: Stubber, codeartifact: CodeArtifact
) -> None:
    asked = {**COPY, "versionRevisions": {"1.0.0": "r1"}}
    stubber.add_response("copy_package_versions", {}, asked)

    reply = codeartifact.copy_versions(INSTRUCTION, {"1.0.0": "r1"}, overwrite=False)

    assert reply == Reply({}, {})


def test_a_copy_sends_the_options_that_are_on(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    instruction = Copy(Hop("dev", "prod"), WIDGET, "overwrite", True, ())
    options = {"allowOverwrite": True, "includeFromUpstream": True}
    asked = {**COPY, "versionRevisions": {"1.0.0": "r1"}, **options}
    stubber.add_response("copy_package_versions", {}, asked)

    codeartifact.copy_versions(instruction, {"1.0.0": "r1"}, overwrite=True)


def test_a_copy_of_a_package_without_a_namespace_sends_none(
    stubber: Stubber, codeartifact: CodeArtifact
) -> None:
    repositories = {"sourceRepository": "dev", "destinationRepository": "prod"}
    asked = {**DOMAIN, **repositories, "format": "pypi", "package": "tools", "versionRevisions": {"1": "r1"}}
    stubber.add_response("copy_package_versions", {}, asked)

    codeartifact.copy_versions(
        Copy(Hop("dev", "prod"), TOOLS, "fail", False, ()), {"1": "r1"}, overwrite=False
    )


def test_both_maps_of_a_reply_are_read_also_entries_without_a_code(
    stubber: Stubber, codeartifact: CodeArtifact
) -> None:
    answer = {
        "successfulVersions": {"1": {"revision": "r1", "status": "Published"}, "2": {}},
        "failedVersions": {"3": {"errorCode": "NOT_FOUND", "errorMessage": "no version 3"}, "4": {}},
    }
    stubber.add_response("copy_package_versions", answer)

    reply = codeartifact.copy_versions(INSTRUCTION, {"1": "r1"}, overwrite=False)

    assert reply.successful == {"1": Success("r1", "Published"), "2": Success("")}
    assert reply.failed == {"3": Failure("NOT_FOUND", "no version 3"), "4": Failure("unknown")}


def list_all(codeartifact: CodeArtifact) -> None:
    list(codeartifact.packages("dev"))


def copy(codeartifact: CodeArtifact) -> None:
    codeartifact.copy_versions(INSTRUCTION, {"1": "r1"}, overwrite=False)


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, "InternalServerException"), (429, "ThrottlingException"), (403, "AccessDeniedException")],
)
@pytest.mark.parametrize(
    ("operation", "call"), [("list_packages", list_all), ("copy_package_versions", copy)]
)
def test_an_error_of_any_call_is_an_api_error(
    stubber: Stubber,
    codeartifact: CodeArtifact,
    operation: str,
    call: Callable[[CodeArtifact], None],
    status: int,
    code: str,
) -> None:
    named = "AccessDeniedException" if status == 403 else "SomethingElse"
    stubber.add_client_error(operation, named, "a message", http_status_code=status)

    with pytest.raises(ApiError) as raised:
        call(codeartifact)

    assert (raised.value.code, raised.value.message) == (code, "a message")


def test_an_error_on_the_second_page_is_an_api_error(stubber: Stubber, codeartifact: CodeArtifact) -> None:
    stubber.add_response("list_packages", {"packages": [], "nextToken": "more"})
    stubber.add_client_error("list_packages", "ThrottlingException", http_status_code=429)

    with pytest.raises(ApiError, match="ThrottlingException"):
        list(codeartifact.packages("dev"))


def test_the_rate_limit_counts_each_call_once(sdk: tuple[Any, Stubber]) -> None:
    client, stubber = sdk
    acquired: list[None] = []
    reader = CodeArtifactReader(client, "acme", OWNER, lambda: acquired.append(None))
    stubber.add_response("list_packages", {"packages": [], "nextToken": "more"})
    stubber.add_response("list_packages", {"packages": []})
    stubber.add_response(
        "describe_package_version", {"packageVersion": {"revision": "r1", "status": "Published"}}
    )

    list(reader.packages("dev"))
    reader.find("dev", WIDGET, "1.0.0")

    assert len(acquired) == 3


def test_a_reader_cannot_change_anything() -> None:
    public = {name for name in vars(CodeArtifactReader) if not name.startswith("_")}

    assert public == {"repositories", "links", "packages", "versions", "describe", "find", "list_assets"}
