"""docs/reasons.md: every code has its heading, and every heading is a code; both are read from where they are used."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest

from promoter.copying import outcome
from promoter.copying.results import OutcomeKind
from promoter.reporting import notifications
from promoter.reporting.next_steps import docs_link
from promoter.rules.decision import NOT_SELECTED

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (.+)\n((?:(?!##).*\n?)*)", TEXT, re.MULTILINE))
# whose code is which argument, in the modules of the core and of its clients
ARGUMENTS = {"Reason": 0, "Outcome": 1, "Ignored": 0, "ApiError": 0}


def written() -> Iterator[str]:
    """The codes that our own modules write down."""
    for path in (ROOT / "functions" / "promoter").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ARGUMENTS:
                position = ARGUMENTS[node.func.id]
                named = [each.value for each in node.keywords if each.arg in ("code", "reason")]
                for argument in [*node.args[position : position + 1], *named]:
                    if isinstance(argument, ast.Constant) and argument.value:
                        yield str(argument.value)


def of_the_api() -> set[str]:
    """The codes that CopyPackageVersions may answer with, by AWS' own model of it."""
    model = botocore.session.get_session().get_service_model("codeartifact")
    errors = {shape.name for shape in model.operation_model("CopyPackageVersions").error_shapes}
    return errors | set(model.shape_for("PackageVersionErrorCode").enum)


CODES = {
    *written(),
    *of_the_api(),
    *(kind.value for kind in OutcomeKind),
    *outcome._PASSING,
    *notifications._CURES,
    NOT_SELECTED,
}


def test_the_codes_are_found_where_they_are_used() -> None:
    """Else what follows would compare nothing with nothing."""
    assert {"exclude", "soak", "hold", "Deadline", "InternalError", "not-published", "Unreachable"} <= set(
        written()
    )
    assert {"ALREADY_EXISTS", "SKIPPED", "AccessDeniedException"} <= of_the_api()


def test_every_code_has_its_heading_and_every_heading_is_a_code() -> None:
    anchors = {docs_link(code).partition("#")[2] for code in CODES}

    assert set(SECTIONS) == anchors
    assert len(re.findall("^### ", TEXT, re.MULTILINE)) == len(SECTIONS)


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_heading_says_what_it_means_and_who_acts(heading: str) -> None:
    meaning, _, action = SECTIONS[heading].partition("**Who acts:**")

    assert len(meaning.split()) >= 5
    assert action.strip()
    if "Verdict:** reject" in meaning or "Verdict:** hold" in meaning:
        assert "**Cure:**" in action


@pytest.mark.parametrize("code", sorted(of_the_api()))
def test_a_code_of_the_api_is_written_as_the_api_writes_it(code: str) -> None:
    assert f"`{code}`" in SECTIONS[docs_link(code).partition("#")[2]]
