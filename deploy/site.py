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
_ITEM = re.compile(r"\s*([-*]|\d+\.) ")
_LINK = re.compile(r"(\]\()(?!\w+:|#)([^)#\s]*)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are files of the root."""
    for page, source in PAGES.items():
        text = (ROOT / source).read_text("utf-8")
        files.append(File.generated(config, page, content=convert_lists(relink(text, "", config))))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Link to the repository where a page of docs/ links to a file outside of it."""
    if page.file.src_uri in PAGES:
        return markdown
    folder = posixpath.join("docs", posixpath.dirname(page.file.src_uri)).rstrip("/")
    return convert_lists(relink(markdown, folder, config))


def convert_lists(text: str) -> str:
    """Write lists as Python's Markdown needs them: after an empty line, and with content indented by four spaces."""
    lines: list[str] = []
    code = numbered = False
    for line in text.splitlines():
        before = lines[-1] if lines else ""
        if (
            not code
            and _ITEM.match(line)
            and before
            and not before.startswith(" ")
            and not _ITEM.match(before)
        ):
            lines.append("")
        if line and not line.startswith(" "):
            numbered = line[0].isdigit()
        code ^= line.lstrip().startswith("```")
        lines.append(f" {line}" if numbered and line.startswith("   ") else line)
    return "\n".join(lines)


def relink(text: str, folder: str, config: Any) -> str:
    """Change the links of a Markdown text in `folder` of the repository to links of the site."""

    def change(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, link[2]))
        if not (ROOT / path).exists() or path.startswith("/"):
            return link[0]  # mkdocs complains about it
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
