"""Case files for the tests of their reader."""

from promoter.cases.case import Case
from promoter.cases.reader import CaseFile, CaseFileError
from promoter.rules.rule_set import RuleSet
from tests.support.samples import promotion, rules, rules_text

INSIDE = f"[rules]\nnpm = '''\n{rules_text(promotion(soak='2h'))}'''\n"  # rules inside the case file
RULES = rules(
    promotion("to-staging", checks=["sca"], soak="1h", versions="^1"),
    promotion("to-prod", "staging -> prod", approval="leads"),
)
WIDGET = 'version = "pkg:npm/@acme/widget@1.0.0"'


def case_text(*lines: str, name: str = "one", version: str = WIDGET) -> str:
    """The text of one case in dev that expects a promotion, unless a line says otherwise."""
    keys = "\n".join(lines)
    repository = [] if "repository =" in keys else ['repository = "dev"']
    verdict = [] if "verdict =" in keys or "decisions =" in keys else ['verdict = "promote"']
    return "\n".join(["[[case]]", f'name = "{name}"', version, *repository, *verdict, *lines, ""])


def read(text: str, rule_set: RuleSet = RULES) -> list[Case]:
    """Read a case file."""
    return CaseFile(text, "rules.cases.toml").read(lambda: rule_set)


def read_one(*lines: str, rule_set: RuleSet = RULES) -> Case:
    """Read the only case of a file."""
    [case] = read(case_text(*lines), rule_set)
    return case


def mistakes(text: str, rule_set: RuleSet = RULES) -> str:
    """The mistakes of a case file, as they are shown."""
    try:
        read(text, rule_set)
    except CaseFileError as wrong:
        return str(wrong)
    raise AssertionError("the file has no mistake")
