"""Pages of a list. A token holds the last item of its page, so that it survives the removal of items."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, Generic, TypeVar

from .exceptions import ValidationException

Item = TypeVar("Item")
Position = list[Any]
"""The place of an item in its list, as JSON has it. Positions have an order."""


@dataclass(frozen=True)
class PageRequest:
    """The size of a page, and the position after which it begins; None is the start of the list."""

    size: int
    after: Position | None
    listing: str
    """A digest of the other parameters: a token is valid for one list only."""

    def skip(
        self, entries: Iterable[tuple[Position, Item]]
    ) -> Iterator[tuple[Position, Item]]:
        """Yield the entries of a short list after the position."""
        return (
            entry for entry in entries if self.after is None or entry[0] > self.after
        )


@dataclass(frozen=True)
class Page(Generic[Item]):
    """The items of a page, and the token of the next page if there is one."""

    items: list[Item]
    next_token: str | None


def read_page_request(params: dict[str, Any], default: int) -> PageRequest:
    """Read the parameters of a list operation. `default` is the size of a page.

    Raises:
        ValidationException: the token is not one of this list.

    """
    others = {
        name: value
        for name, value in params.items()
        if name not in ("nextToken", "maxResults")
    }
    listing = sha256(json.dumps(others, sort_keys=True).encode()).hexdigest()[:16]
    token = params.get("nextToken")
    after = None if token is None else _read_token(token, listing)
    return PageRequest(params.get("maxResults") or default, after, listing)


def take_page(
    request: PageRequest, entries: Iterator[tuple[Position, Item]]
) -> Page[Item]:
    """Take a page from the entries, which begin after the request's position."""
    taken = list(islice(entries, request.size + 1))
    chosen = taken[: request.size]
    more = len(taken) > request.size
    return Page(
        [item for _, item in chosen],
        _write_token(request.listing, chosen[-1][0]) if more else None,
    )


def _write_token(listing: str, position: Position) -> str:
    text = json.dumps([listing, position], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode()


def _read_token(token: str, listing: str) -> Position:
    try:
        document = json.loads(urlsafe_b64decode(token.encode()))
    except ValueError:
        document = None
    match document:
        case [str(found), list(position)] if found == listing:
            return position
    raise ValidationException("Invalid value: nextToken is not a token of this list")
