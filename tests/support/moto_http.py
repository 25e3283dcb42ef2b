"""HTTP to package managers' endpoints of the emulator in this process."""

from collections.abc import Mapping
from dataclasses import dataclass

import requests


@dataclass(frozen=True)
class HttpAnswer:
    """The part of urllib3's response that the function reads."""

    status: int
    data: bytes


class MotoHttp:
    """Sends requests as urllib3's pool does, but by a library that moto intercepts."""

    def request(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        answer = requests.request(method, url, data=body, headers=headers, timeout=10)
        return HttpAnswer(answer.status_code, answer.content)
