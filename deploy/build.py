"""`python -m deploy.build`: the artifact that `sam deploy` uploads, and the same as a zip file."""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy import artifact
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.diagnostics import RulesError, render
from promoter.rules_file.reader import load

ROOT = Path(__file__).parent.parent
BUILD = ROOT / ".aws-sam" / "build"
RULES = ROOT / "functions" / "rules.toml"
FUNCTION = "PromoteFunction"
ARCHITECTURES = {"arm64": "arm64", "aarch64": "arm64", "x86_64": "x86_64", "AMD64": "x86_64"}


class BuildError(Exception):
    """The artifact cannot be built; the message says why."""


def main(arguments: Sequence[str]) -> int:
    """Build, and say what came of it; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.build", description=__doc__)
    parser.add_argument("--arch", default="arm64", help='arm64, x86_64, or "host" for this machine\'s')
    parser.add_argument("--build-dir", type=Path, default=BUILD)
    parser.add_argument("--rules", type=Path, default=RULES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        directory = build(architecture(options.arch), options.build_dir, options.rules)
    except (BuildError, RulesError) as error:
        print(error, file=sys.stderr)
        return 1
    zipped = artifact.zip_up(directory, options.build_dir.with_name(f"{FUNCTION}.zip"))
    print(f"{FUNCTION} for {architecture(options.arch)}: {zipped}")
    return 0


def architecture(name: str) -> str:
    """Lambda's name of a processor; raises BuildError for one that Lambda has not."""
    name = platform.machine() if name == "host" else name
    if name not in ARCHITECTURES:
        raise BuildError(f'"{name}" is no architecture of Lambda; choose arm64 or x86_64')
    return ARCHITECTURES[name]


def build(architecture: str, build_dir: Path, rules: Path = RULES) -> Path:
    """Build the function's directory under `build_dir`; raises RulesError before anything is built, BuildError."""
    source = rules.read_text(encoding="utf-8")
    loaded = load(source, str(rules))
    if loaded.warnings:
        print(render(loaded.warnings, source, str(rules)), file=sys.stderr)
    python = _python()
    _sam_build(architecture, build_dir, loaded.rule_set)
    _default_architecture(build_dir / "template.yaml", architecture)
    directory = build_dir / FUNCTION
    shutil.copyfile(rules, directory / "rules.toml")
    artifact.finish(directory, python)
    return directory


def _python() -> str:
    """The function's own Python, which SAM installs with and whose bytecode Lambda can read."""
    python = shutil.which("python3.13")
    if python is None:
        raise BuildError("python3.13, which the function runs on, is not on the PATH")
    return python


def _sam_build(architecture: str, build_dir: Path, rule_set: RuleSet) -> None:
    sources = dict.fromkeys(promotion.source for promotion in rule_set.promotions)
    destinations = dict.fromkeys(promotion.destination for promotion in rule_set.promotions)
    parameters = [
        f"Domain={rule_set.domain}",
        f"SourceRepositories={','.join(sources)}",
        f"DestinationRepositories={','.join(destinations)}",
        f"Architecture={architecture}",
    ]
    # SAM's cache of libraries is one for the whole checkout, and two builds at a time empty it under each other
    command = [
        str(Path(sys.executable).with_name("sam")),
        "build",
        "--no-cached",
        "--build-dir",
        str(build_dir),
    ]
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


def _default_architecture(template: Path, architecture: str) -> None:
    """Let the built template say what it was built for, so that nobody deploys or invokes it as the other."""
    text = template.read_text(encoding="utf-8")
    changed, count = re.subn(
        r"(?m)^(  Architecture:\n(?:    .*\n)*?    Default: ).*$", rf"\g<1>{architecture}", text
    )
    if count != 1:
        raise BuildError(f"no default of Architecture in {template}")
    template.write_text(changed, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
