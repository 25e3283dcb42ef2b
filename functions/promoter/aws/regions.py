"""Finds a region that does not exist, or does not offer a service, behind a failed connection."""

import re
from collections.abc import Sequence

import boto3
from botocore.exceptions import EndpointConnectionError, InvalidRegionError
from msgspec import Struct

from promoter.copying.ports import ApiError

_HOST = re.compile(r"https://(?P<service>[a-z]+)\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")


class WrongRegion(Struct, frozen=True):
    """A region that a service is not in, and the regions that it is in."""

    name: str
    known: Sequence[str]


def wrong_region(error: ApiError) -> WrongRegion | None:
    """The region that caused a failed connection; None if the region is right, or another endpoint was used."""
    cause = error.__cause__
    if isinstance(cause, InvalidRegionError):
        return WrongRegion(cause.kwargs["region_name"], _regions("codeartifact"))
    if not isinstance(cause, EndpointConnectionError):
        return None
    found = _HOST.match(cause.kwargs["endpoint_url"])
    if found is None:
        return None
    known = _regions(found["service"])
    return None if found["region"] in known or not known else WrongRegion(found["region"], known)


def _regions(service: str) -> list[str]:
    """The regions of the SDK's own list, of all partitions that have public endpoints."""
    session = boto3.Session()
    partitions = session.get_available_partitions()
    return [name for each in partitions for name in session.get_available_regions(service, each)]
