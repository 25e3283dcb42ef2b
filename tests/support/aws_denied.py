"""A client of the SDK whose every call is denied."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

MESSAGE = "User: arn:aws:iam::1:user/me is not authorized"


class DeniedClient:
    """A client without any permission. Its paginators raise when the first page is read, as the SDK's do."""

    def get_paginator(self, operation: str) -> "_DeniedPaginator":
        return _DeniedPaginator(operation)

    def __getattr__(self, operation: str) -> Any:
        def refuse(**_: Any) -> Any:
            raise _denied(operation)

        return refuse


class _DeniedPaginator:
    def __init__(self, operation: str) -> None:
        self._operation = operation

    def paginate(self, **_: Any) -> Iterator[Any]:
        raise _denied(self._operation)
        yield


def _denied(operation: str) -> ClientError:
    return ClientError({"Error": {"Code": "AccessDeniedException", "Message": MESSAGE}}, operation)
