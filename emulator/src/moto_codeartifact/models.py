"""CodeArtifactBackend class with methods for supported APIs: one method for each operation, by resource."""

from moto.core.base_backend import BackendDict, BaseBackend
from moto.utilities.tagging_service import TaggingService

from .domain_backend import DomainBackend
from .faults import Faults
from .outbox import LOCK
from .public_repositories import new_public_repositories
from .repositories import Repository
from .repository_backend import RepositoryBackend
from .settings import EmulatorSettings
from .version_backend import VersionBackend


class CodeArtifactBackend(
    DomainBackend, RepositoryBackend, VersionBackend, BaseBackend
):
    """The domains that one account owns in one region."""

    lock = LOCK
    """Held by each request, for all accounts and regions, so that events have the order of the changes."""

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.domains = {}
        self.tokens = {}
        self.tagger = TaggingService(
            tag_name="tags", key_name="key", value_name="value"
        )
        self.settings = EmulatorSettings()
        self.faults = Faults()
        self.public_repositories = new_public_repositories()

    def inject(
        self,
        operation: str,
        error: str,
        *,
        times: int = 1,
        after_effect: bool = False,
        message: str | None = None,
    ) -> None:
        """Make this account's next calls of an operation fail. See `Faults.fail_call`."""
        self.faults.fail_call(
            operation, error, times=times, after_effect=after_effect, message=message
        )

    def list_repositories(self, prefix: str) -> list[Repository]:
        """Return the repositories that this account administers, in all domains."""
        backends = [
            regional[self.region_name]
            for regional in codeartifact_backends.values()
            if dict.__contains__(regional, self.region_name)
        ]
        found = [
            repository
            for backend in backends
            for domain in backend.domains.values()
            for repository in domain.repositories.values()
            if repository.administrator_account == self.account_id
        ]
        return sorted(
            (r for r in found if r.name.startswith(prefix)),
            key=lambda r: (r.domain_name, r.name),
        )


codeartifact_backends = BackendDict(CodeArtifactBackend, "codeartifact")
