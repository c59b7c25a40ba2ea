"""The data home: where everything that is not code lives (DESIGN: *The data home*)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import HomeError

__all__ = ["Home"]


@dataclass(frozen=True)
class Home:
    """Paths below one data home. Nothing is created before `create` is called."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def warehouse_file(self) -> Path:
        return self.work / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def current_release(self) -> Path:
        return self.releases / "current"

    @property
    def grants(self) -> Path:
        return self.root / "grants"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def settings_file(self) -> Path:
        return self.root / "campus.toml"

    @property
    def authority_file(self) -> Path:
        """Changes to the annexes that this college has decided (warehouse/authority/changes.yaml
        shows an entry of each kind)."""
        return self.root / "authority.yaml"

    @property
    def sources_file(self) -> Path:
        """The source databases that `campus pull` reads (docs/pull.md)."""
        return self.root / "sources.toml"

    @property
    def state_file(self) -> Path:
        return self.root / "state.db"

    @property
    def templates(self) -> Path:
        """Texts of this college's own: undertakings, letters."""
        return self.root / "templates"

    @property
    def attachments(self) -> Path:
        """Scanned forms, by the sha256 of their content."""
        return self.root / "attachments"

    @property
    def returns(self) -> Path:
        """Derived data that consumer units sent back (Article 8)."""
        return self.root / "returns"

    @property
    def personal_archives(self) -> Path:
        """What people asked for to take along, encrypted, until it expires."""
        return self.root / "personal_archives"

    @property
    def briefings(self) -> Path:
        """Monthly briefings as they were mailed."""
        return self.root / "briefings"

    def folders(self) -> tuple[Path, ...]:
        return (
            self.inbox,
            self.lake,
            self.quarantine,
            self.outbox,
            self.work,
            self.releases,
            self.grants,
            self.archive,
            self.backups,
            self.logs,
            self.secrets,
            self.templates,
            self.attachments,
            self.returns,
            self.personal_archives,
            self.briefings,
        )

    def create(self) -> None:
        """Make the folders. Only their owner may enter: they hold people's data."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in self.folders():
            folder.mkdir(exist_ok=True, mode=0o700)

    def require(self) -> Home:
        """Return self, or raise `HomeError` when `campus init` has not been run here."""
        if not self.inbox.is_dir() or not self.lake.is_dir():
            raise HomeError(
                f"{self.root} is not a data home.",
                next_step=f"Make one with: campus --home '{self.root}' init",
            )
        return self
