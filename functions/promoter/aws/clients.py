"""The SDK's clients, made on first use and kept."""

from __future__ import annotations

import gc
import os
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.session import Session


@cache
def client(service: str) -> Any:
    """A client of this service, by the environment's region, credentials and AWS_ENDPOINT_URL.

    Retries are the queue's business: at most two attempts here, and both end within the time that
    `executor.RESERVE` keeps free.
    """
    gc.disable()  # importing and reading models drops next to nothing: a tenth of the time is looking for it
    try:
        return _create(service)
    finally:
        gc.enable()
        gc.freeze()  # what is there by now stays, so never look at it again


def _create(service: str) -> Any:
    from botocore.config import Config

    config = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"total_max_attempts": 2, "mode": "standard"},
        user_agent_extra="codeartifact-promoter",
    )
    return _session().create_client(service, config=config)


@cache
def _session() -> Session:
    from botocore.session import get_session

    session = get_session()
    if os.environ.get("AWS_SAM_LOCAL"):  # `sam local` hands in the user's own credentials
        session.set_credentials("local", "local", "local")
    return session
