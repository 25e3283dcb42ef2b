"""Hooks of mkdocs: pages of the site that are files of the root, and links to files that are no pages.

The files of the root are written for GitHub, so their links are relative to the root. No text exists twice.
"""

import posixpath
import re
import tomllib
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parent.parent
PAGES = {  # of the site, and the file of the root that each is made from
    "index.md": "README.md",
    "security.md": "SECURITY.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
}
_LINK = re.compile(r"(\]\()(?!\w+:|#)([^)#\s]*)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are files of the root."""
    for page, source in PAGES.items():
        text = (ROOT / source).read_text("utf-8")
        files.append(File.generated(config, page, content=relink(text, "", config)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Link to the repository where a page of docs/ links to a file outside of it."""
    if page.file.src_uri in PAGES:
        return markdown
    return relink(markdown, posixpath.join("docs", posixpath.dirname(page.file.src_uri)), config)


def relink(text: str, folder: str, config: Any) -> str:
    """Change the links of a Markdown text in `folder` of the repository to links of the site."""

    def change(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, link[2]))
        return link[1] + target(path, folder, config["extra"]["repository"] or repository_url())

    return _LINK.sub(change, text)


def target(path: str, folder: str, repository: str) -> str:
    """Return the link of a page in `folder` to a file, given by its path in the repository."""
    start = folder or "docs"  # the pages of the root become pages of docs/
    names = {source: page for page, source in PAGES.items()}
    if path in names:
        return posixpath.relpath(f"docs/{names[path]}", start)
    if path.startswith("docs/") and (ROOT / path).is_file():
        return posixpath.relpath(path, start)
    return f"{repository}/{'tree' if (ROOT / path).is_dir() else 'blob'}/main/{path}"


def repository_url() -> str:
    """Return the project's repository from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["urls"]["Repository"])
