"""languages: each language is imported when it is first used."""

import subprocess
import sys

import pytest

from promoter.versions import LANGUAGES


@pytest.mark.parametrize(
    ("work", "loaded"),
    [
        ("pass", set()),
        ("parse('npm', '^1')", {"promoter.versions.npm", "semver"}),
        ("parse('swift', '^1')", {"promoter.versions.npm", "semver"}),
        ("parse('cargo', '1')", {"promoter.versions.cargo", "semver"}),
        ("parse('pypi', '==1')", {"promoter.versions.pypi", "packaging"}),
        ("is_prerelease('maven', '1')", {"promoter.versions.maven"}),
        ("is_prerelease('nuget', '1')", {"promoter.versions.nuget"}),
        ("is_prerelease('ruby', '1')", {"promoter.versions.ruby", "univers"}),
    ],
)
def test_only_the_language_that_is_used_is_imported(work: str, loaded: set[str]) -> None:
    watched = {f"promoter.versions.{module}" for module in LANGUAGES.values()}
    watched |= {"semver", "packaging", "univers", "univers.versions", "attr", "semantic_version"}
    code = f"from promoter.versions import *; import sys; {work}; print(*(set(sys.modules) & {watched}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": "functions"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) == loaded


def test_the_library_imports_nothing_of_the_promoter_but_itself() -> None:
    code = "import promoter.versions, sys; print(*(name for name in sys.modules if name.startswith('promoter.')))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": "functions"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert {name for name in done.stdout.split() if not name.startswith("promoter.versions")} == set()
