"""Warnings about files that a version gets after it was copied: wheels, Maven assets, later builds of a SNAPSHOT.

They do not stop anything, so only `promoter validate` looks for them.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from promoter.packages.overlap import can_overlap
from promoter.rules.conditions import NoPrerelease
from promoter.rules.rule_set import Promotion
from promoter.rules_file.diagnostics import Diagnostic, warning

LATE_FILES: Final = {  # formats whose versions get files one after the other, with an example
    "pypi": "a wheel after its sdist",
    "maven": "a jar of sources after the jar",
}
_EXTEND: Final = 'add on-conflict = "extend"'


def find_late_files(promotions: Sequence[Promotion]) -> list[Diagnostic]:
    """The warnings about the promotions of a valid file."""
    copying = [(index, each) for index, each in enumerate(promotions) if each.mode != "manual"]
    extending = [each for _, each in copying if each.on_conflict == "extend"]
    return [found for index, each in copying for found in _warnings(index, each, extending)]


def _warnings(index: int, promotion: Promotion, extending: Sequence[Promotion]) -> Iterator[Diagnostic]:
    path = ("promotion", index, "on-conflict")
    title = f'promotion "{promotion.name}"'
    snapshots = _allows_snapshots(promotion)
    if snapshots and promotion.on_conflict != "overwrite":
        message = (
            f"{title} promotes each SNAPSHOT only once: its next build changes files, "
            f'and on-conflict = "{promotion.on_conflict}" changes none'
        )
        hint = (
            'add on-conflict = "overwrite", or write a promotion with it for the packages that have SNAPSHOTs'
        )
        yield warning(path, message, hint)
    if promotion.on_conflict != "fail":
        return
    earlier = next((each for each in extending if _is_next(each, promotion)), None)
    formats = [each for each in _late_formats(promotion) if not snapshots or each != "maven"]
    if earlier is not None:
        message = (
            f'promotion "{earlier.name}" adds files to {promotion.source}, but {title} does not promote them'
        )
        yield warning(path, message, f'{_EXTEND} to "{promotion.name}"')
    elif formats:
        example = LATE_FILES[formats[0]]
        message = (
            f"{title} selects {' and '.join(formats)}: a file that arrives later is not promoted ({example})"
        )
        yield warning(
            path, message, f"{_EXTEND} to add it; a soak leaves time for such files before the copy"
        )


def _allows_snapshots(promotion: Promotion) -> bool:
    selects_maven = any(pattern.format == "maven" for pattern in promotion.packages)
    return selects_maven and not any(isinstance(each, NoPrerelease) for each in promotion.conditions)


def _late_formats(promotion: Promotion) -> list[str]:
    """The formats of `LATE_FILES` that a promotion can select."""
    selected = {pattern.format for pattern in promotion.packages}
    return [format_ for format_ in LATE_FILES if format_ in selected or "" in selected]


def _is_next(earlier: Promotion, later: Promotion) -> bool:
    """True if `later` can promote a package for which `earlier` adds files."""
    origins = {each.origin for each in (earlier, later) if each.selects_by_origin}
    if earlier.destination != later.source or len(origins) > 1:
        return False
    late = {"", *_late_formats(earlier)}
    pairs = product(earlier.packages, later.packages)
    # in a promotion of several formats, "extend" is meant for those with late files
    return any(
        (late == {""} or (one.format or other.format) in late) and can_overlap(one, other)
        for one, other in pairs
    )
