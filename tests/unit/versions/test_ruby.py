"""ruby: the examples of RubyGems' guides. The pages are named in the module."""

import pytest

from promoter.versions import parse
from tests.support.range_tables import read_table

EXAMPLES = """
1.0                        | 1.0 1.0.0                         | 1.0.1 1.0.pre
= 1.0                      | 1.0                               | 1.1
!= 1.0                     | 1.1                               | 1.0 1.0.0
>= 3.0                     | 3.0 9.9                           | 2.9 3.0.rc1
~> 3.0                     | 3.0 3.9.9                         | 4.0 2.9 4.0.pre
~> 3.0.0                   | 3.0.0 3.0.9                       | 3.1 2.9
~> 3.5                     | 3.5 3.9                           | 4.0 3.4
~> 3.5.0                   | 3.5.0 3.5.9                       | 3.6 3.4
~> 3                       | 3.0 3.9                           | 4.0
~> 2.2                     | 2.2 2.9                           | 3.0 2.1
~> 1.2, != 1.2.5           | 1.2 1.9                           | 1.2.5 2.0
>= 1.0.0.a, < 2.0.0        | 1.0.0.a 1.0.0.b1 1.9 2.0.0.rc1    | 2.0.0 0.9
> 1.0.b1                   | 1.0 1.0.b2 1.0.b10                | 1.0.b1 1.0.a.2 0.9
> 3.2,< 3.11               | 3.10                              | 3.2 3.11
"""


@pytest.mark.parametrize(("text", "version", "expected"), read_table(EXAMPLES))
def test_a_documented_range_contains_the_documented_versions(text: str, version: str, expected: bool) -> None:
    assert parse("ruby", text).contains(version, prereleases=True) is expected
