"""Lambda entry points. Whatever is wrong with the settings or the rules stops the function's start."""

import gc

gc.disable()  # nothing that is imported is dropped again: looking for it is a twentieth of a cold start

import os
import time

from promoter import settings, stamp
from promoter.aws.codeartifact import CodeArtifact
from promoter.aws.sns import Topic
from promoter.aws.sqs import DeadLetterQueue
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import PromoterFunction
from promoter.rules_file.reader import load


def _wire() -> PromoterFunction:
    read = settings.read(os.environ)
    rules = read.rules_file
    rule_set = load(rules.read_text(encoding="utf-8"), str(rules), checked=stamp.read(rules))
    return PromoterFunction(
        read,
        rule_set,
        CodeArtifact(rule_set.domain, read.domain_owner),
        Topic(read.notification_topic_arn),
        DeadLetterQueue(read.dead_letter_queue_url),
        RateLimiter(read.copies_per_second, time.monotonic, time.sleep),
    )


promote = _wire()
gc.enable()
gc.freeze()  # what is there by now stays, so never look at it again
