"""Maven's ranges, as `mvn` reads them.

Source: https://maven.apache.org/pom.html ("Dependency Version Requirement Specification").

In Maven, every text is a version. A bare `1.0` means `[1.0]`: the versions that Maven considers equal to 1.0 (1, 1.0.0,
1.0-ga).

Prereleases are compared by their order, as in Maven: 2.0-SNAPSHOT is in `[1.0,2.0)`. `[1.0,2.0-alpha)` excludes
every prerelease of 2.0.
"""

import re
from typing import Final

from promoter.versions.bounds import Bound, within
from promoter.versions.brackets import read_interval
from promoter.versions.errors import RangeError
from promoter.versions.languages import Contains
from promoter.versions.maven_version import MavenVersion, version_of

_EXPECTED: Final = "a Maven range"
_INTERVAL: Final = re.compile(r"[\[(][^\[\]()]*[\])]")
_INTERVALS: Final = re.compile(rf"{_INTERVAL.pattern}(\s*,\s*{_INTERVAL.pattern})*")
_PLAUSIBLE: Final = re.compile(
    r"(?!latest$|release$)[0-9a-z][0-9a-z._+-]{0,254}(?<![.+])(?<!\.x)", re.IGNORECASE
)
_TIMESTAMP: Final = re.compile(r"-[0-9]{8}\.[0-9]{6}-[0-9]+$")
_COMMIT: Final = re.compile(r"(?<=[._+-])g?[0-9a-f]{7,40}(?![^._+-])", re.IGNORECASE)


def compile_range(text: str) -> Contains:
    """Compile intervals such as `(,1.0],[1.2,2)`, or one version such as `1.0`. Raises RangeError."""
    if _INTERVALS.fullmatch(text.strip()):
        intervals = [read_interval(each, _EXPECTED, _bound, _bound) for each in _INTERVAL.findall(text)]
    else:
        intervals = [(Bound("=", _bound(text)),)]
    return lambda version: any(within(version_of(version), interval) for interval in intervals)


def is_prerelease(version: str) -> bool:
    """True if a version is a snapshot or has an alpha, beta, milestone, rc or cr among its qualifiers.

    A commit id is no qualifier: 1.1.5-ea01b41 is a release, although its letters look like `b41`, a beta.
    """
    without_commit = _COMMIT.sub("0", version)
    return _TIMESTAMP.search(version) is not None or any(
        item.is_early for item in version_of(without_commit).items
    )


def _bound(text: str) -> MavenVersion:
    if not _PLAUSIBLE.fullmatch(text.strip()):
        raise RangeError(_EXPECTED)
    return version_of(text.strip())
