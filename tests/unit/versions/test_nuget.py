"""nuget: the examples of NuGet's documentation and of its own tests. The pages are named in the module."""

import pytest

from promoter.versions import RangeError, parse
from tests.support.range_tables import read_table

EXAMPLES = """
1.0                        | 1.0 1.0.0 1.0.1 9.9               | 0.9 1.0.0-beta
6.1                        | 6.1.0 6.1.0.1 7.0.0               | 6.0.9
(1.0,)                     | 1.0.1 1.0.0.1 2.0                 | 1.0 1.0.0 0.9
[1.0]                      | 1.0 1.0.0 1.0.0.0 01.0 1.0.0+meta | 1.0.1 1.0.0-rc
(,1.0]                     | 1.0 0.9 1.0.0-rc                  | 1.0.1
(,1.0)                     | 0.9 1.0.0-rc                      | 1.0
[1.0,2.0]                  | 1.0 2.0 1.5                       | 2.0.1 0.9
(1.0,2.0)                  | 1.5 2.0.0-rc                      | 1.0 2.0
[1.0,2.0)                  | 1.0 1.9.9 2.0.0-rc                | 2.0 1.0.0-rc
[1.0, 2.0.0-0)             | 1.9.9                             | 2.0.0-alpha 2.0.0-0
[6,7)                      | 6.0.0 6.9.9                       | 7.0.0 5.9.9
(4.1.3,)                   | 4.1.4 4.1.3.1                     | 4.1.3
(,5.0)                     | 4.9.9                             | 5.0.0
[1,3)                      | 1.0 2.9.9                         | 3.0 0.9
[1.3.2,1.5)                | 1.3.2 1.4.9                       | 1.5 1.3.1
*                          | 0.1.0 9.9.9 1.0.0-beta            |
*-*                        | 0.1.0 9.9.9 1.0.0-beta            |
1.*                        | 1.0.0 1.1.0 1.9.9.9 1.1.2-alpha   | 2.0.0 0.9.9 2.0.0-alpha
1.1.*                      | 1.1.0 1.1.1 1.1.2-alpha           | 1.2.0 1.2.0-alpha 1.0.9
1.2.3.*                    | 1.2.3 1.2.3.4                     | 1.2.4 1.2.2
1.*-*                      | 1.0.0-0 1.1.0 1.3.0-beta          | 2.0.0-beta 2.0.0
1.1.*-*                    | 1.1.0 1.1.2-alpha 1.1.2-beta      | 1.3.0-beta 1.2.0
1.2.*-*                    | 1.2.0-a 1.2.9                     | 1.3.0-a 1.1.9
1.2.*-rc.*                 | 1.2.0-rc.1 1.2.9-RC.2 1.2.9       | 1.2.0-beta 1.2.0-rc 1.3.0-rc.1
*-rc*                      | 3.0.0-rc1 3.0.0                   | 3.0.0-beta
1.0.0-*                    | 1.0.0-alpha 1.0.0-beta 1.0.0      | 1.0.1-alpha 1.0.1 1.0.0.1
1.0.0-alpha*               | 1.0.0-alpha01 1.0.0-alpha 1.0.0   | 1.0.0-beta 1.0.1-alpha
1.0.0-beta.*               | 1.0.0-beta.1 1.0.0-beta.x         | 1.0.0-beta 1.0.0-alpha.1
1.0.0--*                   | 1.0.0--a                          | 1.0.0-a
[1.*,3.0)                  | 1.0.0 2.5.0                       | 3.0.0 0.9.9 1.0.0-rc
[1.0.0-*,2)                | 1.0.0-0 1.0.0-rc 1.9.9            | 0.9.9 2.0.0
[1.0.0-rc.*,2)             | 1.0.0-rc.0 1.0.0                  | 1.0.0-rc 1.0.0-beta
[*,2)                      | 0.0.0 1.9                         | 2.0
(1.0.1-aaa,1.0.1-alpha2]   | 1.0.1-alpha 1.0.1-alpha2          | 1.0.1-aaa 1.0.1-beta
(1.0.1-alpha2,1.0.1-rc)    | 1.0.1-beta 1.0.1-open             | 1.0.1-rc 1.0.1-alpha2
(1.0.1-rc,1.0.1)           | 1.0.1-zzz                         | 1.0.1 1.0.1-rc
[1.0.0-ALPHA]              | 1.0.0-alpha                       | 1.0.0-beta
[1.0.0-alpha.2,1.0.0-x)    | 1.0.0-alpha.10 1.0.0-alpha.b      | 1.0.0-alpha.1 1.0.0-x
[1.01.1]                   | 1.1.1 1.01.1                      | 1.0.11
[1.00.0.1]                 | 1.0.0.1                           | 1.0.0
[1.0.01.0]                 | 1.0.1                             | 1.0.10
"""


@pytest.mark.parametrize(("text", "version", "expected"), read_table(EXAMPLES))
def test_a_documented_range_contains_the_documented_versions(text: str, version: str, expected: bool) -> None:
    assert parse("nuget", text).contains(version, prereleases=True) is expected


@pytest.mark.parametrize(
    "text",
    [
        *("(1.0)", "[1.0", "1.0]", "(1.0]", "[1.0)", "(,]", "[,]", "[1.0,2.0,3.0]", "[2.0,1.0]", "[1.0,1.0)"),
        *("1.**", "1.*.0", "1.0.*-*bla", "**", "1.0.0-preview.*+x", "1.0.*--", "1.0.*-", "1.0.0+*", "*.1"),
        *(
            "[1.0,2.*]",
            "1.0-01",
            "1.0.0-a..b",
            "1.2.3.4.5",
            "a.b",
            "1.0-",
            "1.0.0-01*",
            "[1.0]]",
            "~1.0",
            "<=1",
        ),
    ],
)
def test_a_text_that_nuget_cannot_read_is_an_error(text: str) -> None:
    with pytest.raises(RangeError, match="is not a NuGet range"):
        parse("nuget", text)
