"""Runs a deployed function in processes of its own, as Lambda does."""

import json
import os
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

from local.clients import client_environment
from local.lambda_runtime.process import FunctionError, ProcessEndedError, RuntimeProcess

INIT_SECONDS = 30  # Lambda allows 10; a busy laptop may need more


class HandlerError(FunctionError):
    """The handler raised an exception; its traceback is in the log."""


class InitError(FunctionError):
    """The function could not be loaded; the message is its standard error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionConfiguration:
    """Lambda's configuration of a function. Time-out in seconds, memory in MB."""

    name: str
    arn: str
    handler: str
    timeout: int
    memory: int
    log_group: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_lambda(cls, reply: Mapping[str, Any]) -> Self:
        """Read the reply of GetFunctionConfiguration."""
        return cls(
            name=reply["FunctionName"],
            arn=reply["FunctionArn"],
            handler=reply["Handler"],
            timeout=int(reply["Timeout"]),
            memory=int(reply["MemorySize"]),
            log_group=reply.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{reply['FunctionName']}"),
            environment=reply.get("Environment", {}).get("Variables", {}),
        )


def process_variables(
    configuration: FunctionConfiguration, *, code: Path, endpoint: str, region: str
) -> dict[str, str]:
    """Return all environment variables of the process: those of Lambda, then those of the deployment.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return {
        **client_environment(endpoint, region),
        "AWS_CONFIG_FILE": os.devnull,  # the SDK finds the user's own file even without HOME
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration.memory),
        "AWS_LAMBDA_FUNCTION_NAME": configuration.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": configuration.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": f"local/[$LATEST]{uuid.uuid4().hex}",
        "LAMBDA_TASK_ROOT": str(code),
        "LANG": "en_US.UTF-8",
        "PATH": os.defpath,
        "TZ": ":UTC",
        "_HANDLER": configuration.handler,
        **configuration.environment,
    }


class ExecutionEnvironment:
    """One execution environment of a function. It serves one event at a time.

    `ahead` says how many seconds the function's `time.time` is ahead of real time.
    """

    def __init__(
        self,
        configuration: FunctionConfiguration,
        variables: Mapping[str, str],
        on_log: Callable[[str], None],
        ahead: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._configuration = configuration
        self._variables = dict(variables)
        self._on_log = on_log
        self._ahead = ahead
        self._process: RuntimeProcess | None = None
        self._killed = False

    def start(self) -> None:
        """Load the handler, so that the first event does not wait for it.

        Raises:
            InitError: the handler cannot be loaded.

        """
        errors: list[str] = []
        self._process = process = RuntimeProcess(self._variables, self._on_log, errors.append)
        try:
            process.wait_for_answer(INIT_SECONDS)
        except FunctionError as error:
            self.stop()
            raise InitError("\n".join(errors) or str(error)) from None
        for line in errors:
            self._on_log(line)
        process.on_error_line = self._on_log

    def invoke(self, event: Any) -> Any:
        """Send the function an event and wait for its answer, decoded from JSON.

        All log lines of the event have been passed on when this returns or raises. After a time-out or a
        crash, the next event gets a new process.

        Raises:
            FunctionError: the function raised, timed out, ended, or could not be loaded.

        """
        request_id = str(uuid.uuid4())
        try:
            answer = self._exchange(event, request_id)
        except FunctionError as error:
            self.stop()
            if not self._killed:
                self._on_log(f"{request_id} {error}")
            raise
        if "error" in answer:
            raise HandlerError(answer["error"])
        return json.loads(answer["result"])

    def kill(self) -> None:
        """End the process for good, from any thread, even during an event."""
        self._killed = True
        if process := self._process:
            process.kill()

    def stop(self) -> None:
        """End the process and release its resources. Call this only while no event is served."""
        if self._process:
            self._process.close()
        self._process = None

    def _exchange(self, event: Any, request_id: str) -> dict[str, Any]:
        if self._killed:
            raise ProcessEndedError("the function was stopped")
        if self._process is None:
            self.start()
        assert self._process
        seconds = self._configuration.timeout
        self._process.send(
            {
                "event": event,
                "request_id": request_id,
                "arn": self._configuration.arn,
                "seconds": seconds,
                "ahead": self._ahead(),
            }
        )
        return self._process.wait_for_answer(seconds)


class EnvironmentPool:
    """The execution environments of one function. Their number is the number of concurrent events."""

    def __init__(self, environments: tuple[ExecutionEnvironment, ...]) -> None:
        self._environments = environments
        self._idle: SimpleQueue[ExecutionEnvironment] = SimpleQueue()
        for environment in environments:
            self._idle.put(environment)

    def start(self) -> None:
        """Load the handler in all environments at the same time.

        Raises:
            InitError: the handler cannot be loaded.

        """
        with ThreadPoolExecutor(len(self._environments)) as threads:
            list(threads.map(ExecutionEnvironment.start, self._environments))

    def invoke(self, event: Any) -> Any:
        """Serve an event in an idle environment. Raises the errors of `ExecutionEnvironment.invoke`."""
        environment = self._idle.get()
        try:
            return environment.invoke(event)
        finally:
            self._idle.put(environment)

    def kill(self) -> None:
        """End all processes for good, even during an event."""
        for environment in self._environments:
            environment.kill()

    def stop(self) -> None:
        """End all processes and release their resources. Call this only while no event is served."""
        for environment in self._environments:
            environment.stop()
