"""log: one JSON object a line, from a level up."""

from datetime import UTC, datetime, timedelta

from promoter.log import Log

from .printed import Printed


def test_a_line_says_what_how_grave_when_and_by_whom(printed: Printed) -> None:
    Log("INFO").warning("malformed", messageId="m1", reason="\u202e\n")

    [line] = printed.take().lines  # it was ASCII and printable, or it would not be read
    at = datetime.fromisoformat(line.pop("timestamp"))
    assert timedelta() <= datetime.now(UTC) - at < timedelta(minutes=1)
    assert line == {
        "level": "WARNING",
        "message": "malformed",
        "service": "promoter",
        "messageId": "m1",
        "reason": "\u202e\n",
    }


def test_an_error_carries_its_traceback_on_the_same_line(printed: Printed) -> None:
    try:
        raise ZeroDivisionError("a mistake of ours")
    except ZeroDivisionError as error:
        Log("ERROR").error("a record could not be served", error)

    [line] = printed.take().lines
    assert "test_log.py" in line["exception"]
    assert line["exception"].endswith("ZeroDivisionError: a mistake of ours\n")


def test_what_is_less_grave_than_asked_for_is_not_printed(printed: Printed) -> None:
    grave = Log("ERROR")
    grave.info("quiet")
    grave.warning("quiet")
    grave.error("loud", ValueError())

    assert [line["message"] for line in printed.take().lines] == ["loud"]


def test_what_json_does_not_know_is_written_as_text(printed: Printed) -> None:
    Log("DEBUG").info("set", value={1}.__class__)

    assert printed.take().lines[0]["value"] == "<class 'set'>"
