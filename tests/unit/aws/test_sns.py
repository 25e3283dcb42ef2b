"""sns: the exact parameters of a notification."""

from promoter.aws.sns import Topic
from promoter.reporting.sns_message import SnsMessage
from tests.support.stubbed import stubbed

ARN = "arn:aws:sns:eu-west-1:123456789012:topic"


def test_a_message_has_its_subject_and_a_text_for_each_protocol() -> None:
    with stubbed("sns") as (client, stubber):
        stubber.add_response(
            "publish",
            {"MessageId": "m1"},
            {"TopicArn": ARN, "Subject": "[acme] 1 held", "Message": "{}", "MessageStructure": "json"},
        )

        Topic(client, ARN).publish(SnsMessage("[acme] 1 held", "{}"))
