"""The local AWS: moto's server with CodeArtifact, the deployed template, the running function and schedules.

Only one stack can run in a process, because moto keeps its state in module globals.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend

from local import cloudformation
from local.clients import ACCOUNT, REGION, client_environment, make_client
from local.deployed_function import DeployedFunction, FunctionOptions
from local.lambda_runtime.queue_consumer import OnBatch
from local.moto_patches.functions import patch_functions
from local.moto_patches.resource_types import register_resource_types
from local.moto_patches.sqs import patch_queues
from local.moto_patches.stack_parameters import patch_stack_parameters
from local.paths import FUNCTIONS, TEMPLATE
from local.rules_summary import RulesSummary
from local.scheduler.clock import Clock
from local.scheduler.firing import ScheduleRunner
from moto_codeartifact.server import Server, start_server

NAME = "local"
DEFAULTS = {
    "NotificationEmail": "platform@example.com",  # so that you see the mails; nothing is sent
    # a deployment waits longer: for slow uploads, and because Scheduler is exact to a minute
    "SettleSeconds": "1",
    "MinimumWaitSeconds": "2",
}


class LocalStack:
    """The deployed template and its server. Use it as a context manager, or call `stop`."""

    def __init__(self, server: Server, rules_file: Path, options: FunctionOptions) -> None:
        self.server = server
        self.rules = RulesSummary.from_file(rules_file)
        self.rules_file = rules_file
        self._clients: dict[str, Any] = {}
        self.clock = Clock()  # of the schedules and of the function; `advance` moves it
        self._function = DeployedFunction(self.client, server.url, options, lambda: self.clock.ahead)
        self._schedules = ScheduleRunner(self.clock, self.client("sqs"), account=ACCOUNT, region=REGION)
        self._schedules.start()

    @classmethod
    def start(
        cls,
        *,
        port: int = 0,
        others: Sequence[str] = (),
        parameters: Mapping[str, str] | None = None,
        rules_file: Path | None = None,
        code: Path = FUNCTIONS,
        retry_after: int | None = None,
        on_log: Callable[[str], None] | None = None,
        on_batch: OnBatch | None = None,
    ) -> Self:
        """Start the server on loopback, deploy the template and start to serve the queue.

        Args:
            port: the port to listen on; 0 takes a free one.
            others: addresses to listen on besides loopback.
            parameters: parameters of the template; they override those derived from the rules.
            rules_file: the rules file; by default the one beside the code.
            code: the directory that is the function's CodeUri.
            retry_after: seconds until a failed message returns; None means the queue's visibility time-out.
            on_log: receives each line of the function's log, from several threads.
            on_batch: receives each batch after its log, and the function's answer; None if it failed.

        Raises:
            InitError: the function cannot be loaded; the message is the function's own.
            PortTakenError: another process listens on the port.
            OSError: the rules file cannot be read.

        """
        _prepare_moto()
        with ExitStack() as undo:
            server = undo.enter_context(start_server(port, others=others))
            patch_functions(server.url)
            path = (rules_file or code / "rules.toml").resolve()
            options = FunctionOptions(code.resolve(), retry_after, on_log, on_batch)
            stack = cls(server, path, options)
            undo.callback(stack._schedules.stop)
            stack.update(parameters or {})
            undo.pop_all()
        return stack

    def update(self, parameters: Mapping[str, str]) -> None:
        """Deploy the template again with these parameters, and restart the function."""
        self._function.stop()
        cloudformation.deploy(
            self.client("cloudformation"),
            self.client("s3"),
            TEMPLATE,
            self.rules.parameters | DEFAULTS | dict(parameters),
            stack=NAME,
            rules_file=self.rules_file,
        )
        self._function.start(self.rules_file)

    def reload_rules(self) -> None:
        """Deploy again by the rules file as it is now, and create the repositories that are new in it.

        Raises:
            InitError: the function refuses the rules. It goes on with those that it has.
            OSError: the rules file cannot be read.

        """
        rules = RulesSummary.from_file(self.rules_file)
        self._function.try_rules(self.rules_file)
        self.rules = rules
        self.create_repositories()
        self.update({})

    def create_repositories(self) -> None:
        """Create the domain and every repository that the rules name, if they do not exist."""
        codeartifact = self.client("codeartifact")
        with suppress(codeartifact.exceptions.ConflictException):
            codeartifact.create_domain(domain=self.rules.domain)
        for repository in self.rules.repositories:
            with suppress(codeartifact.exceptions.ConflictException):
                codeartifact.create_repository(domain=self.rules.domain, repository=repository)

    @property
    def url(self) -> str:
        """The endpoint of all services."""
        return self.server.url

    @property
    def port(self) -> int:
        """The port of the server."""
        return self.server.port

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs by key."""
        return cloudformation.stack_outputs(self.client("cloudformation"), NAME)

    @property
    def resources(self) -> dict[str, str]:
        """The physical ids of the stack's resources by logical id."""
        return cloudformation.stack_resources(self.client("cloudformation"), NAME)

    def client_environment(self) -> dict[str, str]:
        """Return the environment variables that make any AWS client use the local AWS."""
        return client_environment(self.url)

    def client(self, service: str) -> Any:
        """Return the stack's boto3 client of a service. It ignores the user's own configuration."""
        if service not in self._clients:
            self._clients[service] = make_client(service, self.url)
        return self._clients[service]

    def invoke(self, event: Any) -> Any:
        """Invoke the function directly, as `aws lambda invoke` does, and return its answer.

        Raises:
            FunctionError: the function raised, timed out or ended.

        """
        return self._function.invoke(event)

    def wait_until_idle(self, timeout: float = 30, within: float = 0) -> None:
        """Wait until the promotion queue has no messages, also none in flight, and no schedule is due.

        Schedules that fire more than `within` seconds from now do not count: move `clock` to reach them.

        Raises:
            TimeoutError: there is work left after `timeout` seconds; the error says which.

        """
        self._function.wait_until_empty(timeout)
        while self._schedules.is_due(within):
            self._schedules.wait_until_fired(timeout, within)
            self._function.wait_until_empty(timeout)

    def stop(self) -> None:
        """Stop the function, the schedules and the server. All contents of the stack are lost."""
        try:
            self._schedules.stop()
            self._function.stop()
        finally:
            self.server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _prepare_moto() -> None:
    default_user_config["lambda"]["use_docker"] = False
    register_resource_types()
    patch_queues()
    patch_stack_parameters()
    moto_api_backend.reset()
