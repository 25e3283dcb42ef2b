"""Decide recorded decisions again: `python -m bench.replay [N]`. Exits 1 above the goal.

The log has 20,000 different lines, again and again: releases and prereleases of npm, Maven and PyPI packages of forty
teams, which soak, are checked, approved, held and waived. The other rules soak twice as long. The goal is the CPU time
of one process for 1,000,000 lines.
"""

import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice

from promoter.copying.results import Outcome, OutcomeKind, Result
from promoter.inspection.replay import Replay
from promoter.packages.candidate import Candidate, Delivery
from promoter.packages.package import Package
from promoter.reporting.decision_log import log_line, log_record
from promoter.rules.decision import decide
from promoter.rules.evidence import Answer, Evidence, Question
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Verdict
from promoter.rules_file.reader import load

LINES, DIFFERENT, GOAL = 1_000_000, 20_000, 60.0
NOW = 1_767_700_000.0
COPIED = Outcome(OutcomeKind.COPIED)


def rules(soak: str) -> RuleSet:
    """Forty teams on two hops; everything needs a check and an approval before prod."""
    teams = "".join(
        f'team{number} = {{ packages = ["pkg:npm/@team{number}/*", "/maven/com.team{number}~", '
        f'"pkg:pypi/team{number}-*"] }}\n'
        for number in range(40)
    )
    return load(f"""
domain = "acme"
evidence = "evidence"
[teams]
{teams}
[[promotion]]
name = "to-staging"
from = "dev"
to = "staging"
packages = ["*"]
exclude = ["pkg:npm/@team7/internal-*"]
versions = {{ npm = "^1 || ^2", pypi = ">=1,<3", maven = "[1.0,3.0)" }}
[[promotion]]
name = "to-prod"
from = "staging"
to = "prod"
packages = ["*"]
versions = {{ npm = "^1 || ^2" }}
soak = "{soak}"
checks = ["sca"]
approval = true
[[hold]]
package = "pkg:npm/@team3/*@<1.2"
reason = "leaks"
[[waive]]
package = "pkg:pypi/team5-*"
conditions = ["soak"]
until = 2027-01-01T00:00:00Z
reason = "fix"
[[window]]
to = "prod"
allow = "Mon-Fri 06:00-20:00 Europe/Berlin"
""").rule_set


def candidates() -> Iterator[Candidate]:
    """Versions of the teams, by turns in dev and in staging."""
    for number in range(DIFFERENT):
        team, patch = number % 40, number // 40
        package = (
            Package("npm", f"team{team}", f"widget{patch % 9}"),
            Package("maven", f"com.team{team}", "core"),
            Package("pypi", "", f"team{team}-tools"),
        )[number % 3]
        version = f"1.{patch % 40}.{patch}" + (
            "-rc.1" if number % 11 == 0 and package.format == "npm" else ""
        )
        since = NOW - number % 50 * 3600
        yield Candidate(package, version, f"{number:043d}=", ("dev", "staging")[number % 2], since)


def recorded(rule_set: RuleSet) -> list[bytes]:
    """The different lines."""
    questions = [need for each in rule_set.promotions for need in each.needs if isinstance(need, Question)]
    answer = Answer("PASSED", "no findings", "sca", promotion="to-prod", version="20260105T000000.000Z")
    answered = Evidence(None, "Published", dict.fromkeys(questions, answer))
    lines = []
    for number, candidate in enumerate(candidates()):
        evidence = answered if candidate.repository == "staging" else Evidence()
        delivery = Delivery(f"m{number}", event_id=f"e{number}", deduplication_id=f"{number:044d}")
        for decision in decide(candidate, evidence, rule_set, NOW):
            outcome = COPIED if decision.verdict is Verdict.PROMOTE else None
            record = log_record(Result.of(decision, delivery, outcome), rule_set.digest, "request")
            lines.append(log_line(record).encode())
    return lines


def main(count: int) -> int:
    """Measure, print, and return the exit code."""
    lines = recorded(rules("24h"))
    same, other = Replay(rules("24h")), Replay(rules("48h"))
    same.add(lines)
    assert same.same == same.total == len(lines) == DIFFERENT
    start = time.process_time()
    other.add(islice(cycle(lines), count))
    seconds = (time.process_time() - start) * LINES / count
    size = sum(map(len, lines)) / len(lines)
    assert other.total == count
    assert other.changes
    print(
        f"replay      {seconds:.1f} s of CPU for {LINES:,} decisions of {size:.0f} bytes   (goal: at most {GOAL:.0f})"
    )
    return 0 if seconds <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES))
