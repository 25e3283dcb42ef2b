"""moto's server with the CodeArtifact of this project, in a thread, for this machine only."""

from collections.abc import Sequence
from threading import Thread
from types import TracebackType
from typing import Any

from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from local.moto_patches.register import plug

PACKAGES = "/d/codeartifact/"
HOST = "codeartifact.us-east-1.amazonaws.com"


class Dispatcher(DomainDispatcherApplication):
    """moto's dispatcher, which also sends the package managers' requests to CodeArtifact.

    Their `Bearer` and `Basic` authorization tells no service, so the path has to.
    """

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self.calls: list[str] = []
        model = get_service_model("codeartifact")
        operations = [model.operation_model(name) for name in model.operation_names]
        self._operations = {(o.http["method"], o.http["requestUri"]): str(o.name) for o in operations}

    def infer_service_region_host(self, environ: dict[str, Any], path: str) -> str | None:
        """The host by which moto knows the service that is meant."""
        if path.startswith(PACKAGES):
            return HOST
        host: str | None = super().infer_service_region_host(environ, path)
        if host is not None and host.startswith("codeartifact."):
            operation = self._operations.get((environ["REQUEST_METHOD"], path))
            if operation is not None:
                self.calls.append(operation)
        return host


class QuietHandler(MotoRequestHandler):
    """Says nothing about requests."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  the name is werkzeug's
        """Drop what werkzeug would print."""


class Listener:
    """One address that the dispatcher answers on, in a thread of its own."""

    def __init__(self, dispatcher: Dispatcher, host: str, port: int) -> None:
        self._server = make_server(host, port, dispatcher, threaded=True, request_handler=QuietHandler)
        self.port: int = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Server:
    """A running server; as a context manager it stops at the end."""

    def __init__(self, port: int, host: str, others: Sequence[str] = ()) -> None:
        self._dispatcher = Dispatcher()
        self._listeners = [Listener(self._dispatcher, host, port)]
        self.port: int = self._listeners[0].port
        self.url = f"http://{host}:{self.port}"
        self.others = tuple(others)
        self._listeners += [Listener(self._dispatcher, other, self.port) for other in others]

    @property
    def calls(self) -> list[str]:
        """The CodeArtifact API operations that were called, in order; clear it to count anew."""
        return self._dispatcher.calls

    def stop(self) -> None:
        """Stop answering and free the port."""
        for listener in self._listeners:
            listener.stop()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def serve(port: int = 0, host: str = "127.0.0.1", others: Sequence[str] = ()) -> Server:
    """Start the server on one address, and on others only if they are named; port 0 takes a free one."""
    plug()
    return Server(port, host, others)
