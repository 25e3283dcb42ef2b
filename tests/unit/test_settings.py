"""settings: what the environment says, or everything that is wrong with it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

import promoter
from promoter.settings import Settings, SettingsError

ENVIRONMENT = {
    "DOMAIN_OWNER": "123456789012",
    "NOTIFICATION_TOPIC_ARN": "arn:aws:sns:eu-west-1:123456789012:topic",
    "PROMOTION_QUEUE_ARN": "arn:aws:sqs:eu-west-1:123456789012:promotion",
    "PROMOTION_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/promotion",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/dead",
    "SCHEDULE_GROUP": "promoter",
    "SCHEDULER_ROLE_ARN": "arn:aws:iam::123456789012:role/scheduler",
    "SCHEDULE_DEAD_LETTER_QUEUE_ARN": "arn:aws:sqs:eu-west-1:123456789012:entries-dead",
}


def test_everything_is_read() -> None:
    environment = {
        **ENVIRONMENT,
        "COPIES_PER_SECOND": "2.5",
        "SETTLE_SECONDS": "5",
        "MINIMUM_WAIT_SECONDS": "2",
        "RULES_FILE": "/rules/my.toml",
        "OTHER": "x",
    }

    assert Settings.from_environ(environment) == Settings(
        domain_owner="123456789012",
        notification_topic_arn="arn:aws:sns:eu-west-1:123456789012:topic",
        promotion_queue_arn="arn:aws:sqs:eu-west-1:123456789012:promotion",
        dead_letter_queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/dead",
        copies_per_second=2.5,
        promotion_queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/promotion",
        settle_seconds=5,
        schedule_group="promoter",
        scheduler_role_arn="arn:aws:iam::123456789012:role/scheduler",
        schedule_dead_letter_queue_arn="arn:aws:sqs:eu-west-1:123456789012:entries-dead",
        minimum_wait_seconds=2,
        rules_file=Path("/rules/my.toml"),
    )


@pytest.mark.parametrize("environment", [ENVIRONMENT, {**ENVIRONMENT, "RULES_FILE": ""}])
def test_the_rules_stand_beside_the_package_unless_said_otherwise(environment: dict[str, str]) -> None:
    settings = Settings.from_environ(environment)

    assert settings.rules_file == Path(promoter.__path__[0]).parent / "rules.toml"
    assert settings.copies_per_second == 1.5


def test_all_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_environ({"DOMAIN_OWNER": "", "COPIES_PER_SECOND": "fast"})

    assert str(error.value) == (
        'COPIES_PER_SECOND "fast" is not a number from 0 up; DOMAIN_OWNER is not set; '
        "NOTIFICATION_TOPIC_ARN is not set; PROMOTION_QUEUE_ARN is not set; PROMOTION_QUEUE_URL is not set; "
        "DEAD_LETTER_QUEUE_URL is not set; SCHEDULE_GROUP is not set; SCHEDULER_ROLE_ARN is not set; "
        "SCHEDULE_DEAD_LETTER_QUEUE_ARN is not set: "
        "the template sets them, see README.md"
    )


@pytest.mark.parametrize("rate", ["-1", "inf", "nan", "", "1,5"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(SettingsError, match="is not a number from 0 up"):
        Settings.from_environ({**ENVIRONMENT, "COPIES_PER_SECOND": rate})


def test_no_limit_is_a_rate() -> None:
    assert Settings.from_environ({**ENVIRONMENT, "COPIES_PER_SECOND": "0"}).copies_per_second == 0


LOCAL = {**ENVIRONMENT, "AWS_SAM_LOCAL": "true"}


@pytest.mark.parametrize("endpoint", [{}, {"AWS_ENDPOINT_URL": ""}])
def test_under_sam_local_nothing_is_promoted_in_a_real_account(endpoint: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"AWS_ENDPOINT_URL is not set\. Under sam local"):
        Settings.from_environ({**LOCAL, **endpoint})


def test_under_sam_local_an_endpoint_is_enough() -> None:
    assert Settings.from_environ({**LOCAL, "AWS_ENDPOINT_URL": "http://172.17.0.1:4566"}) == replace(
        Settings.from_environ(ENVIRONMENT), sam_local=True
    )
