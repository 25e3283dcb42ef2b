"""Check that AWS answers with your credentials, and print the account and the region: `make deploy` begins with it.

It reads the profile and the region as `sam deploy` does: from the environment, then from samconfig.toml.
"""

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from promoter.aws.clients import caller_arn, user_clients
from promoter.cli.errors import UserError, aws_errors

CONFIGURATION = Path(__file__).parent.parent / "samconfig.toml"


def check(configuration: str) -> str:
    """Return the account and the region, as one sentence. Raises UserError if AWS does not answer."""
    saved = _saved(configuration)
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or saved.get("region")
    if region:
        os.environ["AWS_REGION"] = region  # the client is made by the environment
    with aws_errors("deploy"):
        client = user_clients(os.environ.get("AWS_PROFILE") or saved.get("profile"))("sts")
        arn = caller_arn(client)
    return f"deploying to account {arn.split(':')[4]}, {client.meta.region_name}, as {arn}"


def _saved(configuration: str) -> dict[str, Any]:
    environment = tomllib.loads(configuration).get("default", {})
    tables = (environment.get(command, {}).get("parameters", {}) for command in ("global", "deploy"))
    return {key: value for table in tables for key, value in table.items()}


if __name__ == "__main__":
    try:
        print(check(CONFIGURATION.read_text("utf-8")))
    except UserError as error:
        sys.exit(f"error: {error}")
