"""Deploys a SAM template with language extensions into moto's CloudFormation."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from samcli.lib.cfn_language_extensions import PseudoParameterValues, process_template
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from local import clients

CODE_BUCKET = "local-deployment"
CODE_KEY = "code"
_PLACEHOLDER = re.compile(r"\$\{[A-Za-z0-9]+(\.[A-Za-z]+)?\}")


def translate(
    template: str,
    parameters: Mapping[str, str],
    *,
    stack: str,
    region: str = "us-east-1",
    account: str = "123456789012",
    partition: str = "aws",
) -> dict[str, Any]:
    """The CloudFormation template that AWS would make of a SAM template and these parameters.

    The code of a function becomes an object in S3, as `sam package` has it.

    Raises:
        samcli InvalidTemplateException, samtranslator InvalidDocumentException: it is not a valid template.

    """
    pseudo = PseudoParameterValues(
        region=region, account_id=account, stack_name=stack, partition=partition, url_suffix="amazonaws.com"
    )
    unrolled = _substituted_by_aws(process_template(yaml_parse(template), dict(parameters), pseudo))
    for resource in unrolled["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{CODE_BUCKET}/{CODE_KEY}"
    # a session of our own, or the translator would look for the user's AWS configuration
    translator = Translator(None, Parser(), boto_session=clients.session(region))
    translated: dict[str, Any] = translator.translate(unrolled, dict(parameters), get_managed_policy_map=dict)
    translator.metrics.publish()  # nowhere; unpublished ones it would complain of
    return translated


def deploy(
    cloudformation: Any, s3: Any, template: Path, parameters: Mapping[str, str], *, stack: str
) -> None:
    """Create the stack, or update it where it stands already.

    Raises:
        botocore ClientError: moto refuses the template or a parameter.

    """
    body = translate(template.read_text("utf-8"), parameters, stack=stack)
    request = {
        "StackName": stack,
        "TemplateBody": json.dumps(body),
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM"],
    }
    if _stands(cloudformation, stack):
        cloudformation.update_stack(**request)
        return
    # moto asks only that there is something; the function runs from its directory
    s3.create_bucket(Bucket=CODE_BUCKET)
    s3.put_object(Bucket=CODE_BUCKET, Key=CODE_KEY, Body=b"")
    cloudformation.create_stack(**request)


def outputs(cloudformation: Any, stack: str) -> dict[str, str]:
    """What the stack's Outputs say, by their keys."""
    (description,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in description["Outputs"]}


def resources(cloudformation: Any, stack: str) -> dict[str, str]:
    """The physical ids of the stack's resources, by their logical ids."""
    described = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    # moto lists what a condition left out too, without any name
    return {
        one["LogicalResourceId"]: one["PhysicalResourceId"] for one in described if "LogicalResourceId" in one
    }


def _substituted_by_aws(part: Any, within: str = "") -> Any:
    # samcli leaves what it cannot substitute, like "${Queue.Arn}", but forgets the Fn::Sub around it
    if isinstance(part, dict):
        return {key: _substituted_by_aws(value, key) for key, value in part.items()}
    if isinstance(part, list):
        return [_substituted_by_aws(value, within) for value in part]
    if isinstance(part, str) and _PLACEHOLDER.search(part) and within != "Fn::Sub":
        return {"Fn::Sub": part}
    return part


def _stands(cloudformation: Any, stack: str) -> bool:
    try:
        cloudformation.describe_stacks(StackName=stack)
    except ClientError as error:
        if "does not exist" in str(error):
            return False
        raise
    return True
