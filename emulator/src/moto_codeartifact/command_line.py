"""`moto-codeartifact`: a server on loopback with CodeArtifact's API and the endpoints of package managers."""

import signal
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from threading import Event

from botocore.exceptions import BotoCoreError, ClientError
from moto.core import DEFAULT_ACCOUNT_ID

from .domain_under_test import create_domain
from .models import CodeArtifactBackend, codeartifact_backends
from .options import (
    EVENT_FAULT,
    FAULT,
    VERSION_FAULT,
    add_call_fault,
    add_event_fault,
    add_version_fault,
    read_settings,
)
from .server import PortTakenError, start_server

READY = """\
CodeArtifact listens on {url}, with all of moto's services (account {account}, region {region})
In another terminal:
  export AWS_ENDPOINT_URL={url} AWS_DEFAULT_REGION={region}
  export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing
Ctrl-C stops it and discards its contents."""
EXAMPLES = """\
examples:
  moto-codeartifact --domain acme --repository dev --repository prod:dev
  moto-codeartifact --setting copied_revision=fresh
  moto-codeartifact --fault CopyPackageVersions=ThrottlingException,times=2
  moto-codeartifact --fault CopyPackageVersions=ConnectionDropped,after-effect
  moto-codeartifact --version-fault CopyPackageVersions:1.2.0=NOT_ALLOWED
  moto-codeartifact --event-fault lose,packageName=widget --event-fault duplicate,times=always"""

REPEATED = {
    "--repository": (
        "NAME[:UPSTREAM,...]",
        "create a repository in the domain; repeat it for more",
    ),
    "--setting": ("NAME=VALUE", "choose what AWS does not document"),
    "--fault": (FAULT, "make calls of an operation fail"),
    "--version-fault": (
        VERSION_FAULT,
        "make a version fail in calls on several versions",
    ),
    "--event-fault": (
        EVENT_FAULT,
        "lose, duplicate, delay, reorder or change events (no-namespace, string-booleans)",
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Return the exit code."""
    given = make_parser().parse_args(arguments)
    try:
        backend = prepare(given)
        with start_server(given.port, given.host) as server:
            if given.domain:
                create_domain(server.url, given.region, given.domain, given.repository)
            stopped = _catch_signals()
            place = {
                "url": server.url,
                "account": backend.account_id,
                "region": given.region,
            }
            sys.stdout.write(READY.format(**place) + "\n")
            sys.stdout.flush()
            stopped.wait()
    except (PortTakenError, ValueError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"moto-codeartifact: {error}\n")
        return 2
    return 0


def _catch_signals() -> Event:
    """Return what is set by the first signal."""
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def make_parser() -> ArgumentParser:
    """Return the parser of the options."""
    parser = ArgumentParser(
        "moto-codeartifact",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="the address to listen on (loopback)")
    add("--port", type=int, default=5000, help="the port (5000); 0 takes a free one")
    add("--region", default="us-east-1", help="the region that all options are about")
    add("--domain", help="create a domain")
    for option, (form, help_) in REPEATED.items():
        add(option, action="append", default=[], metavar=form, help=help_)
    return parser


def prepare(given: Namespace) -> CodeArtifactBackend:
    """Set up the backend as the options say."""
    if given.region not in codeartifact_backends[DEFAULT_ACCOUNT_ID]:
        raise ValueError(
            f"CodeArtifact is not available in the region {given.region!r}"
        )
    backend = codeartifact_backends[DEFAULT_ACCOUNT_ID][given.region]
    if given.repository and not given.domain:
        raise ValueError("--repository needs --domain")
    backend.settings = read_settings(given.setting)
    for text in given.fault:
        add_call_fault(backend.faults, text)
    for text in given.version_fault:
        add_version_fault(backend.faults, text)
    for text in given.event_fault:
        add_event_fault(backend.faults, text)
    return backend
