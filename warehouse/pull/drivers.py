"""Which database drivers are installed (docs/adr/0007)."""

from __future__ import annotations

import importlib.metadata

from warehouse.pull.dialects import DIALECTS

__all__ = ["INSTALL", "installed_drivers"]

#: What to do where one is missing.
INSTALL = "Install the extra 'sources' of this package: pip install -c constraints.txt '.[sources]'"


def installed_drivers() -> dict[str, str | None]:
    """Distribution of each driver → its version, or None where it is not installed."""
    found: dict[str, str | None] = {}
    for dialect in DIALECTS.values():
        try:
            found[dialect.package] = importlib.metadata.version(dialect.package)
        except importlib.metadata.PackageNotFoundError:
            found[dialect.package] = None
    return found
