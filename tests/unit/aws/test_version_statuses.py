"""version_statuses: the parameters of the call, and the failures inside its answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from promoter.aws.version_statuses import VersionStatuses
from promoter.copying.ports import ApiError, Failure
from promoter.packages.package import Package
from tests.support.samples import OWNER, WIDGET
from tests.support.stubbed import stubbed

TOOLS = Package("pypi", "", "tools")
CALL = {
    "domain": "acme",
    "domainOwner": OWNER,
    "repository": "prod",
    "format": "npm",
    "namespace": "acme",
    "package": "widget",
    "versions": ["1.0.0"],
    "versionRevisions": {"1.0.0": "r1"},
    "expectedStatus": "Published",
    "targetStatus": "Unlisted",
}
OPERATION = "update_package_versions_status"
DONE = {"successfulVersions": {"1.0.0": {"revision": "r1", "status": "Unlisted"}}, "failedVersions": {}}


@pytest.fixture
def sdk() -> Iterator[tuple[Any, Stubber]]:
    with stubbed("codeartifact") as made:
        yield made


def unlist(client: Any, package: Package = WIDGET, owner: str | None = OWNER) -> Failure | None:
    statuses = VersionStatuses(client, "acme", owner)
    return statuses.change("prod", package, "1.0.0", revision="r1", current="Published", target="Unlisted")


def test_a_change_is_pinned_to_the_revision_and_the_current_status(sdk: tuple[Any, Stubber]) -> None:
    client, stubber = sdk
    stubber.add_response(OPERATION, DONE, CALL)

    assert unlist(client) is None


def test_an_absent_namespace_and_an_owner_that_is_the_caller_are_left_out(sdk: tuple[Any, Stubber]) -> None:
    client, stubber = sdk
    named = {key: value for key, value in CALL.items() if key not in ("domainOwner", "namespace")}
    stubber.add_response(OPERATION, DONE, {**named, "format": "pypi", "package": "tools"})

    assert unlist(client, TOOLS, None) is None


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (
            {
                "failedVersions": {
                    "1.0.0": {"errorCode": "MISMATCHED_REVISION", "errorMessage": "current: r2"}
                }
            },
            Failure("MISMATCHED_REVISION", "current: r2"),
        ),
        ({**DONE, "failedVersions": {"1.0.0": {}}}, Failure("unknown")),
        (
            {"successfulVersions": {}, "failedVersions": {}},
            Failure("unknown", "AWS did not confirm the change"),
        ),
        ({}, Failure("unknown", "AWS did not confirm the change")),
    ],
)
def test_a_failure_inside_http_200_is_returned(
    sdk: tuple[Any, Stubber], answer: dict[str, Any], failure: Failure
) -> None:
    client, stubber = sdk
    stubber.add_response(OPERATION, answer, CALL)

    assert unlist(client) == failure


def test_a_refused_call_raises(sdk: tuple[Any, Stubber]) -> None:
    client, stubber = sdk
    stubber.add_client_error(OPERATION, "AccessDeniedException", http_status_code=403)

    with pytest.raises(ApiError) as caught:
        unlist(client)

    assert caught.value.code == "AccessDeniedException"
