"""Extracts straight from source databases, declared in `sources.toml` (Articles 6 and 10)."""

from warehouse.pull.report import PullReport, TableResult
from warehouse.pull.run import pull
from warehouse.pull.sources_file import load_sources, sources_file

__all__ = ["PullReport", "TableResult", "load_sources", "pull", "sources_file"]
