"""Runs the SAM CLI and appends each AWS call to a file: `python -m tests.support.sam_recorder FILE ARGUMENT...`.

It also does what AWS does and moto does not: expand the template's transforms, tell a stack's tags, and, if
FAILS_TO_UPDATE is set, end an update with a rollback.
"""

import json
import os
import sys
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.client
from samcli.cli.main import cli

from local.cloudformation import CODE_BUCKET, CODE_KEY, translate

Parameters = dict[str, Any]
_make_call = botocore.client.BaseClient._make_api_call


def main(file: str, arguments: list[str]) -> None:
    """Run `sam` with these arguments."""

    def record(client: Any, operation: str, parameters: Parameters) -> Any:
        service = client.meta.service_model.service_name
        with open(file, "a", encoding="utf-8") as calls:
            calls.write(json.dumps([f"{service}:{operation}", _resource(parameters)]) + "\n")
        if operation == "CreateChangeSet":
            parameters = _expanded(parameters)
        reply = _make_call(client, operation, parameters)
        return _as_on_aws(reply) if operation == "DescribeStacks" else reply

    botocore.client.BaseClient._make_api_call = record
    sys.argv = ["sam", *arguments]
    cli()


def _resource(parameters: Parameters) -> str:
    """Name what a call is about, without names that differ from run to run."""
    if "StackName" in parameters:
        stack: str = parameters["StackName"]
        return f"stack/{stack.rpartition('stack/')[2].partition('/')[0]}"
    if "Bucket" in parameters:
        kind = "".join(filter(str.isalpha, parameters["Bucket"].removeprefix("aws-sam-cli-managed-default")))
        folder = str(parameters.get("Key", parameters.get("Prefix", ""))).rpartition("/")[0]
        known = "managed bucket" if kind.startswith("samclisourcebucket") else "other bucket"
        return f"{known}/{folder}" if "Key" in parameters else known
    return ""


def _expanded(parameters: Parameters) -> Parameters:
    if "TemplateURL" not in parameters:
        return parameters  # SAM's own stack; its transform changes nothing
    bucket, _, key = urlsplit(parameters["TemplateURL"]).path.lstrip("/").partition("/")
    template = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    given = {each["ParameterKey"]: each.get("ParameterValue", "") for each in parameters["Parameters"]}
    body = translate(template, given, stack=parameters["StackName"])
    rest = {name: value for name, value in parameters.items() if name != "TemplateURL"}
    # the translated template has the code that `make local` runs
    text = json.dumps(body).replace(CODE_BUCKET, bucket).replace(json.dumps(CODE_KEY), json.dumps(key))
    return rest | {"TemplateBody": text}


def _as_on_aws(reply: Any) -> Any:
    for stack in reply["Stacks"]:
        if stack["StackName"].startswith("aws-sam-cli"):
            stack["Tags"] = [{"Key": "ManagedStackSource", "Value": "AwsSamCli"}]
        if stack["StackStatus"] == "UPDATE_COMPLETE" and "FAILS_TO_UPDATE" in os.environ:
            stack["StackStatus"] = "UPDATE_ROLLBACK_COMPLETE"
    return reply


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
