"""One settings object: environment first, then `campus.toml` in the data home, then the default.

Environment names are the field names in capitals behind `CAMPUS_`, for example
`CAMPUS_HOME`, `CAMPUS_STATE_URL`, `CAMPUS_OIDC_ISSUER`. A secret may also be given as a file
under `secrets/` in the data home that bears the field's name.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from warehouse.errors import SettingsError
from warehouse.home import Home

__all__ = ["DEMO_COOKIE_SECRET", "Settings", "load_settings"]

#: Cookie secret of `campus serve --demo`; a production configuration that bears it is refused.
DEMO_COOKIE_SECRET = "demo-only-cookie-secret-never-use-in-production"  # noqa: S105 - public on purpose


class Settings(BaseSettings):
    """All that can be set. Times are seconds, sizes bytes, shares 0–1."""

    model_config = SettingsConfigDict(env_prefix="CAMPUS_", extra="forbid")

    home: Path = Path("data")
    state_url: str | None = None
    "SQLAlchemy address of the state database; default: SQLite in the data home."
    dbt_project: Path | None = None
    "Folder of the dbt project; default: beside the package."
    audit_seal_dir: Path | None = None
    "Folder outside the data home for the daily seal of the audit log (docs/operations.md)."
    demo: bool = False
    "Anybody may sign in as anybody, so only simulated releases are opened."
    school_name: str = "郑州工程技术学院"
    socket_path: Path | None = None
    "Unix socket of the gateway; default: a short path below the runtime folder."

    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_person_claim: str = "sub"
    "The ID-token claim that holds the staff or student number."
    cookie_secret: SecretStr | None = None
    public_url: str | None = None
    "Address the browser uses, for example https://data.example.edu.cn (no path)."

    oa_key: SecretStr | None = None
    "Key of at least 32 bytes that the office system signs with; two, one a line, while it changes."
    oa_messages_per_minute: int = Field(default=120, ge=1)

    smtp_host: str | None = None
    "The college's mail server; without one, notices are kept and not sent."
    smtp_port: int | None = Field(default=None, ge=1, le=65535)
    "Default: 587 with starttls, 465 with tls, 25 with none."
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    "none is for a server on this machine only."
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = None
    "Address that notices come from."
    reminder_days: int = Field(default=3, ge=1)
    "Whom an application waits for is reminded daily after so many days."
    briefing_to: list[str] = []
    "Addresses that the monthly briefing is mailed to; without one, none is mailed."
    briefing_day: int = Field(default=25, ge=1, le=28)
    "From this day of a month on, its briefing is mailed. Ours."
    correction_acknowledge_days: int = Field(default=7, ge=1)
    "Calendar days in which a unit says that it has read a correction. Ours: five working days."
    correction_decide_days: int = Field(default=21, ge=1)
    "Calendar days to correct or refuse, and to decide a contest. Ours: fifteen working days."

    session_seconds: int = 8 * 3600
    session_idle_seconds: int = 60 * 60

    archive_hours: int = Field(default=48, ge=1, le=168)
    "How long a prepared archive of one's own data may be fetched."
    archives_per_day: int = Field(default=3, ge=1)
    "How many of them one person may ask for in 24 hours."

    sql_seconds: float = Field(default=30.0, gt=0)
    "A query is interrupted after so long, its process killed after twice that."
    sql_memory: int = Field(default=1 << 30, ge=64 << 20)
    "What DuckDB may use for one query; it never spills to the disk."
    sql_threads: int = Field(default=1, ge=1)
    "Processors that one query may use."
    sql_rows: int = Field(default=10_000, ge=1)
    sql_bytes: int = Field(default=8 << 20, ge=1 << 10)
    "A result of more rows or bytes is cut, and says so."
    sql_slots: int = Field(default=3, ge=1)
    "Queries that run at once; each may take sql_memory."
    sql_slots_per_person: int = Field(default=2, ge=1)
    "Of these, one person's; with more than one slot never all of them."
    sql_pool: int = Field(default=2, ge=0)
    "Processes that wait ready for the next query, about 160 MB each."

    public_minimum_cell: int = Field(default=10, ge=10)
    "Groups of fewer people than this are not made public (upward only)."
    statistics_minimum_cell: int = Field(default=5, ge=5)
    "Nor shown to leaders of a restricted indicator: health, hardship, grades (upward only)."
    class_minimum_cell: int = Field(default=10, ge=10)
    "A student sees where a mark stands in a class of at least this many (upward only)."
    keep_releases: int = Field(default=5, ge=2)

    memory_limit: str = "768MB"
    "What DuckDB may use while it ingests."
    ingest_unpacked_bytes: int = Field(default=32 << 30, ge=1 << 20)
    "A file that unpacks to more is refused."
    ingest_unpacked_ratio: int = Field(default=250, ge=2)
    "So is one of more than 64 MB that unpacks to more than so many times its size."
    ingest_rows: int = Field(default=1_000_000_000, ge=1)
    ingest_columns: int = Field(default=2_000, ge=1)
    ingest_field_bytes: int = Field(default=1 << 20, ge=1 << 10)
    "The longest single value."
    ingest_free_bytes: int = Field(default=1 << 30, ge=0)
    "Disk space that ingestion leaves free."
    ingest_reader_memory: int = Field(default=4 << 30, ge=1 << 30)
    "Address space of the process that reads XLSX, Parquet, JSON Lines and archives."
    ingest_reader_seconds: int = Field(default=3_600, ge=1)
    "Processor time that process may take for one file."
    ingest_parts_late_hours: float = Field(default=24.0, ge=0)
    "A snapshot in parts of which one is missing so long is reported as late."
    threads: int = Field(default_factory=lambda: os.cpu_count() or 2, ge=1)

    @field_validator("audit_seal_dir")
    @classmethod
    def _outside_the_home(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        home = Path(info.data["home"]).absolute().resolve() if "home" in info.data else None
        if value is not None and home is not None:
            if not value.is_absolute():
                raise ValueError("must be an absolute path")
            if value.resolve().is_relative_to(home):
                raise ValueError("must lie outside the data home")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _secret_files(settings_cls), _toml(settings_cls)

    @property
    def paths(self) -> Home:
        return Home(Path(self.home).absolute())

    @property
    def database_url(self) -> str:
        return self.state_url or f"sqlite:///{self.paths.state_file}"

    @property
    def project_folder(self) -> Path:
        return self.dbt_project or Path(__file__).resolve().parent.parent / "dbt_project"

    @property
    def gateway_socket(self) -> Path:
        """A socket's path may hold 107 bytes at most, and a data home may lie deep or bear
        Chinese characters, so the default is a short name made from the home's path."""
        if self.socket_path is not None:
            return self.socket_path
        base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
        name = hashlib.sha256(str(self.paths.root).encode()).hexdigest()[:12]
        return base / f"campus-{os.getuid()}-{name}" / "gateway.sock"


