"""CloudFormation for alarms. moto does not evaluate them; `describe_alarms` shows them as they were created.

Needed with moto 5.2.5: it has alarms, but does not know `AWS::CloudWatch::Alarm`.
"""

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel

from local.moto_patches.replaceable_resource import Place, ReplaceableResource


class AlarmResource(ReplaceableResource, CloudFormationModel):
    """AWS::CloudWatch::Alarm: an alarm on one metric. The physical id is its name."""

    TYPE = "AWS::CloudWatch::Alarm"
    NAME_PROPERTY = "AlarmName"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Return True if Fn::GetAtt knows the attribute."""
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return the ARN, the only attribute."""
        alarms = cloudwatch_backends[self.place.account][self.place.region].alarms
        return str(alarms[self.physical_resource_id].alarm_arn)

    @classmethod
    def put(cls, name: str, properties: Any, place: Place) -> str:
        """Create the alarm, or replace the one of this name."""
        cloudwatch_backends[place.account][place.region].put_metric_alarm(
            name=name,
            namespace=properties["Namespace"],
            metric_name=properties["MetricName"],
            comparison_operator=properties["ComparisonOperator"],
            evaluation_periods=int(properties["EvaluationPeriods"]),
            period=int(properties["Period"]),
            threshold=float(properties["Threshold"]),
            statistic=properties["Statistic"],
            description=properties.get("AlarmDescription", ""),
            dimensions=properties["Dimensions"],
            alarm_actions=properties.get("AlarmActions", []),
            treat_missing_data=properties.get("TreatMissingData"),
        )
        return name

    @classmethod
    def remove(cls, physical_id: str, properties: Any, place: Place) -> None:
        """Delete the alarm."""
        cloudwatch_backends[place.account][place.region].delete_alarms([physical_id])
