"""Events about package versions on the default bus (User Guide: service-event-format-example)."""

import logging
from base64 import b64encode
from dataclasses import dataclass
from functools import partial
from threading import Timer
from typing import Any

from moto.core.utils import unix_time
from moto.events.models import events_backends
from moto.moto_api._internal import mock_random

from .event_faults import DueEvent, EventFaults, with_string_booleans
from .outbox import OUTBOX
from .packages import DELETED, PackageKey, PackageVersion
from .repositories import Repository
from .settings import EmulatorSettings

log = logging.getLogger(__name__)

DETAIL_TYPE = "CodeArtifact Package Version State Change"


@dataclass(frozen=True)
class Change:
    """A version before and after a change; None if it did not exist."""

    key: PackageKey
    before: PackageVersion | None
    after: PackageVersion | None

    @property
    def operation_type(self) -> str:
        """Created, Updated or Deleted."""
        if self.before is None:
            return "Created"
        return "Deleted" if self.after is None else "Updated"

    def _hashes(self, version: PackageVersion | None) -> dict[str, str]:
        assets = version.assets if version else {}
        return {name: asset.hashes["SHA-256"] for name, asset in assets.items()}

    def summary(self) -> dict[str, Any]:
        """Return `detail.changes`. Our choice: a deletion changes the status, but not the metadata."""
        old, new = self._hashes(self.before), self._hashes(self.after)
        before, after = self.before, self.after
        return {
            "assetsAdded": len(new.keys() - old.keys()),
            "assetsRemoved": len(old.keys() - new.keys()),
            "assetsUpdated": sum(
                old[name] != new[name] for name in old.keys() & new.keys()
            ),
            "metadataUpdated": after is not None
            and (before is None or before.metadata != after.metadata),
            "statusChanged": before is None
            or after is None
            or before.status != after.status,
        }


def send_events(
    repository: Repository,
    change: Change,
    settings: EmulatorSettings,
    faults: EventFaults,
) -> None:
    """Send an event to the domain owner, and to the repository's administrator if it is another account."""
    number = repository.sequence_numbers.get(change.key, 0) + settings.sequence_step
    repository.sequence_numbers[change.key] = number
    detail = _detail(repository, change, settings, number)
    for account in sorted({repository.domain_owner, repository.administrator_account}):
        event = _envelope(repository, change.key, account, detail)
        for due in faults.apply(event):
            for _ in range(settings.event_deliveries):
                _schedule(account, repository.region, due)


def _schedule(account: str, region: str, due: DueEvent) -> None:
    """Put an event into the outbox, now or later."""
    deliver = partial(_hand_over, account, region, due.event)
    if not due.delay:
        OUTBOX.add(deliver)
        return

    def deliver_late() -> None:
        OUTBOX.add(deliver)
        OUTBOX.deliver()

    timer = Timer(due.delay, deliver_late)
    timer.daemon = True
    timer.start()


def _detail(
    repository: Repository, change: Change, settings: EmulatorSettings, number: int
) -> dict[str, Any]:
    version = change.after or change.before
    assert version is not None
    administrator = {"repositoryAdministrator": repository.administrator_account}
    return {
        "domainName": repository.domain_name,
        "domainOwner": repository.domain_owner,
        "repositoryName": repository.name,
        **(administrator if settings.repository_administrator_in_events else {}),
        "packageFormat": change.key.format,
        "packageNamespace": change.key.namespace or None,
        "packageName": change.key.name,
        "packageVersion": version.version,
        "packageVersionState": version.status if change.after else DELETED,
        "packageVersionRevision": version.revision,
        "changes": _changes(change, settings),
        "operationType": change.operation_type,
        "sequenceNumber": number,
        "eventDeduplicationId": b64encode(mock_random.randbytes(32)).decode(),
    }


def _changes(change: Change, settings: EmulatorSettings) -> dict[str, Any]:
    changes = change.summary()
    return with_string_booleans(changes) if settings.booleans_as_strings else changes


def _envelope(
    repository: Repository, key: PackageKey, account: str, detail: dict[str, Any]
) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(mock_random.uuid4()),
        "detail-type": DETAIL_TYPE,
        "source": "aws.codeartifact",
        "account": account,
        "time": int(unix_time()),
        "region": repository.region,
        "resources": [repository.package_arn(key)],
        "detail": detail,
    }


def _hand_over(account: str, region: str, event: dict[str, Any]) -> None:
    _deliver(account, region, event)


def _deliver(account: str, region: str, event: Any) -> None:
    for rule in list(
        events_backends[account][region].event_buses["default"].rules.values()
    ):
        if rule.state != "ENABLED":
            continue
        transformed = any("InputTransformer" in target for target in rule.targets)
        try:
            rule.send_to_targets(event, transform_input=transformed)
        except Exception:
            # AWS delivers asynchronously, so the publisher does not see the failure
            log.warning("rule %s could not deliver an event", rule.name, exc_info=True)
