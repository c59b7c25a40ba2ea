"""What the documents point at exists, and nothing committed names a registry or a machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|href)=\"([^\"]+)\"")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "core.quotepath=off", "ls-files", "-z", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.parametrize("page", tracked("*.md"), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(page: Path) -> None:
    for found in _LINK.finditer(page.read_text()):
        target = found.group(1) or found.group(2)
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def test_no_package_registry_is_named() -> None:
    named = re.compile(
        r"index-url|resolved\"\s*:\s*\"http|registry\s*=\s*[\"']?http|pypi\.org|npmjs\.org"
    )
    for path in tracked("*.txt", "*.toml", "*.json", "*.sh", "*.yaml", "*.yml", "Makefile", ".ci"):
        assert not named.search(path.read_text()), path


def test_constraints_pin_one_version_each_and_name_no_address() -> None:
    lines = [
        line
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert all(re.fullmatch(r"[a-z0-9.-]+==[0-9][0-9a-z.+]*", line) for line in lines)
    names = [line.partition("==")[0] for line in lines]
    assert len(names) == len(set(names)) > 50
