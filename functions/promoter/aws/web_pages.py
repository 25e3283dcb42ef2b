"""Refuses the web page of a proxy or a login, which the SDK would read as an empty answer of AWS."""

from typing import Any

from botocore.exceptions import BotoCoreError

_BEGINNINGS = (b"<!doctype html", b"<html")


class WebPageError(BotoCoreError):  # type: ignore[misc, unused-ignore]
    """A web page came instead of an answer of AWS."""

    fmt = "a web page came instead of an answer of AWS (HTTP {status})"


def refuse_web_pages(client: Any) -> Any:
    """Let a client's calls raise WebPageError if a web page comes. The SDK itself retries a status of 500 or more."""
    client.meta.events.register("before-parse", _check)
    return client


def _check(response_dict: dict[str, Any], operation_model: Any, **_: object) -> None:
    status, body = response_dict["status_code"], response_dict["body"]
    if status >= 500 or operation_model.has_streaming_output or not isinstance(body, bytes):
        return
    if body[:200].lstrip().lower().startswith(_BEGINNINGS):
        raise WebPageError(status=status)
