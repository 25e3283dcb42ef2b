"""Makes moto find the CodeArtifact of this project, as if it were one of moto's own services."""

import importlib
import pkgutil
import re
import sys
from types import ModuleType

import moto
from moto import backend_index

PACKAGE = "emulator"
ALIAS = "moto.codeartifact"


def plug() -> None:
    """Add the backend to moto's index, and its modules under the name by which moto imports them.

    Idempotent. Every module has one identity under both names, so there is one set of backends.
    """
    urls = _alias_modules()
    known = {service for service, _ in backend_index.backend_url_patterns}
    if "codeartifact" not in known:
        patterns = [("codeartifact", re.compile(base)) for base in urls.url_bases]
        backend_index.backend_url_patterns.extend(patterns)


def _alias_modules() -> ModuleType:
    package = importlib.import_module(PACKAGE)
    names = ["", *(f".{module.name}" for module in pkgutil.iter_modules(package.__path__))]
    for name in names:
        sys.modules[ALIAS + name] = importlib.import_module(PACKAGE + name)
    moto.codeartifact = package
    return sys.modules[f"{ALIAS}.urls"]
