"""The code of a deployed function, read only."""

import io
import zipfile
from typing import Any

import urllib3

from promoter.aws.errors import api_errors
from promoter.copying.ports import ApiError

_TIMEOUT = urllib3.Timeout(connect=5, read=30)


class DeployedCode:
    """Reads files of a function's code. Every method raises ApiError."""

    def __init__(self, client: Any, function: str, http: Any = None) -> None:
        """`client` is the SDK's client of Lambda, `http` a pool of urllib3."""
        self._client = client
        self._function = function
        self._http = http or urllib3.PoolManager(timeout=_TIMEOUT, retries=urllib3.Retry(2))

    def read(self, name: str) -> bytes:
        """The content of a file of the deployed zip file.

        Source: Lambda API reference, GetFunction: `Code.Location` is a presigned URL, which is valid for 10 minutes.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self._download())) as archive:
                return archive.read(name)
        except KeyError:
            raise ApiError(
                "ResourceNotFoundException", f"the code of {self._function} has no {name}"
            ) from None
        except zipfile.BadZipFile:
            raise ApiError("Unreachable", f"the code of {self._function} is not a zip file") from None

    def _download(self) -> bytes:
        with api_errors():
            location = self._client.get_function(FunctionName=self._function)["Code"]["Location"]
        try:
            answer = self._http.request("GET", location)
        except urllib3.exceptions.HTTPError:  # its text has the URL, which is as good as the permission
            raise ApiError("Unreachable", f"the code of {self._function} cannot be downloaded") from None
        if answer.status != 200:
            text = f"the code of {self._function} cannot be downloaded: HTTP status {answer.status}"
            raise ApiError("Unreachable", text)
        content: bytes = answer.data
        return content
