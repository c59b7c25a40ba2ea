"""An archive from its request to what stands in it."""

from __future__ import annotations

import csv
import io
import time
import zipfile

import pyzipper
from access_college import College


def ask(college: College, header: dict) -> tuple[str, str]:
    answer = college.client.post("/v1/archives", headers=header)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"], answer.json()["password"]


def ready(college: College, header: dict, state: str = "ready") -> dict:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        told = college.client.get("/v1/archives", headers=header).json()["archive"]
        if told["state"] != "preparing":
            assert told["state"] == state
            return told
        time.sleep(0.1)
    raise AssertionError("not ready in a minute")


def fetch(college: College, header: dict, archive: str):
    return college.client.get(f"/v1/archives/{archive}/file", headers=header)


def opened(content: bytes, password: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Files of the archive, and those of the ZIP in it."""
    with pyzipper.AESZipFile(io.BytesIO(content)) as whole:
        whole.setpassword(password.encode())
        outer = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(io.BytesIO(outer["machine-readable.zip"])) as inner:
        return outer, {name: inner.read(name) for name in inner.namelist()}


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
