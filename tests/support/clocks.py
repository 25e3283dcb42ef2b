"""Clocks and limits that tests move by hand."""

from dataclasses import dataclass, field


@dataclass
class Clock:
    """A clock that only moves when somebody sleeps or works."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Budget:
    """The limits of an invocation in which every copy takes `cost` seconds."""

    left: float = 1e9
    cost: float = 0.0
    wait: float = 0.0

    def remaining(self) -> float:
        return self.left

    def next_slot_in(self) -> float:
        return self.wait

    def acquire(self) -> None:
        self.left -= self.cost + self.wait
