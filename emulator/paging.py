"""Pages of a list, with the tokens of moto's other services."""

from typing import Any

from moto.core.exceptions import InvalidToken
from moto.utilities.paginator import Paginator

from .exceptions import ValidationException


def page(
    items: list[Any], key: str, params: dict[str, Any], identity: tuple[str, ...], default: int
) -> dict[str, Any]:
    """Return the requested page under `key`, and the token of the next page if there is one.

    `identity` names the attributes that identify an item; `default` is the size of a page.
    """
    filters = {name: value for name, value in params.items() if name not in ("nextToken", "maxResults")}
    try:
        paginator = Paginator(
            max_results=params.get("maxResults"),
            max_results_default=default,
            starting_token=params.get("nextToken"),
            unique_attribute=list(identity),
            param_values_to_check=filters,
        )
        chosen, token = paginator.paginate(items)
    except InvalidToken as error:
        raise ValidationException(error.message) from error
    return {key: chosen, "next_token": token}
