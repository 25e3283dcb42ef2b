"""The page of a Python project, as PEP 503, 691 and 700 have it (User Guide: python-compatibility)."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from emulator_support.package_uploads import endpoint, post_pypi
from moto_codeartifact.pypi_pages import HTML, JSON, choose_type

FILE = "acme_gadget-1.0.tar.gz"
OF_PIP = f"{JSON}, {HTML}; q=0.1, text/html; q=0.01"
OF_UV = f"{JSON}, {HTML};q=0.2, text/html;q=0.01"


def get(ca: Any, path: str, **more: Any) -> requests.Response:
    url, headers = endpoint(ca, "pypi")
    headers |= more.pop("headers", {})
    return requests.get(url + path, headers=headers, timeout=10, **more)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/*", "text/html"),
        ("text/html", "text/html"),
        (HTML, HTML),
        (JSON, JSON),
        ("application/vnd.pypi.simple.latest+json", JSON),
        ("application/vnd.pypi.simple.latest+html", HTML),
        (OF_PIP, JSON),
        (OF_UV, JSON),
        (f"{JSON};q=0.1, text/html", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("application/json, text/html;q=0.5", "text/html"),
    ],
)
def test_the_type_of_the_page_is_negotiated(accept: str | None, chosen: str) -> None:
    assert choose_type(accept) == chosen


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "text/plain",
        "application/vnd.pypi.simple.v2+json",
        f"{JSON};q=0",
        "x",
    ],
)
def test_other_types_are_not_acceptable(ca: Any, accept: str) -> None:
    post_pypi(ca, "acme-gadget", "1.0", FILE, b"files")

    assert get(ca, "simple/acme-gadget/", headers={"Accept": accept}).status_code == 406


def test_the_json_page_has_all_fields(ca: Any) -> None:
    post_pypi(ca, "Acme.Gadget", "1.0", FILE, b"files")
    post_pypi(ca, "Acme.Gadget", "1.1", "acme_gadget-1.1.tar.gz", b"more files")

    response = get(ca, "simple/acme-gadget/", headers={"Accept": OF_PIP})

    page = response.json()
    assert response.headers["Content-Type"] == JSON
    assert (page["meta"], page["name"], page["versions"]) == (
        {"api-version": "1.1"},
        "acme-gadget",
        ["1.0", "1.1"],
    )
    first = page["files"][0]
    uploaded = datetime.fromisoformat(first.pop("upload-time"))
    assert timedelta() <= datetime.now(UTC) - uploaded < timedelta(minutes=1)
    assert first == {
        "filename": FILE,
        "url": f"1.0/{FILE}",
        "hashes": {
            "sha256": hashlib.sha256(b"files").hexdigest(),
            "md5": hashlib.md5(b"files").hexdigest(),
        },
        "size": 5,
        "yanked": False,
    }


def test_the_upload_time_of_each_file_is_its_own(ca: Any) -> None:
    post_pypi(ca, "acme-gadget", "1.0", FILE, b"files")
    post_pypi(ca, "acme-gadget", "1.0", "acme_gadget-1.0-py3-none-any.whl", b"wheel")

    sdist, wheel = get(ca, "simple/acme-gadget/", headers={"Accept": JSON}).json()[
        "files"
    ]

    assert sdist["upload-time"] < wheel["upload-time"]


def test_the_html_page_has_relative_links_with_their_attributes(ca: Any) -> None:
    url, headers = endpoint(ca, "pypi")
    form = {
        ":action": "file_upload",
        "name": "gadget",
        "version": "1.0",
        "requires_python": '>=3.8,<"4"',
    }
    requests.post(
        url, data=form, files={"content": (FILE, b"files")}, headers=headers, timeout=10
    )

    text = get(ca, "simple/gadget/").text

    digest = hashlib.sha256(b"files").hexdigest()
    assert f'href="1.0/{FILE}#sha256={digest}"' in text
    assert 'data-requires-python="&gt;=3.8,&lt;&quot;4&quot;"' in text
    assert re.search(r'data-upload-time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"', text)
    assert '<meta name="pypi:repository-version" content="1.1">' in text
    assert "data-yanked" not in text


@pytest.mark.parametrize(
    "path", ["", "simple", "simple/", "pypi/gadget/json", "simple/gadget/1.0/"]
)
def test_there_is_no_list_of_projects_and_no_other_api(ca: Any, path: str) -> None:
    post_pypi(ca, "gadget", "1.0", FILE, b"files")

    assert get(ca, path).status_code == 404


def test_a_page_without_its_slash_is_redirected_so_that_relative_links_work(
    ca: Any,
) -> None:
    post_pypi(ca, "Acme.Gadget", "1.0", FILE, b"files")

    response = get(ca, "simple/Acme_Gadget", allow_redirects=False)

    assert response.status_code == 301
    assert (
        response.headers["Location"] == endpoint(ca, "pypi")[0] + "simple/acme-gadget/"
    )


def test_a_file_is_found_by_its_relative_link(ca: Any) -> None:
    post_pypi(ca, "acme-gadget", "1.0", FILE, b"files")
    [file] = get(ca, "simple/acme-gadget/", headers={"Accept": JSON}).json()["files"]

    assert get(ca, f"simple/acme-gadget/{file['url']}").content == b"files"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(ca: Any, method: str) -> None:
    url, headers = endpoint(ca, "pypi")

    assert (
        requests.request(
            method, f"{url}simple/gadget/", headers=headers, timeout=10
        ).status_code
        == 405
    )


@pytest.mark.parametrize(
    ("user", "status"), [("aws", 200), ("__token__", 200), ("someone", 401), ("", 401)]
)
def test_basic_credentials_carry_the_token(ca: Any, user: str, status: int) -> None:
    post_pypi(ca, "gadget", "1.0", FILE, b"files")
    url, headers = endpoint(ca, "pypi")
    token = headers["Authorization"].removeprefix("Bearer ")
    basic = base64.b64encode(f"{user}:{token}".encode()).decode()

    response = requests.get(
        f"{url}simple/gadget/", headers={"Authorization": f"Basic {basic}"}, timeout=10
    )

    assert response.status_code == status
