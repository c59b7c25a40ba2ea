"""Build, audit, publish, switch, roll back, prune."""

from warehouse.release.pointer import Release, current, releases
from warehouse.release.prune import prune
from warehouse.release.publish import publish, rollback
from warehouse.release.reader import ReleaseReader
from warehouse.release.refresh import RefreshReport, build, refresh

__all__ = [
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
