"""Creates users and roles in moto's IAM, and returns AWS as they see it."""

import json
from dataclasses import replace
from typing import Any

from emulator_support.emulated_aws import ACCOUNT, Aws

EVERYTHING = {"Effect": "Allow", "Action": "codeartifact:*", "Resource": "*"}


def role_arn(name: str) -> str:
    """Return the ARN of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def policy(*statements: Any) -> str:
    """Write a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def as_role(aws: Aws, name: str, *statements: Any) -> Aws:
    """Create a role with these statements, if any. Return the same AWS as a session of it sees it."""
    iam = aws.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy())
    if statements:
        iam.put_role_policy(
            RoleName=name, PolicyName="own", PolicyDocument=policy(*statements)
        )
    given = aws.client("sts").assume_role(
        RoleArn=role_arn(name), RoleSessionName="a-session"
    )["Credentials"]
    return replace(aws, credentials=_credentials(given, given["SessionToken"]))


def as_user(aws: Aws, name: str, *statements: Any) -> Aws:
    """Create a user with these statements, if any. Return the same AWS as the user sees it."""
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(
            UserName=name, PolicyName="own", PolicyDocument=policy(*statements)
        )
    return replace(
        aws,
        credentials=_credentials(
            iam.create_access_key(UserName=name)["AccessKey"], None
        ),
    )


def _credentials(
    given: dict[str, str], token: str | None
) -> tuple[tuple[str, str], ...]:
    keys = (
        ("aws_access_key_id", given["AccessKeyId"]),
        ("aws_secret_access_key", given["SecretAccessKey"]),
    )
    return (*keys, ("aws_session_token", token)) if token else keys
