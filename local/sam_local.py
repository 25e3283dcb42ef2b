"""Lets `sam local` reach the local AWS from a container: the host's address, and a file of variables."""

import fcntl
import json
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from local.paths import EVENTS, ROOT
from local.stack import LocalStack

FUNCTION = "PromoteFunction"  # logical id in template.yaml
VARIABLES_FILE = ROOT / ".local" / "env.json"  # samconfig.toml names it
BATCH = EVENTS / "sqs-batch.json"
DESKTOP_HOST = "host.docker.internal"  # Docker Desktop's name for the host; it forwards to loopback
BRIDGE = "docker0"
_SIOCGIFADDR = 0x8915  # netdevice(7)


class NoBridgeError(OSError):
    """Docker's network does not exist, so no engine has run on this machine."""


def bridge_address() -> str | None:
    """Return the address at which containers reach this machine.

    Return None on other systems than Linux, where Docker Desktop forwards to loopback.

    Raises:
        NoBridgeError: Docker's network does not exist.

    """
    if sys.platform != "linux":
        return None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            answer = fcntl.ioctl(any_socket, _SIOCGIFADDR, struct.pack("256s", BRIDGE.encode()))
        except OSError:
            raise NoBridgeError(f"no network {BRIDGE}: is the Docker engine running?") from None
    return socket.inet_ntoa(answer[20:24])


def write_variables(stack: LocalStack, address: str | None, file: Path = VARIABLES_FILE) -> None:
    """Write the function's variables to a file, because `sam local` cannot read them from a stack."""
    file.parent.mkdir(exist_ok=True)
    text = json.dumps({FUNCTION: container_variables(stack, address)}, indent=2)
    file.write_text(text + "\n", encoding="utf-8")


def container_variables(stack: LocalStack, address: str | None) -> dict[str, Any]:
    """Return the deployed function's variables, with URLs that work inside a container.

    `address` is the result of `bridge_address`.
    """
    name = stack.outputs["PromoteFunctionName"]
    configuration = stack.client("lambda").get_function_configuration(FunctionName=name)
    endpoint = f"http://{address or DESKTOP_HOST}:{stack.port}"
    deployed = {
        name: value.replace(stack.url, endpoint)
        for name, value in configuration["Environment"]["Variables"].items()
    }
    # the function accepts one queue only, so use the one in the sample batch
    (queue,) = {record["eventSourceARN"] for record in json.loads(BATCH.read_bytes())["Records"]}
    return deployed | {"AWS_ENDPOINT_URL": endpoint, "PROMOTION_QUEUE_ARN": queue}
