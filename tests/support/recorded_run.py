"""A run of the real function that calls every operation and emits every metric, recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promoter.lambda_function import PromoterFunction  # noqa: TC001  first imported here, its log keeps the real output
from tests.support.samples import event, promotion, rules

if TYPE_CHECKING:
    from tests.support.account import Account
    from tests.support.printed import Printed

Metric = tuple[str, str, frozenset[str]]  # namespace, name, dimensions

OTHER = ("pypi", "", "other")
RULES = rules(
    promotion("watched", packages=["pkg:pypi/watched"], mode="observe"),
    promotion("to-staging", packages=["pkg:pypi/*"], exclude=["pkg:pypi/excluded"]),
    promotion("to-prod", "staging -> prod", packages=["pkg:pypi/*"], origin="external"),
    '[[hold]]\npackage = "pkg:pypi/held"\nreason = "leaks"',
    '[[hold]]\npackage = "pkg:pypi/waiting"\nreason = "leaks"\nuntil = 2999-01-01T00:00:00Z',
)


@dataclass(frozen=True)
class Run:
    """The requests and the metrics of a run."""

    operations: frozenset[str]
    metrics: frozenset[Metric]


def run(account: Account, printed: Printed) -> Run:
    """Let everything happen to the function that has a metric, or needs a permission."""
    for name in ("excluded", "held", "waiting", "watched"):
        account.publish(package=("pypi", "", name))
    account.publish(files={"gadget.whl": b"gadget", "gadget.tar.gz": b"two revisions"})
    account.publish(package=OTHER, files={"other.whl": b"theirs"}, to="staging")
    account.publish(package=OTHER, files={"other.whl": b"ours"})
    account.send("not json")
    account.send(json.dumps(event(domainName="not-ours")))
    account.backend.settings = account.backend.settings.__class__(event_deliveries=2)
    account.publish("2.0", package=("pypi", "", "twice"))
    account.backend.inject("CopyPackageVersions", "ConflictException")
    account.backend.inject("CopyPackageVersions", "ThrottlingException", times=2)
    function: PromoterFunction = account.function(RULES)
    account.deliver_all(function)
    return Run(frozenset(account.requests), frozenset(_metrics(printed)))


def _metrics(printed: Printed) -> set[Metric]:
    directives = [
        directive
        for line in printed.take().lines
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", ())
    ]
    return {
        (directive["Namespace"], metric["Name"], frozenset(dimensions))
        for directive in directives
        for dimensions in directive["Dimensions"]
        for metric in directive["Metrics"]
    }
