"""`make demo`: the whole product on a laptop, with real packages and real clients; ends by itself.

Exits 0 only if everything that it promises has happened.
"""

import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from local.demo import mailbox, sample_packages
from local.demo.package_managers import ClientError, Clients
from local.demo.timeline import Timeline
from local.lambda_runtime.execution_environment import InitError
from local.stack import FUNCTIONS, ROOT, Stack

PATIENCE = 60  # seconds that the pipeline gets for its last decision
READS = {"DescribePackageVersion", "ListPackageVersionAssets", "ListPackageVersions", "ListPackages"}
RULES = Path(os.environ.get("RULES_FILE") or FUNCTIONS / "rules.toml").resolve()


@dataclass(frozen=True, slots=True)
class Ware:
    """A package version that is published, and how it has to end: prod, rejected or failed."""

    format: str
    namespace: str | None
    package: str
    version: str
    name: str
    end: str


WIDGET = Ware("npm", "acme", "widget", "1.4.0", "@acme/widget", "prod")
UI = Ware("npm", None, "acme-ui", "3.1.0", "acme-ui", "prod")
SECRET = Ware("npm", "acme", "internal-keys", "1.0.0", "@acme/internal-keys", "rejected")
TOOLS = Ware("pypi", None, "acme-tools", "2.0", "acme-tools", "prod")
MODEL = Ware("generic", "acme", "model", "1.0", "acme/model", "prod")
DRAFT = Ware("generic", "acme", "internal-draft", "0.1", "acme/internal-draft", "rejected")
LEGACY = Ware("generic", "acme", "legacy", "2.0.0", "acme/legacy", "failed")


