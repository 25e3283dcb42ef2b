"""The names of packages, versions and files of each format: normalised and validated, for the API and for clients.

Sources: the service's model, and the User Guide's pages python-, nuget- and swift-name-normalization.
"""

import re
import unicodedata

from .exceptions import ValidationException
from .packages import PackageKey

FORMATS = ("npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo")
NAMESPACE_REQUIRED = frozenset({"maven", "swift", "generic"})
LOWER_CASE = frozenset({"nuget", "swift"})
MAX_LENGTH = 255
NAME = re.compile(
    r"[^#/\s]+"
)  # the model's pattern of a namespace, a package and a version
PYPI_NAME = re.compile(
    r"[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]", re.IGNORECASE
)  # PEP 508
GENERIC_ASSET = re.compile(r"[\w~!@^&()\-+\[\]{};,.]+( [\w~!@^&()\-+\[\]{};,.]+)*")
NUGET_VERSION = re.compile(r"(?P<numbers>\d+(\.\d+){1,3})(?P<label>-[^+]+)?(\+.*)?")


def normalised_pypi(name: str) -> str:
    """Return the name in the form of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def package_of_request(format_: str, namespace: str | None, name: str) -> PackageKey:
    """Convert the parameters of an API call, which the model has validated.

    The API accepts names of nuget and swift packages as they are written, but requires the normalised
    names of Python packages.
    """
    if format_ in NAMESPACE_REQUIRED and not namespace:
        raise _invalid(f"Packages of format {format_} require a namespace")
    if format_ == "pypi" and normalised_pypi(name) != name:
        raise _invalid(
            f"Package name '{name}' is not normalized; use '{normalised_pypi(name)}'"
        )
    return _key(format_, namespace or "", name)


def package_of_client(format_: str, namespace: str, name: str) -> PackageKey:
    """Convert the name that a package manager sends."""
    if namespace:
        require_name("namespace", namespace)
    require_name("package name", name)
    if format_ == "pypi":
        if PYPI_NAME.fullmatch(name) is None:
            raise _invalid(f"Invalid package name '{name}'")
        return PackageKey("pypi", "", normalised_pypi(name))
    return _key(format_, namespace, name)


def _key(format_: str, namespace: str, name: str) -> PackageKey:
    if format_ in LOWER_CASE:
        return PackageKey(format_, namespace.lower(), name.lower())
    return PackageKey(format_, namespace, name)


def version_name(format_: str, version: str) -> str:
    """Return the version as it is stored.

    Versions of nuget packages have no leading zeros, no fourth part that is 0, and no build metadata.
    """
    if format_ != "nuget":
        return version
    parts = NUGET_VERSION.fullmatch(version)
    if parts is None:
        return version
    numbers = [str(int(number)) for number in parts["numbers"].split(".")]
    if len(numbers) == 4 and numbers[3] == "0":
        numbers.pop()
    return ".".join(numbers) + (parts["label"] or "")


def version_of_client(format_: str, version: str) -> str:
    """Return the version that a package manager sends as it is stored."""
    require_name("version", version)
    return version_name(format_, version)


def asset_of_client(name: str) -> str:
    """Return the name of a file that a package manager sends."""
    require_name("file name", name, pattern=re.compile(r"[^/\\]+"))
    return name


def require_generic_asset(name: str) -> None:
    """Raise ValidationException unless a generic package can have such a file.

    User Guide: generic-packages-overview.
    """
    if GENERIC_ASSET.fullmatch(name) is None or name in (".", ".."):
        raise _invalid(f"Invalid asset name '{name}'")


def require_name(what: str, value: str, *, pattern: re.Pattern[str] = NAME) -> None:
    """Raise ValidationException unless the value fits the model and can be one segment of a path."""
    printable = not any(
        unicodedata.category(character).startswith("C") for character in value
    )
    if value in (".", "..") or not printable or pattern.fullmatch(value) is None:
        raise _invalid(f"Invalid {what} {value[:MAX_LENGTH]!r}")
    if len(value) > MAX_LENGTH:
        raise _invalid(
            f"The {what} has {len(value)} characters, must have 1 to {MAX_LENGTH}"
        )


def _invalid(message: str) -> ValidationException:
    return ValidationException(message, "FIELD_VALIDATION_FAILED")
