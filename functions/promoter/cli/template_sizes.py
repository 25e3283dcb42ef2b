"""The sizes of template.yaml that AWS limits: the event pattern of the rule and the policies of the role.

Source of the limits: EventBridge User Guide, eb-quota; IAM User Guide, reference_iam-quotas.
"""

from collections.abc import Collection, Iterable
from typing import Literal

from msgspec import Struct

from promoter.rules.rule_set import RuleSet

RepositoryAccess = Literal["each", "domain"]

_SPLIT = "split the rules into two files, and deploy a stack with each"
_RAISE = f'{_SPLIT}; or request a higher quota "Event pattern size" of EventBridge'
_DOMAIN = (
    f'set the parameter RepositoryAccess = "domain", which allows the function to copy between all repositories of '
    f"the domain; or {_SPLIT}"
)

# Characters that template.yaml takes, with the longest names of a region, a stack and a queue. Names of domain and
# repositories come on top. A test measures the template.
_PATTERN, _PATTERN_SOURCE = 244, 3  # and the domain; and the repository
_POLICIES, _POLICIES_DOMAIN = 2108, 500  # and 3 times the domain
_POLICIES_SOURCE, _POLICIES_DESTINATION = 395, 459  # and 2 or 3 times domain and repository
_POLICIES_EVIDENCE = 243  # and the domain and the repository
_POLICIES_NPM_TOKEN, _POLICIES_NPM_TAG = 373, 391  # and the domain; and 2 times domain and repository


class Size(Struct, frozen=True):
    """A size that AWS limits, in characters."""

    what: str
    characters: int
    limit: int
    fix: str

    @property
    def fits(self) -> bool:
        """True if AWS accepts it."""
        return self.characters <= self.limit

    @property
    def text(self) -> str:
        """The size and its limit as a sentence."""
        return f"{self.what} can have {self.characters:,} characters, and AWS accepts {self.limit:,}"


def sources_of(rule_set: RuleSet) -> list[str]:
    """The repositories that the rules promote from, in the order of the file."""
    return list(dict.fromkeys(promotion.source for promotion in rule_set.promotions))


def destinations_of(rule_set: RuleSet) -> list[str]:
    """The repositories that the rules promote to, in the order of the file."""
    return list(dict.fromkeys(promotion.destination for promotion in rule_set.promotions))


def npm_latest_of(rule_set: RuleSet) -> list[str]:
    """The repositories in which promotions move npm's tag `latest`, in the order of the file."""
    moving = (each.destination for each in rule_set.promotions if each.npm_latest == "highest")
    return list(dict.fromkeys(moving))


def pattern_size(domain: str, repositories: Iterable[str]) -> Size:
    """The size of the event pattern. `repositories` are the sources and the repository of answers."""
    characters = _PATTERN + len(domain) + sum(_PATTERN_SOURCE + len(name) for name in repositories)
    return Size("the event pattern of PublishRule", characters, 2_048, _RAISE)


def policies_size(
    domain: str,
    sources: Iterable[str],
    destinations: Iterable[str],
    access: RepositoryAccess = "each",
    evidence: str = "",
    npm_latest: Collection[str] = (),
) -> Size:
    """The size of the role's policies, with these values of the template's parameters."""
    characters = _POLICIES
    if npm_latest:
        characters += _POLICIES_NPM_TOKEN + len(domain)
        characters += sum(_POLICIES_NPM_TAG + 2 * len(domain + name) for name in npm_latest)
    if evidence:
        characters += _POLICIES_EVIDENCE + len(domain + evidence)
    if access == "domain":
        characters += _POLICIES_DOMAIN + 3 * len(domain)
    else:
        characters += sum(_POLICIES_SOURCE + 2 * len(domain + name) for name in sources)
        characters += sum(_POLICIES_DESTINATION + 3 * len(domain + name) for name in destinations)
    return Size("the inline policies of PromoteRole", characters, 10_240, _DOMAIN)


def sizes_of(rule_set: RuleSet, access: RepositoryAccess = "each") -> tuple[Size, Size]:
    """The sizes of the event pattern and of the role's policies."""
    domain, sources, evidence = rule_set.domain, sources_of(rule_set), rule_set.evidence
    destinations, npm_latest = destinations_of(rule_set), npm_latest_of(rule_set)
    return (
        pattern_size(domain, [*sources, evidence] if evidence else sources),
        policies_size(domain, sources, destinations, access, evidence, npm_latest),
    )
