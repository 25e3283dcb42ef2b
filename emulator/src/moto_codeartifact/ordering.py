"""Mappings in the order of their keys, which a page of a list can start anywhere in."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, MutableMapping
from typing import Any, Generic, Protocol, TypeVar


class Comparable(Protocol):
    """A key with an order."""

    def __lt__(self, other: Any, /) -> bool: ...


Key = TypeVar("Key", bound=Comparable)
Value = TypeVar("Value")


class SortedDict(MutableMapping[Key, Value], Generic[Key, Value]):
    """A mapping that yields its keys in order."""

    def __init__(self) -> None:
        self._values: dict[Key, Value] = {}
        self._keys: list[Key] = []
        self.changes = 0
        """Grows with each change."""

    def __getitem__(self, key: Key) -> Value:
        return self._values[key]

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __setitem__(self, key: Key, value: Value) -> None:
        if key not in self._values:
            insort(self._keys, key)
        self._values[key] = value
        self.changes += 1

    def __delitem__(self, key: Key) -> None:
        del self._values[key]
        del self._keys[bisect_left(self._keys, key)]
        self.changes += 1

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._values)

    def from_key(self, first: Key, *, included: bool = True) -> Iterator[Key]:
        """Yield the keys from one on, which may have been removed. The mapping must not change meanwhile."""
        start = (bisect_left if included else bisect_right)(self._keys, first)
        return (self._keys[index] for index in range(start, len(self._keys)))
