"""The lists of packages and of versions. Each begins anywhere, at a cost that does not grow with the list."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from .ordering import SortedDict
from .packages import Package, PackageKey, PackageVersion
from .paging import Position


@dataclass(frozen=True, kw_only=True)
class PackageFilter:
    """The packages to list. `namespace_prefix` needs a format (API: ListPackages)."""

    format: str | None = None
    namespace_prefix: str = ""
    name_prefix: str = ""
    publish: str | None = None
    upstream: str | None = None

    def selects(self, package: Package) -> bool:
        """Return True if the package has the wanted origin controls."""
        return self.publish in (None, package.publish) and self.upstream in (
            None,
            package.upstream,
        )


def list_packages(
    packages: SortedDict[PackageKey, Package],
    wanted: PackageFilter,
    after: Position | None,
) -> Iterator[tuple[Position, Package]]:
    """Yield packages by format, namespace and name, each with its position. AWS promises no order."""
    for key in _matching_keys(packages, wanted, after):
        if wanted.selects(packages[key]):
            yield [key.format, key.namespace, key.name], packages[key]


def _matching_keys(
    packages: SortedDict[PackageKey, Package],
    wanted: PackageFilter,
    after: Position | None,
) -> Iterator[PackageKey]:
    first = PackageKey(wanted.format or "", wanted.namespace_prefix, "")
    keys = (
        packages.from_key(first)
        if after is None
        else packages.from_key(PackageKey(*after), included=False)
    )
    while (key := next(keys, None)) is not None:
        if wanted.format not in (None, key.format) or not key.namespace.startswith(
            wanted.namespace_prefix
        ):
            return
        if key.name.startswith(wanted.name_prefix):
            yield key
        else:
            keys = packages.from_key(_next_candidate(key, wanted.name_prefix))


def _next_candidate(key: PackageKey, prefix: str) -> PackageKey:
    """Return the first key after this one that may have the prefix."""
    if key.name < prefix:
        return PackageKey(key.format, key.namespace, prefix)
    return PackageKey(key.format, key.namespace + "\0", "")


@dataclass(frozen=True, kw_only=True)
class VersionFilter:
    """The versions to list, and their order."""

    status: str | None = None
    origin_type: str | None = None
    by_time: bool = False

    def selects(self, version: PackageVersion) -> bool:
        """Return True if the version has the wanted status and origin."""
        return self.status in (None, version.status) and self.origin_type in (
            None,
            version.origin.origin_type,
        )


def list_versions(
    package: Package, wanted: VersionFilter, after: Position | None
) -> Iterator[tuple[Position, PackageVersion]]:
    """Yield versions by name, or by time, newest first, each with its position."""
    entries = _by_time(package, after) if wanted.by_time else _by_name(package, after)
    for position, name in entries:
        if wanted.selects(package.versions[name]):
            yield position, package.versions[name]


def _by_name(
    package: Package, after: Position | None
) -> Iterator[tuple[Position, str]]:
    names = package.versions.from_key(after[0] if after else "", included=after is None)
    return (([name], name) for name in names)


def _by_time(
    package: Package, after: Position | None
) -> Iterator[tuple[Position, str]]:
    order = package.newest_first()
    start = bisect_right(order, (after[0], after[1])) if after else 0
    return ((list(order[index]), order[index][1]) for index in range(start, len(order)))
