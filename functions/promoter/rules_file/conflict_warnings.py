"""Warnings about versions that get files after they were promoted.

PyPI and Maven versions do (User Guide: packages-overview), and each build of a SNAPSHOT changes files; `on-conflict`
decides what becomes of them. Only `promoter validate` looks for these warnings.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from promoter.packages.overlap import can_overlap
from promoter.rules.conditions import NoPrerelease, Soaked
from promoter.rules.rule_set import Promotion
from promoter.rules_file.diagnostics import Diagnostic, warning

LATE_FORMATS: Final = frozenset({"pypi", "maven"})


def conflict_warnings(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """The promotions that leave out files which are uploaded later."""
    for index, promotion in enumerate(promotions):
        if promotion.mode != "manual":
            path = ("promotion", index, "on-conflict")
            yield from (warning(path, *texts) for texts in _warnings(promotion, promotions))


def _warnings(promotion: Promotion, promotions: Sequence[Promotion]) -> Iterator[tuple[str, str]]:
    """The message and the hint of each warning about one promotion."""
    formats = _late_formats(promotion)
    if _allows_snapshots(promotion) and promotion.on_conflict != "overwrite":
        yield _once(promotion)
        formats = [each for each in formats if each != "maven"]
    if promotion.on_conflict != "fail":
        return
    before = next((each for each in promotions if _adds_files_for(each, promotion)), None)
    if before is not None:
        yield _ends(promotion, before)
    elif formats and not _has(promotion, Soaked):
        yield _left_out(promotion, formats)


def _late_formats(promotion: Promotion) -> list[str]:
    """Which of these formats the promotion selects."""
    selected = {pattern.format for pattern in promotion.packages}
    return sorted(LATE_FORMATS if "" in selected else LATE_FORMATS & selected)


def _allows_snapshots(promotion: Promotion) -> bool:
    selects_maven = any(pattern.format == "maven" for pattern in promotion.packages)
    return selects_maven and not _has(promotion, NoPrerelease)


def _has(promotion: Promotion, condition: type) -> bool:
    return any(isinstance(each, condition) for each in promotion.conditions)


def _adds_files_for(before: Promotion, promotion: Promotion) -> bool:
    """True if one promotion adds files to versions that the other one can promote from there."""
    if before.on_conflict != "extend" or before.mode == "manual" or before.destination != promotion.source:
        return False
    origins = {each.origin for each in (before, promotion) if each.selects_by_origin}
    # in a promotion of several formats, "extend" is meant for those with late files
    late = {"", *_late_formats(before)}
    return len(origins) < 2 and any(
        (late == {""} or (one.format or other.format) in late) and can_overlap(one, other)
        for one, other in product(before.packages, promotion.packages)
    )


def _once(promotion: Promotion) -> tuple[str, str]:
    message = (
        f'promotion "{promotion.name}" promotes each SNAPSHOT only once: its next build changes files, '
        f'and on-conflict = "{promotion.on_conflict}" changes none'
    )
    return message, 'write on-conflict = "overwrite", or a promotion with it for packages that have SNAPSHOTs'


def _ends(promotion: Promotion, before: Promotion) -> tuple[str, str]:
    message = (
        f'promotion "{before.name}" adds files to versions in {promotion.source}, but "{promotion.name}" '
        f"does not add them in {promotion.destination}"
    )
    return message, 'write on-conflict = "extend" here too'


def _left_out(promotion: Promotion, formats: Sequence[str]) -> tuple[str, str]:
    message = (
        f'promotion "{promotion.name}" selects {" and ".join(formats)}, and on-conflict is "fail": '
        "files that are uploaded after the version was promoted are not promoted"
    )
    return message, 'write on-conflict = "extend", or a soak that is longer than an upload takes'
