"""Lambda entry points. Wrong settings or rules stop the start of the function."""

import gc
import os
import time

from promoter.aws.clients import function_client
from promoter.aws.codeartifact import CodeArtifact
from promoter.aws.evidence_repository import EvidenceRepository
from promoter.aws.npm_tags import NpmTags
from promoter.aws.scheduler import Schedules, ScheduleTarget
from promoter.aws.sns import Topic
from promoter.aws.sqs import DeadLetterQueue, PromotionQueue
from promoter.copying.pipeline import Clients
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import Ports, PromoterFunction
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.reader import load
from promoter.settings import Settings
from promoter.text_files import read_source


def _wire() -> PromoterFunction:
    settings = Settings.from_environ(os.environ)
    file = settings.rules_file
    rule_set = load(read_source(file), str(file)).rule_set
    ports = Ports(
        _clients(settings, rule_set),
        PromotionQueue(function_client("sqs"), settings.promotion_queue_url),
        DeadLetterQueue(function_client("sqs"), settings.dead_letter_queue_url),
        Topic(function_client("sns"), settings.notification_topic_arn),
    )
    rate_limiter = RateLimiter(settings.copies_per_second, time.monotonic, time.sleep)
    return PromoterFunction(settings, rule_set, ports, rate_limiter)


def _clients(settings: Settings, rule_set: RuleSet) -> Clients:
    codeartifact = function_client("codeartifact")
    domain, owner = rule_set.domain, settings.domain_owner
    return Clients(
        CodeArtifact(codeartifact, domain, owner),
        EvidenceRepository(codeartifact, domain, owner, rule_set.evidence),
        Schedules(function_client("scheduler"), _schedule_target(settings)),
        NpmTags(codeartifact, domain, owner),
    )


def _schedule_target(settings: Settings) -> ScheduleTarget:
    return ScheduleTarget(
        settings.schedule_group,
        settings.promotion_queue_arn,
        settings.scheduler_role_arn,
        settings.schedule_dead_letter_queue_arn,
    )


promote = _wire()
gc.freeze()  # nothing that exists by now is ever dropped
