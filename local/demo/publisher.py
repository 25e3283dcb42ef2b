"""Publishes the sample packages to the local AWS with the package managers' own commands."""

from pathlib import Path

from local.demo.package_managers import PackageManagers
from local.demo.sample_packages import (
    DRAFT,
    LEGACY,
    MODEL,
    RELEASE,
    SECRET,
    SOAKED,
    TOOLS,
    UI,
    WIDGET,
    SampleVersion,
    build_python_distributions,
    sha256,
    write_generic_asset,
    write_npm_package,
)
from local.demo.timeline import Timeline


class Publisher:
    """Publishes the samples and shows each on the timeline."""

    def __init__(
        self, managers: PackageManagers, timeline: Timeline, directory: Path, domain: str, *, npm: bool
    ) -> None:
        """`directory` is an empty one for the packages. Without `npm`, the npm packages are skipped."""
        self._managers = managers
        self._timeline = timeline
        self._directory = directory
        self._domain = domain
        self._npm = npm
        self._published: list[SampleVersion] = []

    def publish_conflict(self) -> None:
        """Publish a version with different files directly to prod, as if someone bypassed the pipeline."""
        self._publish_generic(LEGACY, "prod", "the bytes that somebody uploaded by hand\n")

    def publish_samples(self) -> list[SampleVersion]:
        """Publish all samples to dev. Return them."""
        for sample in (WIDGET, UI, SECRET) if self._npm else ():
            package = write_npm_package(self._directory, sample)
            self._managers.npm("dev", "publish", cwd=package)
            self._show(sample, "npm publish")
        files = build_python_distributions(self._managers, self._directory, TOOLS)
        names = [str(file) for file in files]
        self._managers.twine("dev", "upload", "--disable-progress-bar", *names, cwd=self._directory)
        self._show(TOOLS, f"twine upload ({len(files)} files)")
        for sample in (SOAKED, RELEASE, MODEL, DRAFT, LEGACY):
            self._publish_generic(sample, "dev", f"the bytes of {sample}\n")
            self._show(sample, "aws codeartifact publish-package-version")
        return self._published

    def _publish_generic(self, sample: SampleVersion, repository: str, content: str) -> None:
        asset = write_generic_asset(self._directory / repository, sample, content)
        self._managers.aws(
            *("codeartifact", "publish-package-version", "--domain", self._domain),
            *("--repository", repository, "--format", "generic", "--namespace", str(sample.namespace)),
            *("--package", sample.package, "--package-version", sample.version),
            *("--asset-name", asset.name, "--asset-content", str(asset)),
            *("--asset-sha256", sha256(asset)),
            cwd=self._directory,
        )

    def _show(self, sample: SampleVersion, command: str) -> None:
        self._published.append(sample)
        self._timeline.show_published(sample, "dev", command)
