"""Registers the resource types that moto's CloudFormation lacks, and the updates that it lacks.

Needed with moto 5.2.5: it does not know `AWS::SQS::QueuePolicy` and the types of `sns`, `schedules` and
`cloudwatch_alarm`, it updates only two attributes of a queue, and it cannot update a log group. moto skips
an unknown type without an error, together with everything that refers to it.
"""

import json
from typing import Any

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from moto.logs.models import LogGroup, logs_backends
from moto.sns.models import Topic
from moto.sqs.models import Queue, sqs_backends

from local.moto_patches import cloudwatch_alarm, schedules, sns
from local.moto_patches.replaceable_resource import Place, ReplaceableResource

ADDED_TYPES = (cloudwatch_alarm.AlarmResource, schedules.ScheduleGroup, sns.Subscription, sns.TopicPolicy)


def register_resource_types() -> None:
    """Make moto look for its resource types again, and replace its update methods."""
    for cached in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        cached.cache_clear()
    Queue.update_from_cloudformation_json = classmethod(_update_queue)
    Topic.update_from_cloudformation_json = classmethod(sns.update_topic)
    LogGroup.update_from_cloudformation_json = classmethod(_update_log_group)


class QueuePolicy(ReplaceableResource, CloudFormationModel):
    """AWS::SQS::QueuePolicy: replaces the policies of queues, which it names by URL."""

    TYPE = "AWS::SQS::QueuePolicy"

    @classmethod
    def put(cls, name: str, properties: Any, place: Place) -> str:
        """Set the policy of each queue."""
        for url in properties["Queues"]:
            queue = sqs_backends[place.account][place.region].get_queue(_queue_name(url))
            queue.policy = json.dumps(properties["PolicyDocument"])
        return name

    @classmethod
    def remove(cls, physical_id: str, properties: Any, place: Place) -> None:
        """Remove the policy of each queue that still exists."""
        for url in properties["Queues"]:
            queue = sqs_backends[place.account][place.region].queues.get(_queue_name(url))
            if queue:
                queue.policy = None


def _queue_name(url: str) -> str:
    return url.rpartition("/")[2]


def _update_queue(
    _: type[Queue],
    /,
    original_resource: Queue,
    new_resource_name: str,
    cloudformation_json: Any,
    **_place: str,
) -> Queue:
    properties = {name: value for name, value in cloudformation_json["Properties"].items() if name != "Tags"}
    original_resource._set_attributes({"Policy": original_resource.policy} | properties)
    # _set_attributes keeps attributes that the template no longer sets
    original_resource.kms_master_key_id = properties.get("KmsMasterKeyId")
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
