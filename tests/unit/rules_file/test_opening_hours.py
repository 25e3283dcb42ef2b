"""opening_hours: days, hours and a time zone."""

import pytest

from promoter.rules_file.opening_hours import OpeningHoursError, read_opening_hours

DAY = 24 * 60


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Mon 08:00-16:00 UTC", [(480, 960)]),
        ("Tue,Mon,Mon 08:00-16:00 UTC", [(480, 960), (DAY + 480, DAY + 960)]),
        ("Mon-Tue,Sun 00:00-00:01 UTC", [(0, 1), (DAY, DAY + 1), (6 * DAY, 6 * DAY + 1)]),
        ("Sun-Mon 00:00-24:00 UTC", [(0, DAY), (6 * DAY, 7 * DAY)]),
        ("Sun-Sun 00:00-24:00 UTC", [(6 * DAY, 7 * DAY)]),
        ("Mon 22:00-06:00 UTC", [(1320, DAY + 360)]),
        ("Sun 22:00-06:00 UTC", [(0, 360), (6 * DAY + 1320, 7 * DAY)]),
        ("Sun 22:00-24:00 UTC", [(6 * DAY + 1320, 7 * DAY)]),
        ("Sun 22:00-00:00 UTC", [(6 * DAY + 1320, 7 * DAY)]),
        ("Mon-Sun 00:00-24:00 UTC", [(day * DAY, (day + 1) * DAY) for day in range(7)]),
    ],
)
def test_opening_hours_are_minutes_of_the_week(text: str, spans: list[tuple[int, int]]) -> None:
    assert list(read_opening_hours(text).spans) == spans


def test_opening_hours_have_a_zone() -> None:
    assert read_opening_hours("Mon 08:00-16:00 Europe/Berlin").zone.key == "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("", '"" does not have days, hours and a time zone', 'write "Mon-Thu 08:00-16:00 Europe/Berlin"'),
        ("Mon 08:00-16:00", '"Mon 08:00-16:00" does not have days, hours and a time zone', "write"),
        ("Mon, Tue 08:00-16:00 UTC", "does not have days, hours and a time zone", "write"),
        ("mon 08:00-16:00 UTC", '"mon" is not a day', 'did you mean "Mon"?'),
        ("Mon-Thursday 08:00-16:00 UTC", '"Thursday" is not a day', 'did you mean "Thu"?'),
        ("Mo-Fr 08:00-16:00 UTC", '"Mo" is not a day', "write Mon, Tue, Wed, Thu, Fri, Sat or Sun"),
        ("Mon,,Tue 08:00-16:00 UTC", '"" is not a day', "write Mon,"),
        ("Mon-Tue-Wed 08:00-16:00 UTC", '"Tue-Wed" is not a day', 'did you mean "Tue"?'),
        ("Mon 8-16 UTC", '"8-16" are not hours', "write 08:00-16:00, or over midnight 22:00-06:00"),
        ("Mon 08:00 UTC", '"08:00" are not hours', "write 08:00-16:00"),
        ("Mon 08:00-25:00 UTC", '"08:00-25:00" are not hours', "write"),
        ("Mon 24:00-08:00 UTC", '"24:00-08:00" are not hours', "write"),
        ("Mon 08:00-24:01 UTC", '"08:00-24:01" are not hours', "write"),
        ("Mon 08:60-16:00 UTC", '"08:60-16:00" are not hours', "write"),
        ("Mon 08:00-08:00 UTC", '"08:00-08:00" is empty', "write 00:00-24:00 for whole days"),
        ("Mon 00:00-00:00 UTC", '"00:00-00:00" is empty', "write 00:00-24:00 for whole days"),
        (
            "Mon 08:00-16:00 Europe/Belrin",
            'there is no time zone "Europe/Belrin"',
            'did you mean "Europe/Berlin"?',
        ),
        ("Mon 08:00-16:00 ???", 'there is no time zone "???"', "write a name of the time zone database"),
    ],
)
def test_a_mistake_is_told_with_a_hint(text: str, problem: str, hint: str) -> None:
    with pytest.raises(OpeningHoursError) as error:
        read_opening_hours(text)

    assert problem in error.value.problem
    assert error.value.hint.startswith(hint)
    assert str(error.value) == f"{error.value.problem}; {error.value.hint}"
