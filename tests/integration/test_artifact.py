"""The artifact that `make build` makes: complete, small, compiled, and the same every time."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from email import message_from_string
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import boto3
import pytest
from packageurl import PackageURL
from packaging.utils import canonicalize_name
from samcli.yamlhelper import yaml_parse

from bench.startup import ENVIRONMENT
from deploy import artifact, sbom
from deploy.build import BuildError, architecture, main
from deploy.sdk import SERVICES, without_documentation
from tests.integration.test_template import sam
from tests.support.paths import ROOT

PYTHON = shutil.which("python3.13")
PARAMETERS = "Domain=acme SourceRepositories=dev DestinationRepositories=prod"
UNCHECKED = 0b01  # PEP 552: hash-based, not compared with the source

pytestmark = [
    pytest.mark.skipif(PYTHON is None, reason="python3.13, which the function runs on, is not on the PATH"),
    pytest.mark.timeout(300),  # the first build on a machine downloads the libraries
    pytest.mark.xdist_group("artifact"),  # one worker builds, once
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the function's directory for this machine."""
    directory = tmp_path_factory.mktemp("build") / "build"
    assert main(["--arch", "host", "--build-dir", str(directory)]) == 0
    return directory / "PromoteFunction"


@pytest.fixture(scope="module")
def sam_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the same directory with `sam build` alone."""
    folder = tmp_path_factory.mktemp("sam")
    where = ["--build-dir", str(folder / "build"), "--cache-dir", str(folder / "cache")]
    parameters = f"Architecture={architecture('host')} {PARAMETERS}"
    done = sam("build", "--no-cached", *where, "--parameter-overrides", parameters)
    assert done.returncode == 0, done.stderr
    return folder / "build" / "PromoteFunction"


def run_alone(directory: Path, program: str, **variables: str) -> str:
    """Run a program that finds the standard library and the directory only. Return its output."""
    assert PYTHON
    done = subprocess.run(
        [PYTHON, "-I", "-S", "-B", "-c", f"import sys; sys.path.insert(0, {str(directory)!r})\n{program}"],
        env={"PATH": os.environ["PATH"], **ENVIRONMENT, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestComplete:
    def test_it_has_every_module_of_the_function_except_the_command_line(self, built: Path) -> None:
        source = ROOT / "functions" / "promoter"
        modules = {path.relative_to(source) for path in source.rglob("*.py")}
        assert {path.relative_to(built / "promoter") for path in (built / "promoter").rglob("*.py")} == {
            path for path in modules if ("promoter", path.parts[0]) not in NOT_DEPLOYED
        }

    def test_every_module_imports_without_other_libraries(self, built: Path) -> None:
        program = """
import importlib, pkgutil, promoter
for module in pkgutil.walk_packages(promoter.__path__, "promoter."):
    importlib.import_module(module.name)
from promoter.versions import parse
ranges = {"npm": ">=1", "cargo": ">=1", "pypi": ">=1", "ruby": ">=1", "maven": "[1,2)", "nuget": "[1,2)"}
for format, text in ranges.items():
    parse(format, text)
print(promoter.__file__)
"""
        assert run_alone(built, program).strip() == str(built / "promoter" / "__init__.py")

    def test_it_has_its_own_time_zones(self, built: Path) -> None:
        program = """
import zoneinfo, tzdata
from promoter.rules_file.opening_hours import read_opening_hours
assert zoneinfo.TZPATH == ()
print(read_opening_hours("Mon 08:00-16:00 Europe/Berlin").next_opening(1767225600), tzdata.__file__)
"""
        found = run_alone(built, program, PYTHONTZPATH="").split()
        assert found == ["1767596400.0", str(built / "tzdata" / "__init__.py")]

    def test_the_time_zones_are_in_it_once_and_the_sdk_reads_times_without_others(self, built: Path) -> None:
        assert list(built.rglob("*.tar.gz")) == []
        program = """
from botocore.utils import parse_timestamp
for text in ("2026-11-25T18:48:30+01:00", "Wed, 25 Nov 2026 17:48:30 GMT", 1795628910):
    print(int(parse_timestamp(text).timestamp()))
