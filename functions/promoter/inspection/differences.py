"""Compares a version that both repositories of a hop have, as the pipeline does after ALREADY_EXISTS."""

from msgspec.structs import replace

from promoter.copying.outcome import compare_assets, outcome_of_destination_status
from promoter.copying.results import Outcome
from promoter.inspection.ports import Reader
from promoter.packages.candidate import Candidate
from promoter.rules.conditions import PUBLISHED
from promoter.rules.vocabulary import Hop

DISPOSED = "Disposed"  # User Guide, packages-overview: its files were deleted, and cannot be restored


def compare_files(reader: Reader, candidate: Candidate, hop: Hop, status: str) -> Outcome:
    """The outcome UNCHANGED if the files are the same, else FAILED. `status` is that in the destination.

    Files are never added to a version that is not Published, nor to one that was disposed.
    """
    removed = outcome_of_destination_status(status, hop, frozenset({PUBLISHED}))
    if status == DISPOSED and removed is not None:
        return removed
    source = reader.list_assets(hop.source, candidate.package, candidate.version)
    destination = reader.list_assets(hop.destination, candidate.package, candidate.version)
    outcome = compare_assets(source, destination, source.revision, hop, "fail")
    assert outcome is not None  # only "extend" leaves it open
    if removed is None or not outcome.differences:
        return outcome
    return replace(outcome, text=removed.text, only_added=False)
