"""The command `campus`: one module per command group, each a thin shell over the library."""

from warehouse.cli.main import main

__all__ = ["main"]
