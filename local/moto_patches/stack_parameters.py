"""Makes moto's DescribeStacks show the parameters of a stack as AWS does.

Needed with moto 5.2.5: it shows a list of texts as Python writes it, and not separated by commas.
"""

from typing import Any

from moto.cloudformation.models import Stack


def patch_stack_parameters() -> None:
    """Replace the property. A second call has no effect."""
    Stack.parameter_list = property(_parameter_list)


def _parameter_list(stack: Any) -> list[dict[str, Any]]:
    return [
        {"ParameterKey": name, "ParameterValue": ",".join(value) if isinstance(value, list) else value}
        for name, value in stack.resource_map.resolved_parameters.items()
    ]
