"""The overlap of two patterns: packages that both select."""

from promoter.packages.matching import Pattern, ends_word


def can_overlap(one: Pattern, other: Pattern) -> bool:
    """True unless no package can match both patterns.

    Of two globs only the beginnings are compared, so it may be True for patterns such as `acme-*-a` and `acme-*-b`.
    """
    if one.whole:
        return other.matches(one.prefix)
    if other.whole:
        return one.matches(other.prefix)
    shorter, longer = sorted((one, other), key=lambda each: len(each.prefix))
    if not longer.prefix.startswith(shorter.prefix):
        return False
    return not shorter.word or ends_word(longer.prefix, len(shorter.prefix))