"""
        assert run_alone(built, program, PYTHONTZPATH="").split() == ["1795628910"] * 3

    def test_the_code_of_every_library_is_as_it_was_installed(self, built: Path, sam_built: Path) -> None:
        wanted = modules_of(sam_built)
        assert modules_of(built) == {
            path: digest for path, digest in wanted.items() if path[:2] not in NOT_DEPLOYED
        }

    def test_a_scanner_finds_every_pinned_library_with_its_licence(self, built: Path) -> None:
        pinned = re.findall(
            r"(?m)^([a-z0-9-]+)==([^ ]+)", (ROOT / "functions" / "requirements.txt").read_text()
        )
        found = {each.name.lower().replace("_", "-"): each for each in distributions(path=[str(built)])}
        assert {name: each.version for name, each in found.items()} == dict(pinned)
        folders = sorted(built.glob("*.dist-info"))
        assert [each.name for each in folders if not licences(each)] == []

    def test_nothing_else_of_an_installation_is_left(self, built: Path) -> None:
        left = {path.name for folder in built.glob("*.dist-info") for path in folder.iterdir()}
        assert left.isdisjoint({"RECORD", "WHEEL", "INSTALLER", "REQUESTED", "top_level.txt"})
        assert not list(built.glob("requirements.*"))
        assert [path.name for path in built.glob("rules*")] == ["rules.toml"]


class TestBillOfMaterials:
    """CycloneDX 1.6."""

    @pytest.fixture
    def bill(self, built: Path) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((built / sbom.NAME).read_bytes())
        return found

    def test_it_has_exactly_the_libraries_of_the_artifact_with_the_versions_of_their_metadata(
        self, built: Path, bill: dict[str, Any]
    ) -> None:
        installed = {
            (canonicalize_name(fields["Name"]), fields["Version"])
            for fields in (message_from_string(file.read_text("utf-8")) for file in built.glob("*/METADATA"))
        }
        assert len(installed) > 10
        listed = [(each["name"], each["version"]) for each in bill["components"]]
        assert sorted(listed) == sorted(installed)

    def test_every_file_of_the_artifact_belongs_to_a_listed_library_or_to_the_function(
        self, built: Path, sam_built: Path, bill: dict[str, Any]
    ) -> None:
        names = {each["name"] for each in bill["components"]}
        brought = {
            file.parts[0]
            for each in distributions(path=[str(sam_built)])
            if canonicalize_name(each.name) in names
            for file in each.files or ()
        }
        own = {"promoter", "rules.toml", sbom.NAME, "__pycache__"}
        assert {path.name for path in built.iterdir()} - own <= brought

    def test_every_component_has_a_purl_that_parses_and_a_declared_licence(
        self, bill: dict[str, Any]
    ) -> None:
        for each in bill["components"]:
            purl = PackageURL.from_string(each["purl"])
            assert (purl.type, purl.name, purl.version) == ("pypi", each["name"], each["version"])
            for licence in each["licenses"]:
                assert licence.get("expression") or licence["license"]["name"]

    def test_licences_are_those_of_the_metadata(self, bill: dict[str, Any]) -> None:
        found = {each["name"]: each["licenses"] for each in bill["components"]}
        assert found["packaging"] == [
            {"expression": "Apache-2.0 OR BSD-2-Clause", "acknowledgement": "declared"}
        ]
        names = [each["license"]["name"] for each in found["python-dateutil"]]
        assert names == ["BSD License", "Apache Software License"]
        assert [each["license"]["name"] for each in found["boto3"]] == ["Apache-2.0"]

    def test_it_has_the_fields_of_the_format_and_no_others(self, bill: dict[str, Any]) -> None:
        assert {key: bill[key] for key in ("bomFormat", "specVersion", "version")} == {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
        }
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
        assert set(bill) == {"$schema", "bomFormat", "specVersion", "serialNumber", "version"} | {
            "metadata",
            "components",
            "dependencies",
        }
        assert set(bill["metadata"]) == {"component"}  # a time would differ in every build
        for each in bill["components"]:
            assert set(each) == {"type", "bom-ref", "name", "version", "purl", "licenses"}
            assert each["type"] == "library"

    def test_its_dependencies_connect_every_component_with_the_function(self, bill: dict[str, Any]) -> None:
        edges = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
        references = {each["bom-ref"] for each in bill["components"]}
        root = bill["metadata"]["component"]["bom-ref"]
        assert set(edges) == references | {root}
        reached: set[str] = set()
        waiting = [root]
        while waiting:
            new = set(edges[waiting.pop()]) - reached
            reached |= new
            waiting += new
        assert reached == references

    def test_the_copy_beside_the_zip_file_is_the_one_inside(self, built: Path) -> None:
        zip_file = built.parent.with_name("PromoteFunction.zip")
        with zipfile.ZipFile(zip_file) as archive:
            assert archive.read(sbom.NAME) == zip_file.with_name(sbom.NAME).read_bytes()

    def test_another_version_of_a_library_gives_another_serial_number(self, tmp_path: Path) -> None:
        project = {"name": "p", "version": "1", "license": "MIT", "dependencies": ["a>=1"]}
        metadata = tmp_path / "a-1.dist-info" / "METADATA"
        metadata.parent.mkdir()
        found = []
        for version in ("1", "1", "2"):
            metadata.write_text(f"Metadata-Version: 2.1\nName: a\nVersion: {version}\n")
            found.append(sbom.describe(tmp_path, project))
        assert found[0] == found[1]
        assert found[0]["serialNumber"] != found[2]["serialNumber"]
        assert "licenses" not in found[0]["components"][0]  # nothing is declared


class TestSdk:
    @pytest.mark.parametrize("service", SERVICES)
    @pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b"])
    def test_it_has_the_endpoints_of_the_whole_sdk_in_every_partition(
        self, built: Path, service: str, partition: str
    ) -> None:
        session: Any = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b")
        regions = session.get_available_regions(service, partition, allow_non_regional=True)
        regions = regions or session.get_available_regions("sqs", partition)
        assert regions
        chosen = [regions[0], regions[-1]]
        wanted = [session.client(service, region).meta.endpoint_url for region in chosen]
        program = f"""
