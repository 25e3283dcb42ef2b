"""AWS::CloudWatch::Alarm, which moto's CloudFormation lacks: it becomes an alarm of moto's CloudWatch.

moto never evaluates one; `describe_alarms` shows it as it was made.
"""

from typing import Any, Self

from moto.cloudwatch.models import Alarm, cloudwatch_backends
from moto.core.common_models import CloudFormationModel


class AlarmResource(CloudFormationModel):
    """An alarm on one metric."""

    def __init__(self, alarm: Alarm) -> None:
        self._arn = alarm.alarm_arn
        self.physical_resource_id = alarm.name

    @staticmethod
    def cloudformation_name_type() -> str:
        """The property that names it."""
        return "AlarmName"

    @staticmethod
    def cloudformation_type() -> str:
        """The type in a template."""
        return "AWS::CloudWatch::Alarm"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Whether Fn::GetAtt knows it."""
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """What Fn::GetAtt gives; only the ARN is asked for."""
        return str(self._arn)

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Self:
        """Put the alarm, over one of its name."""
        wanted = cloudformation_json["Properties"]
        backend = cloudwatch_backends[account_id][region_name]
        alarm = backend.put_metric_alarm(
            name=resource_name,
            namespace=wanted["Namespace"],
            metric_name=wanted["MetricName"],
            comparison_operator=wanted["ComparisonOperator"],
            evaluation_periods=int(wanted["EvaluationPeriods"]),
            period=int(wanted["Period"]),
            threshold=float(wanted["Threshold"]),
            statistic=wanted["Statistic"],
            description=wanted.get("AlarmDescription", ""),
            dimensions=wanted["Dimensions"],
            alarm_actions=wanted.get("AlarmActions", []),
            treat_missing_data=wanted.get("TreatMissingData"),
        )
        return cls(alarm)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Self,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Self:
        """Put the alarm as it is wanted now."""
        return cls.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> None:
        """Take the alarm away."""
        cloudwatch_backends[account_id][region_name].delete_alarms([resource_name])
