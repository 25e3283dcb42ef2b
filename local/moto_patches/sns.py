"""What moto's CloudFormation lacks of SNS: subscriptions, a topic's policy, and updating a topic in its place."""

import json
from typing import Any, Self

from moto.core.common_models import CloudFormationModel
from moto.sns.models import Topic, sns_backends


class Subscription(CloudFormationModel):
    """AWS::SNS::Subscription of one endpoint to one topic."""

    def __init__(self, arn: str) -> None:
        self.physical_resource_id = arn

    @staticmethod
    def cloudformation_name_type() -> str:
        """It has no property that names it."""
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        """The type in a template."""
        return "AWS::SNS::Subscription"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Self:
        """Subscribe the endpoint."""
        wanted = cloudformation_json["Properties"]
        backend = sns_backends[account_id][region_name]
        subscription = backend.subscribe(wanted["TopicArn"], wanted["Endpoint"], wanted["Protocol"])
        return cls(subscription.arn)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Self,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Self:
        """Subscribe the new endpoint in the place of the old."""
        sns_backends[account_id][region_name].unsubscribe(original_resource.physical_resource_id)
        return cls.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> None:
        """End the subscription."""
        sns_backends[account_id][region_name].unsubscribe(resource_name)


class TopicPolicy(CloudFormationModel):
    """AWS::SNS::TopicPolicy: the policy replaces the topic's own."""

    def __init__(self, logical_id: str) -> None:
        self.physical_resource_id = logical_id

    @staticmethod
    def cloudformation_name_type() -> str:
        """It has no property that names it."""
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        """The type in a template."""
        return "AWS::SNS::TopicPolicy"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Self:
        """Put the policy on every topic that it names."""
        properties = cloudformation_json["Properties"]
        for arn in properties["Topics"]:
            topic = sns_backends[account_id][region_name].get_topic(arn)
            topic.policy = json.dumps(properties["PolicyDocument"])
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


def update(
    _: type[Topic],
    /,
    original_resource: Topic,
    new_resource_name: str,
    cloudformation_json: Any,
    account_id: str,
    region_name: str,
) -> Topic:
    """Change a topic that stands; moto itself would delete it, with its subscriptions."""
    properties = cloudformation_json["Properties"]
    original_resource.display_name = properties.get("DisplayName")
    original_resource.kms_master_key_id = properties.get("KmsMasterKeyId", "")
    return original_resource
