"""Build, audit, publish, switch, roll back, prune."""

from warehouse.release.daily_job import RefreshReport, build, refresh
from warehouse.release.pointer import Release, current, releases
from warehouse.release.pruning import prune
from warehouse.release.publication import publish, rollback
from warehouse.release.reader import PastReader, ReleaseReader

__all__ = [
    "PastReader",
    "RefreshReport",
    "Release",
    "ReleaseReader",
    "build",
    "current",
    "prune",
    "publish",
    "refresh",
    "releases",
    "rollback",
]
