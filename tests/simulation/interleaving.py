"""Workers that take turns: each call of a port is one step, and a schedule says whose step is next."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any


class Killed(BaseException):
    """The end of a worker in the middle of its work."""


class Worker:
    """Runs a function in a thread of its own, one step at a time."""

    def __init__(self, work: Callable[["Worker"], None], kill_at: int = -1) -> None:
        """`kill_at` is the step at which the worker is killed; -1 is never."""
        self.steps = 0
        self.done = False
        self._kill_at = kill_at
        self._go = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()
        self._wait()

    def step(self) -> None:
        """Wait for the next turn; the worker calls it before each call of a port."""
        self._stopped.release()
        self._go.acquire()
        self.steps += 1
        if self.steps - 1 == self._kill_at:
            raise Killed

    def advance(self) -> None:
        """Let the worker go on to its next step, or to its end."""
        self._go.release()
        self._wait()

    def _wait(self) -> None:
        assert self._stopped.acquire(timeout=10), "a worker hangs"
        if self._failure is not None:
            raise self._failure

    def _run(self, work: Callable[["Worker"], None]) -> None:
        try:
            self.step()
            work(self)
        except Killed:
            pass  # as if the process had ended; its message comes again
        except BaseException as error:  # raised again where the test sees it
            self._failure = error
        self.done = True
        self._stopped.release()


class Stepping:
    """A port whose every call is one step of a worker."""

    def __init__(self, port: Any, worker: Worker) -> None:
        """Keep the port that answers."""
        self._port = port
        self._worker = worker

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._worker.step()
            return method(*arguments, **named)

        return call


def take_turns(workers: Sequence[Worker], choices: Sequence[int]) -> list[int]:
    """Advance the workers until all are done. Return how many could have been chosen at each turn.

    `choices` says which of the workers that are not done is next; after its end it is always the first.
    """
    widths: list[int] = []
    while ready := [each for each in workers if not each.done]:
        turn = len(widths)
        ready[choices[turn] if turn < len(choices) else 0].advance()
        widths.append(len(ready))
    return widths


def every_schedule(run: Callable[[Sequence[int]], list[int]]) -> Iterator[Sequence[int]]:
    """Run every order of steps once; `run` takes the choices and returns the widths of its turns."""
    choices: list[int] = []
    while True:
        widths = run(choices)
        yield choices
        chosen = choices + [0] * (len(widths) - len(choices))
        while chosen and chosen[-1] + 1 >= widths[len(chosen) - 1]:
            chosen.pop()
        if not chosen:
            return
        choices = [*chosen[:-1], chosen[-1] + 1]
