"""A client of AWS that may do nothing."""

from typing import Any

from botocore.exceptions import ClientError


class Denied:
    """A client that may do nothing."""

    def __getattr__(self, operation: str) -> Any:
        def refuse(**_: Any) -> Any:
            error = {
                "Code": "AccessDeniedException",
                "Message": "User: arn:aws:iam::1:user/me is not authorized",
            }
            raise ClientError({"Error": error}, operation)

        return refuse
