"""Answers the check "size": a version has at most LIMIT bytes. For the event rule of docs/checks.md, as a function."""

import json
import re
import sys
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote

import boto3

EVIDENCE, NAMESPACE, LIMIT = "evidence", "check-size", 50_000_000


def handler(event, context=None):
    detail, ca = event["detail"], boto3.client("codeartifact")
    format_, space = detail["packageFormat"], detail.get("packageNamespace") or ""
    name, version, revision = (detail[f"package{part}"] for part in ("Name", "Version", "VersionRevision"))
    domain = {"domain": detail["domainName"], "domainOwner": detail["domainOwner"]}
    about = {"repository": detail["repositoryName"], "format": format_, "package": name}
    about |= {"packageVersion": version} | ({"namespace": space} if space else {})
    pages = list(ca.get_paginator("list_package_version_assets").paginate(**domain, **about))
    if any(page["versionRevision"] != revision for page in pages):
        return "there is another revision now; its own event follows"
    size = sum(asset["size"] for page in pages for asset in page["assets"])
    result = "PASSED" if size <= LIMIT else "FAILED"

    type_, scope = {"ruby": "gem"}.get(format_, format_), "%40" if format_ == "npm" and space else ""
    path = "/".join(quote(part, safe=":") for part in (space, name) if part)
    purl = f"pkg:{type_}/{scope}{path}@{quote(version, safe=':')}"
    readable = ".".join(part for part in (format_, space, name, version) if part)
    package = re.sub(r"[^A-Za-z0-9._-]", "-", readable)[:225]
    package += "." + sha256(f"{purl}\n{revision}".encode()).hexdigest()[:20]
    statement = {"_type": "https://in-toto.io/Statement/v1"}
    statement["subject"] = [{"name": purl, "digest": {"codeartifact-revision": revision}}]
    statement["predicateType"] = "https://in-toto.io/attestation/test-result/v0.1"
    statement["predicate"] = {"result": result, "configuration": [], "reason": f"{size} of {LIMIT} bytes"}
    content = json.dumps(statement).encode()
    answer = {"package": package, "packageVersion": f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"}
    asset = {"assetName": "statement.json", "assetContent": content}
    asset["assetSHA256"] = sha256(content).hexdigest()
    where = {**domain, "repository": EVIDENCE, "format": "generic", "namespace": NAMESPACE}
    ca.publish_package_version(**where, **answer, **asset)
    return f"{result}: {purl} has {size} bytes"


if __name__ == "__main__":
    print(handler(json.load(sys.stdin)))
