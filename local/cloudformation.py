"""Deploys a SAM template with language extensions into moto's CloudFormation."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from samcli.lib.cfn_language_extensions import PseudoParameterValues, process_template
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from local.clients import make_session

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
    """Translate a SAM template with these parameters into the CloudFormation template that AWS creates.

    The code of a function becomes an object in S3, as after `sam package`.

    Raises:
        samcli InvalidTemplateException, samtranslator InvalidDocumentException: the template is not valid.

    """
    pseudo = PseudoParameterValues(
        region=region, account_id=account, stack_name=stack, partition=partition, url_suffix="amazonaws.com"
    )
    unrolled = _restore_sub(process_template(yaml_parse(template), dict(parameters), pseudo))
    for resource in unrolled["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{CODE_BUCKET}/{CODE_KEY}"
    # with its default session, the translator reads the user's AWS configuration
    translator = Translator(None, Parser(), boto_session=make_session(region))
    translated: dict[str, Any] = translator.translate(unrolled, dict(parameters), get_managed_policy_map=dict)
    translator.metrics.publish()  # sends nothing, but avoids a warning about unpublished metrics
    return translated


def deploy(
    cloudformation: Any,
    s3: Any,
    template: Path,
    parameters: Mapping[str, str],
    *,
    stack: str,
    rules_file: Path,
) -> None:
    """Create the stack, or update it if it exists. The uploaded code has only the rules file.

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
    exists = _exists(cloudformation, stack)
    if not exists:
        s3.create_bucket(Bucket=CODE_BUCKET)
    s3.put_object(Bucket=CODE_BUCKET, Key=CODE_KEY, Body=_zip(rules_file))
    (cloudformation.update_stack if exists else cloudformation.create_stack)(**request)


def stack_outputs(cloudformation: Any, stack: str) -> dict[str, str]:
    """Return the stack's outputs by key."""
    (description,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in description["Outputs"]}


def stack_resources(cloudformation: Any, stack: str) -> dict[str, str]:
    """Return the physical ids of the stack's resources by logical id."""
    described = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    # moto also lists resources whose condition is false, without a logical id
    return {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in described
        if "LogicalResourceId" in resource
    }


def _restore_sub(part: Any, within: str = "") -> Any:
    # samcli keeps placeholders that it cannot replace, such as "${Queue.Arn}", but drops their Fn::Sub
    if isinstance(part, dict):
        return {key: _restore_sub(value, key) for key, value in part.items()}
    if isinstance(part, list):
        return [_restore_sub(value, within) for value in part]
    if isinstance(part, str) and _PLACEHOLDER.search(part) and within != "Fn::Sub":
        return {"Fn::Sub": part}
    return part


def _zip(rules_file: Path) -> bytes:
    """The code as readers of GetFunction see it. The function itself runs from its directory."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("rules.toml", rules_file.read_bytes())
    return content.getvalue()


def _exists(cloudformation: Any, stack: str) -> bool:
    try:
        cloudformation.describe_stacks(StackName=stack)
    except ClientError as error:
        if "does not exist" in str(error):
            return False
        raise
    return True
