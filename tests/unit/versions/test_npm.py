"""npm: the examples of node-semver's README. The pages are named in the module."""

import pytest

from promoter.versions import parse
from tests.support.range_tables import read_table

EXAMPLES = """
1.2.7 || >=1.2.9 <2.0.0    | 1.2.7 1.2.9 1.4.6                 | 1.2.8 2.0.0
>=1.2.7                    | 1.2.7 1.2.8 2.5.3 1.3.9           | 1.2.6 1.1.0
>= 1.2.7 <1.3.0            | 1.2.7 1.2.8 1.2.99                | 1.2.6 1.3.0 1.1.0
=1.2.3                     | 1.2.3 1.2.3+build v1.2.3          | 1.2.4 1.2.3-rc.1
>1.2.3-alpha.3             | 1.2.3-alpha.7 3.4.5-alpha.9 3.4.5 | 1.2.3-alpha.3 1.2.3-alpha.2
1.2.3 - 2.3.4              | 1.2.3 2.3.4 2.0.0                 | 1.2.2 2.3.5 2.3.5-0
1.2 - 2.3.4                | 1.2.0 2.3.4                       | 1.1.9 2.3.5
1.2.3 - 2.3                | 2.3.9 2.3.99-rc.1                 | 2.4.0 2.4.0-0 1.2.2
1.2.3 - 2                  | 2.9.9                             | 3.0.0 3.0.0-0
*                          | 0.0.0 1.2.3 1.2.3-rc.1            |
1.x                        | 1.0.0 1.9.9 1.0.0-0               | 2.0.0 2.0.0-0 0.9.9
1.2.X                      | 1.2.0 1.2.9                       | 1.3.0-0 1.1.9
1.2                        | 1.2.0 1.2.9                       | 1.3.0 1.1.9
1                          | 1.0.0 1.9.9                       | 2.0.0 0.9.9
~1.2.3                     | 1.2.3 1.2.9 1.2.4-rc.1            | 1.3.0 1.3.0-0 1.2.2 1.2.3-rc.1
~1.2                       | 1.2.0 1.2.9                       | 1.3.0 1.1.0
~1                         | 1.0.0 1.9.9                       | 2.0.0
~0.2.3                     | 0.2.3 0.2.9                       | 0.3.0 0.2.2
~0                         | 0.0.0 0.9.9                       | 1.0.0 1.0.0-0
~1.2.3-beta.2              | 1.2.3-beta.2 1.2.3-beta.4 1.2.4   | 1.2.3-beta.1 1.3.0
^1.2.3                     | 1.2.3 1.9.9                       | 2.0.0 2.0.0-0 1.2.2
^0.2.3                     | 0.2.3 0.2.9                       | 0.3.0 0.2.2
^0.0.3                     | 0.0.3                             | 0.0.4 0.0.4-0 0.0.2
^1.2.3-beta.2              | 1.2.3-beta.2 1.2.3-beta.4 1.9.9   | 1.2.3-beta.1 2.0.0
^0.0.3-beta                | 0.0.3-beta 0.0.3-pr.2 0.0.3       | 0.0.4 0.0.3-alpha
^1.2.x                     | 1.2.0 1.9.9                       | 2.0.0 1.1.9
^0.0.x                     | 0.0.0 0.0.9                       | 0.1.0
^0.0                       | 0.0.9                             | 0.1.0
^1.x                       | 1.0.0 1.9.9                       | 2.0.0
^0.x                       | 0.0.0 0.9.9                       | 1.0.0
<2                         | 1.9.9                             | 2.0.0 2.0.0-rc.1
<2.0.0                     | 1.9.9 2.0.0-rc.1                  | 2.0.0
>1.2                       | 1.3.0 1.3.0-0                     | 1.2.9
<=1.2                      | 1.2.9                             | 1.3.0 1.3.0-0
<*                         |                                   | 0.0.0 1.0.0
"""


@pytest.mark.parametrize(("text", "version", "expected"), read_table(EXAMPLES))
def test_a_documented_range_contains_the_documented_versions(text: str, version: str, expected: bool) -> None:
    assert parse("npm", text).contains(version, prereleases=True) is expected


@pytest.mark.parametrize("format_", ["swift", "generic"])
def test_swift_and_generic_use_the_language_of_npm(format_: str) -> None:
    assert parse(format_, "^1.4 || >= 3.1").contains("1.9.0", prereleases=False) is True
    assert parse(format_, "^1.4 || >= 3.1").contains("2.0.0", prereleases=False) is False
