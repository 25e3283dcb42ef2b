"""withdraw against the local AWS: statuses, npm's tag latest, the hold, permissions and races."""

import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from moto.core.base_backend import BackendDict

from emulator_support.codeartifact_calls import (
    MODEL,
    archive,
    create_repositories,
    dispose,
    publish_generic,
    unlist,
)
from emulator_support.emulated_aws import ACCOUNT, REGION, Aws
from emulator_support.iam_principals import as_user
from emulator_support.package_uploads import endpoint, put_npm
from moto_codeartifact.server import Server, start_server
from promoter.aws import clients
from promoter.aws.codeartifact import CodeArtifactReader
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.decision import decide
from promoter.rules.evidence import Evidence
from promoter.rules.vocabulary import Verdict
from promoter.rules_file.reader import load
from tests.support.aws_denied import DeniedClient
from tests.support.command_line import Ran, promoter
from tests.support.paths import ROOT
from tests.support.samples import promotion, rules_text

THE_MODEL = "pkg:generic/acme/model@1.0"
THE_WIDGET = "pkg:npm/@acme/widget@1.5.0"
WIDGET = {"domain": "acme", "format": "npm", "namespace": "acme", "package": "widget"}
PACKAGES = ["pkg:npm/@acme/*", "pkg:npm/left-pad", "pkg:generic/acme/*"]
CHAIN = promotion("one", packages=PACKAGES) + promotion("two", "staging -> prod", PACKAGES)
READS = {
    "Effect": "Allow",
    "Action": ["codeartifact:Describe*", "codeartifact:List*", "codeartifact:Get*", "codeartifact:Read*"],
    "Resource": "*",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start_server() as server:
        yield server
    BackendDict.reset()


@pytest.fixture
def ca(server: Server, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setattr(sys, "stdin", io.StringIO())  # nobody can be asked
    BackendDict.reset()
    client = Aws(server.url).client("codeartifact")
    create_repositories(client)
    return client


@pytest.fixture
def withdraw(tmp_path: Path) -> Any:
    def call(*arguments: str, rules: str = CHAIN, reason: str = "leaks the session token") -> Ran:
        file = tmp_path / "rules.toml"
        file.write_text(rules_text(rules))
        return promoter("withdraw", *arguments, "--reason", reason, "--rules", file)

    return call


@pytest.fixture
def widgets(ca: Any) -> Any:
    """Three releases and a prerelease of @acme/widget in prod. 1.5.0 has the tag latest."""
    for version, tag in (("1.4.0", "latest"), ("1.4.2", "old"), ("1.6.0-rc.1", "next"), ("1.5.0", "latest")):
        put_npm(ca, "@acme/widget", version, tag=tag, to="prod").raise_for_status()
    return ca


def status(ca: Any, repository: str = "prod", version: str = "1.0", **more: Any) -> str:
    described = ca.describe_package_version(
        **{**MODEL, **more}, repository=repository, packageVersion=version
    )
    return str(described["packageVersion"]["status"])


def tags(ca: Any, package: str = "@acme%2fwidget") -> Any:
    url, headers = endpoint(ca, "npm", "prod")
    return requests.get(f"{url}-/package/{package}/dist-tags", headers=headers, timeout=10).json()


def act_as(monkeypatch: pytest.MonkeyPatch, server: Server, *statements: Any) -> None:
    """Let the command line act as a user with these statements."""
    for name, value in as_user(Aws(server.url), "ann", *statements).credentials:
        monkeypatch.setenv(name.upper(), value)


def held(ran: Ran, rules: str = CHAIN) -> Any:
    """Return the holds of the rules with the printed entry added at their end."""
    entry = re.search(r"^\[\[hold\]\]\n(?:.+\n)+", ran.out, re.MULTILINE)
    assert entry
    return load(f"{rules_text(rules)}\n{entry[0]}").rule_set


class TestStatus:
    def test_a_generic_version_is_archived_where_it_is_named_and_nowhere_else(
        self, ca: Any, withdraw: Any
    ) -> None:
        for repository in ("staging", "prod"):
            revision = publish_generic(ca, "1.0", to=repository)["versionRevision"]
        publish_generic(ca, "1.1", to="prod")

        ran = withdraw(THE_MODEL, "--from", "prod", "--yes")

        assert ran.code == 0
        assert [status(ca), status(ca, "staging"), status(ca, version="1.1")] == [
            "Archived",
            "Published",
            "Published",
        ]
        assert ran.lines[:3] == [
            f"acme/model 1.0 is Published in prod, revision {revision}",
            "  status  Published -> Archived: package managers cannot install it",
            "Archived: acme/model 1.0 in prod",
        ]
        assert ran.lines[-1] == f"Next: promoter explain {THE_MODEL}   shows where else it is"

    def test_an_npm_version_is_unlisted_so_that_lock_files_still_work(
        self, widgets: Any, withdraw: Any
    ) -> None:
        url, headers = endpoint(widgets, "npm", "prod")
        file = f"{url}@acme/widget/-/widget-1.5.0.tgz"

        assert withdraw(THE_WIDGET, "--from", "prod", "--yes").code == 0

        assert status(widgets, version="1.5.0", **WIDGET) == "Unlisted"
        listed = requests.get(f"{url}@acme%2fwidget", headers=headers, timeout=10).json()["versions"]
        assert set(listed) == {"1.4.0", "1.4.2", "1.6.0-rc.1"}
        assert requests.get(file, headers=headers, timeout=10).status_code == 200
        assert withdraw(THE_WIDGET, "--from", "prod", "--status", "archived", "--yes").code == 0
        assert status(widgets, version="1.5.0", **WIDGET) == "Archived"
        assert requests.get(file, headers=headers, timeout=10).status_code == 404

    def test_the_status_can_be_chosen(self, ca: Any, withdraw: Any) -> None:
        publish_generic(ca, "1.0", to="prod")
        ran = withdraw(THE_MODEL, "--from", "prod", "--status", "unlisted", "--yes")
        assert (
            "Published -> Unlisted: package managers do not list it, but install it by its exact" in ran.out
        )
        assert status(ca) == "Unlisted"

    @pytest.mark.parametrize(
        ("remove", "before"), [(archive, "Archived"), (dispose, "Disposed")], ids=["archived", "disposed"]
    )
    def test_a_version_that_is_withdrawn_already_needs_no_answer_and_no_change(
        self, ca: Any, withdraw: Any, server: Server, remove: Callable[..., None], before: str
    ) -> None:
        publish_generic(ca, "1.0", to="prod")
        remove(ca, "1.0", repository="prod")
        server.calls.clear()

        ran = withdraw(THE_MODEL, "--from", "prod", "--status", "unlisted")

        assert (ran.code, status(ca)) == (0, before)
        assert ran.lines[0].startswith(f"acme/model 1.0 is {before} in prod, revision ")
        assert ran.lines[1] == "  nothing to change"
        assert held(ran).holds
        assert "UpdatePackageVersionsStatus" not in server.calls

    def test_an_unlisted_version_can_be_archived(self, ca: Any, withdraw: Any) -> None:
        publish_generic(ca, "1.0", to="prod")
        unlist(ca, "1.0", repository="prod")
        ran = withdraw(THE_MODEL, "--from", "prod", "--yes")
        assert "  status  Unlisted -> Archived" in ran.out
        assert status(ca) == "Archived"


class TestLatest:
    def test_the_tag_moves_to_the_highest_release_that_remains(self, widgets: Any, withdraw: Any) -> None:
        assert tags(widgets)["latest"] == "1.5.0"
        ran = withdraw(THE_WIDGET, "--from", "prod", "--yes")
        assert "  latest  1.5.0 -> 1.4.2" in ran.lines
        assert "latest is 1.4.2 in prod" in ran.lines
        assert tags(widgets) == {"latest": "1.4.2", "old": "1.4.2", "next": "1.6.0-rc.1"}

    def test_a_tag_on_another_version_stays(self, widgets: Any, withdraw: Any) -> None:
        ran = withdraw("pkg:npm/%40acme/widget@1.4.2", "--from", "prod", "--yes")
        assert "latest" not in ran.out
        assert tags(widgets)["latest"] == "1.5.0"

    def test_a_package_without_a_scope(self, ca: Any, withdraw: Any) -> None:
        for version in ("1.2.0", "1.3.0"):
            put_npm(ca, "left-pad", version, to="prod").raise_for_status()
        ran = withdraw("pkg:npm/left-pad@1.3.0", "--from", "prod", "--yes")
        assert "Unlisted: left-pad 1.3.0 in prod" in ran.lines
        assert tags(ca, "left-pad") == {"latest": "1.2.0"}
        assert 'package = "pkg:npm/left-pad@1.3.0"' in ran.out

    def test_the_only_release_keeps_the_tag_which_nobody_sees(self, ca: Any, withdraw: Any) -> None:
        put_npm(ca, "@acme/widget", "1.5.0", to="prod").raise_for_status()
        ran = withdraw(THE_WIDGET, "--from", "prod", "--yes")
        assert "  latest  stays on 1.5.0: no other release remains" in ran.lines
        assert ran.code == 0
        again = withdraw(THE_WIDGET, "--from", "prod")
        assert again.lines[1:3] == [
            "  latest  stays on 1.5.0: no other release remains",
            "  nothing to change",
        ]
        assert again.code == 0

    def test_a_tag_that_may_not_be_moved_is_reported_and_moved_by_the_next_run(
        self, widgets: Any, withdraw: Any
    ) -> None:
        named = {"domain": "acme", "repository": "prod"}
        deny = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "codeartifact:PutPackageMetadata",
            "Resource": "*",
        }
        widgets.put_repository_permissions_policy(**named, policyDocument=json.dumps({"Statement": deny}))

        ran = withdraw(THE_WIDGET, "--from", "prod", "--yes")

        assert ran.code == 3
        assert status(widgets, version="1.5.0", **WIDGET) == "Unlisted"
        assert held(ran).holds
        assert "latest is" not in ran.out
        assert ran.err.startswith("cannot move npm's tag latest to 1.4.2 in prod: ")
        assert ran.err.endswith("The version is Unlisted; run the command again after the fix\n")
        shape = json.loads(withdraw(THE_WIDGET, "--from", "prod", "--yes", "--output", "json").out)
        assert (shape["latest"], shape["status"]) == (None, {"before": "Unlisted", "now": "Unlisted"})
        assert shape["problem"].startswith("cannot move npm's tag latest")
        widgets.delete_repository_permissions_policy(**named)
        assert "latest" not in tags(widgets)
        assert withdraw(THE_WIDGET, "--from", "prod", "--yes").code == 0
        assert tags(widgets)["latest"] == "1.4.2"

    def test_a_tag_that_cannot_be_read_does_not_stop_the_withdrawal(
        self, widgets: Any, withdraw: Any, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # the emulator gives everybody a token, so the test refuses it
        update = {"Effect": "Allow", "Action": "codeartifact:UpdatePackageVersionsStatus", "Resource": "*"}
        act_as(monkeypatch, server, READS, update)
        limited = clients.user_clients(None)("codeartifact")

        class WithoutToken:
            def __getattr__(self, name: str) -> Any:
                return getattr(DeniedClient() if name == "get_authorization_token" else limited, name)

        monkeypatch.setattr(clients, "user_clients", lambda _: lambda _: WithoutToken())

        ran = withdraw(THE_WIDGET, "--from", "prod", "--yes")

        assert ran.code == 3
        assert "  latest  unknown" in ran.lines
        assert ran.err.startswith("cannot read npm's tag latest in prod: ")
        assert status(widgets, version="1.5.0", **WIDGET) == "Unlisted"


class TestHold:
    def test_the_entry_is_valid_at_the_end_of_the_rules_and_keeps_the_version_away(
        self, widgets: Any, withdraw: Any
    ) -> None:
        ran = withdraw(THE_WIDGET, "--from", "prod", "--yes", reason='it "leaks"\n\\ \x7f ünïcode 🔥')

        rule_set = held(ran)
        package = Package("npm", "acme", "widget")
        decided = {
            (repository, version): decide(
                Candidate(package, version, "r1", repository, 0), Evidence(), rule_set, 10
            )[0]
            for repository, version in (("staging", "1.5.0"), ("staging", "1.5.1"), ("dev", "1.5.0"))
        }
        assert {key: each.verdict for key, each in decided.items()} == {
            ("staging", "1.5.0"): Verdict.HOLD,
            ("staging", "1.5.1"): Verdict.PROMOTE,
            ("dev", "1.5.0"): Verdict.PROMOTE,
        }
        assert rule_set.holds[0].reason == 'it "leaks"\n\\ \x7f ünïcode 🔥'

    def test_the_first_repository_has_a_hold_on_the_hops_from_it(self, ca: Any, withdraw: Any) -> None:
        publish_generic(ca, "1.0")
        ran = withdraw(THE_MODEL, "--from", "dev", "--yes")
        assert '[[hold]]\npackage = "pkg:generic/acme/model@1.0"\nfrom = "dev"\n' in ran.out
        assert held(ran).holds[0].source == "dev"

    def test_rules_that_hold_the_version_already_need_no_entry(self, ca: Any, withdraw: Any) -> None:
        publish_generic(ca, "1.0", to="prod")
        hold = '[[hold]]\npackage = "pkg:generic/acme/model"\nreason = "x"\n'
        ran = withdraw(THE_MODEL, "--from", "prod", "--yes", rules=CHAIN + hold)
        assert "rules.toml already holds it" in ran.out
        assert "[[hold]]" not in ran.out
        assert status(ca) == "Archived"

    def test_json_has_the_change_and_the_entry(self, widgets: Any, withdraw: Any) -> None:
        ran = withdraw(THE_WIDGET, "--from", "prod", "--yes", "--output", "json")
        shape = json.loads(ran.out)
        assert shape.pop("revision")
        assert load(f"{rules_text(CHAIN)}\n{shape.pop('hold')}").rule_set.holds
        assert shape == {
            "repository": "prod",
            "purl": "pkg:npm/%40acme/widget@1.5.0",
            "status": {"before": "Published", "now": "Unlisted"},
            "latest": "1.4.2",
        }
        assert ran.code == 0


class TestQuestion:
    def test_a_pipe_has_to_say_yes(self, ca: Any, withdraw: Any) -> None:
        publish_generic(ca, "1.0", to="prod")
        ran = withdraw(THE_MODEL, "--from", "prod")
        assert (ran.code, ran.err) == (2, "nobody can be asked here; add --yes\n")
        assert status(ca) == "Published"

    @pytest.mark.parametrize(
        ("answer", "now"), [("y\n", "Archived"), ("n\n", "Published"), ("\n", "Published")]
    )
    def test_on_a_terminal_only_yes_withdraws(
        self, ca: Any, withdraw: Any, monkeypatch: pytest.MonkeyPatch, answer: str, now: str
    ) -> None:
        publish_generic(ca, "1.0", to="prod")
        terminal = io.StringIO(answer)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", terminal)
        ran = withdraw(THE_MODEL, "--from", "prod")
        assert "Withdraw it?" in ran.err
        assert status(ca) == now
        assert ("[[hold]]" in ran.out) is (now == "Archived")


class TestMistakes:
    """Each is one sentence, and changes nothing."""

    @pytest.mark.parametrize(
        ("arguments", "code", "text"),
        [
            (
                (THE_MODEL, "--from", "prd"),
                2,
                'no promotion starts or ends in "prd"; the rules have dev, prod, sta',
            ),
            (("pkg:generic/acme/model", "--from", "prod"), 2, "has no version"),
            (
                ("pkg:generic/acme/model@2.0", "--from", "prod"),
                1,
                "acme/model 2.0 is not in prod of domain acme",
            ),
            (
                ("pkg:npm/@acme/nothing@2.0.0", "--from", "prod"),
                1,
                "@acme/nothing 2.0.0 is not in prod of domain",
            ),
            ((THE_MODEL, "--from", "staging"), 1, "acme/model 1.0 is not in staging of domain acme"),
        ],
    )
    def test_what_is_not_there(
        self, ca: Any, withdraw: Any, arguments: tuple[str, ...], code: int, text: str
    ) -> None:
        publish_generic(ca, "1.0", to="prod")
        ran = withdraw(*arguments, "--yes")
        assert (ran.code, ran.out) == (code, "")
        assert text in ran.err
        assert ran.err.count("\n") == 1
        assert status(ca) == "Published"

    def test_an_empty_reason(self, ca: Any, withdraw: Any) -> None:
        publish_generic(ca, "1.0", to="prod")
        ran = withdraw(THE_MODEL, "--from", "prod", "--yes", reason=" ")
        assert (ran.code, ran.err) == (2, "--reason is empty; say why, in one sentence\n")

    def test_a_version_that_was_never_published(self, ca: Any, withdraw: Any) -> None:
        publish_generic(ca, "1.0", to="prod", unfinished=True)
        ran = withdraw(THE_MODEL, "--from", "prod", "--yes")
        assert ran.code == 1
        assert "acme/model 1.0 is Unfinished in prod: it was never published" in ran.err

    @pytest.mark.parametrize(
        ("change", "failure"),
        [
            (
                lambda ca: unlist(ca, "1.0", repository="prod"),
                "current status: Unlisted, expected status: Publ",
            ),
            (
                lambda ca: (
                    ca.delete_package_versions(**MODEL, repository="prod", versions=["1.0"]),
                    publish_generic(ca, "1.0", b"other", to="prod"),
                ),
                "current revision: ",
            ),
            (
                lambda ca: ca.delete_package_versions(**MODEL, repository="prod", versions=["1.0"]),
                "version 1.0 not found",
            ),
        ],
        ids=["status", "revision", "deleted"],
    )
    def test_a_failure_inside_http_200_is_a_failure(
        self,
        ca: Any,
        withdraw: Any,
        monkeypatch: pytest.MonkeyPatch,
        change: Callable[[Any], None],
        failure: str,
    ) -> None:
        """Somebody changes the version between the look-up and the change."""
        publish_generic(ca, "0.9", to="prod")
        publish_generic(ca, "1.0", to="prod")
        find = CodeArtifactReader.find

        def find_then_change(reader: Any, *arguments: Any) -> Any:
            found = find(reader, *arguments)
            change(ca)
            return found

        monkeypatch.setattr(CodeArtifactReader, "find", find_then_change)

        ran = withdraw(THE_MODEL, "--from", "prod", "--yes")

        assert ran.code == 1
        assert ran.err.startswith("acme/model 1.0 was not withdrawn from prod: ")
        assert failure in ran.err
        assert "somebody has changed the version meanwhile; run the command again" in ran.err
        assert "[[hold]]" not in ran.out

    def test_who_may_only_read_changes_nothing(
        self, widgets: Any, withdraw: Any, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        act_as(monkeypatch, server, READS)

        ran = withdraw(THE_WIDGET, "--from", "prod", "--yes")

        assert ran.code == 3
        assert ran.err.startswith(
            "cannot change the status of @acme/widget 1.5.0 in prod: User: arn:aws:iam::"
        )
        assert "codeartifact:UpdatePackageVersionsStatus on resource: " in ran.err
        assert f"{ACCOUNT}:package/acme/prod/npm/acme/widget" in ran.err
        assert ran.err.endswith("ask for the permission that the message names\n")
        monkeypatch.undo()
        assert status(widgets, version="1.5.0", **WIDGET) == "Published"
        assert tags(widgets)["latest"] == "1.5.0"

    def test_the_documented_permissions_are_enough_and_each_is_for_one_repository(
        self, widgets: Any, withdraw: Any, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_npm(widgets, "@acme/widget", "1.5.0", to="staging").raise_for_status()
        page = (ROOT / "docs" / "recall.md").read_text("utf-8")
        [policy] = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        act_as(monkeypatch, server, *json.loads(policy)["Statement"])

        assert withdraw(THE_WIDGET, "--from", "prod", "--yes").code == 0
        assert withdraw(THE_WIDGET, "--from", "staging", "--yes").code == 3

        assert tags(widgets)["latest"] == "1.4.2"
        assert status(widgets, "staging", "1.5.0", **WIDGET) == "Published"

    def test_who_may_not_even_read(self, ca: Any, withdraw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clients, "user_clients", lambda _: lambda _: DeniedClient())
        ran = withdraw(THE_MODEL, "--from", "prod", "--yes")
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith("cannot look up acme/model 1.0: ")
