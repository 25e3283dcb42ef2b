"""What `sam local` needs to find the local AWS from inside a container: an address, and a file of variables."""

import fcntl
import json
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from local.stack import ROOT, Stack

FUNCTION = "PromoteFunction"  # its logical id
FILE = ROOT / ".local" / "env.json"  # samconfig.toml names it
BATCH = ROOT / "events" / "sqs-batch.json"
DESKTOP = "host.docker.internal"  # as Docker Desktop calls the host, whose loopback it passes on
BRIDGE = "docker0"
_SIOCGIFADDR = 0x8915  # netdevice(7)


class NoBridgeError(OSError):
    """There is no bridge, so no engine has run on this machine."""


def bridge_address() -> str | None:
    """Where containers see this machine; None where Docker Desktop lets them reach loopback.

    Raises:
        NoBridgeError: there is none.

    """
    if sys.platform != "linux":
        return None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            answer = fcntl.ioctl(any_socket, _SIOCGIFADDR, struct.pack("256s", BRIDGE.encode()))
        except OSError:
            raise NoBridgeError(f"no network {BRIDGE}: is the Docker engine running?") from None
    return socket.inet_ntoa(answer[20:24])


def write(stack: Stack, address: str | None, file: Path = FILE) -> None:
    """Write the function's variables as `sam local` has to give them, which cannot look into a stack."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({FUNCTION: variables(stack, address)}, indent=2) + "\n", encoding="utf-8")


def variables(stack: Stack, address: str | None) -> dict[str, Any]:
    """The deployed function's variables, with every URL as a container has to write it."""
    name = stack.outputs["PromoteFunctionName"]
    configuration = stack.client("lambda").get_function_configuration(FunctionName=name)
    endpoint = f"http://{address or DESKTOP}:{stack.port}"
    deployed = {
        name: value.replace(stack.url, endpoint)
        for name, value in configuration["Environment"]["Variables"].items()
    }
    # the batch in events/ says which queue it comes from, and no other may be served
    (queue,) = {record["eventSourceARN"] for record in json.loads(BATCH.read_bytes())["Records"]}
    return deployed | {"AWS_ENDPOINT_URL": endpoint, "PROMOTION_QUEUE_ARN": queue}
