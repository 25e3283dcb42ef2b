"""Answers that a user gives: which question they answer, and which revision they are about."""

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.packages.patterns import path_of
from promoter.rules.decision import needed, selecting
from promoter.rules.evidence import Evidence, Question, check_namespace
from promoter.rules.rule_set import Promotion, RuleSet
from promoter.rules.vocabulary import Hop, Origin
from promoter.waiting.names import answer_package


class Asked(Struct, frozen=True):
    """A question about one revision. `promotion` is the name of the promotion that an approval is for."""

    question: Question
    candidate: Candidate
    promotion: str = ""

    @property
    def package(self) -> str:
        """The name of the package of its answers."""
        return answer_package(self.candidate, self.question.hop)


def approval_question(promotion: Promotion) -> Question | None:
    """The question that an approval answers, None if the promotion asks for none."""
    needs = promotion.condition_needs
    return next((need for need in needs if isinstance(need, Question) and need.hop == promotion.hop), None)


def check_names(rule_set: RuleSet) -> list[str]:
    """The names of all checks of the rules."""
    return sorted({name for promotion in rule_set.promotions for name in promotion.checks})


def asking_repositories(rule_set: RuleSet, package: Package, version: str, check: str) -> list[str]:
    """The repositories whose versions of this package a check may be asked about."""
    question = Question(check_namespace(check))
    return [
        source
        for source in rule_set.hops
        if any(
            question in needs
            for needs in needed(Candidate(package, version, "", source, 0), rule_set).values()
        )
    ]


def deciding_promotion(
    rule_set: RuleSet, package: Package, hop: Hop, origin: Origin | None
) -> Promotion | None:
    """The promotion that decides about a package of this origin on a hop."""
    hop_rules = next(each for each in rule_set.hops[hop.source] if each.hop == hop)
    return next(iter(selecting(hop_rules, path_of(package), Evidence(origin))), None)


def possible_promotions(rule_set: RuleSet, package: Package, hop: Hop) -> list[Promotion]:
    """The promotions whose patterns select a package on a hop, whatever its origin is."""
    hop_rules = next(each for each in rule_set.hops[hop.source] if each.hop == hop)
    return hop_rules.selecting(path_of(package))
