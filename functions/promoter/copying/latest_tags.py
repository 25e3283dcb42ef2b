"""Moves npm's tag `latest` after copies, within the limits of one invocation.

A tag that was not moved is reported. It is never a reason to copy again.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from promoter.copying.calls import CallLimits
from promoter.copying.npm_latest import next_latest
from promoter.copying.ports import Limits, NpmTags
from promoter.copying.results import NPM_LATEST, Outcome, OutcomeKind, Result
from promoter.packages.package import Package

# Two workers may move the tag of one package at once: read again, until nothing has to move.
_MAX_MOVES = 3


class LatestTags:
    """Moves the tags that promotions with `npm-latest = "highest"` ask for."""

    def __init__(self, tags: NpmTags, limits: Limits) -> None:
        """Keep the client and the limits."""
        self._tags = tags
        self._call_limits = CallLimits(limits, "npm tags")

    def move(self, results: Iterable[Result]) -> Iterator[Result]:
        """Move the tags of the packages that were copied. Yield the results whose tag could not be moved.

        A version that the destination already had counts too: an earlier delivery may have ended after its copy.
        """
        groups: dict[tuple[str, Package], list[Result]] = {}
        for result in results:
            if _asks(result):
                key = result.promotion.destination, result.candidate.package
                groups.setdefault(key, []).append(result)
        for (repository, package), members in groups.items():
            problem = self._problem(repository, package, members)
            if problem:
                yield from (_reported(each, problem) for each in members)

    def _problem(self, repository: str, package: Package, members: list[Result]) -> str | None:
        try:
            outcome = self._move(
                repository, package, {each.candidate.version for each in members if _new(each)}
            )
        except Exception as error:  # whatever is wrong with a tag, the copies are done
            return repr(error)
        return f"{outcome.code} {outcome.text}" if outcome else None

    def _move(self, repository: str, package: Package, copied: set[str]) -> Outcome | None:
        for _ in range(_MAX_MOVES):
            found = self._call_limits.make(partial(self._tags.read, repository, package), 1)
            if isinstance(found, Outcome):
                return found
            version = next_latest(found.having(copied))
            if version is None:
                return None
            moved = self._call_limits.make(partial(self._tags.move_latest, repository, package, version), 1)
            if moved is not None:
                return moved
        return None


def _asks(result: Result) -> bool:
    outcome = result.outcome
    there = outcome is not None and outcome.kind in (OutcomeKind.COPIED, OutcomeKind.UNCHANGED)
    return there and result.promotion.npm_latest == "highest" and result.candidate.package.format == "npm"


def _new(result: Result) -> bool:
    """True if the version was copied just now, and clients will see it."""
    return result.copied and result.outcome is not None and result.outcome.status in ("", "Published")


def _reported(result: Result, problem: str) -> Result:
    assert result.outcome is not None  # only results with an outcome ask
    text = f"npm's tag latest was not moved forward in {result.promotion.destination}: {problem}"
    return replace(result, outcome=replace(result.outcome, code=NPM_LATEST, text=text))