class Demo:
    """One run: publish, watch, look at what came of it."""

    def __init__(
        self, stack: Stack, timeline: Timeline, clients: Clients, directory: Path, *, npm: bool
    ) -> None:
        self._stack = stack
        self._timeline = timeline
        self._clients = clients
        self._directory = directory
        self._npm = npm
        self._wares: list[Ware] = []
        self._missed: list[str] = []

    def run(self) -> list[str]:
        """Everything; what did not happen as it should, in words."""
        inbox = self._subscribe()
        self._stand_in_the_way()
        self._stack.server.calls.clear()
        self._timeline.restart()
        self._publish()
        self._watch()
        self._repositories()
        self._notification(inbox)
        self._install()
        self._metrics()
        self._sum_up()
        return self._missed

    def _subscribe(self) -> str:
        """A queue that hears what the topic says."""
        sqs, sns = self._stack.client("sqs"), self._stack.client("sns")
        url = str(sqs.create_queue(QueueName="inbox")["QueueUrl"])
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        topic = self._stack.outputs["NotificationTopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=attributes["QueueArn"])
        return url

    def _stand_in_the_way(self) -> None:
        """Somebody has published other bytes of a version into prod, past the pipeline."""
        self._publish_generic(LEGACY, "prod", "the bytes that somebody uploaded by hand\n")

    def _publish(self) -> None:
        if self._npm:
            for ware in (WIDGET, UI, SECRET):
                package = sample_packages.npm_package(self._directory / ware.package, ware.name, ware.version)
                self._clients.npm("dev", "publish", cwd=package)
                self._published(ware, "npm publish")
        dist = sample_packages.python_distributions(
            self._clients, self._directory / TOOLS.package, TOOLS.package, TOOLS.version
        )
        files = sorted(str(path) for path in dist.iterdir())
        self._clients.twine("dev", "upload", "--disable-progress-bar", *files, cwd=dist)
        self._published(TOOLS, f"twine upload ({len(files)} files)")
        for ware in (MODEL, DRAFT, LEGACY):
            self._publish_generic(ware, "dev", f"the bytes of {ware.name} {ware.version}\n")
            self._published(ware, "aws codeartifact publish-package-version")

    def _publish_generic(self, ware: Ware, repository: str, content: str) -> None:
        asset = sample_packages.generic_asset(self._directory / repository, f"{ware.package}.bin", content)
        self._clients.aws(
            *("codeartifact", "publish-package-version", "--domain", self._stack.hops.domain),
            *("--repository", repository, "--format", "generic", "--namespace", str(ware.namespace)),
            *("--package", ware.package, "--package-version", ware.version),
            *("--asset-name", asset.name, "--asset-content", str(asset)),
            *("--asset-sha256", sample_packages.sha256(asset)),
            cwd=self._directory,
        )

    def _published(self, ware: Ware, command: str) -> None:
        self._wares.append(ware)
        self._timeline.published(ware.format, ware.name, ware.version, "dev", command)

    def _watch(self) -> None:
        """Until every version has come to its end, or to another one, and the queue is empty."""
        self._timeline.wait(lambda decisions: all(_ended(ware, decisions) for ware in self._wares), PATIENCE)
        try:
            self._stack.settle(PATIENCE)
        except TimeoutError as error:
            self._missed.append(str(error))

    def _repositories(self) -> None:
        """Each version stands where it should, and nowhere else."""
        for ware in self._wares:
            wanted = {"prod": {"staging", "prod"}, "failed": {"staging", "prod"}, "rejected": set()}[ware.end]
            there = {repository for repository in ("staging", "prod") if self._stands_in(ware, repository)}
            if there != wanted:
                self._missed.append(
                    f"{ware.name} {ware.version} is in {_list(there)}, not in {_list(wanted)}"
                )
            end = {"prod": "copied", "failed": "failed", "rejected": "reject"}[ware.end]
            if not _seen(ware, end, self._timeline.decisions):
                self._missed.append(f"no decision says that {ware.name} {ware.version} is {end}")

    def _stands_in(self, ware: Ware, repository: str) -> bool:
        codeartifact = self._stack.client("codeartifact")
        namespace = {"namespace": ware.namespace} if ware.namespace else {}
        try:
            codeartifact.describe_package_version(
                domain=self._stack.hops.domain,
                repository=repository,
                format=ware.format,
                package=ware.package,
                packageVersion=ware.version,
                **namespace,
            )
        except codeartifact.exceptions.ResourceNotFoundException:
            return False
        return True

    def _notification(self, inbox: str) -> None:
        """The refused version, as each kind of subscriber hears of it."""
        messages = (
            self._stack.client("sqs").receive_message(QueueUrl=inbox, WaitTimeSeconds=2).get("Messages", [])
        )
        documents = [json.loads(json.loads(message["Body"])["Message"]) for message in messages]
        failures = [
            notice for document in documents for notice in document["notices"] if notice["failedVersions"]
        ]
        mails = mailbox.mails(self._stack.outputs["NotificationTopicArn"])
        if not failures or LEGACY.version not in failures[0]["failedVersions"] or not mails:
            self._missed.append(f"no message told of {LEGACY.name} {LEGACY.version}")
            return
        self._timeline.say("\nthe mail that a subscriber gets:")
        self._timeline.say(_indented(f"Subject: {mails[0].subject}\n\n{mails[0].text}"))
        self._timeline.say("and what a program that subscribes gets, in the API's own shape:")
        self._timeline.say(_indented(json.dumps({"failedVersions": failures[0]["failedVersions"]}, indent=2)))

    def _install(self) -> None:
        """The promoted packages, by the clients of those who wait for them."""
        self._timeline.say("")
        if self._npm:
            directory = self._directory / "npm-install"
            directory.mkdir()
            self._clients.npm("prod", "install", WIDGET.name, UI.name, cwd=directory)
            for ware in (WIDGET, UI):
                manifest = directory / "node_modules" / ware.name / "package.json"
                self._installed(f"npm install {ware.name}", json.loads(manifest.read_text())["version"], ware)
        site = self._directory / "site"
        self._clients.pip(
            "prod", "install", "--quiet", "--target", str(site), TOOLS.package, cwd=self._directory
        )
        (metadata,) = site.glob("acme_tools-*.dist-info")
        self._installed(f"pip install {TOOLS.name}", metadata.name.split("-")[1].removesuffix(".dist"), TOOLS)

    def _installed(self, command: str, version: str, ware: Ware) -> None:
        right = version == ware.version
        self._timeline.say(f"  {'ok' if right else 'NO'} {command:<28} from prod -> {version}", "ok")
        if not right:
            self._missed.append(f"{command} gave {version}, not {ware.version}")

    def _metrics(self) -> None:
        """What CloudWatch has counted is what the log says."""
        decisions = self._timeline.decisions
        counted = {name: self._count(name) for name in ("Promoted", "Rejected", "Failed")}
        logged = Counter(_metric(record) for record in decisions if not record.get("duplicate"))
        line = ", ".join(f"{name} {count:.0f}" for name, count in counted.items())
        right = counted == {name: logged[name] for name in counted} and counted["Promoted"] > 0
        self._timeline.say(f"  {'ok' if right else 'NO'} CloudWatch PackagePromoter: {line}", "ok")
        if not right:
            self._missed.append(f"CloudWatch counted {line}, the decision log {dict(logged)}")

    def _count(self, metric: str) -> float:
        now = datetime.now(UTC)
        dimensions = [{"Name": "service", "Value": "promoter"}]
        named = {"Namespace": "PackagePromoter", "MetricName": metric, "Dimensions": dimensions}
        reply = self._stack.client("cloudwatch").get_metric_data(
            MetricDataQueries=[{"Id": "sum", "MetricStat": {"Metric": named, "Period": 3600, "Stat": "Sum"}}],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(hours=1),
        )
        return float(sum(reply["MetricDataResults"][0]["Values"]))

    def _sum_up(self) -> None:
        decisions, calls = self._timeline.decisions, Counter(self._stack.server.calls)
        copies, seconds = calls["CopyPackageVersions"], self._timeline.seconds
        arrived = sum(_seen(ware, "copied", decisions, to="prod") for ware in self._wares)
        rejected = sum(record["verdict"] == "reject" for record in decisions)
        failed = sum(record.get("outcome") == "failed" for record in decisions)
        reads = sum(calls[name] for name in READS & calls.keys()) - 2 * len(self._wares)  # but our own looks
        self._timeline.say(
            f"\n{len(self._wares)} published, {arrived} promoted, {rejected} rejected, {failed} failed | "
            f"{copies} CopyPackageVersions, {reads} reads | {seconds:.0f} s"
        )


def main() -> int:
    """Run the demo; the exit code."""
    console = Console(highlight=False)
    timeline = Timeline(console, RULES)
    npm = shutil.which("npm") is not None
    if not npm:
        timeline.say("npm is not on the PATH: this goes on without the npm packages")
    try:
        with tempfile.TemporaryDirectory(prefix="promoter-demo-") as name:
            missed = _run(timeline, Path(name), npm=npm)
    except (InitError, ClientError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return _conclude(timeline, missed)


def _run(timeline: Timeline, directory: Path, *, npm: bool) -> list[str]:
    mail = {"NotificationEmail": "platform@example.com"}
    with Stack.start(rules=RULES, parameters=mail, retry_after=2, on_log=timeline.log) as stack:
        stack.create_repositories()
        address, hops = stack.url.removeprefix("http://"), stack.hops
        timeline.say(
            f"local AWS on {address}, template.yaml deployed ({len(stack.resources)} resources), "
            f"domain {hops.domain}: {' -> '.join(hops.repositories)}"
        )
        home = directory / "home"
        home.mkdir()
        clients = Clients(home, stack.exports(), stack.client("codeartifact"), hops.domain)
        return Demo(stack, timeline, clients, directory, npm=npm).run()


def _conclude(timeline: Timeline, missed: Sequence[str]) -> int:
    rules = RULES.relative_to(ROOT) if RULES.is_relative_to(ROOT) else RULES
    if missed:
        timeline.say("\nNot as with the rules that this project comes with:")
        for each in missed:
            timeline.say(f"  {each}")
        timeline.say(f"If that is what you changed in {rules}, it works. Else it is a fault.")
        return 1
    lines = enumerate(RULES.read_text(encoding="utf-8").splitlines(), 1)
    number = next((number for number, line in lines if line.startswith("exclude")), 1)
    timeline.say(
        f"Next: edit {rules}:{number}, run `make demo` again and watch the decision change. "
        "Or: `make local`, and publish your own."
    )
    return 0


def _ended(ware: Ware, decisions: Sequence[dict[str, Any]]) -> bool:
    """Whether there is nothing more to wait for, as it should be or otherwise."""
    return any(
        record["verdict"] != "promote"
        or record.get("outcome") == "failed"
        or (record["hop"]["to"] == "prod" and record.get("outcome") in ("copied", "unchanged"))
        for record in decisions
        if _is_of(record, ware)
    )


def _seen(ware: Ware, end: str, decisions: Sequence[dict[str, Any]], to: str | None = None) -> bool:
    return any(
        end in (record["verdict"], record.get("outcome")) and to in (None, record["hop"]["to"])
        for record in decisions
        if _is_of(record, ware)
    )


def _is_of(record: dict[str, Any], ware: Ware) -> bool:
    return (record["format"], record["namespace"], record["package"], record["version"]) == (
        ware.format,
        ware.namespace,
        ware.package,
        ware.version,
    )


def _metric(record: dict[str, Any]) -> str:
    names = {"copied": "Promoted", "failed": "Failed", "reject": "Rejected"}
    return names.get(record.get("outcome", record["verdict"]), "")


def _list(repositories: set[str]) -> str:
    return " and ".join(sorted(repositories)) or "no further repository"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


if __name__ == "__main__":
    sys.exit(main())
