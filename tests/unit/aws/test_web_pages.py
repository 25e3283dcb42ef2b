"""web_pages: the web page of a proxy is never read as an empty answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from promoter.aws.clients import user_clients
from promoter.aws.errors import api_errors
from promoter.aws.web_pages import WebPageError
from promoter.copying.ports import ApiError
from tests.support.command_line import promoter

CALLS = [
    ("codeartifact", "list_repositories_in_domain", {"domain": "acme"}),
    (
        "codeartifact",
        "copy_package_versions",
        {
            "domain": "acme",
            "sourceRepository": "dev",
            "destinationRepository": "prod",
            "format": "npm",
            "package": "widget",
            "versions": ["1.0.0"],
        },
    ),
    ("cloudformation", "describe_stacks", {}),
    ("sts", "get_caller_identity", {}),
    ("sqs", "list_queues", {}),
]


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A server that gives one answer to everything, and its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.mark.usefixtures("_environment")
@pytest.mark.parametrize("page", [b"<html><body>log in", b"\n<!DOCTYPE html>\n<html>"])
@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS, ids=[each[1] for each in CALLS])
def test_a_web_page_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    operation: str,
    arguments: dict[str, Any],
    status: int,
    page: bytes,
) -> None:
    with answering(status, page) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        with pytest.raises(ApiError) as raised, api_errors():
            getattr(user_clients()(service), operation)(**arguments)

    assert isinstance(raised.value.__cause__, WebPageError)
    assert f"HTTP {status}" in raised.value.message


@pytest.mark.usefixtures("_environment")
def test_an_answer_that_is_no_page_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(200, b'{"repositories": []}') as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        answer = user_clients()("codeartifact").list_repositories_in_domain(domain="acme")

    assert answer["repositories"] == []


@pytest.mark.usefixtures("_environment")
def test_a_command_says_in_one_sentence_that_a_page_came(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(200, b"<html>") as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        ran = promoter("status", "--region", "eu-central-1")

    assert ran.code != 0
    assert ran.err == (
        'cannot read the stack "package-promoter": a web page came instead of an answer of AWS (HTTP 200); '
        "check your proxy and AWS_ENDPOINT_URL\n"
    )
