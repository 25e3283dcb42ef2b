"""The SDK's clients as people use them: with a profile, and more patience than the function may have."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def user_clients(profile: str | None = None) -> Callable[[str], Any]:
    """What makes the client of a service, once, by the user's own configuration; raises the SDK's own errors.

    Three attempts, connections within 5 s, answers within 30 s. AWS_REGION counts too, as for the other SDKs
    (SDK reference guide: feature-region).
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
    region = os.environ.get("AWS_REGION") or None
    return cache(lambda service: session.create_client(service, region_name=region, config=config))
