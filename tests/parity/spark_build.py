"""dbt on a Spark of this process: the same project and variables under another profile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest import mock

import yaml

from warehouse import dbt_process
from warehouse.settings import Settings

__all__ = ["build_on_spark"]


def build_on_spark(
    settings: Settings, *, as_of: datetime, select: Sequence[str], folder: Path
) -> list[tuple[str, str, str]]:
    """Build the selected models in the open Spark session: (model, status, message) as they ran.

    `folder` is where dbt's own files go. Seeds are laid out already, and nothing is checked: what
    equals DuckDB's rows passes the checks that those pass.
    """
    folder.mkdir(parents=True)
    target = {"type": "spark", "method": "session", "host": "NA", "schema": "main", "threads": 1}
    (folder / "profiles.yml").write_text(
        yaml.safe_dump({"campus": {"target": "parity", "outputs": {"parity": target}}}),
        encoding="utf-8",
    )
    options = dbt_process._options(folder, settings, as_of=as_of)
    with _ansi():
        outcome = dbt_process._invoke(None, ["run", *options, "--select", *select])
    return [
        (result.node.name, str(result.status), result.message or "") for result in outcome.results
    ]


@contextmanager
def _ansi() -> Iterator[None]:
    """dbt-spark turns ANSI off before each statement, whatever the profile says. The models are
    written for an engine on which a wrong cast is an error, so it stays on."""
    from dbt.adapters.spark.connections import SparkCredentials

    usual = SparkCredentials.__post_init__

    def keeping(credentials: SparkCredentials) -> None:
        usual(credentials)
        credentials.server_side_parameters["spark.sql.ansi.enabled"] = "true"

    with mock.patch.object(SparkCredentials, "__post_init__", keeping):
        yield
