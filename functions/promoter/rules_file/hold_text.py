"""Writes a `[[hold]]` entry for one version, as a person would commit it."""

import re

from promoter.packages.package import Package
from promoter.packages.patterns import PatternError, parse_versioned
from promoter.rules_file.held_versions import read_held_versions

_UNUSUAL = re.compile(r"[^\w.+-]+")  # a pattern may not have these, but a version may: `${revision}` in Maven


def write_hold(
    package: Package, version: str, reason: str, *, source: str | None = None, destination: str | None = None
) -> str:
    """The entry as TOML text. It holds the version on every hop, or on those that the repositories name."""
    values = {"package": _pattern(package, version), "from": source, "to": destination, "reason": reason}
    lines = [f"{key} = {_quoted(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["[[hold]]", *lines]) + "\n"


def _pattern(package: Package, version: str) -> str:
    """The Package URL with the version. If no pattern can name the version exactly, it ends in a glob."""
    purl = package.purl.replace("pkg:npm/%40", "pkg:npm/@")
    glob = _UNUSUAL.sub("*", version)
    patterns = [f"{purl}@{each}" for each in (version.replace("%", "%25"), glob, f"{glob}*", "*")]
    return next((each for each in patterns if _holds(each, package.format, version)), patterns[0])


def _holds(text: str, format_: str, version: str) -> bool:
    try:
        pattern, versions = parse_versioned(text)
        return read_held_versions(pattern.text, format_, versions).contains(format_, version)
    except PatternError:
        return False


def _quoted(text: str) -> str:
    """A basic string of TOML on one line."""
    return '"' + "".join(each if _is_plain(each) else f"\\U{ord(each):08X}" for each in text) + '"'


def _is_plain(character: str) -> bool:
    return character.isprintable() and character not in '"\\'
