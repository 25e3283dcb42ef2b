"""A run of the real function that calls every operation and emits every metric, recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator_support.codeartifact_calls import publish_generic
from promoter.lambda_function import PromoterFunction  # noqa: TC001  first imported here, its log keeps the real output
from promoter.packages.package import Package
from promoter.rules.vocabulary import Hop
from promoter.waiting.answers import ASSET
from promoter.waiting.names import answer_package
from tests.support.in_memory_waiting import statement
from tests.support.samples import candidate, event, promotion, rules

if TYPE_CHECKING:
    from promoter.packages.candidate import Candidate
    from tests.support.account import Account
    from tests.support.printed import Printed

Metric = tuple[str, str, frozenset[str]]  # namespace, name, dimensions

OTHER = ("pypi", "", "other")
ASKED = ("npm", "acme", "widget")
RULES = rules(
    promotion("watched", packages=["pkg:pypi/watched"], mode="observe"),
    promotion("to-staging", packages=["pkg:pypi/*"], exclude=["pkg:pypi/excluded"]),
    promotion("to-prod", "staging -> prod", packages=["pkg:pypi/*"], origin="external"),
    promotion("on-request", packages=["pkg:npm/**"], approval=True, npm_latest="highest"),
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
    revision = account.publish("1.0.0", files={"package.tgz": b"widget"}, package=ASKED)
    function: PromoterFunction = account.function(RULES)
    account.deliver_all(function)
    _approve(account, candidate("1.0.0", revision, package=Package(*ASKED)))
    account.deliver_all(function)
    assert "1.0.0" in account.versions_in("staging", ASKED)
    return Run(frozenset(account.requests), frozenset(_metrics(printed)))


def _approve(account: Account, about: Candidate) -> None:
    publish_generic(
        account.clients["codeartifact"],
        "20261126T000000.000Z",
        statement(about, promotion="on-request"),
        to="evidence",
        asset=ASSET,
        namespace="approval",
        package=answer_package(about, Hop("dev", "staging")),
    )


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
