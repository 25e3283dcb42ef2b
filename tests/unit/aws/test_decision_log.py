"""decision_log: the parameters of FilterLogEvents, and the lines that come of its pages."""

import pytest

from promoter.aws.decision_log import DecisionLog
from promoter.copying.ports import ApiError
from tests.support.stubbed import stubbed

PROMOTE, RECONCILE = "/aws/lambda/promoter-promote", "/aws/lambda/promoter-reconcile"


def page(*messages: str, token: str = "") -> dict[str, object]:
    events = [{"message": each, "timestamp": 1, "eventId": each, "logStreamName": "s"} for each in messages]
    return {"events": events, **({"nextToken": token} if token else {})}


def test_all_pages_of_all_groups_are_read() -> None:
    with stubbed("logs") as (client, stub):
        asked = {"startTime": 1500, "filterPattern": '"pkg:npm/widget@1.0"'}
        stub.add_response("filter_log_events", page("a", "b", token="t"), {"logGroupName": PROMOTE, **asked})
        stub.add_response(
            "filter_log_events", page("c"), {"logGroupName": PROMOTE, **asked, "nextToken": "t"}
        )
        stub.add_response("filter_log_events", page("d"), {"logGroupName": RECONCILE, **asked})

        lines = list(DecisionLog(client, [PROMOTE, RECONCILE]).lines("pkg:npm/widget@1.0", 1.5))

    assert lines == ["a", "b", "c", "d"]


def test_a_refusal_is_an_api_error() -> None:
    with stubbed("logs") as (client, stub):
        stub.add_client_error("filter_log_events", "AccessDeniedException", "not authorized")

        with pytest.raises(ApiError, match="not authorized"):
            list(DecisionLog(client, [PROMOTE]).lines(DecisionLog.ANY_DECISION, 0))
