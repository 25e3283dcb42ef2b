"""Build the artifact that `sam deploy` uploads, and the same as a zip file: `python -m deploy.build`."""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy import artifact, sbom
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.diagnostics import RulesError, render
from promoter.rules_file.reader import load
from promoter.text_files import UnreadableFileError, read_source

ROOT = Path(__file__).parent.parent
BUILD = ROOT / ".aws-sam" / "build"
RULES = ROOT / "functions" / "rules.toml"
FUNCTION = "PromoteFunction"
ARCHITECTURES = {"arm64": "arm64", "aarch64": "arm64", "x86_64": "x86_64", "AMD64": "x86_64"}


class BuildError(Exception):
    """The artifact cannot be built. The message says why."""


def main(arguments: Sequence[str]) -> int:
    """Build and print the result. Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.build", description=__doc__)
    parser.add_argument("--arch", default="arm64", help='arm64, x86_64, or "host" for this machine')
    parser.add_argument("--build-dir", type=Path, default=BUILD)
    parser.add_argument("--rules", type=Path, default=RULES, help="the rules file of the artifact")
    options = parser.parse_args(arguments)
    try:
        directory = build(architecture(options.arch), options.build_dir, options.rules)
    except (BuildError, RulesError, UnreadableFileError) as error:
        print(error, file=sys.stderr)
        return 1
    zip_file = artifact.write_zip(directory, options.build_dir.with_name(f"{FUNCTION}.zip"))
    bill = shutil.copyfile(directory / sbom.NAME, zip_file.path.with_name(sbom.NAME))
    print(f"{FUNCTION} for {architecture(options.arch)}: {zip_file}\n{bill}")
    return 0


def architecture(name: str) -> str:
    """Return Lambda's name of a processor architecture; raises BuildError if Lambda does not have it."""
    name = platform.machine() if name == "host" else name
    if name not in ARCHITECTURES:
        raise BuildError(f'Lambda has no architecture "{name}"; choose arm64 or x86_64')
    return ARCHITECTURES[name]


def build(architecture: str, build_dir: Path, rules: Path = RULES) -> Path:
    """Build the function's directory and return it.

    Raises RulesError or UnreadableFileError before anything is built, or BuildError.
    """
    source = read_source(rules)
    loaded = load(source, str(rules))
    if loaded.warnings:
        print(render(loaded.warnings, source, str(rules)), file=sys.stderr)
    python = _python()
    _sam_build(build_dir, [*_parameters(loaded.rule_set), f"Architecture={architecture}"])
    _set_default_architecture(build_dir / "template.yaml", architecture)
    directory = build_dir / FUNCTION
    shutil.copyfile(rules, directory / "rules.toml")
    artifact.finish(directory, python)
    return directory


def _python() -> str:
    """Return the Python that the function runs on. SAM installs with it, and Lambda can read its bytecode."""
    python = shutil.which("python3.13")
    if python is None:
        raise BuildError("the function runs on python3.13, which is not on the PATH")
    return python


def _parameters(rule_set: RuleSet) -> list[str]:
    """List the template's parameters that have no default, as `Name=value`."""
    sources = dict.fromkeys(promotion.source for promotion in rule_set.promotions)
    destinations = dict.fromkeys(promotion.destination for promotion in rule_set.promotions)
    return [
        f"Domain={rule_set.domain}",
        f"SourceRepositories={','.join(sources)}",
        f"DestinationRepositories={','.join(destinations)}",
    ]


def _sam_build(build_dir: Path, parameters: Sequence[str]) -> None:
    sam = Path(sys.executable).with_name("sam")
    # no cache: two builds at a time would empty the checkout's only one under each other
    command = [str(sam), "build", "--no-cached", "--build-dir", str(build_dir)]
    done = subprocess.run(
        [*command, "--parameter-overrides", *parameters],
        cwd=ROOT,
        env=os.environ | {"SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(f"sam build failed:\n{done.stdout}{done.stderr}".rstrip())


def _set_default_architecture(template: Path, architecture: str) -> None:
    """Make the built architecture the template's default, so that nobody deploys it as the other one."""
    text = template.read_text(encoding="utf-8")
    changed, count = re.subn(
        r"(?m)^(  Architecture:\n(?:    .*\n)*?    Default: ).*$", rf"\g<1>{architecture}", text
    )
    if count != 1:
        raise BuildError(f"{template} has no default for the parameter Architecture")
    template.write_text(changed, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
