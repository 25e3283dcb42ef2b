"""Makes moto find the CodeArtifact emulator as if it were one of moto's own services.

Needed with moto 5.2.5: it has no CodeArtifact, and it imports backends from its own package only.
"""

import importlib
import pkgutil
import re
import sys
from types import ModuleType

import moto
from moto import backend_index

PACKAGE = "moto_codeartifact"
ALIAS = "moto.codeartifact"


def register_codeartifact() -> None:
    """Add the emulator to moto's index, and its modules under the names that moto imports.

    A second call has no effect. Each module is the same object under both names, so the backends exist once.
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
