"""pypi: the examples of PEP 440. The pages are named in the module."""

import pytest

from promoter.versions import parse
from tests.support.range_tables import read_table

EXAMPLES = """
~=2.2                      | 2.2 2.9 2.2.post3                 | 3.0 2.1 3.0.dev1
~=1.4.5                    | 1.4.5 1.4.9                       | 1.5.0 1.4.4
~=2.2.post3                | 2.2.post3 2.9                     | 3 2.2
~=1.4.5a4                  | 1.4.5a4 1.4.5                     | 1.5 1.4.5a3
==1.1                      | 1.1 1.1.0 1.1+local.1             | 1.1.post1 1.1a1 1.1.dev1
==1.1.post1                | 1.1.post1                         | 1.1
==1.1.*                    | 1.1 1.1.post1 1.1a1               | 1.2 1.10
==1.*                      | 1.9                               | 2.0 1!1.0
==1.0+local.1              | 1.0+local.1                       | 1.0 1.0+local.2
!=1.1                      | 1.1.post1 1.2                     | 1.1 1.1.0
!=1.1.*                    | 1.2                               | 1.1.post1 1.1
>=1,<3                     | 1.0 2.9.9                         | 3.0 0.9 3.0rc1
>1.7                       | 1.7.1 1.7.0.1                     | 1.7.0.post1 1.7
>1.7.post2                 | 1.7.1 1.7.0.post3                 | 1.7.0 1.7.post2
<1.7                       | 1.6                               | 1.7 1.7rc1
<=1!1.0                    | 99 1!1.0                          | 1!1.1
>=1!1.0                    | 1!1.0                             | 2024.1
===1.0                     | 1.0                               | 1.0.0
~=0.9, >=0.9.1, !=0.9.4.*  | 0.9.1 0.10                        | 0.9 0.9.4.1 1.0
"""


@pytest.mark.parametrize(("text", "version", "expected"), read_table(EXAMPLES))
def test_a_documented_range_contains_the_documented_versions(text: str, version: str, expected: bool) -> None:
    assert parse("pypi", text).contains(version, prereleases=True) is expected
