"""Warnings about versions that get files after they were promoted.

Only PyPI and Maven versions do (User Guide: packages-overview); `on-conflict` decides what becomes of the files.
"""

from collections.abc import Iterator, Sequence

from promoter.rules.conditions import Soaked
from promoter.rules.rule_set import Promotion
from promoter.rules_file.diagnostics import Diagnostic, warning

_FORMATS = frozenset({"pypi", "maven"})


def conflict_warnings(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """The promotions that leave out files which are uploaded later."""
    for index, promotion in enumerate(promotions):
        formats = _formats(promotion)
        if promotion.on_conflict != "fail" or not formats:
            continue
        path = ("promotion", index, "on-conflict")
        if not any(isinstance(condition, Soaked) for condition in promotion.conditions):
            yield warning(path, *_left_out(promotion, formats))
        elif before := _extending(promotions, promotion, formats):
            yield warning(path, *_ends(promotion, before))


def _formats(promotion: Promotion) -> list[str]:
    """Which of these formats the promotion selects."""
    selected = {pattern.format for pattern in promotion.packages}
    return sorted(_FORMATS if "" in selected else _FORMATS & selected)


def _left_out(promotion: Promotion, formats: Sequence[str]) -> tuple[str, str]:
    message = (
        f'promotion "{promotion.name}" selects {" and ".join(formats)}, and on-conflict is "fail": '
        "files that are uploaded after the version was promoted are not promoted"
    )
    return message, 'write on-conflict = "extend", or a soak that is longer than an upload takes'


def _extending(promotions: Sequence[Promotion], later: Promotion, formats: Sequence[str]) -> Promotion | None:
    """A promotion to the source of this one that adds files to what this one promotes."""
    return next(
        (
            each
            for each in promotions
            if each.destination == later.source
            and each.on_conflict == "extend"
            and set(_formats(each)) & set(formats)
        ),
        None,
    )


def _ends(promotion: Promotion, before: Promotion) -> tuple[str, str]:
    message = (
        f'promotion "{before.name}" adds files to versions in {promotion.source}, but "{promotion.name}" '
        f"does not add them in {promotion.destination}"
    )
    return message, 'write on-conflict = "extend" here too'
