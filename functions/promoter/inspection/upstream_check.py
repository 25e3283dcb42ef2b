"""Reads the upstreams of destinations, and checks them."""

from collections.abc import Iterable

from msgspec import Struct

from promoter.copying.ports import ApiError
from promoter.inspection.ports import LinkReader, RepositoryLinks
from promoter.inspection.upstreams import UpstreamProblems, find_problems
from promoter.rules.rule_set import RuleSet


class UpstreamCheck(Struct, frozen=True):
    """The problems that were found, and the errors by the repository that could not be read."""

    problems: UpstreamProblems
    unread: dict[str, ApiError]

    @property
    def passes(self) -> bool:
        """True if no fault was found. Warnings, and what could not be read, do not count."""
        return not self.problems.faults


def check_upstreams(reader: LinkReader, rule_set: RuleSet, destinations: Iterable[str]) -> UpstreamCheck:
    """Read each repository that clients of the destinations can reach once, and find the problems."""
    names = list(dict.fromkeys(destinations))
    links: dict[str, RepositoryLinks] = {}
    unread: dict[str, ApiError] = {}
    ahead = list(names)
    while ahead:
        name = ahead.pop(0)
        if name in links or name in unread:
            continue
        try:
            links[name] = reader.links(name)
        except ApiError as error:
            unread[name] = error
        else:
            ahead += links[name].upstreams
    return UpstreamCheck(find_problems(rule_set, names, links), unread)
