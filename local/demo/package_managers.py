"""The ordinary clients (npm, twine, pip, aws), told where to go by environment variables alone.

Neither reads nor writes the user's own configuration: each runs with a home directory of its own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
SECONDS = 60


class ClientError(Exception):
    """A client that failed; the message has its command and what it said."""


class Clients:
    """The clients, for one domain of the local AWS."""

    def __init__(self, home: Path, exports: Mapping[str, str], codeartifact: Any, domain: str) -> None:
        """`home` is an empty directory, `exports` what leads AWS clients to the local AWS."""
        self._codeartifact = codeartifact
        self._domain = domain
        self._token = codeartifact.get_authorization_token(domain=domain)["authorizationToken"]
        nothing = str(home / "nothing")
        self._environment = {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            **exports,
            "HOME": str(home),
            "USERPROFILE": str(home),
            "AWS_CONFIG_FILE": nothing,
            "AWS_SHARED_CREDENTIALS_FILE": nothing,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_CACHE_DIR": "1",
            "npm_config_userconfig": nothing,
            "npm_config_globalconfig": nothing + "-global",
            "npm_config_cache": str(home / "npm"),
            "npm_config_update_notifier": "false",
            "npm_config_audit": "false",
            "npm_config_fund": "false",
        }

    def npm(self, repository: str, *arguments: str, cwd: Path) -> str:
        """Run npm against a repository; what it printed."""
        registry = self._endpoint(repository, "npm")
        address = registry.partition(":")[2]
        login = {"npm_config_registry": registry, f"npm_config_{address}:_authToken": self._token}
        return self._run([shutil.which("npm") or "npm", *arguments], login, cwd)

    def twine(self, repository: str, *arguments: str, cwd: Path) -> str:
        """Run twine against a repository; what it printed."""
        login = {
            "TWINE_REPOSITORY_URL": self._endpoint(repository, "pypi"),
            "TWINE_USERNAME": "aws",
            "TWINE_PASSWORD": self._token,
            "TWINE_NON_INTERACTIVE": "1",
        }
        return self._run([sys.executable, "-m", "twine", *arguments], login, cwd)

    def pip(self, repository: str, *arguments: str, cwd: Path) -> str:
        """Run pip against a repository, and no other index; what it printed."""
        endpoint = urlsplit(self._endpoint(repository, "pypi") + "simple/")
        index = urlunsplit(endpoint._replace(netloc=f"aws:{self._token}@{endpoint.netloc}"))
        return self._run([sys.executable, "-m", "pip", *arguments], {"PIP_INDEX_URL": index}, cwd)

    def aws(self, *arguments: str, cwd: Path) -> str:
        """Run the AWS CLI of the same environment as this Python; what it printed."""
        return self._run([sys.executable, "-m", "awscli", *arguments], {}, cwd)

    def python(self, *arguments: str, cwd: Path) -> str:
        """Run a Python of its own, for building packages; what it printed."""
        return self._run([sys.executable, *arguments], {}, cwd)

    def _endpoint(self, repository: str, format_: str) -> str:
        reply = self._codeartifact.get_repository_endpoint(
            domain=self._domain, repository=repository, format=format_
        )
        return str(reply["repositoryEndpoint"])

    def _run(self, command: Sequence[str], more: Mapping[str, str], cwd: Path) -> str:
        done = subprocess.run(  # noqa: S603  our own commands
            command,
            env=self._environment | dict(more),
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode:
            raise ClientError(
                f"{' '.join(command[:4])} ... exited {done.returncode}:\n{done.stderr or done.stdout}"
            )
        return done.stdout
