"""codeartifact base URL and path."""

from .package_managers import serve_packages
from .responses import CodeArtifactResponse

url_bases = [
    r"https?://codeartifact\.(.+)\.amazonaws\.com",
    r"https?://[^.]+\.d\.codeartifact\.(.+)\.amazonaws\.com",
]

url_paths = {
    "{0}/v1/(?P<path>.+)$": CodeArtifactResponse.dispatch,
    "{0}/(?P<format>npm|pypi|maven)/(?P<path>.*)$": serve_packages,
    "{0}/d/codeartifact/(?P<path>.+)$": serve_packages,
    "{0}/(?P<path>.*)$": CodeArtifactResponse.dispatch,
}
