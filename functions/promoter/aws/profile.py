"""The SDK's clients as people use them: with a profile, and more patience than the function may have."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def clients(profile: str | None = None) -> Callable[[str], Any]:
    """What makes the client of a service, once, by the user's own configuration; raises the SDK's own errors.

    Three attempts, connections within 5 s, answers within 30 s.
    """
    from botocore.config import Config
    from botocore.session import Session

    session = Session(profile=profile)
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"total_max_attempts": 3, "mode": "standard"},
        max_pool_connections=20,
        user_agent_extra="codeartifact-promoter-cli",
    )
    return cache(lambda service: session.create_client(service, config=config))
