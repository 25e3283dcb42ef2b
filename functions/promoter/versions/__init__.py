"""Version ranges of each package format, in the language of its ecosystem. See README.md in this folder."""

from promoter.versions.errors import RangeError, RangeLengthError, UnknownFormatError
from promoter.versions.languages import LANGUAGES
from promoter.versions.ranges import LONGEST_RANGE, LONGEST_VERSION, Range, is_prerelease, parse

__all__ = [
    "LANGUAGES",
    "LONGEST_RANGE",
    "LONGEST_VERSION",
    "Range",
    "RangeError",
    "RangeLengthError",
    "UnknownFormatError",
    "is_prerelease",
    "parse",
]
