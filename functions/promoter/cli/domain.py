"""What a domain holds, by lists alone: its repositories, and the packages in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from promoter.aws.clients import user_clients
from promoter.cli.errors import aws_errors
from promoter.packages.package import FORMATS, Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST = 1000  # entries of a page


class RepositoryPackage(Struct, frozen=True):
    """A package in a repository; `ours` is None where its origin controls do not tell."""

    package: Package
    ours: bool | None


class Repository(Struct, frozen=True):
    """A repository and its own packages, not those of its upstreams."""

    name: str
    packages: tuple[RepositoryPackage, ...] = ()


def read(
    domain: str, owner: str | None, profile: str | None, progress: Callable[[str], None]
) -> tuple[Repository, ...]:
    """The domain's repositories, by name; raises UserError. `progress` is told what is read, in a few words.

    Without an `owner` the domain is that of the caller's account (User Guide: domain-overview).
    """
    known = {"domain": domain} | ({"domainOwner": owner} if owner else {})
    with aws_errors(f'list the repositories of domain "{domain}"'):
        client = user_clients(profile)("codeartifact")
        names = sorted(
            entry["name"] for entry in _pages(client, "repositories_in_domain", "repositories", known)
        )
    found = []
    for number, name in enumerate(names, 1):
        progress(f"reading {name}, {number} of {len(names)}")
        with aws_errors(f'list the packages of repository "{name}"'):
            found.append(Repository(name, tuple(_held(client, {**known, "repository": name}))))
    return tuple(found)


def _pages(client: Any, what: str, key: str, request: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Every entry of a list. Source: API reference, ListRepositoriesInDomain and ListPackages."""
    token: dict[str, str] = {}
    while True:
        page = getattr(client, f"list_{what}")(**request, maxResults=_MOST, **token)
        yield from page.get(key, ())
        if not page.get("nextToken"):
            return
        token = {"nextToken": page["nextToken"]}


def _held(client: Any, request: dict[str, str]) -> Iterator[RepositoryPackage]:
    for entry in _pages(client, "packages", "packages", request):
        if entry["format"] in FORMATS:  # the vendor may add one; no rule can ask for it
            package = Package(entry["format"], entry.get("namespace") or "", entry["package"])
            yield RepositoryPackage(package, _is_ours(entry))


def _is_ours(entry: dict[str, Any]) -> bool | None:
    """What was published first may be published again and not be fetched; what was fetched first, the reverse.

    Both may be allowed where a package group decides. Source: User Guide, package-origin-controls, default
    settings.
    """
    restrictions = (entry.get("originConfiguration") or {}).get("restrictions") or {}
    if restrictions.get("publish") == "BLOCK":
        return False
    return True if restrictions.get("upstream") == "BLOCK" else None
