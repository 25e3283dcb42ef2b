"""Steps and what they find. A step that fails has an unknown result and stops no other step."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from botocore.exceptions import BotoCoreError, ClientError

from deploy.verification.account import Account


class Result(StrEnum):
    """The result of a step."""

    HOLDS = "holds"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a step, and the observation that it rests on."""

    result: Result
    seen: str


def holds(seen: str) -> Finding:
    """AWS does what the project assumes."""
    return Finding(Result.HOLDS, seen)


def differs(seen: str) -> Finding:
    """AWS does something else."""
    return Finding(Result.DIFFERS, seen)


def unknown(seen: str) -> Finding:
    """Nothing was seen that decides. The text says why."""
    return Finding(Result.UNKNOWN, seen)


@dataclass(slots=True)
class Trial:
    """The version that the steps publish, and what they learn about it.

    `first_revision` and `second_revision` are its revisions in the source and in the destination, None while it is
    not there.
    """

    source: str
    destination: str
    version: str
    first_revision: str | None = None
    second_revision: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One assumption and its test. `calls` are all operations that it may call."""

    name: str
    assumption: str
    calls: tuple[str, ...]
    run: Callable[[Account, Trial], Finding]
    writes: bool = False
    needs_aws: bool = False  # other endpoints do not check policies


@dataclass(frozen=True, slots=True)
class Tried:
    """A step with its finding. `called` are the operations that it called, in order."""

    step: Step
    finding: Finding
    called: tuple[str, ...] = field(default=())


def run_steps(steps: Iterable[Step], account: Account, trial: Trial, *, may_write: bool) -> Iterator[Tried]:
    """Run all steps in order."""
    for step in steps:
        account.called.clear()
        finding = _run(step, account, trial, may_write=may_write)
        yield Tried(step, finding, tuple(dict.fromkeys(account.called)))


def _run(step: Step, account: Account, trial: Trial, *, may_write: bool) -> Finding:
    if step.writes and not may_write:
        return unknown("not tried, because of --read-only")
    if step.needs_aws and not account.is_aws:
        return unknown("not tried: this endpoint is not AWS, and does not check policies")
    try:
        return step.run(account, trial)
    except ClientError as error:
        return unknown(f"{error.operation_name}: {error.response['Error'].get('Code')}: {_message(error)}")
    except BotoCoreError as error:
        return unknown(f"{type(error).__name__}: {error}")
    except Exception as error:  # a bug here must not hide the other steps
        return unknown(f"the step failed: {type(error).__name__}: {error}")


def _message(error: ClientError) -> str:
    return str(error.response["Error"].get("Message", "")).strip()[:300]  # some emulators answer with a page
