"""moto's server with CodeArtifact, in threads of this process, on loopback unless told otherwise.

Needed with moto 5.2.5: `ThreadedMotoServer` listens on one address only, and moto's dispatcher finds the
service of a request by its AWS signature or host name, which requests of package managers do not have.
"""

import errno
import socket
from collections.abc import Sequence
from threading import Thread
from types import TracebackType
from typing import Any, Self

from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from .dispatch import DROP

PACKAGES = "/d/codeartifact/"
HOST = "codeartifact.us-east-1.amazonaws.com"


class PortTakenError(OSError):
    """Another process listens on the port."""


class Dispatcher(DomainDispatcherApplication):
    """moto's dispatcher, which also sends requests of package managers to CodeArtifact, by their path."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self.calls: list[str] = []
        model = get_service_model("codeartifact")
        operations = [model.operation_model(name) for name in model.operation_names]
        self._operations = {
            (o.http["method"], o.http["requestUri"]): str(o.name) for o in operations
        }

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer a request, or close its connection if the answer is to be lost."""

        def start(status: str, headers: Any, *more: Any) -> Any:
            if DROP in {name.lower() for name, _ in headers}:
                raise ConnectionAbortedError("the answer is dropped on request")
            return start_response(status, headers, *more)

        return super().__call__(environ, start)

    def infer_service_region_host(
        self, environ: dict[str, Any], path: str
    ) -> str | None:
        """Return the host name by which moto selects the service. Record calls of CodeArtifact's API."""
        if path.startswith(PACKAGES):
            return HOST
        host: str | None = super().infer_service_region_host(environ, path)
        if host is not None and host.startswith("codeartifact."):
            operation = self._operations.get((environ["REQUEST_METHOD"], path))
            if operation is not None:
                self.calls.append(operation)
        return host


class QuietHandler(MotoRequestHandler):
    """A request handler without an access log."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Discard the line that werkzeug would print."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """Close the connection, so that the client does not wait for an answer."""
        self.close_connection = True


class Listener:
    """A thread that serves the dispatcher on one address."""

    def __init__(self, dispatcher: Dispatcher, host: str, port: int) -> None:
        self._server = make_server(
            host, port, dispatcher, threaded=True, request_handler=QuietHandler
        )
        self.port: int = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Server:
    """A running server. Use it as a context manager, or call `stop`."""

    def __init__(self, port: int, host: str, others: Sequence[str] = ()) -> None:
        self._dispatcher = Dispatcher()
        self._listeners = [Listener(self._dispatcher, host, port)]
        self.port: int = self._listeners[0].port
        self.url = f"http://{host}:{self.port}"
        self.others = tuple(others)
        self._listeners += [
            Listener(self._dispatcher, other, self.port) for other in others
        ]

    @property
    def calls(self) -> list[str]:
        """The operations of CodeArtifact's API that were called, in order. Clear the list to restart."""
        return self._dispatcher.calls

    def stop(self) -> None:
        """Stop serving and free the port."""
        for listener in self._listeners:
            listener.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start_server(
    port: int = 0, host: str = "127.0.0.1", others: Sequence[str] = ()
) -> Server:
    """Start the server on one address and on the named others. Port 0 takes a free one.

    Raises:
        PortTakenError: another process listens on the port.

    """
    for address in (host, *others):
        _require_free(address, port)
    return Server(port, host, others)


def _require_free(address: str, port: int) -> None:
    # werkzeug would print a text of its own and exit
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTakenError(f"port {port} is taken") from None
