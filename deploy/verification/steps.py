"""All steps, in the order in which they run."""

from deploy.verification import promotion_steps, rule_steps, signal_steps
from deploy.verification.findings import Step

_CLEAN_UP = promotion_steps.STEPS[-1]
STEPS: tuple[Step, ...] = (*rule_steps.STEPS, *promotion_steps.STEPS[:-1], *signal_steps.STEPS, _CLEAN_UP)
