"""What `make build` makes: complete, small, compiled, and the same every time."""

import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from samcli.yamlhelper import yaml_parse

from bench.startup import ENVIRONMENT
from deploy import artifact
from deploy.build import BuildError, architecture, main
from deploy.sdk import undocumented
from promoter import stamp
from tests.integration.test_template import sam
from tests.support.paths import ROOT

PYTHON = shutil.which("python3.13")
PARAMETERS = "Domain=acme SourceRepositories=dev DestinationRepositories=prod"
SERVICES = ("codeartifact", "sns", "sqs")
UNCHECKED = 0b01  # PEP 552: by hash, not compared with the source

pytestmark = [
    pytest.mark.skipif(PYTHON is None, reason="the function's own Python 3.13 is not on the PATH"),
    pytest.mark.timeout(300),  # the first build of a machine downloads the libraries
    pytest.mark.xdist_group("artifact"),  # one worker builds, and once
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The function's directory, for this machine."""
    directory = tmp_path_factory.mktemp("build") / "build"
    assert main(["--arch", "host", "--build-dir", str(directory)]) == 0
    return directory / "PromoteFunction"


def alone(directory: Path, program: str, **variables: str) -> str:
    """Run a program that finds the standard library and the directory only; what it prints."""
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
    def test_every_module_of_the_function_is_there_but_the_command_line(self, built: Path) -> None:
        source = ROOT / "functions" / "promoter"
        modules = {path.relative_to(source) for path in source.rglob("*.py") if "cli" not in path.parts}
        assert {
            path.relative_to(built / "promoter") for path in (built / "promoter").rglob("*.py")
        } == modules

    def test_every_import_of_every_module_resolves_from_it_alone(self, built: Path) -> None:
        program = """
import importlib, pkgutil, promoter
for module in pkgutil.walk_packages(promoter.__path__, "promoter."):
    importlib.import_module(module.name)
from promoter.ranges import MODULES, parse
for format in MODULES:
    parse(format, {"maven": "[1,2)", "nuget": "[1,2)"}.get(format, ">=1"))
print(promoter.__file__)
"""
        assert alone(built, program).strip() == str(built / "promoter" / "__init__.py")

    @pytest.mark.parametrize("service", SERVICES)
    @pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b"])
    def test_its_sdk_finds_the_service_in_every_partition_as_the_whole_sdk_does(
        self, built: Path, service: str, partition: str
    ) -> None:
        session = botocore.session.Session()
        regions = session.get_available_regions(service, partition, allow_non_regional=True)
        regions = regions or session.get_available_regions("sqs", partition)
        assert regions
        wanted = [
            session.create_client(
                service, region, aws_access_key_id="a", aws_secret_access_key="b"
            ).meta.endpoint_url
            for region in (regions[0], regions[-1])
        ]
        program = f"""
import os
from promoter.aws import sdk
for region in {[regions[0], regions[-1]]!r}:
    os.environ["AWS_DEFAULT_REGION"] = region
    sdk.client.cache_clear(); sdk._session.cache_clear()
    print(sdk.client({service!r}).meta.endpoint_url)
"""
        assert alone(built, program).split() == wanted

    def test_its_sdk_keeps_to_the_endpoint_and_the_certificates_that_it_is_told(
        self, built: Path, tmp_path: Path
    ) -> None:
        program = """
from promoter.aws.sdk import client
made = client("codeartifact")
print(made.meta.endpoint_url, made._endpoint.http_session._verify)
"""
        bundle = str(tmp_path / "ca.pem")
        told = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_CA_BUNDLE": bundle}
        assert alone(built, program, **told).split() == ["http://127.0.0.1:4566", bundle]

    @pytest.mark.parametrize(("variables", "key"), [({"AWS_SAM_LOCAL": "true"}, "local"), ({}, "AKIAREAL")])
    def test_its_sdk_leaves_the_users_credentials_alone_under_sam_local(
        self, built: Path, variables: dict[str, str], key: str
    ) -> None:
        program = "from promoter.aws.sdk import _session\nprint(_session().get_credentials().access_key)"
        assert alone(built, program, AWS_ACCESS_KEY_ID="AKIAREAL", **variables) == f"{key}\n"


class TestStart:
    def test_the_rules_that_the_build_has_checked_are_not_parsed_again(self, built: Path) -> None:
        program = """
import promoter.ranges
def parse(*_): raise AssertionError("a range was parsed")
promoter.ranges._compiled = parse
import promoter.handlers
"""
        rules = built.with_name("ranged") / "rules.toml"
        rules.parent.mkdir()
        text = (built / "rules.toml").read_text("utf-8")
        rules.write_text(text.replace("[[promotion]]", '[[promotion]]\nversions = { npm = ">=1" }', 1))
        with pytest.raises(AssertionError, match="a range was parsed"):
            alone(built, program, RULES_FILE=str(rules))
        stamp.write(rules, "4f1c9e00")
        alone(built, program, RULES_FILE=str(rules))

    def test_what_it_carries_is_stamped(self, built: Path) -> None:
        digest = hashlib.sha256((built / "rules.toml").read_bytes()).hexdigest()
        assert stamp.read(built / "rules.toml") == digest[:8]

    def test_it_logs_and_measures_with_libraries_that_import_no_more_than_that(self, built: Path) -> None:
        program = """
import sys, promoter.handlers, promoter.function
from promoter.log import logger
print("aws_lambda_powertools.metrics" in sys.modules, "aws_lambda_powertools.logging" in sys.modules)
logger().warning("malformed", reason="\u2028")
"""
        imported, logged = alone(built, program).splitlines()
        assert imported == "True False"
        assert '"message": "malformed"' in logged
        assert r'"reason": "\u2028"' in logged

    def test_collecting_garbage_is_on_again_when_a_client_was_made(self, built: Path) -> None:
        program = 'import gc\nfrom promoter.aws.sdk import client\nclient("sqs")\nprint(gc.isenabled())'
        assert alone(built, program) == "True\n"


class TestBytes:
    def test_every_module_has_bytecode_that_is_not_compared_with_it(self, built: Path) -> None:
        modules = sorted(built.rglob("*.py"))
        compiled = [path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc" for path in modules]
        assert sorted(built.rglob("*.pyc")) == sorted(compiled)
        assert {int.from_bytes(path.read_bytes()[4:8], "little") for path in compiled} == {UNCHECKED}

    def test_it_is_small(self, built: Path) -> None:
        assert built.parent.with_name("PromoteFunction.zip").stat().st_size < 6_000_000

    def test_a_second_build_elsewhere_gives_the_same_bytes(self, built: Path, tmp_path: Path) -> None:
        assert main(["--arch", "host", "--build-dir", str(tmp_path / "other")]) == 0
        first, second = (each.with_name("PromoteFunction.zip") for each in (built.parent, tmp_path / "other"))
        assert digests(first) == digests(second)  # says which file differs
        assert first.read_bytes() == second.read_bytes()
        assert modes(built) == modes(tmp_path / "other" / "PromoteFunction")

    def test_another_byte_gives_another_zip_file(self, tmp_path: Path) -> None:
        (tmp_path / "code").mkdir()
        made = []
        for content in ("a", "b"):
            (tmp_path / "code" / "module.py").write_text(content)
            made.append(artifact.zip_up(tmp_path / "code", tmp_path / "code.zip").digest)
        assert made[0] != made[1]


class TestRefused:
    def test_a_broken_rules_file_is_refused_before_anything_is_built(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rules = tmp_path / "rules.toml"
        rules.write_text(
            (ROOT / "functions" / "rules.toml").read_text("utf-8").replace("packages =", "pakages =")
        )

        assert main(["--build-dir", str(tmp_path / "build"), "--rules", str(rules)]) == 1

        assert 'unknown key "pakages"' in capsys.readouterr().err
        assert not (tmp_path / "build").exists()

    def test_an_architecture_that_lambda_has_not_is_refused(self) -> None:
        with pytest.raises(BuildError, match="choose arm64 or x86_64"):
            architecture("sparc")


def test_sam_build_alone_makes_one_that_starts_too(tmp_path: Path) -> None:
    where = ["--build-dir", str(tmp_path / "build"), "--cache-dir", str(tmp_path / "cache")]
    done = sam("build", *where, "--parameter-overrides", f"Architecture={architecture('host')} {PARAMETERS}")
    assert done.returncode == 0, done.stderr
    program = "import promoter.handlers\nfrom promoter.aws.sdk import client\nclient('codeartifact')"
    alone(tmp_path / "build" / "PromoteFunction", program)


def test_the_built_template_says_what_it_was_built_for(built: Path) -> None:
    template: Any = yaml_parse(built.with_name("template.yaml").read_text("utf-8"))
    assert template["Parameters"]["Architecture"]["Default"] == architecture("host")


def digests(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def modes(directory: Path) -> dict[str, tuple[int, float]]:
    found = {str(path.relative_to(directory)): path.stat() for path in directory.rglob("*")}
    return {name: (each.st_mode, each.st_mtime) for name, each in found.items()}


def test_models_lose_documentation_and_nothing_else() -> None:
    model = {
        "documentation": "<p>text</p>",
        "shapes": {"A": {"type": "structure", "members": {"documentation": {"shape": "B"}}}},
    }
    assert undocumented(model) == {"shapes": model["shapes"]}
