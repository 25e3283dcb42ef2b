"""cargo: the examples of The Cargo Book and of cargo's proposal for prereleases. The pages are named in the module."""

import pytest

from promoter.versions import parse
from tests.support.range_tables import read_table

EXAMPLES = """
1.2.3                      | 1.2.3 1.9.9                       | 2.0.0 1.2.2 1.2.3-rc.1 2.0.0-0
1.2                        | 1.2.0 1.9.9 1.3.0-beta            | 2.0.0 1.1.9 1.2.0-0
1                          | 1.0.0 1.9.9                       | 2.0.0 0.9.9
0.2.3                      | 0.2.3 0.2.9                       | 0.3.0 0.2.2
0.2                        | 0.2.0 0.2.9                       | 0.3.0
0.0.3                      | 0.0.3                             | 0.0.4 0.0.2
0.0                        | 0.0.0 0.0.9                       | 0.1.0
0                          | 0.0.0 0.9.9                       | 1.0.0
^1.2.3                     | 1.2.3 1.9.9                       | 2.0.0
~1.2.3                     | 1.2.3 1.2.9                       | 1.3.0 1.3.0-0
~1.2                       | 1.2.0 1.2.9                       | 1.3.0
~1                         | 1.0.0 1.9.9                       | 2.0.0
*                          | 0.0.1 9.9.9 1.0.0-rc.1            |
1.*                        | 1.0.0 1.9.9                       | 2.0.0 0.9.9
1.2.*                      | 1.2.0 1.2.9                       | 1.3.0 1.1.9
1.*.*                      | 1.0.0 1.9.9                       | 2.0.0
>= 1.2.0                   | 1.2.0 3.0.0                       | 1.1.9 1.2.0-rc.1
> 1                        | 2.0.0 2.0.0-0                     | 1.9.9 1.0.0
> 1.2                      | 1.3.0 1.3.0-0                     | 1.2.9
< 2                        | 1.9.9 2.0.0-rc.1                  | 2.0.0
< 2.0.0-0                  | 1.9.9                             | 2.0.0 2.0.0-rc.1 2.0.0-0
= 1.2.3                    | 1.2.3                             | 1.2.4 1.2.3-rc.1
=1.2                       | 1.2.0 1.2.9                       | 1.3.0
<=4.2                      | 4.2.9 4.2.0-0 0.0.0               | 4.3.0-0 4.3.0
<=4.2.1                    | 4.2.1 4.2.1-0                     | 4.2.2 4.2.2-0
=4.2.1-0                   | 4.2.1-0                           | 4.2.1-1 4.2.1
^1.2.3-0                   | 1.2.3-0 1.2.3 1.9.9               | 1.1.1-0 2.0.0-0
^0.0.3                     | 0.0.3                             | 0.0.3-0 0.0.4-0
>= 1.2, < 1.5              | 1.2.0 1.4.9                       | 1.5.0 1.1.9
>=1.2.3, <1.8.0            | 1.3.0                             | 1.2.3-alpha.1 1.8.0
"""


@pytest.mark.parametrize(("text", "version", "expected"), read_table(EXAMPLES))
def test_a_documented_range_contains_the_documented_versions(text: str, version: str, expected: bool) -> None:
    assert parse("cargo", text).contains(version, prereleases=True) is expected
