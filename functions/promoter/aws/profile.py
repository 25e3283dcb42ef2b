"""The SDK's clients as people use them: with a profile, and more patience than the function may have."""

from __future__ import annotations

from typing import Any


def client(service: str, profile: str | None = None) -> Any:
    """A client of this service, by the user's own configuration; raises the SDK's own errors.

    Three attempts, connections within 5 s, answers within 30 s.
    """
    from botocore.config import Config
    from botocore.session import Session

    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"total_max_attempts": 3, "mode": "standard"},
        max_pool_connections=20,
        user_agent_extra="codeartifact-promoter-cli",
    )
    return Session(profile=profile).create_client(service, config=config)
