"""Settings and faults as texts, for the server's options."""

from collections.abc import Iterable
from typing import Any, cast, get_args, get_type_hints

from .event_faults import EventFault, EventFaultKind
from .faults import Faults
from .settings import EmulatorSettings

WORDS = {"true": True, "false": False}
FAULT = "OPERATION=CODE[,times=N][,after-effect]"
VERSION_FAULT = "OPERATION:VERSION=CODE[,times=N]"
EVENT_FAULT = "KIND[,amount=N][,times=N|always][,MEMBER=VALUE]"


def read_settings(texts: Iterable[str]) -> EmulatorSettings:
    """Read settings of the form `NAME=VALUE`.

    Raises:
        ValueError: there is no such setting, or its value is of another type.

    """
    hints = get_type_hints(EmulatorSettings)
    given: dict[str, Any] = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in hints:
            raise ValueError(
                f"no setting is named {name!r}; there are {', '.join(hints)}"
            )
        given[name] = _read_value(name, value, hints[name])
    return EmulatorSettings(**given)


def _read_value(name: str, text: str, type_: Any) -> Any:
    if type_ is int:
        return _read_number(name, text)
    words = WORDS if type_ is bool else {word: word for word in get_args(type_)}
    if text not in words:
        raise ValueError(f"{name} is {text!r}, must be {' or '.join(words)}")
    return words[text]


def _read_number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError(f"{name} is {text!r}, must be a number")
    return int(text)


def add_call_fault(faults: Faults, text: str) -> None:
    """Read a fault of the form FAULT.

    Raises:
        ValueError: the text has another form, or the code is no error's.

    """
    operation, code, more = _split(text, FAULT)
    after_effect = more.pop("after-effect", None) is not None
    times = _read_number("times", more.pop("times", "1"))
    _require_nothing(more, text, FAULT)
    faults.fail_call(operation, code, times=times, after_effect=after_effect)


def add_version_fault(faults: Faults, text: str) -> None:
    """Read a fault of the form VERSION_FAULT.

    Raises:
        ValueError: the text has another form.

    """
    place, code, more = _split(text, VERSION_FAULT)
    operation, _, version = place.partition(":")
    times = _read_number("times", more.pop("times", "1"))
    if not version:
        raise ValueError(f"{text!r} is not of the form {VERSION_FAULT}")
    _require_nothing(more, text, VERSION_FAULT)
    faults.fail_version(operation, version, code, times=times)


def add_event_fault(faults: Faults, text: str) -> None:
    """Read a fault of the form EVENT_FAULT.

    Raises:
        ValueError: the text has another form, or there is no such kind.

    """
    kind, *parts = text.split(",")
    more = dict(part.partition("=")[::2] for part in parts)
    amount, times = _read_amount(more.pop("amount", "0")), more.pop("times", "1")
    faults.events.add(
        EventFault(
            cast("EventFaultKind", kind),
            amount=amount,
            times=None if times == "always" else _read_number("times", times),
            where=more,
        )
    )


def _read_amount(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"amount is {text!r}, must be a number") from None


def _split(text: str, form: str) -> tuple[str, str, dict[str, str]]:
    first, *parts = text.split(",")
    name, _, code = first.partition("=")
    if not name or not code:
        raise ValueError(f"{text!r} is not of the form {form}")
    return name, code, dict(part.partition("=")[::2] for part in parts)


def _require_nothing(more: dict[str, str], text: str, form: str) -> None:
    if more:
        raise ValueError(f"{text!r} is not of the form {form}")
