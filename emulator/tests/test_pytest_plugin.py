"""The fixtures of the pytest plug-in, in a project of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

FIRST = """
import boto3
import requests

def promote(version):
    boto3.client("codeartifact").copy_package_versions(
        domain="acme", sourceRepository="dev", destinationRepository="prod",
        format="npm", namespace="acme", package="widget", versions=[version],
    )

def test_promote(published, codeartifact_domain):
    published("npm", "@acme/widget", "1.0.0")
    promote("1.0.0")
    listed = codeartifact_domain.client.list_package_versions(
        domain="acme", repository="prod", format="npm", namespace="acme", package="widget"
    )
    assert [each["version"] for each in listed["versions"]] == ["1.0.0"]
    assert listed["defaultDisplayVersion"] == "1.0.0"

def test_the_next_test_begins_empty(codeartifact_domain):
    assert codeartifact_domain.client.list_packages(domain="acme", repository="dev")["packages"] == []
"""
FORMATS = """
import pytest
import requests

@pytest.mark.parametrize(
    ("format", "package", "path"),
    [
        ("npm", "@acme/widget", "@acme%2fwidget"),
        ("pypi", "My_Gadget", "simple/my-gadget/"),
        ("maven", "com.acme:app", "com/acme/app/1.0/app-1.0.jar"),
    ],
)
def test_a_package_manager_finds_what_was_published(published, codeartifact_domain, format, package, path):
    assert published(format, package, "1.0").version == "1.0"
    url = codeartifact_domain.endpoint(format, "dev") + path
    answer = requests.get(url, auth=("aws", codeartifact_domain.token()))
    assert answer.status_code == 200
    assert b"1.0" in answer.content

def test_other_formats_have_a_file(published, codeartifact_domain):
    done = published("cargo", "serde", "1.0.0", to="prod", files={"a": b"1", "b": b"2"})
    listed = codeartifact_domain.client.list_package_version_assets(
        domain="acme", repository="prod", format="cargo", package="serde", packageVersion="1.0.0"
    )
    assert [each["name"] for each in listed["assets"]] == ["a", "b"]
    assert listed["versionRevision"] == done.revision
"""
FAULTS = """
import boto3
import pytest
from botocore.exceptions import ClientError

def test_a_fault_and_a_setting(published, codeartifact_domain):
    assert codeartifact_domain.name == "shop"
    codeartifact_domain.choose(copied_revision="fresh")
    codeartifact_domain.faults.fail_call("CopyPackageVersions", "ConflictException")
    done = published("generic", "acme/model", "1", to="ours")
    call = dict(domain="shop", sourceRepository="ours", destinationRepository="theirs", format="generic",
                namespace="acme", package="model", versions=["1"])
    ca = boto3.client("codeartifact")
    with pytest.raises(ClientError, match="Conflict"):
        ca.copy_package_versions(**call)
    copied = ca.copy_package_versions(**call)["successfulVersions"]["1"]
    assert copied["revision"] != done.revision
    found = ca.describe_repository(domain="shop", repository="theirs")["repository"]
    assert found["upstreams"] == [{"repositoryName": "ours"}]

def test_the_settings_do_not_leak(codeartifact_domain):
    assert codeartifact_domain.settings.copied_revision == "same"
"""


def run_pytest(
    folder: Path, program: str, *options: str
) -> subprocess.CompletedProcess[str]:
    """Run the tests of a program."""
    (folder / "test_program.py").write_text(program)
    command = (sys.executable, "-m", "pytest", "-p", "pytest_moto_codeartifact")
    return subprocess.run(
        [*command, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.parametrize(
    ("program", "passed"),
    [(FIRST, 2), (FORMATS, 4)],
    ids=["the promotion of a version", "all formats"],
)
def test_the_fixtures_serve_a_domain(tmp_path: Path, program: str, passed: int) -> None:
    done = run_pytest(tmp_path, program)

    assert f"{passed} passed" in done.stdout, done.stdout


def test_the_configuration_names_the_domain_and_its_repositories(
    tmp_path: Path,
) -> None:
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\ncodeartifact_domain = shop\ncodeartifact_repositories = ours theirs:ours\n"
    )

    done = run_pytest(tmp_path, FAULTS)

    assert "2 passed" in done.stdout, done.stdout


def test_the_plugin_alone_does_not_import_moto(tmp_path: Path) -> None:
    program = "import sys\ndef test_it():\n    assert 'moto' not in sys.modules\n"

    done = run_pytest(tmp_path, program)

    assert "1 passed" in done.stdout, done.stdout
