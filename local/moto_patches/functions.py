"""Keeps what moto forgets of a Lambda function: the log group, and a URL of the code that works.

Needed with moto 5.2.5: it ignores `LoggingConfig`, and the URL of GetFunction names a bucket that does not exist.
"""

import functools
from collections.abc import Callable
from typing import Any

from moto.awslambda.models import LambdaFunction

from local.clients import make_client

_LOGGING = "_local_logging_config"
_PATCHED = "_local_patched"


def patch_functions(endpoint: str) -> None:
    """Replace the methods. `endpoint` serves the code; a second call only changes it."""
    LambdaFunction._local_endpoint = endpoint
    if getattr(LambdaFunction, _PATCHED, False):
        return
    setattr(LambdaFunction, _PATCHED, True)
    LambdaFunction.create_from_cloudformation_json = classmethod(
        _keeping_logging(LambdaFunction.create_from_cloudformation_json.__func__)
    )
    LambdaFunction.get_configuration = _with_logging(LambdaFunction.get_configuration)
    LambdaFunction.get_code = _with_location(LambdaFunction.get_code)


def _keeping_logging(create: Callable[..., LambdaFunction]) -> Callable[..., LambdaFunction]:
    @functools.wraps(create)
    def call(
        cls: type[LambdaFunction], resource_name: str, cloudformation_json: Any, *args: Any, **kwargs: Any
    ) -> LambdaFunction:
        function = create(cls, resource_name, cloudformation_json, *args, **kwargs)
        setattr(function, _LOGGING, cloudformation_json["Properties"].get("LoggingConfig"))
        return function

    return call


def _with_logging(get: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @functools.wraps(get)
    def call(function: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
        logging = getattr(function, _LOGGING, None)
        return get(function, on_create) | ({"LoggingConfig": logging} if logging else {})

    return call


def _with_location(get: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @functools.wraps(get)
    def call(function: LambdaFunction) -> dict[str, Any]:
        found = get(function)
        code = function.code
        if "S3Key" in code:
            named = {"Bucket": code["S3Bucket"], "Key": code["S3Key"]}
            client = make_client("s3", function._local_endpoint)
            found["Code"]["Location"] = client.generate_presigned_url("get_object", Params=named)
        return found

    return call