_home_of_load: list[Path] = [Path("data")]


def _toml(settings_cls: type[BaseSettings]) -> PydanticBaseSettingsSource:
    return TomlConfigSettingsSource(settings_cls, toml_file=Home(_home_of_load[0]).settings_file)


def _secret_files(settings_cls: type[BaseSettings]) -> PydanticBaseSettingsSource:
    from pydantic_settings import SecretsSettingsSource

    folder = Home(_home_of_load[0]).secrets
    if not folder.is_dir():
        return dict  # type: ignore[return-value]
    return SecretsSettingsSource(settings_cls, secrets_dir=folder, env_prefix="")


def load_settings(home: Path | str | None = None, **overrides: Any) -> Settings:
    """Read the settings for one data home.

    `home` defaults to `CAMPUS_HOME`, then `./data`. `overrides` win over everything (tests).
    Raises `SettingsError` that names every wrong setting at once, never its value.
    """
    chosen = Path(home or os.environ.get("CAMPUS_HOME") or "data").absolute()
    _home_of_load[0] = chosen
    try:
        return Settings(home=chosen, **overrides)
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError(
            "Settings are wrong: " + "; ".join(lines) + ".",
            next_step=f"Mend the environment (CAMPUS_…) or {Home(chosen).settings_file}.",
        ) from None
