"""chat: the notification that Slack and Teams show."""

from promoter.copying.results import Outcome, OutcomeKind
from promoter.reporting.chat import chat_notification
from promoter.reporting.notifications import Notification
from promoter.reporting.place import Place
from tests.support.samples import result

PLACE = Place(docs_url="https://docs.example.com")


def failed(code: str, version: str = "1.0.0") -> Notification:
    return Notification("failed", result(Outcome(OutcomeKind.FAILED, code), version=version))


def test_each_code_has_one_next_step() -> None:
    same = [failed("ALREADY_EXISTS", "1"), failed("ALREADY_EXISTS", "2"), failed("NOT_ALLOWED", "3")]

    steps = chat_notification(same, "3 not promoted", "", PLACE)["content"]["nextSteps"]

    assert [step.rpartition(" ")[2] for step in steps] == [
        "https://docs.example.com/reasons/#already-exists",
        "https://docs.example.com/reasons/#not-allowed",
    ]


def test_at_most_five_next_steps_and_4000_characters_are_shown() -> None:
    codes = [
        "ALREADY_EXISTS",
        "NOT_ALLOWED",
        "NOT_FOUND",
        "SKIPPED",
        "MISMATCHED_REVISION",
        "MISMATCHED_STATUS",
    ]

    content = chat_notification([failed(code) for code in codes], "many", "x" * 5000, PLACE)["content"]

    assert len(content["nextSteps"]) == 5
    assert content["description"] == "x" * 4000


def test_a_package_has_one_thread() -> None:
    threads = {
        chat_notification([failed("NOT_ALLOWED", version)], "", "", PLACE)["metadata"]["threadId"]
        for version in ("1", "2")
    }

    assert threads == {"pkg:npm/%40acme/widget"}
