"""Lambda entry points. Wrong settings or rules stop the start of the function."""

import gc
import os
import time

from promoter.aws.clients import function_client
from promoter.aws.codeartifact import CodeArtifact
from promoter.aws.sns import Topic
from promoter.aws.sqs import DeadLetterQueue
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import PromoterFunction
from promoter.rules_file.reader import load
from promoter.settings import Settings


def _wire() -> PromoterFunction:
    settings = Settings.from_environ(os.environ)
    file = settings.rules_file
    rule_set = load(file.read_text(encoding="utf-8"), str(file)).rule_set
    return PromoterFunction(
        settings,
        rule_set,
        CodeArtifact(function_client("codeartifact"), rule_set.domain, settings.domain_owner),
        Topic(function_client("sns"), settings.notification_topic_arn),
        DeadLetterQueue(function_client("sqs"), settings.dead_letter_queue_url),
        RateLimiter(settings.copies_per_second, time.monotonic, time.sleep),
    )


promote = _wire()
gc.freeze()  # nothing that exists by now is ever dropped
