"""The URLs of repositories for package managers."""

from .repositories import Repository

PREFIX = "/d/codeartifact"


def repository_endpoint(server: str, repository: Repository, format_: str) -> str:
    """Return the URL of a repository for a package manager (API: GetRepositoryEndpoint).

    AWS has domain, owner and region in the host name. On any other server they are in the path, below a
    segment that is too short for the name of an S3 bucket.
    """
    domain = f"{repository.domain_name}-{repository.domain_owner}"
    if server.endswith(".amazonaws.com"):
        host = f"https://{domain}.d.codeartifact.{repository.region}.amazonaws.com"
    else:
        host = f"{server}{PREFIX}/{repository.region}/{domain}"
    return f"{host}/{format_}/{repository.name}/"
