"""Each operation of the model is served, or answered with its name."""

from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from moto.backends import get_backend
from moto.core.utils import get_service_model

from emulator_support.emulated_aws import Aws
from moto_codeartifact.models import CodeArtifactBackend
from moto_codeartifact.responses import CodeArtifactResponse

OPERATIONS = [
    xform_name(name) for name in get_service_model("codeartifact").operation_names
]
GROUPS = {
    "create_package_group",
    "delete_package_group",
    "describe_package_group",
    "get_associated_package_group",
    "list_allowed_repositories_for_group",
    "list_associated_packages",
    "list_package_groups",
    "list_sub_package_groups",
    "update_package_group",
    "update_package_group_origin_configuration",
}


def test_all_operations_but_those_on_package_groups_are_served() -> None:
    assert {name for name in OPERATIONS if hasattr(CodeArtifactBackend, name)} == {
        *OPERATIONS
    } - GROUPS


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_backend_and_the_responses_have_the_same_operations(name: str) -> None:
    assert hasattr(CodeArtifactBackend, name) == hasattr(CodeArtifactResponse, name)


def test_the_coverage_script_of_moto_finds_the_operations() -> None:
    # moto/scripts/implementation_coverage.py looks for each operation in dir() of the first backend
    backend: Any = get_backend("codeartifact")[moto_account()]["us-east-1"]

    implemented = [name for name in OPERATIONS if name in dir(backend)]

    assert len(implemented) == 38
    assert type(backend) is CodeArtifactBackend


def moto_account() -> str:
    from moto.core import DEFAULT_ACCOUNT_ID

    return DEFAULT_ACCOUNT_ID


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_an_operation_on_groups_is_named_in_the_answer(aws: Aws, name: str) -> None:
    ca = aws.client("codeartifact", retries={"total_max_attempts": 1})
    everything = {
        "domain": "acme",
        "packageGroup": "/npm/*",
        "format": "npm",
        "package": "widget",
        "originRestrictionType": "PUBLISH",
    }
    shape = ca.meta.service_model.operation_model(pascal(name)).input_shape
    required = {key: everything[key] for key in shape.required_members}

    with pytest.raises(ClientError) as caught:
        getattr(ca, name)(**required)

    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert (
        answer["Error"]["Message"] == f"{pascal(name)} is not served by this emulator"
    )


def pascal(name: str) -> str:
    """Return the model's name of a method of boto3."""
    [found] = [
        each
        for each in get_service_model("codeartifact").operation_names
        if xform_name(each) == name
    ]
    return str(found)
