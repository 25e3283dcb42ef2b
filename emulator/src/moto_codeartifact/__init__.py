"""AWS CodeArtifact for moto. Import this package, then use `mock_aws`.

The tests of your own code need only two lines:

    import moto_codeartifact
    from moto import mock_aws
"""

from .faults import Faults
from .models import CodeArtifactBackend, codeartifact_backends
from .packages import Metadata
from .public_repositories import PublicRepository
from .register import register_codeartifact
from .settings import EmulatorSettings

__all__ = [
    "CodeArtifactBackend",
    "EmulatorSettings",
    "Faults",
    "Metadata",
    "PublicRepository",
    "codeartifact_backends",
]

register_codeartifact()
