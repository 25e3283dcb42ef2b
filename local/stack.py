"""The local AWS: moto's server with CodeArtifact, the real template deployed, and what moto does not run.

One stack at a time in a process, since moto keeps its state in module globals.
"""

import errno
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend
from moto.sqs.models import sqs_backends

from local import clients, cloudformation, rules_summary
from local.clients import ACCOUNT, REGION
from local.lambda_runtime import emf
from local.lambda_runtime.execution_environment import Configuration, Environments, Function, environment
from local.lambda_runtime.sqs_poller import EventSource, Poller
from local.moto_patches import resource_types, sqs
from local.moto_patches.server import Server, serve

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "template.yaml"
FUNCTIONS = ROOT / "functions"
NAME = "local"
QUICKLY = {"SettleSeconds": "1"}  # what a deployment waits for slow uploads is no use on a laptop


class PortTakenError(OSError):
    """Another process listens on the port."""


class Stack:
    """The deployed template and the server that it is deployed into; a context manager."""

    def __init__(
        self,
        server: Server,
        *,
        rules: Path,
        code: Path,
        retry_after: int | None,
        on_log: Callable[[str], None] | None,
    ) -> None:
        self.server = server
        self.hops = rules_summary.read(rules)
        self._rules = rules
        self._code = code
        self._retry_after = retry_after
        self._on_log = on_log
        self._clients: dict[str, Any] = {}
        self._cloudwatch = self.client("cloudwatch")
        self._running = ExitStack()
        self._poller: Poller | None = None
        self._functions: Environments | None = None

    @classmethod
    def start(
        cls,
        *,
        port: int = 0,
        others: Sequence[str] = (),
        parameters: Mapping[str, str] | None = None,
        rules: Path | None = None,
        code: Path = FUNCTIONS,
        retry_after: int | None = None,
        on_log: Callable[[str], None] | None = None,
    ) -> Self:
        """Start the server on loopback, deploy the template and begin to serve the queue.

        Args:
            port: where to listen; 0 takes a free one.
            others: addresses besides loopback to listen on.
            parameters: of the template, above those that follow from the rules.
            rules: another rules file than the one beside the code.
            code: the directory that would be the function's CodeUri.
            retry_after: seconds until a failed message comes back; None is the queue's visibility time-out.
            on_log: is handed each line that the function logs, from several threads.

        Raises:
            InitError: the function cannot be loaded; the message is its own.
            PortTakenError: another process listens there.
            OSError: there is no rules file.

        """
        _prepare_moto()
        for address in ("127.0.0.1", *others):
            _refuse_taken(address, port)
        with ExitStack() as undo:
            server = undo.enter_context(serve(port, others=others))
            path = (rules or code / "rules.toml").resolve()
            stack = cls(server, rules=path, code=code.resolve(), retry_after=retry_after, on_log=on_log)
            stack.update(parameters or {})
            undo.pop_all()
        return stack

    def update(self, parameters: Mapping[str, str]) -> None:
        """Deploy the template again with these parameters, and serve on with what it says now."""
        self._running.close()
        cloudformation.deploy(
            self.client("cloudformation"),
            self.client("s3"),
            TEMPLATE,
            self.hops.parameters | QUICKLY | dict(parameters),
            stack=NAME,
        )
        (mapping,) = self.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        _keep_moto_from_consuming(mapping["EventSourceArn"])
        source = EventSource.from_lambda(mapping, self.outputs["PromotionQueueUrl"])
        with ExitStack() as undo:
            self._functions = functions = self._start_function(mapping["FunctionArn"], source.concurrency)
            undo.callback(functions.stop)
            self._poller = Poller(source, self.client("sqs"), functions.invoke, retry_after=self._retry_after)
            self._poller.start()
            undo.callback(self._poller.stop)
            undo.callback(functions.kill)
            self._running = undo.pop_all()

    def create_repositories(self) -> None:
        """Create the domain and every repository that the rules name."""
        codeartifact = self.client("codeartifact")
        codeartifact.create_domain(domain=self.hops.domain)
        for repository in self.hops.repositories:
            codeartifact.create_repository(domain=self.hops.domain, repository=repository)

    @property
    def url(self) -> str:
        """The endpoint of every service."""
        return self.server.url

    @property
    def port(self) -> int:
        """Where the server listens."""
        return self.server.port

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs, by their keys."""
        return cloudformation.outputs(self.client("cloudformation"), NAME)

    @property
    def resources(self) -> dict[str, str]:
        """The physical ids of the stack's resources, by their logical ids."""
        return cloudformation.resources(self.client("cloudformation"), NAME)

    def exports(self) -> dict[str, str]:
        """The environment variables that lead any AWS client here."""
        return clients.exports(self.url)

    def client(self, service: str) -> Any:
        """A boto3 client of the local AWS that ignores the user's own configuration; one per service."""
        if service not in self._clients:
            self._clients[service] = clients.client(service, self.url)
        return self._clients[service]

    def invoke(self, event: Any) -> Any:
        """Call the function directly, as `aws lambda invoke` does; its answer.

        Raises:
            FunctionError: it raised, timed out or died.

        """
        assert self._functions
        return self._functions.invoke(event)

    def settle(self, timeout: float = 30) -> None:
        """Wait until the promotion queue is empty and nothing is in flight.

        Raises:
            TimeoutError: that was not so within this many seconds; the message says what is left.

        """
        assert self._poller
        self._poller.settle(timeout)

    def stop(self) -> None:
        """End the function's processes and the server; what the stack held is gone."""
        try:
            self._running.close()
        finally:
            self.server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_function(self, arn: str, concurrency: int) -> Environments:
        reply = self.client("lambda").get_function_configuration(FunctionName=arn)
        configuration = Configuration.from_lambda(reply)
        variables = environment(configuration, code=self._code, endpoint=self.url, region=REGION)
        variables["RULES_FILE"] = str(self._rules)
        functions = Environments(
            tuple(Function(configuration, variables, self._log) for _ in range(concurrency))
        )
        try:
            functions.start()
        except BaseException:
            functions.stop()
            raise
        return functions

    def _log(self, line: str) -> None:
        emf.put(self._cloudwatch, line)
        if self._on_log:
            self._on_log(line)


def _prepare_moto() -> None:
    default_user_config["lambda"]["use_docker"] = False
    resource_types.register()
    sqs.mend()
    moto_api_backend.reset()


def _keep_moto_from_consuming(queue_arn: str) -> None:
    """moto would take each message as soon as it is sent; the mapping stays visible in the API."""
    name = queue_arn.rpartition(":")[2]
    sqs_backends[ACCOUNT][REGION].get_queue(name).lambda_event_source_mappings.clear()


def _refuse_taken(address: str, port: int) -> None:
    # werkzeug would print its own text and exit
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTakenError(f"port {port} is taken; choose another one with PORT=") from None


if __name__ == "__main__":
    from local.console import main

    raise SystemExit(main(os.environ))
