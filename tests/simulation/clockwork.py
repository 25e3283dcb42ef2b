"""Time and randomness of one simulated world, both decided by a seed."""

import random
from dataclasses import dataclass, field


@dataclass
class Clock:
    """UTC seconds since the epoch; it moves only if somebody moves it."""

    now: float

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Chance:
    """A random generator of a printed seed. `trace` has what was drawn, in words."""

    seed: int
    trace: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def happens(self, probability: float) -> bool:
        return self.random.random() < probability

    def note(self, text: str) -> None:
        self.trace.append(text)
