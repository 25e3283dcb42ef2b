"""Settings for behaviour that AWS does not document, so that tests can try each variant."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class EmulatorSettings:
    """Undocumented behaviour of one account and region."""

    copied_revision: Literal["same", "fresh"] = "same"
    """The revision of a copy: that of its source, or a new one."""
    all_or_nothing: bool = True
    """False: copy, update, dispose and delete process each version that they can."""
    event_deliveries: int = 1
    """The number of deliveries of each event; 0 loses all events."""
    sequence_step: int = 1
    """A number above 1 leaves gaps in `sequenceNumber`."""
    repository_administrator_in_events: bool = True
    """False: events have the form that they had before March 2022."""
    booleans_as_strings: bool = False
    """True: `detail.changes` has `"true"` instead of `true`, as in one recorded event."""
    asset_size_maximum: int = 5 * 1024**3
    """The quota of an asset's size in bytes (User Guide: service-limits)."""
    npm_request_maximum: int = 2 * 1024**3
    """The size in bytes of a request that publishes an npm package (User Guide: packages-overview)."""
