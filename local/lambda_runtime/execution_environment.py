"""Runs a deployed function in a process of its own, as Lambda does."""

import json
import os
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

from local import clients
from local.lambda_runtime.process import FunctionError, Process, ProcessEndedError

INIT_SECONDS = 30  # Lambda gives 10; a laptop that is busy may need longer


class HandlerError(FunctionError):
    """The handler raised; its traceback is in the log."""


class InitError(FunctionError):
    """The function could not be loaded; the message is what it said on standard error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What Lambda knows of a function. Time-out in seconds, memory in MB."""

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


def environment(configuration: Configuration, *, code: Path, endpoint: str, region: str) -> dict[str, str]:
    """Every variable that the process is given: Lambda's own, then those of the deployment.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return {
        **clients.exports(endpoint, region),
        "AWS_CONFIG_FILE": os.devnull,  # without HOME too the SDK would find the user's own
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


class Function:
    """One execution environment of a function; serves one event at a time."""

    def __init__(
        self, configuration: Configuration, variables: Mapping[str, str], on_log: Callable[[str], None]
    ) -> None:
        self._configuration = configuration
        self._variables = dict(variables)
        self._on_log = on_log
        self._process: Process | None = None
        self._killed = False

    def start(self) -> None:
        """Load the handler, so that the first event need not wait.

        Raises:
            InitError: it cannot be loaded.

        """
        said: list[str] = []
        self._process = process = Process(self._variables, self._on_log, said.append)
        try:
            process.read_answer(INIT_SECONDS)
        except FunctionError as error:
            self.stop()
            raise InitError("\n".join(said) or str(error)) from None
        for line in said:
            self._on_log(line)
        process.on_error_line = self._on_log

    def invoke(self, event: Any) -> Any:
        """Hand the function an event; the answer is its handler's, decoded from JSON.

        Every line that the function logged has been handed on when this returns or raises. After a time-out
        or a crash the next event finds a new process.

        Raises:
            FunctionError: it raised, timed out, died, or could not be loaded.

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
        """End the process for good, from any thread, whatever it is doing."""
        self._killed = True
        if process := self._process:
            process.kill()

    def stop(self) -> None:
        """End the process and give back what it held; only while no event is served."""
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
            {"event": event, "request_id": request_id, "arn": self._configuration.arn, "seconds": seconds}
        )
        return self._process.read_answer(seconds)


class Environments:
    """The execution environments of one function: as many events at a time as there are of them."""

    def __init__(self, functions: tuple[Function, ...]) -> None:
        self._functions = functions
        self._idle: SimpleQueue[Function] = SimpleQueue()
        for function in functions:
            self._idle.put(function)

    def start(self) -> None:
        """Load the handler everywhere at once.

        Raises:
            InitError: it cannot be loaded.

        """
        with ThreadPoolExecutor(len(self._functions)) as threads:
            list(threads.map(Function.start, self._functions))

    def invoke(self, event: Any) -> Any:
        """Serve an event in one that is idle; raises as `Function.invoke`."""
        function = self._idle.get()
        try:
            return function.invoke(event)
        finally:
            self._idle.put(function)

    def kill(self) -> None:
        """End every process, whatever it is doing."""
        for function in self._functions:
            function.kill()

    def stop(self) -> None:
        """Give back what they held; only while no event is served."""
        for function in self._functions:
            function.stop()
