"""An AWS with the emulator, in this process or behind a server."""

from dataclasses import dataclass, replace
from typing import Any

import boto3
from botocore.config import Config

from moto_codeartifact.models import CodeArtifactBackend, codeartifact_backends

ACCOUNT = "123456789012"
REGION = "eu-west-1"


@dataclass(frozen=True)
class Aws:
    """An AWS as one account sees it. Without an endpoint, boto3 calls moto in this process."""

    endpoint_url: str | None
    credentials: tuple[tuple[str, str], ...] = ()

    def client(self, service: str, **config: Any) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint_url,
            config=Config(**config),
            **dict(self.credentials),
        )

    def as_account(self, account: str) -> "Aws":
        """Return the same AWS as another account sees it."""
        role = f"arn:aws:iam::{account}:role/visitor"
        given = self.client("sts").assume_role(RoleArn=role, RoleSessionName="visit")[
            "Credentials"
        ]
        credentials = (
            ("aws_access_key_id", given["AccessKeyId"]),
            ("aws_secret_access_key", given["SecretAccessKey"]),
            ("aws_session_token", given["SessionToken"]),
        )
        return replace(self, credentials=credentials)

    @property
    def backend(self) -> CodeArtifactBackend:
        """The emulator's backend, with its settings and faults. It is always in this process."""
        return codeartifact_backends[ACCOUNT][REGION]
