"""Connections to AWS, all read only. Only commands that need AWS import the SDK: it takes 0.3 s."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from promoter.aws.codeartifact import CodeArtifactReader
    from promoter.aws.stack import DeployedStack


def connect_to_domain(
    domain: str, owner: str | None, profile: str | None, acquire: Callable[[], None] = lambda: None
) -> CodeArtifactReader:
    """A reader of a domain's repositories. `acquire` is called before each call and may wait.

    Raises the SDK's errors. Without an `owner` the domain is the one of the caller's account.
    """
    from promoter.aws.clients import user_clients
    from promoter.aws.codeartifact import CodeArtifactReader

    return CodeArtifactReader(user_clients(profile)("codeartifact"), domain, owner, acquire)


def connect_to_stack(name: str, profile: str | None) -> DeployedStack:
    """A reader of a deployed stack. Raises the SDK's errors."""
    from promoter.aws.clients import user_clients
    from promoter.aws.stack import DeployedStack

    return DeployedStack(user_clients(profile), name)
