"""Runs the SAM CLI and appends each AWS call to a file: `python -m tests.support.sam_recorder FILE ARGUMENT...`.

It also does what AWS does and moto does not: expand the template's transforms, show the outputs of SAM's own stack,
delete the stack, and, if FAILS_TO_UPDATE is set, end an update with a rollback.
"""

import json
import os
import sys
from pathlib import Path
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
        with Path(file).open("a", encoding="utf-8") as calls:
            calls.write(f"{service}:{operation} {_resource(parameters)}\n")
        if operation == "CreateChangeSet":
            parameters = _expanded(parameters, Path(file).with_name("template"))
        if operation == "GetTemplate":  # moto's answer is not XML
            return {"TemplateBody": Path(file).with_name("template").read_text("utf-8")}
        if operation == "DeleteStack":  # moto fails to delete some types of resources
            os.environ["DELETED"] = parameters["StackName"]
            return {}
        reply = _make_call(client, operation, parameters)
        return _as_on_aws(client, reply) if operation == "DescribeStacks" else reply

    botocore.client.BaseClient._make_api_call = record
    sys.argv = ["sam", *arguments]
    cli()


def _resource(parameters: Parameters) -> str:
    """Name what a call is about, without names that differ from run to run."""
    if "StackName" in parameters:
        stack: str = parameters["StackName"]
        return f"stack/{stack.rpartition('stack/')[2].partition('/')[0]}"
    bucket: str = parameters["Bucket"]
    name = "managed" if bucket.startswith("aws-sam-cli-managed-default-samclisourcebucket-") else bucket
    return (
        f"bucket/{name}/{parameters['Key'].rpartition('/')[0]}" if "Key" in parameters else f"bucket/{name}"
    )


def _expanded(parameters: Parameters, original: Path) -> Parameters:
    """Expand the template, and keep it in a file as it was sent."""
    if "TemplateURL" not in parameters:
        return parameters  # SAM's own stack; its transform changes nothing
    bucket, _, key = urlsplit(parameters["TemplateURL"]).path.lstrip("/").partition("/")
    template = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    original.write_text(template, encoding="utf-8")
    given = {
        each["ParameterKey"]: each["ParameterValue"]
        for each in parameters["Parameters"]
        if "ParameterValue" in each  # the others keep their defaults
    }
    body = translate(template, given, stack=parameters["StackName"])
    rest = {name: value for name, value in parameters.items() if name != "TemplateURL"}
    # the translated template has the code that `make local` runs
    text = json.dumps(body).replace(CODE_BUCKET, bucket).replace(json.dumps(CODE_KEY), json.dumps(key))
    return rest | {"TemplateBody": text}


def _as_on_aws(client: Any, reply: Any) -> Any:
    for stack in reply["Stacks"]:
        if stack["StackName"].startswith("aws-sam-cli"):
            stack["Outputs"] = [{"OutputKey": "SourceBucket", "OutputValue": _bucket(client, stack)}]
        if stack["StackStatus"] == "UPDATE_COMPLETE" and "FAILS_TO_UPDATE" in os.environ:
            stack["StackStatus"] = "UPDATE_ROLLBACK_COMPLETE"
        if stack["StackName"] == os.environ.get("DELETED"):
            stack["StackStatus"] = "DELETE_COMPLETE"
    return reply


def _bucket(client: Any, stack: Parameters) -> str:
    reply = _make_call(client, "DescribeStackResources", {"StackName": stack["StackName"]})
    return next(
        str(each["PhysicalResourceId"])
        for each in reply["StackResources"]
        if each.get("ResourceType") == "AWS::S3::Bucket"  # moto has no bucket policies, and lists them empty
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
