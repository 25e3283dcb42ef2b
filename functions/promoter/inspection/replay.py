"""Replay: recorded decisions, decided again under other rules."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from promoter.inspection.recorded import (
    NOT_DECIDED,
    OLDER,
    Recorded,
    RecordedHop,
    Unreadable,
    parse_line,
)
from promoter.packages.package import Package
from promoter.packages.patterns import path_of
from promoter.reporting.decision_log import DEFERRED
from promoter.rules.answer_conditions import NOT_LOOKED_UP
from promoter.rules.decision import Decision, decide_by
from promoter.rules.reasons import Reason
from promoter.rules.rule_set import HopRules, Promotion, RuleSet
from promoter.rules.vocabulary import Verdict
from promoter.times import format_time

NOT_SELECTED = "not-selected"


class Missing(Struct, frozen=True):
    """A decision that needs evidence which was not looked up. `text` names it."""

    text: str


class Change(Struct, frozen=True):
    """A recorded decision that other rules decide otherwise. `decision` is None if no promotion selects it."""

    recorded: Recorded
    decision: Decision | None

    @property
    def verdict(self) -> str:
        """The new verdict."""
        return NOT_SELECTED if self.decision is None else self.decision.verdict.name.lower()

    @property
    def reasons(self) -> list[Reason]:
        """The reasons of the new verdict."""
        if self.decision is None:
            return []
        verdict = self.decision.verdict
        return [
            each for each in self.decision.reasons if each.counts and each.verdict is verdict and not each.met
        ]


ChangeKey = tuple[str, str, str, str]  # purl, revision, source, destination


class Replay:
    """Decides lines again, one by one.

    `changes` has the versions with another verdict, by purl, revision and hop; the last decision counts. `total` counts
    the decisions, `same` those that stay as they are, `other_reasons` those that only have other reasons or another
    end. `failures` counts what cannot be decided again by reason, `rulesets` the decisions by their rules.
    """

    def __init__(self, rule_set: RuleSet) -> None:
        """Decide by these rules."""
        self.changes: dict[ChangeKey, Change] = {}
        self.total = self.same = self.other_reasons = 0
        self.failures: Counter[str] = Counter()
        self.rulesets: Counter[str] = Counter()
        self._rule_set = rule_set
        self._hops = {(each.hop.source, each.hop.destination): each for each in rule_set.all_hops}
        self._seen: set[tuple[str, str]] = set()
        self._selecting: dict[tuple[str, str, Package], list[Promotion]] = {}

    def add(self, lines: Iterable[bytes]) -> None:
        """Decide lines of a log again. Lines that are not of the decision log do not count."""
        for line in lines:
            recorded = parse_line(line)
            if recorded is None:
                continue
            self.total += 1
            if isinstance(recorded, Unreadable):
                self.failures[recorded.reason] += 1
            else:
                self._add(recorded)

    @property
    def new_hops(self) -> list[HopRules]:
        """The hops of the rules on which the log has no decision, so that nothing is known about them."""
        return [each for hop, each in self._hops.items() if hop not in self._seen]

    def _add(self, recorded: Recorded) -> None:
        self.rulesets[recorded.ruleset] += 1
        self._seen.add((recorded.hop.from_, recorded.hop.to))
        if recorded.verdict == DEFERRED:
            self.failures[NOT_DECIDED] += 1
        elif recorded.decided is None:
            self.failures[OLDER] += 1
        else:
            self._compare(recorded, self.decide_again(recorded, recorded.decided))

    def decide_again(self, recorded: Recorded, decided: datetime) -> Decision | Missing | None:
        """The decision about the same candidate by the same evidence at the same time; None if it is not selected."""
        candidate, evidence = recorded.candidate, recorded.evidence
        promotions = self._promotions(recorded.hop, candidate.package)
        if evidence.origin is None and promotions and promotions[0].selects_by_origin:
            return Missing("the origin of the package was not looked up")
        selecting = next((each for each in promotions if each.accepts_origin(evidence.origin)), None)
        if selecting is None:
            return None
        decision = decide_by(selecting, candidate, evidence, self._rule_set, decided.timestamp())
        return _missing_answers(decision) or decision

    def _promotions(self, hop: RecordedHop, package: Package) -> list[Promotion]:
        """The promotions of a hop whose patterns match a package. They are kept: a package has many versions."""
        key = (hop.from_, hop.to, package)
        if key not in self._selecting:
            rules = self._hops.get((hop.from_, hop.to))
            self._selecting[key] = rules.selecting(path_of(package)) if rules else []
        return self._selecting[key]

    def _compare(self, recorded: Recorded, decision: Decision | Missing | None) -> None:
        if isinstance(decision, Missing):
            self.failures[decision.text] += 1
            return
        change = Change(recorded, decision)
        if change.verdict != recorded.verdict:
            key = (recorded.purl, recorded.revision, recorded.hop.from_, recorded.hop.to)
            self.changes[key] = change
        elif decision is None or is_same(recorded, decision):
            self.same += 1
        else:
            self.other_reasons += 1


def is_same(recorded: Recorded, decision: Decision) -> bool:
    """True if the promotion, the end of a wait and all reasons are the same. The wording of reasons does not count."""
    if recorded.promotion != decision.promotion.name or len(recorded.reasons) != len(decision.reasons):
        return False
    until = decision.until
    if recorded.until != ("" if until is None else format_time(until)):
        return False
    pairs = zip(recorded.reasons, decision.reasons, strict=True)
    return all(
        old.code == new.code
        and old.met == new.met
        and old.name == new.name
        and (old.waived is None) == new.counts
        for old, new in pairs
    )


def _missing_answers(decision: Decision) -> Missing | None:
    """The answers that are missing and may change the verdict; None if there are none."""
    if decision.verdict is Verdict.REJECT or not decision.promotion.asks_for_answers:
        return None
    unknown = [each for each in decision.reasons if each.seen == NOT_LOOKED_UP and each.counts]
    if not unknown:
        return None
    names = " and ".join(f"{each.code} {each.name}".rstrip() for each in unknown)
    return Missing(f"the answer to {names} was not looked up")
