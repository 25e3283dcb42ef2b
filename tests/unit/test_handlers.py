"""handlers: the function is wired with the settings of its environment."""

import importlib
from types import ModuleType
from typing import Any

import pytest

from promoter.aws.scheduler import ScheduleTarget
from tests.support.paths import ROOT

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "DOMAIN_OWNER": "123456789012",
    "NOTIFICATION_TOPIC_ARN": "arn:aws:sns:eu-west-1:123456789012:topic",
    "PROMOTION_QUEUE_ARN": "arn:aws:sqs:eu-west-1:123456789012:promotion",
    "PROMOTION_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/promotion",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/dead",
    "SCHEDULE_GROUP": "promoter",
    "SCHEDULER_ROLE_ARN": "arn:aws:iam::123456789012:role/scheduler",
    "SCHEDULE_DEAD_LETTER_QUEUE_ARN": "arn:aws:sqs:eu-west-1:123456789012:entries-dead",
    "COPIES_PER_SECOND": "0.5",
    "RULES_FILE": str(ROOT / "functions" / "rules.toml"),
}


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return importlib.import_module("promoter.handlers")


def wired(handlers: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str) -> list[tuple[Any, ...]]:
    """The arguments that each instance of a class is made with when the function is wired."""
    made: list[tuple[Any, ...]] = []
    original: Any = getattr(handlers, name)

    def record(*arguments: Any) -> Any:
        made.append(arguments)
        return original(*arguments)

    monkeypatch.setattr(handlers, name, record)
    handlers._wire()
    return made


def test_a_worker_copies_at_its_share_of_the_rate_and_really_waits(
    handlers: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(rate, clock, sleep)] = wired(handlers, monkeypatch, "RateLimiter")

    assert (rate, clock, sleep) == (0.5, handlers.time.monotonic, handlers.time.sleep)


@pytest.mark.parametrize(
    ("name", "service", "rest"),
    [
        ("CodeArtifact", "CodeArtifact", ("acme", "123456789012")),
        ("EvidenceRepository", "CodeArtifact", ("acme", "123456789012", "evidence")),
        (
            "Schedules",
            "EventBridgeScheduler",
            (
                ScheduleTarget(
                    ENVIRONMENT["SCHEDULE_GROUP"],
                    ENVIRONMENT["PROMOTION_QUEUE_ARN"],
                    ENVIRONMENT["SCHEDULER_ROLE_ARN"],
                    ENVIRONMENT["SCHEDULE_DEAD_LETTER_QUEUE_ARN"],
                ),
            ),
        ),
        ("NpmTags", "CodeArtifact", ("acme", "123456789012")),
        ("PromotionQueue", "SQS", (ENVIRONMENT["PROMOTION_QUEUE_URL"],)),
        ("DeadLetterQueue", "SQS", (ENVIRONMENT["DEAD_LETTER_QUEUE_URL"],)),
        ("Topic", "SNS", (ENVIRONMENT["NOTIFICATION_TOPIC_ARN"],)),
    ],
)
def test_each_port_has_the_client_of_its_service_and_the_place_that_the_environment_names(
    handlers: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str, service: str, rest: tuple[str, ...]
) -> None:
    [(client, *others)] = wired(handlers, monkeypatch, name)

    assert type(client).__name__.upper() == service.upper()
    assert tuple(others) == rest
