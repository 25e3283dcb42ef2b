"""The keys `from` and `to` of a hold or a window: the hops that it is about."""

from collections.abc import Sequence

from promoter.rules.rule_set import Promotion
from promoter.rules.vocabulary import Hop
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.file_format import HoldEntry, WindowEntry
from promoter.rules_file.spelling import suggest
from promoter.rules_file.table_reader import TablePlace

_UNREADABLE = {""}  # a repository of a promotion that could not be read


def check_scope(
    entry: HoldEntry | WindowEntry, place: TablePlace, promotions: Sequence[Promotion], out: Collector
) -> None:
    """Check that a promotion goes where an entry says."""
    if _repositories_are_known(entry, place, promotions, out):
        _check_hop(entry, place, promotions, out)


def _repositories_are_known(
    entry: HoldEntry | WindowEntry, place: TablePlace, promotions: Sequence[Promotion], out: Collector
) -> bool:
    wrong = [
        error(
            place.path_of(key),
            f'{key} "{repository}" of {place.title}: no promotion goes {key} this repository',
            suggest(repository, known),
        )
        for key, repository, known in (
            ("from", entry.from_, {promotion.source for promotion in promotions} - _UNREADABLE),
            ("to", entry.to, {promotion.destination for promotion in promotions} - _UNREADABLE),
        )
        if known and repository is not None and repository not in known
    ]
    out.add(*wrong)
    return not wrong


def _check_hop(
    entry: HoldEntry | WindowEntry, place: TablePlace, promotions: Sequence[Promotion], out: Collector
) -> None:
    hops = {promotion.hop for promotion in promotions}
    if entry.from_ is None or entry.to is None or Hop(entry.from_, entry.to) in hops:
        return
    if any(not hop.source or not hop.destination for hop in hops):
        return  # it may be the hop of a promotion that could not be read
    known = ", ".join(map(str, sorted(hops)))
    message = f"{place.title}: no promotion goes from {entry.from_} to {entry.to}"
    hint = f'known hops: {known}; remove "from" for every hop to {entry.to}'
    out.add(error(place.path, message, hint))
