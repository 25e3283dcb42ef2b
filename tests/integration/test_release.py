"""`python -m deploy.release`: the files of a release, the same from every build of a commit."""

import hashlib
import json
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from deploy import release, sbom
from deploy.build import architecture
from tests.support.paths import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
ARTIFACT = f"codeartifact-promoter-{VERSION}-{architecture('host')}"
WHEEL = f"codeartifact_promoter-{VERSION}-py3-none-any.whl"
FILES = {f"{ARTIFACT}.zip", f"{ARTIFACT}.{sbom.NAME}", WHEEL, release.SUMS}
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))

pytestmark = [
    pytest.mark.skipif(shutil.which("python3.13") is None, reason="python3.13 is not on the PATH"),
    pytest.mark.timeout(300),  # the first build on a machine downloads the libraries
    pytest.mark.xdist_group("artifact"),  # one worker builds, once
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a release for this machine."""
    dist = tmp_path_factory.mktemp("release") / "dist"
    dist.mkdir()
    (dist / "old.whl").write_text("of an earlier release")
    assert release.main(["--arch", "host", "--dist", str(dist)]) == 0
    return dist


def test_it_has_the_artifact_the_wheel_the_bill_and_their_sums(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == FILES
    lines = (made / release.SUMS).read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert sums.keys() == FILES - {release.SUMS}
    assert all(hashlib.sha256((made / name).read_bytes()).hexdigest() == sums[name] for name in sums)


def test_the_bill_is_the_one_in_the_artifact_and_names_the_version(made: Path) -> None:
    bill = (made / f"{ARTIFACT}.{sbom.NAME}").read_bytes()
    with zipfile.ZipFile(made / f"{ARTIFACT}.zip") as archive:
        assert archive.read(sbom.NAME) == bill
    assert json.loads(bill)["metadata"]["component"]["version"] == VERSION


def test_the_wheel_has_every_file_of_the_package(made: Path) -> None:
    functions = ROOT / "functions"
    wanted = {
        path.relative_to(functions).as_posix()
        for path in (functions / "promoter").rglob("*")
        if path.is_file() and path.suffix in (".py", ".typed")
    }
    with zipfile.ZipFile(made / WHEEL) as archive:
        names = {name for name in archive.namelist() if name.startswith("promoter/")}
    assert {name for name in names if not name.endswith(".md")} == wanted


def test_a_second_release_has_the_same_bytes(made: Path, tmp_path: Path) -> None:
    assert release.main(["--arch", "host", "--dist", str(tmp_path / "again")]) == 0
    for name in sorted(FILES):
        assert (made / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


class TestWorkflow:
    JOB = WORKFLOW["jobs"]["release"]
    STEPS = JOB["steps"]

    def test_runs_for_tags_only(self) -> None:
        assert WORKFLOW[True] == {"push": {"tags": ["v*"]}}  # YAML 1.1 reads `on` as true

    def test_has_only_the_permissions_that_it_needs(self) -> None:
        assert WORKFLOW["permissions"] == {}
        assert self.JOB["permissions"] == {"contents": "write", "id-token": "write", "attestations": "write"}

    def test_attests_every_file_before_it_publishes_them(self) -> None:
        (attests,) = (
            number
            for number, step in enumerate(self.STEPS)
            if step.get("uses", "").startswith("actions/attest-build-provenance@")
        )
        assert self.STEPS[attests]["with"] == {"subject-path": "dist/*"}
        assert "deploy.release" in "\n".join(step.get("run", "") for step in self.STEPS[:attests])
        assert "gh release create" in self.STEPS[attests + 1]["run"]

    def test_refuses_a_tag_that_is_not_the_version(self) -> None:
        assert 'test "$GITHUB_REF_NAME" = "v$version"' in "\n".join(
            step.get("run", "") for step in self.STEPS
        )
