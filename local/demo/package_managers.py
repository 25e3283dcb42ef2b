"""Runs npm, twine, pip and the AWS CLI against the local AWS, configured by environment variables only.

They neither read nor write the user's own configuration, because their home directory is a temporary one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from local.paths import FUNCTIONS

INHERITED_VARIABLES = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
TIMEOUT = 60  # seconds per command


class CommandFailedError(Exception):
    """A command failed; the message contains the command and its output."""


class PackageManagers:
    """The package managers' commands, for one domain of the local AWS. Each returns its output."""

    def __init__(
        self, home: Path, client_environment: Mapping[str, str], codeartifact: Any, domain: str
    ) -> None:
        """`home` is an empty directory. `client_environment` makes AWS clients use the local AWS."""
        self._codeartifact = codeartifact
        self._domain = domain
        self._token = codeartifact.get_authorization_token(domain=domain)["authorizationToken"]
        self._environment = _isolated_environment(home) | dict(client_environment)

    def npm(self, repository: str, *arguments: str, cwd: Path) -> str:
        """Run npm with a repository as its registry."""
        registry = self._endpoint(repository, "npm")
        address = registry.partition(":")[2]
        login = {"npm_config_registry": registry, f"npm_config_{address}:_authToken": self._token}
        return self._run([shutil.which("npm") or "npm", *arguments], login, cwd)

    def twine(self, repository: str, *arguments: str, cwd: Path) -> str:
        """Run twine with a repository as its target."""
        login = {
            "TWINE_REPOSITORY_URL": self._endpoint(repository, "pypi"),
            "TWINE_USERNAME": "aws",
            "TWINE_PASSWORD": self._token,
            "TWINE_NON_INTERACTIVE": "1",
        }
        return self._run([sys.executable, "-m", "twine", *arguments], login, cwd)

    def pip(self, repository: str, *arguments: str, cwd: Path) -> str:
        """Run pip with a repository as its only index."""
        endpoint = urlsplit(self._endpoint(repository, "pypi") + "simple/")
        index = urlunsplit(endpoint._replace(netloc=f"aws:{self._token}@{endpoint.netloc}"))
        return self._run([sys.executable, "-m", "pip", *arguments], {"PIP_INDEX_URL": index}, cwd)

    def aws(self, *arguments: str, cwd: Path) -> str:
        """Run the AWS CLI that is installed beside this Python."""
        return self._run([sys.executable, "-m", "awscli", *arguments], {}, cwd)

    def promoter(self, *arguments: str, cwd: Path, accept: tuple[int, ...] = (0,)) -> str:
        """Run our own command line, which is no part of the local AWS. These exit codes are no failure."""
        command = [sys.executable, "-m", "promoter.cli", *arguments]
        return self._run(command, {"PYTHONPATH": str(FUNCTIONS)}, cwd, accept=accept)

    def python(self, *arguments: str, cwd: Path, given: str = "") -> str:
        """Run a separate Python, with this standard input."""
        return self._run([sys.executable, *arguments], {}, cwd, given)

    def _endpoint(self, repository: str, format_: str) -> str:
        reply = self._codeartifact.get_repository_endpoint(
            domain=self._domain, repository=repository, format=format_
        )
        return str(reply["repositoryEndpoint"])

    def _run(
        self,
        command: Sequence[str],
        variables: Mapping[str, str],
        cwd: Path,
        given: str = "",
        accept: tuple[int, ...] = (0,),
    ) -> str:
        done = subprocess.run(  # noqa: S603  our own commands
            command,
            env=self._environment | dict(variables),
            cwd=cwd,
            input=given,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        if done.returncode not in accept:
            raise CommandFailedError(
                f"{' '.join(command[:4])} ... exited {done.returncode}:\n{done.stderr or done.stdout}"
            )
        return done.stdout


def _isolated_environment(home: Path) -> dict[str, str]:
    missing = str(home / "missing")
    return {
        **{name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ},
        "HOME": str(home),
        "USERPROFILE": str(home),
        "AWS_CONFIG_FILE": missing,
        "AWS_SHARED_CREDENTIALS_FILE": missing,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_CACHE_DIR": "1",
        "npm_config_userconfig": missing,
        "npm_config_globalconfig": missing + "-global",
        "npm_config_cache": str(home / "npm"),
        "npm_config_update_notifier": "false",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
    }
