"""Whose data a grant holds: the list that was written beside its file."""

from __future__ import annotations

from warehouse.access.grant_build import people_file, people_in
from warehouse.access.grant_files import grant_folder
from warehouse.settings import Settings

__all__ = ["people_of"]


def people_of(settings: Settings, grant_id: str, release: str) -> frozenset[int] | None:
    """The person_key of everybody whose rows the grant's file of that release holds. None where
    there is no such file any more: those of former releases and of dead grants are removed."""
    path = people_file(grant_folder(settings.paths, grant_id) / f"{release}.duckdb")
    if not path.is_file():
        return None
    return frozenset(people_in(path))
