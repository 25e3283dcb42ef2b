"""Random pairs of range and version, mostly near a bound: there, tools disagree if they disagree at all."""

import random
from collections.abc import Callable

Pair = tuple[str, str]

EARLY = (
    "0",
    "1",
    "alpha",
    "alpha.1",
    "alpha.beta",
    "beta",
    "beta.2",
    "beta.11",
    "rc.1",
    "rc1",
    "RC",
    "x-y-z.0",
    "0a",
)
GEM_EARLY = (
    ".pre",
    ".pre1",
    ".rc1",
    ".a",
    ".beta.2",
    "-1",
    "-rc.1",
    ".b2",
    ".0.a",
    "a",
    ".a.0",
    ".a10",
    ".a9",
)
PYTHON_TAILS = (
    "a1",
    "b2",
    "rc1",
    ".dev3",
    ".post1",
    "a1.dev2",
    "+local.1",
    "rc1.post2",
    ".post1.dev1",
    "c1",
    "+1",
)
MAVEN_TAILS = (
    *(
        "-SNAPSHOT",
        "-alpha-1",
        "-beta2",
        "-rc1",
        "-RC2",
        ".CR1",
        ".Final",
        "-ga",
        "-sp-1",
        ".SP2",
        "-M3",
        "-m",
        ".xyz",
        "a1",
    ),
    *(
        "b2",
        "-1",
        ".0",
        "-0",
        "-jre",
        "-jre8",
        ".RELEASE",
        "-20230101.120000-3",
        "-alpha",
        ".alpha",
        "-final-rc1",
        "-foo-2",
    ),
    *(".rc", "-rc", "-cr-2", ".m.1", "-android", "+b1", "_1", "-.1", "--1", ".", "-", "..2", ".01"),
    *("_rc1", "_0", ".SP1-redhat-00002", "-ea01b41", "+2-338015a5", "-g1a2b3c4", "_SNAPSHOT", ".min", ".max"),
)


def near(rng: random.Random, numbers: list[int]) -> list[int]:
    """Change one number by one or not at all; sometimes set the numbers after it to zero."""
    place, step = rng.randrange(len(numbers)), rng.choice((-1, 0, 0, 1, 1))
    changed = [*numbers[:place], max(0, numbers[place] + step), *numbers[place + 1 :]]
    return [*changed[: place + 1], *[0] * (len(numbers) - place - 1)] if rng.random() < 0.4 else changed


def numbers(rng: random.Random, count: int = 3) -> list[int]:
    """A few small numbers, so that versions are often equal to a bound."""
    return [rng.choice((0, 0, 1, 1, 2, 3, 9, 10)) for _ in range(count)]


def semantic(rng: random.Random, about: list[int], early: float = 0.5) -> str:
    """A SemVer version near `about`."""
    tail = "-" + rng.choice(EARLY) if rng.random() < early else ""
    return ".".join(map(str, near(rng, about))) + tail + ("+b.1" if rng.random() < 0.05 else "")


def partial(rng: random.Random, about: list[int], wild: str) -> str:
    """A version near `about`: all or some of its parts, with wildcards or a prerelease."""
    parts = [str(number) for number in near(rng, about)[: rng.choice((1, 2, 3, 3))]]
    if wild and rng.random() < 0.2:
        parts[-1] = rng.choice(wild)
    elif len(parts) == 3 and rng.random() < 0.3:
        parts[-1] += "-" + rng.choice(EARLY)
    return ".".join(parts)


def npm(rng: random.Random) -> Pair:
    """Comparators, carets, tildes, hyphens and wildcards, some with spaces, with alternatives."""
    about = numbers(rng)

    def alternative() -> str:
        if rng.random() < 0.15:
            return f"{partial(rng, about, 'xX*')} - {partial(rng, about, 'xX*')}"
        signs = ("", "", "^", "^", "~", ">", ">=", "<", "<=", "=", ">= ", "^ ", "~> ", "v", "=v")
        return " ".join(
            rng.choice(signs) + partial(rng, about, "xX*") for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))
        )

    said = rng.choice(("||", " || ")).join(alternative() for _ in range(rng.choice((1, 1, 1, 2))))
    return said, rng.choice(("", "", "", "v")) + semantic(rng, about)


def cargo(rng: random.Random) -> Pair:
    """Requirements with every operator, bare ones and wildcards, some with a comma."""
    about = numbers(rng)
    signs = ("", "", "^", "~", "=", ">", ">=", "<", "<=", ">= ", "^ ")
    said = ", ".join(rng.choice(signs) + partial(rng, about, "*x") for _ in range(rng.choice((1, 1, 2))))
    return said, semantic(rng, about, early=0.4)


def ruby(rng: random.Random) -> Pair:
    """Requirements with every operator and bare ones, some with a comma; versions of one to four numbers."""
    about = numbers(rng, rng.choice((1, 2, 3, 3, 4)))

    def version(early: float) -> str:
        tail = rng.choice(GEM_EARLY) if rng.random() < early else ""
        return ".".join(map(str, near(rng, about)[: rng.choice((1, 2, 3, 4, 4))])) + tail

    signs = ("", "=", "!=", ">", "<", ">=", "<=", "~>", "~> ", ">= ", "~> ")
    said = rng.choice((",", ", ")).join(
        rng.choice(signs) + version(0.25) for _ in range(rng.choice((1, 1, 2)))
    )
    return said, version(0.5)


def pypi(rng: random.Random) -> Pair:
    """Specifiers with every operator, epochs and local versions."""
    about = numbers(rng, rng.choice((2, 3)))

    def version(tail: float) -> str:
        epoch = rng.choice(("", "", "", "", "1!"))
        return (
            epoch
            + ".".join(map(str, near(rng, about)))
            + (rng.choice(PYTHON_TAILS) if rng.random() < tail else "")
        )

    def specifier() -> str:
        sign = rng.choice(("==", "!=", ">", ">=", "<", "<=", "~=", "===", "== "))
        return sign + version(0.3) + (".*" if sign in ("==", "!=") and rng.random() < 0.4 else "")

    return rng.choice((",", ", ")).join(specifier() for _ in range(rng.choice((1, 1, 2)))), version(0.5)


def maven(rng: random.Random) -> Pair:
    """Intervals of every shape, and unions of two, over versions with up to three qualifiers."""
    about = numbers(rng, rng.choice((1, 2, 3)))

    def version() -> str:
        tails = "".join(rng.choice(MAVEN_TAILS) for _ in range(rng.choice((0, 1, 1, 2, 3))))
        return ".".join(map(str, near(rng, about))) + tails

    shapes = (
        "[{}]",
        "[{},)",
        "({},)",
        "(,{}]",
        "(,{})",
        "[{},{}]",
        "[{},{})",
        "({},{}]",
        "(,{}],[{},)",
        "[{}, {}), [{}]",
    )
    return rng.choice(shapes).format(*(version().rstrip(".+") for _ in range(3))), version()


GENERATORS: dict[str, Callable[[random.Random], Pair]] = {
    "npm": npm,
    "cargo": cargo,
    "ruby": ruby,
    "pypi": pypi,
    "maven": maven,
}
