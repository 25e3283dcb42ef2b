"""Makes moto find this package as if it were one of moto's own services.

Needed with moto 5.2.5: it has no CodeArtifact, and it imports backends from its own package only.
"""

import importlib
import pkgutil
import re
import sys

import moto
from moto import backend_index

PACKAGE = __package__
ALIAS = "moto.codeartifact"
OWN = frozenset(
    {
        "__main__",
        "command_line",
        "domain_under_test",
        "options",
        "register",
        "sample_files",
        "server",
    }
)
"""The modules that moto would not have."""


def register_codeartifact() -> None:
    """Add the package to moto's index, and its modules under the names that moto imports.

    A second call has no effect. Each module is the same object under both names, so the backends exist once.
    """
    if ALIAS in sys.modules:
        return
    package = importlib.import_module(PACKAGE)
    vars(moto)["codeartifact"] = sys.modules[ALIAS] = package
    for module in pkgutil.iter_modules(package.__path__):
        if module.name not in OWN:
            named = importlib.import_module(f"{PACKAGE}.{module.name}")
            sys.modules[f"{ALIAS}.{module.name}"] = named
    known = {service for service, _ in backend_index.backend_url_patterns}
    if "codeartifact" not in known:
        bases = sys.modules[f"{ALIAS}.urls"].url_bases
        patterns = [("codeartifact", re.compile(base)) for base in bases]
        backend_index.backend_url_patterns.extend(patterns)
