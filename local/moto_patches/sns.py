"""CloudFormation for SNS: subscriptions, topic policies, and an update that keeps the topic.

Needed with moto 5.2.5: it does not know `AWS::SNS::Subscription` and `AWS::SNS::TopicPolicy`, and it updates
a topic by deleting it with all its subscriptions.
"""

import json
from typing import Any

from moto.core.common_models import CloudFormationModel
from moto.sns.models import Topic, sns_backends

from local.moto_patches.replaceable_resource import Place, ReplaceableResource


class Subscription(ReplaceableResource, CloudFormationModel):
    """AWS::SNS::Subscription: one endpoint of one topic. The physical id is its ARN."""

    TYPE = "AWS::SNS::Subscription"

    @classmethod
    def put(cls, name: str, properties: Any, place: Place) -> str:
        """Subscribe the endpoint. Return the ARN."""
        backend = sns_backends[place.account][place.region]
        subscription = backend.subscribe(
            properties["TopicArn"], properties["Endpoint"], properties["Protocol"]
        )
        return str(subscription.arn)

    @classmethod
    def remove(cls, physical_id: str, properties: Any, place: Place) -> None:
        """Cancel the subscription."""
        sns_backends[place.account][place.region].unsubscribe(physical_id)


class TopicPolicy(ReplaceableResource, CloudFormationModel):
    """AWS::SNS::TopicPolicy: replaces the policies of topics."""

    TYPE = "AWS::SNS::TopicPolicy"

    @classmethod
    def put(cls, name: str, properties: Any, place: Place) -> str:
        """Set the policy of each topic."""
        for arn in properties["Topics"]:
            topic = sns_backends[place.account][place.region].get_topic(arn)
            topic.policy = json.dumps(properties["PolicyDocument"])
        return name

    @classmethod
    def remove(cls, physical_id: str, properties: Any, place: Place) -> None:
        """Do nothing: a topic always has a policy."""


def update_topic(
    _: type[Topic],
    /,
    original_resource: Topic,
    new_resource_name: str,
    cloudformation_json: Any,
    account_id: str,
    region_name: str,
) -> Topic:
    """Change the properties of an existing topic."""
    properties = cloudformation_json["Properties"]
    original_resource.display_name = properties.get("DisplayName")
    original_resource.kms_master_key_id = properties.get("KmsMasterKeyId", "")
    return original_resource
