"""The deployed function: it serves its queue in processes of its own, as the event source mapping says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.logs.models import logs_backends
from moto.sqs.models import sqs_backends

from local.clients import ACCOUNT, REGION
from local.lambda_runtime.execution_environment import (
    EnvironmentPool,
    ExecutionEnvironment,
    FunctionConfiguration,
    process_variables,
)
from local.lambda_runtime.log_group import FunctionLog
from local.lambda_runtime.queue_consumer import OnBatch, QueueConsumer
from local.lambda_runtime.sqs_poller import EventSourceMapping


@dataclass(frozen=True, slots=True)
class FunctionOptions:
    """How a function runs: the code, and the options of `LocalStack.start`."""

    code: Path
    retry_after: int | None
    on_log: Callable[[str], None] | None
    on_batch: OnBatch | None


@dataclass
class DeployedFunction:
    """The function of one stack. `client` makes clients of services, `endpoint` is their address.

    `ahead` is as in `ExecutionEnvironment`.
    """

    client: Callable[[str], Any]
    endpoint: str
    options: FunctionOptions
    ahead: Callable[[], float]
    _consumer: QueueConsumer | None = None

    def start(self, rules_file: Path) -> None:
        """Serve the queue of the event source mapping.

        Raises:
            InitError: the function cannot be loaded.

        """
        (mapping,) = self.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        self._consumer = self._consume(mapping, rules_file)

    def try_rules(self, rules_file: Path) -> None:
        """Load the function with other rules, and stop it again.

        Raises:
            InitError: the function cannot be loaded.

        """
        (mapping,) = self.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        trial = self._create_pool(mapping["FunctionArn"], 1, rules_file)
        try:
            trial.start()
        finally:
            trial.stop()

    def invoke(self, event: Any) -> Any:
        """Invoke the function directly. Raises as `EnvironmentPool.invoke`."""
        assert self._consumer
        return self._consumer.invoke(event)

    def wait_until_empty(self, timeout: float) -> None:
        """Wait until the queue is empty. Raises as `SqsPoller.wait_until_empty`."""
        assert self._consumer
        self._consumer.wait_until_empty(timeout)

    def stop(self) -> None:
        """End all processes, even during an event, and stop polling."""
        if self._consumer:
            self._consumer.stop()
        self._consumer = None

    def _consume(self, reply: Mapping[str, Any], rules_file: Path) -> QueueConsumer:
        sqs, name = self.client("sqs"), reply["EventSourceArn"].rpartition(":")[2]
        _stop_moto_from_consuming(name)
        mapping = EventSourceMapping.from_lambda(reply, sqs.get_queue_url(QueueName=name)["QueueUrl"])
        pool = self._create_pool(reply["FunctionArn"], mapping.maximum_concurrency, rules_file)
        options = self.options
        return QueueConsumer.start(
            pool, mapping, sqs, retry_after=options.retry_after, on_batch=options.on_batch
        )

    def _create_pool(self, function: str, size: int, rules_file: Path) -> EnvironmentPool:
        reply = self.client("lambda").get_function_configuration(FunctionName=function)
        configuration = FunctionConfiguration.from_lambda(reply)
        code = self.options.code
        variables = process_variables(configuration, code=code, endpoint=self.endpoint, region=REGION)
        variables["RULES_FILE"] = str(rules_file)
        name, logs = variables["AWS_LAMBDA_LOG_STREAM_NAME"], logs_backends[ACCOUNT][REGION]
        log = FunctionLog(logs, configuration.log_group, name, self.client("cloudwatch"))
        on_log = log.also_to(self.options.on_log)
        return EnvironmentPool(
            tuple(ExecutionEnvironment(configuration, variables, on_log, self.ahead) for _ in range(size))
        )


def _stop_moto_from_consuming(queue: str) -> None:
    """Keep moto from receiving each message as soon as it is sent. The mapping stays visible in the API."""
    sqs_backends[ACCOUNT][REGION].get_queue(queue).lambda_event_source_mappings.clear()
