"""docs/clients.md: the real clients publish to the local AWS, and install what was promoted, by its lines."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from emulator_support.package_managers import npm_package, sdist, wheel
from emulator_support.package_uploads import endpoint
from local.stack import LocalStack
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "clients.md").read_text("utf-8")
BLOCKS: dict[str, str] = dict(
    re.findall(r"^<!-- run: ([a-z ]+) -->\n```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
)
[POM] = re.findall(r"^```xml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PLUGINS = "".join(  # those that a machine without a network has
    f"<plugin><artifactId>maven-{name}-plugin</artifactId><version>{version}</version></plugin>"
    for name, version in (("resources", "3.4.0"), ("compiler", "3.15.0"))
)
BUILD = f"<build><pluginManagement><plugins>{PLUGINS}</plugins></pluginManagement></build>"
MAVEN_PROMOTIONS = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
USED_PORT = "http://127.0.0.1:4566"
MAVEN_REPOSITORY = Path.home() / ".m2" / "repository"  # Maven's plugins, if there is no network
HEADINGS = ["npm", "pip and twine", "uv", "Maven", "Gradle", "Generic", "If a version does not arrive"]

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A local AWS whose rules also have the page's promotions."""
    rules = tmp_path_factory.mktemp("rules") / "rules.toml"
    rules.write_text((ROOT / "functions" / "rules.toml").read_text("utf-8") + "\n" + MAVEN_PROMOTIONS)
    parameters = {"SettleSeconds": "0", "PromoteCopiesPerSecond": "10"}
    with LocalStack.start(rules_file=rules, parameters=parameters, retry_after=0) as stack:
        stack.create_repositories()
        yield stack


class Reader:
    """Pastes blocks of the page into a shell, with nothing of the user's own."""

    def __init__(self, stack: LocalStack, home: Path) -> None:
        self._stack = stack
        self.home = home
        (home / "functions").mkdir()
        shutil.copyfile(stack.rules_file, home / "functions" / "rules.toml")

    def paste(self, *titles: str, first: str = "") -> str:
        """Run `first`, the setup and these blocks in one shell. Return its output."""
        script = "\n".join([first, *(BLOCKS[title] for title in ("setup", *titles))])
        assert USED_PORT in script
        done = subprocess.run(
            ["bash", "-euc", script.replace(USED_PORT, self._stack.url)],
            cwd=self.home,
            env={
                "HOME": str(self.home),
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT / "functions"),
                "NPM_CONFIG_UPDATE_NOTIFIER": "false",
                "MAVEN_OPTS": f"-Dmaven.repo.local={self.home / 'm2'}",
                "UV_CACHE_DIR": str(self.home / "uv-cache"),
                "NO_PROXY": "127.0.0.1",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wait(self) -> None:
        """Wait until everything that was published is promoted."""
        self._stack.wait_until_idle()


@pytest.fixture
def reader(stack: LocalStack, tmp_path: Path) -> Reader:
    return Reader(stack, tmp_path)


def needs(command: str) -> pytest.MarkDecorator:
    found = shutil.which(command, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return pytest.mark.skipif(found is None, reason=f"{command} is not on the PATH")


def environment(folder: Path) -> Path:
    """Make a virtual environment named .venv, and put it before everything else. Return its packages' folder."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    return packages


def test_every_client_has_a_heading_and_every_block_is_run() -> None:
    assert re.findall(r"^## (.+)$", PAGE, re.MULTILINE) == HEADINGS
    clients = ("npm", "pypi", "uv", "maven", "generic")
    titles = {f"{client} {act}" for client in clients for act in ("publish", "install")}
    assert BLOCKS.keys() == titles | {"setup", "gradle publish", "ask"}
    assert len(re.findall(r"^```sh", PAGE, re.MULTILINE)) == len(BLOCKS)


@needs("npm")
def test_npm(reader: Reader) -> None:
    npm_package(reader.home, "@acme/widget", "1.0.0")
    reader.paste("npm publish")
    reader.wait()
    (reader.home / "package.json").unlink()

    reader.paste("npm install", "ask")

    assert (reader.home / "node_modules" / "@acme" / "widget" / "index.js").exists()


def test_pip_and_twine(reader: Reader) -> None:
    (reader.home / "dist").mkdir()
    sdist(reader.home / "dist", "acme_tools", "1.0")
    wheel(reader.home / "dist", "acme_tools", "1.0")
    reader.paste("pypi publish")
    reader.wait()
    packages = environment(reader.home / "venv")

    reader.paste("pypi install", first="export PATH=$HOME/venv/bin:$PATH")

    assert (packages / "acme_tools.py").exists()


@needs("uv")
def test_uv(reader: Reader) -> None:
    (reader.home / "dist").mkdir()
    wheel(reader.home / "dist", "acme_tools", "2.0")
    reader.paste("uv publish")
    reader.wait()
    packages = environment(reader.home / ".venv")

    reader.paste("uv install")

    assert "2.0" in (packages / "acme_tools.py").read_text("utf-8")


@needs("mvn")
def test_maven(reader: Reader) -> None:
    if MAVEN_REPOSITORY.is_dir():
        shutil.copytree(MAVEN_REPOSITORY, reader.home / "m2", copy_function=os.link)
    (reader.home / "core-1.0.jar").write_bytes(b"PK\x05\x06" + bytes(18))  # an empty zip file
    reader.paste("maven publish")
    reader.wait()
    (reader.home / "pom.xml").write_text(POM.replace("</project>", f"{BUILD}</project>"))

    reader.paste("maven install")

    assert (reader.home / "m2" / "com" / "acme" / "core" / "1.0" / "core-1.0.jar").exists()


def test_what_gradle_sends(stack: LocalStack) -> None:
    """The requests of the plugin maven-publish, and of a build that installs."""
    ca = stack.client("codeartifact")
    (url, headers), (last, login) = endpoint(ca, "maven"), endpoint(ca, "maven", "prod")
    folder = "com/acme/built/1.0/built-1.0"
    missing = requests.get(f"{url}com/acme/built/maven-metadata.xml", headers=headers, timeout=10)
    assert missing.status_code == 404
    listing = b"<metadata><versioning><versions><version>1.0</version></versions></versioning></metadata>"
    files = {f"{folder}.{kind}": kind.encode() for kind in ("jar", "module", "pom")}
    for path, content in {**files, "com/acme/built/maven-metadata.xml": listing}.items():
        sent = {path: content} | {
            f"{path}.{name}": hashlib.new(name, content).hexdigest().encode()
            for name in ("md5", "sha1", "sha256", "sha512")
        }
        for each, body in sent.items():
            requests.put(url + each, data=body, headers=headers, timeout=10).raise_for_status()
    stack.wait_until_idle()
    for path, content in files.items():
        got = requests.get(last + path, headers=login, timeout=10)
        assert (got.status_code, got.content) == (200, content), path


def test_generic(reader: Reader) -> None:
    model = reader.home / "model.bin"
    model.write_bytes(b"weights")
    reader.paste("generic publish")
    reader.wait()
    model.unlink()

    reader.paste("generic install")

    assert model.read_bytes() == b"weights"