import boto3
for region in {chosen!r}:
    print(boto3.client({service!r}, region).meta.endpoint_url)
"""
        assert run_alone(built, program).split() == wanted

    def test_it_makes_clients_and_paginators_with_the_data_that_is_left(self, built: Path) -> None:
        assert not (built / "boto3" / "data").exists()
        program = """
import boto3
for service in ("codeartifact", "scheduler", "sns", "sqs"):
    boto3.client(service)
client = boto3.client("codeartifact")
for operation in ("list_packages", "list_package_versions", "list_package_version_assets"):
    client.get_paginator(operation)
boto3.client("scheduler").get_paginator("list_schedules")
print("made")
"""
        assert run_alone(built, program) == "made\n"

    def test_it_has_the_operations_of_the_whole_sdk(self, built: Path) -> None:
        wanted = boto3.client("codeartifact", "us-east-1").meta.service_model.operation_names
        program = """
import boto3
print(*boto3.client("codeartifact").meta.service_model.operation_names)
"""
        assert run_alone(built, program).split() == list(wanted)

    def test_it_uses_the_given_endpoint_and_certificates(self, built: Path, tmp_path: Path) -> None:
        program = """
from promoter.aws.clients import function_client
client = function_client("codeartifact")
print(client.meta.endpoint_url, client._endpoint.http_session._verify)
"""
        bundle = str(tmp_path / "ca.pem")
        given = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_CA_BUNDLE": bundle}
        assert run_alone(built, program, **given).split() == ["http://127.0.0.1:4566", bundle]

    @pytest.mark.parametrize(("variables", "key"), [({"AWS_SAM_LOCAL": "true"}, "local"), ({}, "AKIAREAL")])
    def test_it_does_not_use_your_credentials_under_sam_local(
        self, built: Path, variables: dict[str, str], key: str
    ) -> None:
        program = """
from promoter.aws.clients import function_client
print(function_client("sqs")._request_signer._credentials.access_key)
"""
        assert run_alone(built, program, AWS_ACCESS_KEY_ID="AKIAREAL", **variables) == f"{key}\n"


class TestStart:
    def test_the_clients_are_made_when_the_function_starts(self, built: Path) -> None:
        program = """
import promoter.handlers
from promoter.aws.clients import function_client
print(function_client.cache_info().currsize)
"""
        assert run_alone(built, program) == "4\n"  # CodeArtifact, Scheduler, SNS and SQS

    def test_the_rules_are_read_when_the_function_starts(self, built: Path, tmp_path: Path) -> None:
        rules = tmp_path / "rules.toml"
        rules.write_text((built / "rules.toml").read_text("utf-8").replace("packages =", "pakages ="))
        with pytest.raises(AssertionError, match="pakages"):
            run_alone(built, "import promoter.handlers", RULES_FILE=str(rules))

    def test_it_logs_json_in_ascii(self, built: Path) -> None:
        program = r"""
