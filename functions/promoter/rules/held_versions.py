"""The versions that a hold names after `@`: one version, a glob or a range."""

from collections.abc import Mapping

from msgspec import Struct

from promoter.packages.matching import glob_matches
from promoter.versions import Range


class HeldVersions(Struct, frozen=True):
    """The versions of a hold.

    `text` is as its author wrote it. `glob` is a regular expression, "" if the text is no glob. `ranges` has the same
    versions as a range of each format that can compare them.
    """

    text: str
    glob: str = ""
    ranges: Mapping[str, Range] = {}

    def contains(self, format_: str, version: str) -> bool:
        """True if the hold names this version of a package of this format.

        A version that its ecosystem cannot compare is held only if its text is the same, or matches the glob.
        """
        if version == self.text or (self.glob and glob_matches(self.glob, version)):
            return True
        range_ = self.ranges.get(format_)
        return range_ is not None and range_.contains(version, prereleases=True) is True
