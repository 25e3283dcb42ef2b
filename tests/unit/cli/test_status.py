"""`promoter status`: how it says what it read, and what it could not read."""

from typing import Any

import msgspec
import pytest

from promoter.aws.stack import Depth, Logged, Stack
from promoter.cli.pipeline import QUEUES, Counts, Pipeline, Queue, Unknown
from promoter.cli.status import compared, shape_of, show

NOW = 1_767_323_045.0
DAY = 86_400
WHY = Unknown("cannot read it: no right (AccessDeniedException); ask for the right that it names")


def queue(*depth: int, oldest: float | None = None) -> Queue:
    return Queue("https://sqs/123456789012/queue", Depth(*(depth or (0, 0, 0))), oldest)


def pipeline(**changes: Any) -> Pipeline:
    """One where all is well: ruleset abc, deployed two days ago."""
    well = Pipeline(
        stack=Stack({"Domain": "acme"}, NOW - 2 * DAY, {}),
        queues={name: queue() for name in QUEUES},
        counts=Counts(141, 9, 1, 161.0),
        alarms=[],
        alarm_count=3,
        serving="Enabled",
        logged=Logged("abc", NOW - DAY),
    )
    return msgspec.structs.replace(well, **changes)


def shown(capsys: pytest.CaptureFixture[str], of: Pipeline, on_disk: str = "abc") -> list[str]:
    show(of, "promoter", compared(of, on_disk), NOW)
    return capsys.readouterr().out.splitlines()


class TestText:
    def test_of_a_pipeline_that_is_well(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert shown(capsys, pipeline()) == [
            "acme   stack promoter, deployed 48h ago   RUNNING",
            "  ruleset       abc (the same as on disk)",
            "  queue         0 waiting, 0 in flight, oldest -",
            "  dead letters  0 waiting, 0 in flight, oldest -",
            "  undelivered   0 waiting, 0 in flight, oldest -",
            "  last 24 h     141 promoted, 9 rejected, 1 failed; 161 s from publish to promote on average",
            "  alarms        none of 3",
        ]

    @pytest.mark.parametrize(
        ("changes", "line"),
        [
            ({"serving": "Disabled"}, "acme   stack promoter, deployed 48h ago   NOT RUNNING (Disabled)"),
            ({"serving": ""}, "acme   stack promoter, deployed 48h ago   NOT RUNNING (no mapping)"),
            ({"logged": None}, "ruleset       unknown (on disk abc; no decision in the log tells"),
            ({"logged": Logged("abd", NOW)}, "ruleset       abd (the file on disk differs: abc)"),
            (
                {"logged": Logged("abd", NOW - 3 * DAY)},
                "ruleset       abd (as of a decision before the last deployment; on disk abc)",
            ),
            ({"counts": Counts(0, 0, 0, None)}, "last 24 h     0 promoted, 0 rejected, 0 failed"),
            ({"alarms": ["a", "b"]}, "alarms        2: a, b"),
            ({"alarm_count": 0}, "alarms        the stack has none"),
        ],
    )
    def test_says_each_thing_in_its_line(
        self, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], line: str
    ) -> None:
        assert any(each.strip().startswith(line.strip()) for each in shown(capsys, pipeline(**changes)))

    def test_a_queue_has_its_depth_and_age(self, capsys: pytest.CaptureFixture[str]) -> None:
        queues = {name: queue() for name in QUEUES} | {"PromotionQueue": queue(2, 1, 3, oldest=300)}
        assert "  queue         5 waiting, 1 in flight, oldest 5m" in shown(capsys, pipeline(queues=queues))

    def test_dead_letters_are_led_to_explain(self, capsys: pytest.CaptureFixture[str]) -> None:
        queues = {name: queue() for name in QUEUES} | {"PromotionDeadLetterQueue": queue(3, 0, 0)}
        lines = shown(capsys, pipeline(queues=queues))
        assert "  dead letters  3 waiting, 0 in flight, oldest unknown" in lines
        assert lines[-1].startswith("Next: aws sqs receive-message ")
        assert lines[-1].endswith("> dead.json; promoter explain dead.json")

    @pytest.mark.parametrize("part", ["counts", "alarms", "serving", "logged"])
    def test_what_may_not_be_read_is_said_in_its_place(
        self, capsys: pytest.CaptureFixture[str], part: str
    ) -> None:
        lines = shown(capsys, pipeline(**{part: WHY}))
        assert sum(WHY.why in line for line in lines) == 1
        assert len(lines) == 7


class TestShape:
    def test_of_a_pipeline_that_is_well(self) -> None:
        empty = {"waiting": 0, "inFlight": 0, "delayed": 0, "oldestSeconds": None}
        assert shape_of(pipeline(), "promoter", "abc") == {
            "stack": "promoter",
            "domain": "acme",
            "serving": "Enabled",
            "ruleset": {"deployed": "abc", "onDisk": "abc", "same": True},
            "queues": dict.fromkeys(QUEUES, empty),
            "last24Hours": {"promoted": 141, "rejected": 9, "failed": 1, "publishToPromoteSeconds": 161.0},
            "alarms": [],
            "unknown": {},
        }

    def test_what_is_unknown_is_null_and_says_why(self) -> None:
        unknown = pipeline(queues=dict.fromkeys(QUEUES, WHY), counts=WHY, alarms=WHY, serving=WHY, logged=WHY)
        shape = shape_of(unknown, "promoter", "abc")
        assert shape["unknown"] == dict.fromkeys(
            [*QUEUES, "last24Hours", "alarms", "serving", "ruleset"], WHY.why
        )
        assert shape["queues"] == dict.fromkeys(QUEUES)
        assert [shape[part] for part in ("last24Hours", "alarms", "serving")] == [None] * 3
        assert shape["ruleset"] == {"deployed": None, "onDisk": "abc", "same": None}


class TestPasses:
    def test_what_cannot_be_read_is_no_failure(self) -> None:
        assert pipeline(alarms=WHY, queues=dict.fromkeys(QUEUES, WHY)).passes

    @pytest.mark.parametrize(
        "changes",
        [
            {"alarms": ["a"]},
            {"queues": {name: queue() for name in QUEUES} | {"RuleDeadLetterQueue": queue(0, 0, 1)}},
        ],
    )
    def test_not_with_an_alarm_or_dead_letters(self, changes: dict[str, Any]) -> None:
        assert not pipeline(**changes).passes

    def test_with_messages_that_wait(self) -> None:
        assert pipeline(queues={name: queue() for name in QUEUES} | {"PromotionQueue": queue(9, 9, 9)}).passes
