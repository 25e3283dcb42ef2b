"""The account of a deployed stack: its clients, its resources and its decision log. It counts every call."""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

_PAUSE = 1.0  # seconds between two looks


class StackNotFoundError(Exception):
    """There is no stack of this name."""


class Account:
    """One stack and everything that the steps call.

    `wait` is the longest time in seconds to wait for an event; `clients` makes the SDK's client of a service.
    """

    def __init__(
        self,
        clients: Callable[[str], Any],
        stack: str,
        *,
        wait: float,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clients = clients
        self._watched: set[str] = set()
        self._clock = clock
        self._sleep = sleep
        self.stack = stack
        self.wait = wait
        self.called: list[str] = []
        self.refresh()

    def refresh(self) -> None:
        """Read the stack and its resources. Raises StackNotFoundError."""
        self.description = self._describe()
        self.resources = self._resources()

    @property
    def now(self) -> float:
        """The time in UTC seconds since the epoch."""
        return self._clock()

    @property
    def is_aws(self) -> bool:
        """True if the calls reach AWS and not an emulator."""
        host = urlsplit(self.client("sqs").meta.endpoint_url).hostname or ""
        return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the stack."""
        return {each["ParameterKey"]: each["ParameterValue"] for each in self.description["Parameters"]}

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of the stack."""
        return {each["OutputKey"]: each["OutputValue"] for each in self.description["Outputs"]}

    @property
    def domain(self) -> dict[str, str]:
        """The domain and its owner, as arguments of CodeArtifact's calls."""
        owner = self.parameters.get("DomainOwner")
        return {"domain": self.parameters["Domain"]} | ({"domainOwner": owner} if owner else {})

    @property
    def sources(self) -> list[str]:
        """The repositories that the stack promotes from."""
        return self._names("SourceRepositories")

    @property
    def destinations(self) -> list[str]:
        """The repositories that the stack promotes to."""
        return self._names("DestinationRepositories")

    @property
    def repositories(self) -> list[str]:
        """All repositories of the stack, sources first."""
        return list(dict.fromkeys(self.sources + self.destinations))

    def client(self, service: str) -> Any:
        """Return the client of a service. Its calls are added to `called`."""
        client = self._clients(service)
        if service not in self._watched:
            self._watched.add(service)
            client.meta.events.register("before-call", self._count)
        return client

    def wait_for(self, look: Callable[[], Any]) -> Any:
        """Look again until the answer is true or the time is over. Return the last answer."""
        end = self.now + self.wait
        while not (answer := look()) and self.now < end:
            self._sleep(_PAUSE)
        return answer

    def pause(self) -> None:
        """Wait a moment."""
        self._sleep(_PAUSE)

    def decisions(self, term: str, since: float) -> list[dict[str, Any]]:
        """Read the lines of the decision log that contain a word, oldest first, since a time.

        Each line gets `loggedAt`, in UTC seconds. Source: CloudWatch Logs API reference, FilterLogEvents.
        """
        pages = (
            self.client("logs")
            .get_paginator("filter_log_events")
            .paginate(
                logGroupName=self.outputs["PromoteLogGroupName"],
                startTime=int(since * 1000),
                filterPattern=f'"{term}"',
            )
        )
        events = [event for page in pages for event in page["events"]]
        found = [_decision(event) for event in sorted(events, key=lambda each: each["timestamp"])]
        return [each for each in found if each]

    def _names(self, parameter: str) -> list[str]:
        return re.findall(r"[A-Za-z0-9._-]+", self.parameters[parameter])  # moto writes a list as Python does

    def _describe(self) -> dict[str, Any]:
        cloudformation = self.client("cloudformation")
        try:
            found: dict[str, Any] = cloudformation.describe_stacks(StackName=self.stack)["Stacks"][0]
        except cloudformation.exceptions.ClientError as error:
            if "does not exist" in str(error):
                raise StackNotFoundError(self.stack) from None
            raise
        return {"Parameters": [], "Outputs": [], **found}

    def _resources(self) -> dict[str, dict[str, Any]]:
        pages = (
            self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.stack)
        )
        return {
            each["LogicalResourceId"]: each
            for page in pages
            for each in page["StackResourceSummaries"]
            if each.get("LogicalResourceId")
        }

    def _count(self, model: Any, **_: Any) -> None:
        self.called.append(f"{model.service_model.service_name}:{model.name}")


def _decision(event: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        line = json.loads(event["message"])
    except ValueError:
        return None
    is_decision = isinstance(line, dict) and line.get("message") == "decision"
    return line | {"loggedAt": event["timestamp"] / 1000} if is_decision else None
