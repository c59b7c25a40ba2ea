"""Which releases there are, and which one is current.

`releases/current` is a text file with the id of the current release. It is replaced by a rename,
so that a reader finds one release or the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.errors import ReleaseError
from warehouse.home import Home
from warehouse.release.durable import replace_text
from warehouse.settings import Settings

__all__ = ["Release", "current", "current_id", "load_release", "pointed_id", "releases", "switch"]

_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True)
class Release:
    """One published state of the warehouse. `manifest` is its manifest.json as it was written."""

    id: str
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def published_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["published_at"])

    @property
    def as_of(self) -> datetime:
        """The moment the data speak of: the latest extraction behind them (UTC)."""
        return datetime.fromisoformat(self.manifest["as_of"])

    @property
    def fingerprint(self) -> str:
        return self.manifest["fingerprint"]

    @property
    def pinned(self) -> bool:
        return bool(self.manifest.get("pinned", False))

    def file(self, audience: str) -> Path:
        return self.folder / f"{audience}.duckdb"

    @property
    def audiences_kept(self) -> list[str]:
        """Audiences whose file is still there; pruning removes some from old releases."""
        return [audience for audience in self.manifest["files"] if self.file(audience).is_file()]

    @property
    def whole(self) -> bool:
        return len(self.audiences_kept) == len(self.manifest["files"])

    @property
    def failing_checks(self) -> list[Mapping[str, Any]]:
        """Checks that warned: the figures are published and the page says so."""
        return [test for test in self.manifest["tests"] if test["status"] == "warn"]


def load_release(home: Home, release_id: str) -> Release:
    """Read one release's manifest; `ReleaseError` where there is none."""
    manifest = home.releases / release_id / "manifest.json"
    if not _ID.fullmatch(release_id) or not manifest.is_file():
        raise ReleaseError(
            f"There is no release {release_id!r}.", next_step="List them with: campus releases"
        )
    document = json.loads(manifest.read_text(encoding="utf-8"))
    return Release(release_id, manifest.parent, document)


def current_id(home: Home) -> str | None:
    """Id in the pointer; None before the first publication. `ReleaseError` if it is damaged."""
    try:
        text = home.current_release.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    if not _ID.fullmatch(text):
        raise ReleaseError(
            f"{home.current_release} does not hold the id of a release.",
            next_step="Choose one of `campus releases` with: campus rollback RELEASE",
        )
    return text


def pointed_id(home: Home) -> str | None:
    """As `current_id`, and None for a damaged pointer too."""
    try:
        return current_id(home)
    except ReleaseError:
        return None


def current(settings: Settings) -> Release | None:
    """The current release; None before the first publication."""
    release_id = current_id(settings.paths)
    return None if release_id is None else load_release(settings.paths, release_id)


def releases(settings: Settings) -> list[Release]:
    """All published releases, newest first. What a killed publication left is not among them."""
    home = settings.paths
    if not home.releases.is_dir():
        return []
    unfinished = unfinished_id(home)
    found = [
        load_release(home, folder.name)
        for folder in home.releases.iterdir()
        if _ID.fullmatch(folder.name) and (folder / "manifest.json").is_file()
    ]
    return sorted(
        (release for release in found if release.id != unfinished),
        key=lambda release: release.id,
        reverse=True,
    )


def switch(home: Home, release_id: str) -> None:
    """Make a release the current one."""
    replace_text(home.current_release, release_id + "\n")


# The marker says which switch is under way: {"id": …, "made": true when its folder is new}. It is
# written before a new folder gets its name and removed when all that follows a switch is done.


def marker_file(home: Home) -> Path:
    return home.releases / "switching.json"


def read_marker(home: Home) -> dict[str, Any] | None:
    try:
        return json.loads(marker_file(home).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def write_marker(home: Home, release_id: str, *, made: bool) -> None:
    replace_text(marker_file(home), json.dumps({"id": release_id, "made": made}))


def unfinished_id(home: Home) -> str | None:
    """A release whose folder is whole but that was never switched to, if a job was killed there."""
    marker = read_marker(home)
    if marker is None or not marker["made"]:
        return None
    try:
        pointed = current_id(home)
    except ReleaseError:
        return None
    return marker["id"] if marker["id"] != pointed else None
