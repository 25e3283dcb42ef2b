"""CloudFormation resource types that moto lacks, or cannot update.

moto finds a type by asking `CloudFormationModel` for its direct subclasses, once: import this before the
first stack, or call `register`. A type that moto does not know is skipped, and whatever refers to it vanishes
from the stack without a word.
"""

import json
from typing import Any, Self

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from moto.logs.models import LogGroup, logs_backends
from moto.sns.models import Topic
from moto.sqs.models import Queue, sqs_backends

from local.moto_patches import cloudwatch_alarm, sns

NOT_OF_MOTO = (cloudwatch_alarm.AlarmResource, sns.Subscription, sns.TopicPolicy)


def register() -> None:
    """Make moto look for its resource types again, and let a queue, a topic and a log group be updated."""
    for known in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        known.cache_clear()
    Queue.update_from_cloudformation_json = classmethod(_update_queue)
    Topic.update_from_cloudformation_json = classmethod(sns.update)
    LogGroup.update_from_cloudformation_json = classmethod(_update_log_group)


class QueuePolicy(CloudFormationModel):
    """AWS::SQS::QueuePolicy: the policy replaces the queue's own."""

    def __init__(self, logical_id: str) -> None:
        self.physical_resource_id = logical_id

    @staticmethod
    def cloudformation_name_type() -> str:
        """It has no property that names it."""
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        """The type in a template."""
        return "AWS::SQS::QueuePolicy"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Self:
        """Put the policy on every queue that it names, each by its URL."""
        properties = cloudformation_json["Properties"]
        for url in properties["Queues"]:
            queue = sqs_backends[account_id][region_name].get_queue(url.rpartition("/")[2])
            queue.policy = json.dumps(properties["PolicyDocument"])
        return cls(resource_name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Self,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Self:
        """Put the new policy in the place of the old."""
        cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> None:
        """Leave the queues without a policy."""
        for url in cloudformation_json["Properties"]["Queues"]:
            queue = sqs_backends[account_id][region_name].queues.get(url.rpartition("/")[2])
            if queue:
                queue.policy = None


def _update_queue(
    _: type[Queue],
    /,
    original_resource: Queue,
    new_resource_name: str,
    cloudformation_json: Any,
    **_place: str,
) -> Queue:
    # moto itself takes over the visibility time-out alone
    properties = {name: value for name, value in cloudformation_json["Properties"].items() if name != "Tags"}
    original_resource._set_attributes({"Policy": original_resource.policy} | properties)
    original_resource.kms_master_key_id = properties.get("KmsMasterKeyId")  # what is gone, it keeps
    original_resource.sqs_managed_sse_enabled = str(properties.get("SqsManagedSseEnabled", False)).lower()
    return original_resource


def _update_log_group(
    _: type[LogGroup],
    /,
    original_resource: LogGroup,
    new_resource_name: str,
    cloudformation_json: Any,
    account_id: str,
    region_name: str,
) -> LogGroup:
    days = cloudformation_json["Properties"].get("RetentionInDays")
    logs_backends[account_id][region_name].put_retention_policy(original_resource.name, days)
    return original_resource
