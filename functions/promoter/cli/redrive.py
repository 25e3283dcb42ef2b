"""`promoter redrive`: move dead letters back to the promotion queue."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from promoter.cli.connections import connect_to_dead_letters, connect_to_stack
from promoter.cli.errors import EXIT_NO, EXIT_OK, AwsRefused, BadUsage, UserError, aws_errors, no_stack
from promoter.cli.options import example, output_option, profile_option, stack_option
from promoter.cli.terminal import show_line, show_table
from promoter.inspection.status import DEAD_LETTER_QUEUES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promoter.aws.dead_letters import DeadLetterQueueRef, DeadLetters, Moved
    from promoter.inspection.ports import QueueDepth, StackDescription

_PROMOTION_QUEUE, _ROLE = "PromotionQueueUrl", "RedriveRoleArn"  # outputs of the template
_NO_ROLE = (
    "; the queue accepts messages of RedriveRole only: deploy the stack with RedrivePrincipalArn, see "
    "docs/operating.md#who-may-redrive"
)


@example("promoter redrive", "promoter redrive --yes --output json --profile operators")
@click.command("redrive")
@click.option("--malformed", is_flag=True, help="Move malformed messages too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--role", help="The ARN of the role to assume.  [default: RedriveRole, if the stack has it]")
@stack_option
@output_option
@profile_option
def command(
    malformed: bool, yes: bool, role: str | None, stack: str, output: str, profile: str | None
) -> int:
    """Move the dead letters of the stack back to the promotion queue, after you have fixed the cause.

    It serves the dead letters of the promotion queue, of the event rule and of EventBridge Scheduler. Each message is
    sent before it is deleted. A version that is already promoted does not change, so you can redrive twice. If you
    interrupt it, the messages that it has received come back after five minutes. Malformed messages stay: a redrive
    does not help them. Exit code 1: malformed messages stay.
    """
    with aws_errors(f'read the stack "{stack}"'):
        found = connect_to_stack(stack, profile).find()
    if found is None:
        raise no_stack(stack)
    queues, letters = _connect(found, stack, role, profile)
    depths = _depths(letters, queues)
    if output == "text":
        _show(depths)
    waiting = [queue for queue in queues if depths[queue.name].waiting]
    if waiting and not yes:
        _ask()
    moved = {queue.name: _move(letters, queue, malformed, found) for queue in waiting}
    if output == "json":
        click.echo(json.dumps(_to_json(stack, queues, moved), indent=2))
    else:
        _show_moved(moved)
    return EXIT_NO if any(each.kept for each in moved.values()) else EXIT_OK


def _connect(
    found: StackDescription, stack: str, role: str | None, profile: str | None
) -> tuple[list[DeadLetterQueueRef], DeadLetters]:
    from promoter.aws.dead_letters import DeadLetterQueueRef

    queues = [
        DeadLetterQueueRef(name, found.resources[name][1])
        for name in DEAD_LETTER_QUEUES
        if name in found.resources
    ]
    if not queues or _PROMOTION_QUEUE not in found.outputs:
        raise UserError(f'the stack "{stack}" has no queues of the promoter; use --stack to name another')
    assumed = role or found.outputs.get(_ROLE, "")
    with aws_errors(f"assume the role {assumed}" if assumed else "connect to AWS"):
        return queues, connect_to_dead_letters(found.outputs[_PROMOTION_QUEUE], assumed, profile)


def _depths(letters: DeadLetters, queues: list[DeadLetterQueueRef]) -> dict[str, QueueDepth]:
    with aws_errors("count the dead letters"):
        return {queue.name: letters.depth(queue) for queue in queues}


def _ask() -> None:
    if not sys.stdin.isatty():
        raise BadUsage("nobody can be asked here; add --yes")
    click.confirm("Move them to the promotion queue?", abort=True, err=True)


def _move(letters: DeadLetters, queue: DeadLetterQueueRef, malformed: bool, stack: StackDescription) -> Moved:
    try:
        with aws_errors(f"move the messages of {queue.name}"):
            return letters.move(queue, malformed=malformed)
    except UserError as error:
        if _ROLE in stack.outputs or "AccessDenied" not in str(error):
            raise
        raise AwsRefused(f"{error}{_NO_ROLE}") from None


def _show(depths: Mapping[str, QueueDepth]) -> None:
    if any(each.total for each in depths.values()):
        show_line("dead letters:")
        show_table(
            [(name, f"{each.waiting} waiting, {each.in_flight} in flight") for name, each in depths.items()]
        )
    else:
        show_line("there are no dead letters")
    if any(each.in_flight for each in depths.values()):
        show_line("those in flight were received a moment ago, perhaps by another redrive; try again later")


def _show_moved(moved: Mapping[str, Moved]) -> None:
    for name, each in moved.items():
        show_line(f"{name}: {each.moved} moved to the promotion queue, {each.kept} malformed kept")
    if any(each.kept for each in moved.values()):
        show_line(
            "a redrive does not help malformed messages: read their attribute `reason`, then delete them"
        )


def _to_json(stack: str, queues: list[DeadLetterQueueRef], moved: Mapping[str, Moved]) -> dict[str, object]:
    nothing = {"moved": 0, "kept": 0}
    counts = {name: {"moved": each.moved, "kept": each.kept} for name, each in moved.items()}
    return {"stack": stack, "queues": {queue.name: counts.get(queue.name, nothing) for queue in queues}}
