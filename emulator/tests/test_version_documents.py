"""The readme and the dependencies of a version."""

from typing import Any

import pytest
import requests

from emulator_support.codeartifact_calls import MODEL, publish_generic
from emulator_support.package_uploads import endpoint, put_npm
from test_maven import APP, put

NPM = {
    "domain": "acme",
    "repository": "dev",
    "format": "npm",
    "package": "widget",
    "packageVersion": "1.0.0",
}
PYPI = {**NPM, "format": "pypi", "package": "gadget", "packageVersion": "1.0"}
POM = b"""<project>
  <parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>7</version></parent>
  <dependencies>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4</version><scope>test</scope></dependency>
    <dependency><groupId>org.x</groupId><artifactId>maybe</artifactId><optional>true</optional></dependency>
    <dependency><groupId>org.x</groupId><artifactId>always</artifactId><version>[1,2)</version></dependency>
  </dependencies>
</project>"""


def put_manifest(client: Any, **manifest: Any) -> None:
    """Publish an npm package with more members in its manifest."""
    assert put_npm(client, "widget", "1.0.0", manifest=manifest).status_code == 201


def post_form(client: Any, **more: Any) -> None:
    """Upload a Python package with more fields."""
    url, headers = endpoint(client, "pypi")
    form = {":action": "file_upload", "name": "gadget", "version": "1.0", **more}
    files = {"content": ("gadget-1.0.tar.gz", b"x")}
    answer = requests.post(url, data=form, files=files, headers=headers, timeout=10)
    assert answer.status_code == 200


def dependencies(client: Any, package: dict[str, str]) -> list[tuple[str, ...]]:
    """Return type, namespace, name and requirement of each dependency."""
    keys = ("dependencyType", "namespace", "package", "versionRequirement")
    answer = client.list_package_version_dependencies(**package)
    assert answer["version"] == package["packageVersion"]
    return [tuple(each.get(key, "") for key in keys) for each in answer["dependencies"]]


def test_the_readme_of_an_npm_package_is_returned(ca: Any) -> None:
    put_manifest(ca, readme="# Widget")

    answer = ca.get_package_version_readme(**NPM)

    described = ca.describe_package_version(**NPM)["packageVersion"]
    assert (answer["readme"], answer["version"]) == ("# Widget", "1.0.0")
    assert answer["versionRevision"] == described["revision"]


def test_the_description_of_a_python_package_is_its_readme(ca: Any) -> None:
    post_form(ca, description="A *gadget*.")

    assert ca.get_package_version_readme(**PYPI)["readme"] == "A *gadget*."


def test_a_version_without_a_readme_says_so_in_the_words_of_aws(ca: Any) -> None:
    publish_generic(ca, "1")

    with pytest.raises(
        ca.exceptions.ResourceNotFoundException,
        match="The readme file of this package version is not found",
    ):
        ca.get_package_version_readme(**MODEL, repository="dev", packageVersion="1")


def test_the_dependencies_of_an_npm_package_have_their_types(ca: Any) -> None:
    put_manifest(
        ca,
        dependencies={"@types/react": "^18", "left-pad": "1.3.0"},
        devDependencies={"mocha": "*"},
        peerDependencies={"react": ">=17"},
        optionalDependencies={"fsevents": "2"},
    )

    assert dependencies(ca, NPM) == [
        ("regular", "types", "react", "^18"),
        ("regular", "", "left-pad", "1.3.0"),
        ("dev", "", "mocha", "*"),
        ("peer", "", "react", ">=17"),
        ("optional", "", "fsevents", "2"),
    ]


def test_the_requirements_of_a_python_package_are_its_dependencies(ca: Any) -> None:
    post_form(
        ca,
        requires_dist=["Requests[socks] (>=2,<3) ; python_version > '3'", "tzdata"],
    )

    assert dependencies(ca, PYPI) == [
        ("Requires-Dist", "", "requests", ">=2,<3"),
        ("Requires-Dist", "", "tzdata", ""),
    ]


def test_the_dependencies_of_a_pom_have_their_scopes(ca: Any) -> None:
    assert put(ca, "com/acme/app/1.0/app-1.0.pom", POM) == 201
    assert dependencies(ca, {**APP, "packageVersion": "1.0"}) == [
        ("parent", "com.acme", "parent", "7"),
        ("test", "junit", "junit", "4"),
        ("optional", "org.x", "maybe", ""),
        ("compile", "org.x", "always", "[1,2)"),
    ]


def test_a_generic_version_has_no_dependencies(ca: Any) -> None:
    publish_generic(ca, "1")

    assert dependencies(ca, {**MODEL, "repository": "dev", "packageVersion": "1"}) == []


def test_an_unknown_version_is_not_found(ca: Any) -> None:
    put_manifest(ca)

    for call in (ca.get_package_version_readme, ca.list_package_version_dependencies):
        with pytest.raises(ca.exceptions.ResourceNotFoundException):
            call(**{**NPM, "packageVersion": "2.0.0"})