from promoter.handlers import promote
class Context:
    aws_request_id = "r"
    def get_remaining_time_in_millis(self): return 60_000
class Kept:
    def send(self, body, reason): pass
promote._dead_letters = Kept()
promote({"Records": [{"messageId": "\u2028", "body": "no event", "attributes": {},
                      "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:promotion"}]}, Context())
"""
        logged = run_alone(built, program)
        assert '"message": "malformed"' in logged or '"message":"malformed"' in logged
        assert r"\u2028" in logged
        assert logged.isascii()

    def test_the_output_of_sam_build_alone_starts_too(self, sam_built: Path) -> None:
        assert run_alone(sam_built, "import promoter.handlers\nprint('ready')") == "ready\n"


class TestBytes:
    def test_every_module_has_bytecode_that_is_not_compared_with_the_source(self, built: Path) -> None:
        modules = sorted(built.rglob("*.py"))
        compiled = [path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc" for path in modules]
        assert sorted(built.rglob("*.pyc")) == sorted(compiled)
        assert {int.from_bytes(path.read_bytes()[4:8], "little") for path in compiled} == {UNCHECKED}

    def test_it_is_small(self, built: Path) -> None:
        assert built.parent.with_name("PromoteFunction.zip").stat().st_size < 6_500_000

    def test_a_second_build_in_another_folder_gives_the_same_bytes(self, built: Path, tmp_path: Path) -> None:
        assert main(["--arch", "host", "--build-dir", str(tmp_path / "other")]) == 0
        first, second = (each.with_name("PromoteFunction.zip") for each in (built.parent, tmp_path / "other"))
        assert digests(first) == digests(second)  # shows which file differs
        assert first.read_bytes() == second.read_bytes()
        assert modes(built) == modes(tmp_path / "other" / "PromoteFunction")

    def test_other_content_gives_another_zip_file(self, tmp_path: Path) -> None:
        (tmp_path / "code").mkdir()
        found = []
        for content in ("a", "b"):
            (tmp_path / "code" / "module.py").write_text(content)
            found.append(artifact.write_zip(tmp_path / "code", tmp_path / "code.zip").digest)
        assert found[0] != found[1]


class TestErrors:
    def test_a_broken_rules_file_fails_before_anything_is_built(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rules = tmp_path / "rules.toml"
        rules.write_text(
            (ROOT / "functions" / "rules.toml").read_text("utf-8").replace("packages =", "pakages =")
        )

        assert main(["--build-dir", str(tmp_path / "build"), "--rules", str(rules)]) == 1

        assert 'unknown key "pakages"' in capsys.readouterr().err
        assert not (tmp_path / "build").exists()

    def test_an_unknown_architecture_is_an_error(self) -> None:
        with pytest.raises(BuildError, match="choose arm64 or x86_64"):
            architecture("sparc")


def test_the_built_template_defaults_to_the_built_architecture(built: Path) -> None:
    template: Any = yaml_parse(built.with_name("template.yaml").read_text("utf-8"))
    assert template["Parameters"]["Architecture"]["Default"] == architecture("host")


def test_models_lose_their_documentation_and_nothing_else() -> None:
    model = {
        "documentation": "<p>text</p>",
        "shapes": {"A": {"type": "structure", "members": {"documentation": {"shape": "B"}}}},
    }
    assert without_documentation(model) == {"shapes": model["shapes"]}


NOT_DEPLOYED = {("promoter", "cases"), ("promoter", "cli")}


def modules_of(directory: Path) -> dict[tuple[str, ...], str]:
    """The digest of every file with code, by its path."""
    return {
        path.relative_to(directory).parts: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in directory.rglob("*")
        if path.suffix in (".py", ".so", ".pyi", ".typed")
    }


def licences(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if re.search("licen[cs]e", path.name, re.IGNORECASE)]


def digests(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def modes(directory: Path) -> dict[str, tuple[int, float]]:
    found = {str(path.relative_to(directory)): path.stat() for path in directory.rglob("*")}
    return {name: (each.st_mode, each.st_mtime) for name, each in found.items()}
