"""From a request to an answer: the steps that all operations of the API share."""

import json
import logging
from functools import lru_cache
from typing import Any

from botocore.exceptions import ConnectionClosedError
from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.request import Request, normalize_request
from moto.core.responses import ActionResult, BaseResponse
from moto.core.routing import NotFound, get_service_router
from moto.core.utils import camelcase_to_underscores, get_service_model

from .contents import IN_MEMORY
from .exceptions import (
    InternalServerException,
    ThrottlingException,
    ValidationException,
)
from .json_types import require_types
from .models import CodeArtifactBackend, codeartifact_backends
from .validation import validate

log = logging.getLogger(__name__)

SERVICE = "codeartifact"
DROP = "x-emulator-drop-connection"
"""The header of an answer that the server does not send. It closes the connection instead."""
QUOTA = "ServiceQuotaExceededException"


def error_answer(status: int, code: str, message: str, **members: str) -> TYPE_RESPONSE:
    """Return an error in the service's protocol, where no operation of the model can serialise it."""
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
    return status, headers, json.dumps({"message": message, **members})


def backend_of(account: str, region: str) -> CodeArtifactBackend:
    """Return the backend of an account, or raise ValidationException if the service is not in the region."""
    try:
        return codeartifact_backends[account][region]
    except KeyError:
        raise ValidationException(
            f"CodeArtifact is not available in the region '{region}'"
        ) from None


@lru_cache
def _operations_by_address() -> dict[tuple[str, str], str]:
    """Return the operations by HTTP method and path."""
    model = get_service_model(SERVICE)
    operations = [model.operation_model(name) for name in model.operation_names]
    return {
        (o.http["method"], o.http["requestUri"].rstrip("/")): str(o.name)
        for o in operations
    }


class Dispatcher(BaseResponse):
    """Parses and validates a request, carries it out, and turns every error into the service's own form."""

    use_raw_body = True

    def __init__(self) -> None:
        super().__init__(service_name=SERVICE)
        self.automated_parameter_parsing = True
        self._rejection: ServiceException | None = None

    def _dispatch(
        self, request: Any, full_url: str | None = None, headers: Any = None
    ) -> TYPE_RESPONSE:
        try:
            normalised = normalize_request(request)
            if self._is_too_large(normalised):
                message = "The asset is larger than the maximum size of an asset"
                return error_answer(402, QUOTA, message, resourceType="asset")
            return super()._dispatch(normalised, full_url, headers)
        except ConnectionClosedError:
            raise
        except Exception:
            # a client would retry a page of HTML as if the service had failed
            log.exception("the request could not be answered")
            return error_answer(
                400, "ValidationException", "The request cannot be parsed"
            )

    def _is_too_large(self, request: Request) -> bool:
        """Return True if the request declares more bytes than an asset may have. moto reads them at once."""
        size = request.content_length or 0
        if size <= IN_MEMORY:
            return False
        self.headers = request.headers
        self.querystring: dict[str, Any] = {}
        account, region = (
            self.get_current_account(),
            self.get_region_from_url(request, request.raw_url),
        )
        return size > backend_of(account, region).settings.asset_size_maximum

    def _get_action(self) -> str:
        """Return the operation of the method and the path; an empty text if there is none.

        moto's router selects no operation if a required query parameter is missing.
        """
        request: Request = self.normalized_request
        try:
            operation, self.uri_match = get_service_router(SERVICE).match(request)
            return str(operation.name)
        except (NotFound, NotImplementedError):
            return _operations_by_address().get(
                (request.method, request.path.rstrip("/")), ""
            )

    def parse_parameters(self, request: Request) -> None:
        """Parse the request. What cannot be parsed is answered later, when the caller is known."""
        self.params: dict[str, Any] = {}
        shape = (
            get_service_model(SERVICE).operation_model(self._get_action()).input_shape
        )
        try:
            require_types(shape, request.data, request.args)
            super().parse_parameters(request)
        except ServiceException as error:
            self._rejection = error

    def call_action(self) -> TYPE_RESPONSE:
        """Validate the request, then carry it out or raise an injected fault."""
        operation = self._get_action()
        if not operation:
            message = f"There is no operation {self.method} {self.path}"
            return error_answer(
                400, "ValidationException", message, reason="UNKNOWN_OPERATION"
            )
        if not hasattr(self, camelcase_to_underscores(operation)):
            return error_answer(
                501, "NotImplemented", f"{operation} is not served by this emulator"
            )
        try:
            return self._answer(operation)
        except ServiceException as error:
            return self._error(error)
        except ConnectionClosedError:
            if not self.normalized_request.from_wsgi_server:
                raise
            return 500, {DROP: "true"}, b""
        except Exception as error:
            log.exception("%s failed", operation)
            return self._error(
                InternalServerException(f"{operation} failed: {error!r}")
            )

    def _answer(self, operation: str) -> TYPE_RESPONSE:
        if self._rejection is not None:
            raise self._rejection
        validate(
            get_service_model(SERVICE).operation_model(operation).input_shape,
            self.params,
        )
        with CodeArtifactBackend.lock:
            self.authorize(operation)
            fault = backend_of(self.current_account, self.region).faults.take_call(
                operation
            )
            if fault is None:
                return super().call_action()
            if fault.after_effect:
                super().call_action()
            raise fault.error

    def authorize(self, operation: str) -> None:
        """Raise AccessDeniedException if a policy does not allow the request."""
        raise NotImplementedError

    def _error(self, error: ServiceException) -> TYPE_RESPONSE:
        status, headers, body = self.serialized(ActionResult(error))
        return status, *self._enrich_response(headers, body)

    def serialized(self, action_result: ActionResult) -> TYPE_RESPONSE:
        """Serialise as moto does, and add the one header that moto's error serialiser omits."""
        status, headers, body = super().serialized(action_result)
        if isinstance(action_result.result, ThrottlingException):
            headers["Retry-After"] = str(action_result.result.retry_after_seconds)
        return status, headers, body
