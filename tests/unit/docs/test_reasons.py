"""docs/reasons.md has one section for each code, and each section says what to do."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from promoter.copying import outcome
from promoter.copying.results import OutcomeKind
from promoter.reporting.decision_log import DEFERRED
from promoter.reporting.next_steps import NEXT_STEPS, docs_link
from promoter.rules.vocabulary import ReasonCode
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"^### (.+)\n((?:(?!##).*\n?)*)", TEXT, re.MULTILINE))
CODE_ARGUMENTS = {"Outcome": 1, "Outcome.retry": 0, "IgnoredEvent": 0, "ApiError": 0}  # position of the code


def literal_codes() -> Iterator[str]:
    """The codes that our own modules pass as literals, read from their source."""
    for path in (ROOT / "functions" / "promoter").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and (position := CODE_ARGUMENTS.get(ast.unparse(node.func))) is not None
            ):
                named = [each.value for each in node.keywords if each.arg in ("code", "reason")]
                for argument in [*node.args[position : position + 1], *named]:
                    if isinstance(argument, ast.Constant) and argument.value:
                        yield str(argument.value)


def api_codes() -> set[str]:
    """The codes that CopyPackageVersions may return, from AWS's own model of it."""
    model: Any = botocore.session.get_session().get_service_model("codeartifact")
    errors = {shape.name for shape in model.operation_model("CopyPackageVersions").error_shapes}
    return errors | set(model.shape_for("PackageVersionErrorCode").enum)


def section(code: str) -> str:
    return SECTIONS[docs_link(code).partition("#")[2]]


CODES = {
    *literal_codes(),
    *api_codes(),
    *(code.value for code in ReasonCode),
    *(kind.value for kind in OutcomeKind),
    *outcome._TRANSIENT,
    *NEXT_STEPS,
    DEFERRED,
}


def test_the_codes_are_found_in_the_source() -> None:
    """Otherwise the tests below would compare nothing with nothing."""
    assert set(literal_codes()) >= {
        "Deadline",
        "InternalError",
        "MISMATCHED_REVISION",
        "not-published",
        "Unreachable",
    }
    assert api_codes() >= {"ALREADY_EXISTS", "SKIPPED", "AccessDeniedException"}


def test_every_code_has_a_section_and_every_section_has_a_code() -> None:
    anchors = {docs_link(code).partition("#")[2] for code in CODES}

    assert set(SECTIONS) == anchors
    assert len(re.findall("^### ", TEXT, re.MULTILINE)) == len(SECTIONS)


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_section_says_what_the_code_means_and_who_acts(heading: str) -> None:
    meaning, _, action = SECTIONS[heading].partition("**Who acts:**")

    assert len(meaning.split()) >= 5
    assert action.strip()


@pytest.mark.parametrize("code", [code for code in ReasonCode if code is not ReasonCode.NOT_SELECTED])
def test_the_section_of_a_reason_names_its_verdict(code: ReasonCode) -> None:
    assert re.search(r"^- \*\*Verdict:\*\* (wait|hold|reject)\b", section(code), re.MULTILINE)


@pytest.mark.parametrize(("code", "next_step"), NEXT_STEPS.items())
def test_the_section_of_a_code_has_the_next_step_that_the_product_prints(code: str, next_step: str) -> None:
    assert f"\n- **Next step:** {next_step}\n" in section(code)


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_section_has_no_other_next_step_than_the_product(heading: str) -> None:
    anchors = {docs_link(code).partition("#")[2] for code in NEXT_STEPS}

    assert SECTIONS[heading].count("**Next step:**") == (heading in anchors)


@pytest.mark.parametrize("next_step", NEXT_STEPS.values())
def test_a_next_step_is_ascii(next_step: str) -> None:
    assert next_step.isascii()


@pytest.mark.parametrize("code", sorted(api_codes()))
def test_an_api_code_is_spelled_as_the_api_spells_it(code: str) -> None:
    assert f"`{code}`" in section(code)
