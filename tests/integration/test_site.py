"""`make docs`: the site has every page, loads nothing from other hosts, and a broken link fails the build."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy import flow_picture
from tests.support.paths import ROOT

# `make test` creates this virtual environment: the site needs nothing of the project
PYTHON = ROOT / ".venv-docs" / "bin" / "python"
WORKFLOW = (ROOT / ".github" / "workflows" / "docs.yml").read_text("utf-8")
COPIED = (
    "docs",
    "deploy",
    "events",
    "examples",
    "README.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "mkdocs.yml",
)
CONFIGURATION = (ROOT / "mkdocs.yml").read_text("utf-8")
PAGES = re.findall(r"^ +- .*: (\S+)\.md$", CONFIGURATION, re.MULTILINE)

pytestmark = [pytest.mark.timeout(180), pytest.mark.xdist_group("site")]


def build(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PYTHON, "-m", "mkdocs", "build", "--strict", "--site-dir", "site"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_sources(folder: Path) -> None:
    """Copy everything that a page names."""
    for name in ("functions", "emulator"):
        (folder / name).mkdir()
    shutil.copy(ROOT / "emulator" / "README.md", folder / "emulator")
    shutil.copy(ROOT / "functions" / "rules.toml", folder / "functions")
    for name in (*COPIED, "pyproject.toml", "LICENSE", "template.yaml", "samconfig.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    copy_sources(folder)
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def text_of(site: Path, page: str) -> str:
    path = site / "index.html" if page == "index" else site / page / "index.html"
    return path.read_text("utf-8")


def test_it_has_a_page_for_each_file_of_docs_and_of_the_root(site: Path) -> None:
    written = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert set(PAGES) == written | {"index", "security", "changelog", "contributing"}
    for page in PAGES:
        assert text_of(site, page)


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > len(PAGES)
    for page in pages:
        text = page.read_text("utf-8")
        loaded = re.findall(r"<(?:script|img|iframe)[^>]*\bsrc=[\"']?([^\"' >]+)", text)
        loaded += re.findall(r"<link[^>]*\brel=[\"']?stylesheet[^>]*\bhref=[\"']?([^\"' >]+)", text)
        assert loaded
        assert not [each for each in loaded if each.startswith(("http", "//"))], page
        assert 'class="mermaid"' not in text, page  # the theme would load its program


def test_no_markdown_is_left(site: Path) -> None:
    for page in PAGES:
        article = text_of(site, page).partition("<article")[2].partition("</article>")[0]
        assert article
        prose = re.sub(r"<(pre|code)\b.*?</\1>", "", article, flags=re.DOTALL)
        assert re.findall(r"```|^\s*[-*] |^\||\]\(", prose, re.MULTILINE) == [], page


def test_the_headings_that_alarms_and_mails_name_exist(site: Path) -> None:
    named = re.findall(r"operating(?:\.md|/)#([a-z-]+)", (ROOT / "template.yaml").read_text("utf-8"))
    assert len(set(named)) >= 13
    found = re.findall(r'<h[23] id="([^"]+)"', text_of(site, "operating"))
    assert set(named) <= set(found)


def test_files_that_are_no_pages_are_in_the_repository(site: Path) -> None:
    links = {
        link for page in PAGES for link in re.findall(r'href="([^"]*/blob/main/[^"]*)"', text_of(site, page))
    }
    assert links
    for link in links:
        assert (ROOT / link.partition("/blob/main/")[2].partition("#")[0]).is_file(), link


@pytest.mark.parametrize(
    ("link", "complaint"),
    [
        ("[a](missing.md)", "missing.md"),
        ("[a](rules.md#missing)", "#missing"),
        ("[a](/absolute.md)", "absolute"),
    ],
)
def test_a_broken_link_fails_the_build(tmp_path: Path, link: str, complaint: str) -> None:
    copy_sources(tmp_path)
    page = tmp_path / "docs" / "recall.md"
    page.write_text(f"{page.read_text('utf-8')}\n{link}\n")

    done = build(tmp_path)

    assert done.returncode == 1
    assert complaint in done.stderr + done.stdout


def test_the_linter_finds_a_mistake_and_the_makefile_runs_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n\n### Too deep\n")
    rules = ROOT / "docs" / ".pymarkdown.json"
    assert json.loads(rules.read_text("utf-8"))
    command = [PYTHON.with_name("pymarkdown"), "--config", rules, "scan", page]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "MD001" in done.stdout) == (1, True)
    assert "bin/pymarkdown --config docs/.pymarkdown.json" in (ROOT / "Makefile").read_text("utf-8")


def test_every_page_of_the_repository_passes_the_linter() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md")]
    command = [PYTHON.with_name("pymarkdown"), "--config", ROOT / "docs" / ".pymarkdown.json", "scan", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_picture_is_the_one_that_the_script_draws() -> None:
    assert flow_picture.TARGET.read_text("utf-8") == flow_picture.draw()


def test_the_workflow_publishes_what_make_docs_builds() -> None:
    assert "make docs" in WORKFLOW
    assert "path: build/site" in WORKFLOW
    assert "site_dir: build/site" in CONFIGURATION
