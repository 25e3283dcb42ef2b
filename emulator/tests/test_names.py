"""Names that the API would refuse: no package manager's endpoint stores them."""

from typing import Any
from urllib.parse import quote

import pytest
import requests

from emulator_support.package_uploads import endpoint, put_npm
from moto_codeartifact.formats import package_of_client, version_name
from moto_codeartifact.packages import PackageKey


def packages(ca: Any) -> list[Any]:
    return list(ca.list_packages(domain="acme", repository="dev")["packages"])


@pytest.mark.parametrize(
    "name",
    [
        "../../etc",
        "..",
        ".",
        "a#b",
        "a b",
        "a\tb",
        "a" * 256,
        "@a#b/c",
        "@../c",
        "@a/..",
        "a\x00b",
        "@a/b/c",
    ],
)
def test_npm_refuses_a_name(ca: Any, name: str) -> None:
    url, headers = endpoint(ca, "npm")
    manifest = {"name": name, "version": "1.0.0"}
    body = {
        "name": name,
        "versions": {"1.0.0": manifest},
        "dist-tags": {"latest": "1.0.0"},
        "_attachments": {"x.tgz": {"data": "dGFy"}},
    }

    response = requests.put(
        url + quote(name, safe=""), json=body, headers=headers, timeout=10
    )

    assert response.status_code in (400, 404)
    assert packages(ca) == []


@pytest.mark.parametrize("version", ["../1.0.0", "1 0", "1#0", "..", "1" * 256, "1/0"])
def test_npm_refuses_a_version(ca: Any, version: str) -> None:
    response = put_npm(ca, "widget", version)

    assert response.status_code == 400
    assert packages(ca) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "../../etc"),
        ("name", "a b"),
        ("name", "-a"),
        ("name", "a" * 256),
        ("name", "é"),
        ("name", ""),
        ("version", "../1"),
        ("version", "1 0"),
        ("version", ""),
        ("version", "1" * 256),
        ("file", "../../a.whl"),
        ("file", ".."),
        ("file", "a" * 256),
    ],
)
def test_pypi_refuses_a_name_a_version_or_a_file(
    ca: Any, field: str, value: str
) -> None:
    given = {"name": "gadget", "version": "1.0", "file": "gadget.whl", field: value}
    url, headers = endpoint(ca, "pypi")
    form = {
        ":action": "file_upload",
        "name": given["name"],
        "version": given["version"],
    }
    files = {"content": (given["file"], b"wheel")}

    response = requests.post(url, data=form, files=files, headers=headers, timeout=10)

    assert response.status_code == 400
    assert packages(ca) == []


@pytest.mark.parametrize("missing", ["name", "version"])
def test_pypi_requires_a_name_and_a_version(ca: Any, missing: str) -> None:
    url, headers = endpoint(ca, "pypi")
    form = {":action": "file_upload", "name": "gadget", "version": "1.0"}
    del form[missing]

    response = requests.post(
        url, data=form, files={"content": ("a.whl", b"")}, headers=headers, timeout=10
    )

    assert (response.status_code, response.text) == (400, f"The form has no {missing}")


@pytest.mark.parametrize(
    "path",
    [
        "com/acme/app/1.0/%2f..",
        "com/acme/app/%2e%2e/app.jar",
        "com/%2e%2e/app/1.0/app.jar",
        "com/acme/a%20b/1.0/app.jar",
        "com/acme/a%23b/1.0/app.jar",
        "com/acme/app/1%2f0/app.jar",
        "com/acme/app/1.0/app%00.jar",
        "com//app/1.0/app.jar",
        f"com/acme/{'a' * 256}/1.0/app.jar",
        f"com/acme/app/1.0/{'a' * 256}",
    ],
)
def test_maven_refuses_a_path(ca: Any, path: str) -> None:
    url, headers = endpoint(ca, "maven")
    session = requests.Session()
    prepared = requests.Request("PUT", url, data=b"jar", headers=headers).prepare()
    prepared.url = url + path  # as it is, where requests would resolve the dots

    assert session.send(prepared, timeout=10).status_code in (400, 404)
    assert packages(ca) == []


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("1.0.0", "1.0.0"),
        ("01.002.3", "1.2.3"),
        ("13.0.1.0", "13.0.1"),
        ("1.0.0.1", "1.0.0.1"),
        ("1.0.0+build.7", "1.0.0"),
        ("1.0.0-beta+7", "1.0.0-beta"),
        ("1.0.0-Beta.01", "1.0.0-Beta.01"),
        ("1.0", "1.0"),
        ("latest", "latest"),
    ],
)
def test_versions_of_nuget_are_normalised(written: str, stored: str) -> None:
    assert version_name("nuget", written) == stored
    assert version_name("npm", written) == written


@pytest.mark.parametrize(
    ("format_", "namespace", "name", "key"),
    [
        ("pypi", "", "My_Pkg..Name", ("pypi", "", "my-pkg-name")),
        ("nuget", "", "Newtonsoft.Json", ("nuget", "", "newtonsoft.json")),
        ("swift", "Apple", "Swift-NIO", ("swift", "apple", "swift-nio")),
        ("maven", "com.Acme", "App_X", ("maven", "com.Acme", "App_X")),
        ("npm", "Acme", "Widget", ("npm", "Acme", "Widget")),
    ],
)
def test_a_clients_name_is_normalised_as_the_format_has_it(
    format_: str, namespace: str, name: str, key: tuple[str, str, str]
) -> None:
    assert package_of_client(format_, namespace, name) == PackageKey(*key)


def test_the_api_normalises_the_versions_of_nuget(ca: Any) -> None:
    nuget = {
        "domain": "acme",
        "repository": "dev",
        "format": "nuget",
        "package": "Acme.Tools",
    }
    ca.put_package_origin_configuration(
        **nuget, restrictions={"publish": "ALLOW", "upstream": "BLOCK"}
    )

    failed = ca.delete_package_versions(**nuget, versions=["01.0.0.0"])[
        "failedVersions"
    ]

    assert list(failed) == ["1.0.0"]
