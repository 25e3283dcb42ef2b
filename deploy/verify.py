"""Try what is not verified on AWS, on a deployed stack: `python -m deploy.verify --stack NAME`.

It publishes a small generic package, `promoter-verify`, and deletes it again. With --read-only it changes nothing.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from deploy.verification import report
from deploy.verification.account import Account, StackNotFoundError
from deploy.verification.findings import Result, Trial, Tried, run_steps
from deploy.verification.steps import STEPS
from promoter.aws.clients import user_clients


class UsageError(Exception):
    """The arguments do not fit the stack. The message says why."""


def main(arguments: Sequence[str]) -> int:
    """Run all steps, print a line for each, and write the report.

    Return 0 if nothing differs, 1 if a step differs, 2 for wrong arguments, 3 if the stack cannot be read.
    """
    options = _parser().parse_args(arguments)
    try:
        account = Account(user_clients(options.profile), options.stack, wait=options.wait)
        trial = _trial(account, options)
    except StackNotFoundError as error:
        return _fail(3, f'there is no stack "{error}" in this account and region')
    except (ClientError, BotoCoreError) as error:
        return _fail(3, f"the stack cannot be read: {error}")
    except UsageError as error:
        return _fail(2, str(error))
    tried: list[Tried] = []
    for each in run_steps(STEPS, account, trial, may_write=not options.read_only):
        print(report.line(each), flush=True)
        tried.append(each)
    options.report.write_text(report.render(account, tried), encoding="utf-8")
    print(f"report: {options.report}")
    return int(any(each.finding.result is Result.DIFFERS for each in tried))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.verify", description=__doc__)
    parser.add_argument("--stack", required=True, help="the deployed stack")
    parser.add_argument("--domain", help="the domain; only to be sure that it is the stack's")
    parser.add_argument("--source", help="where to publish; by default the first source repository")
    parser.add_argument(
        "--destination", help="where it must arrive; by default the first destination repository"
    )
    parser.add_argument("--report", type=Path, default=Path("report.md"), help="default: report.md")
    parser.add_argument("--wait", type=float, default=300, help="seconds to wait for an event; default: 300")
    parser.add_argument("--read-only", action="store_true", help="skip the steps that write")
    parser.add_argument("--profile", help="an AWS profile")
    return parser


def _trial(account: Account, options: argparse.Namespace) -> Trial:
    """Choose the repositories. Raises UsageError if the stack does not serve them."""
    if options.domain not in (None, account.parameters["Domain"]):
        raise UsageError(f"the stack serves the domain {account.parameters['Domain']}, not {options.domain}")
    sources, destinations = account.sources, account.destinations
    source, destination = options.source or sources[0], options.destination or destinations[0]
    if source not in sources:
        raise UsageError(f"the stack promotes from {', '.join(sources)}, not from {source}")
    if destination not in destinations:
        raise UsageError(f"the stack promotes to {', '.join(destinations)}, not to {destination}")
    return Trial(source, destination, version=f"1.0.{int(time.time())}")


def _fail(code: int, message: str) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
