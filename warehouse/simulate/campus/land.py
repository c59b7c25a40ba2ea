"""The parcels that the buildings stand on."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from warehouse.simulate.property import Property

__all__ = ["footprints", "make_parcels", "parcels_at"]

#: code, campus, share of the campus, property right
_PARCELS = (
    ("DK01", "主校区", 0.46, "1"),
    ("DK02", "主校区", 0.28, "1"),
    ("DK03", "主校区", 0.16, "1"),
    ("DK04", "主校区", 0.10, "1"),
    ("DK05", "东校区", 0.72, "1"),
    ("DK06", "东校区", 0.28, "2"),
)
_BUILT = 0.2
"Share of the land that houses cover; the least common is a third."


def footprints(estate: Property) -> pl.DataFrame:
    """building_code, campus, footprint (square metres): floor area over floors."""
    floors = estate.rooms.group_by("building_code").agg(floors=pl.col("floor").max())
    return estate.buildings.join(
        floors, on="building_code", how="left", maintain_order="left"
    ).select(
        "building_code",
        "campus",
        footprint=pl.col("floor_area") / pl.col("floors").fill_null(1).clip(3, None),
    )


def make_parcels(estate: Property) -> pl.DataFrame:
    """land_parcel: large enough for all houses of the campus, with green and playing fields."""
    built = dict(footprints(estate).group_by("campus").agg(pl.col("footprint").sum()).iter_rows())
    rows = []
    for index, (code, campus, share, right) in enumerate(_PARCELS):
        area = round(built.get(campus, 3_000.0) / _BUILT * share, -1)
        rows.append(
            {
                "parcel_code": code,
                "campus": campus,
                "area": area,
                "property_right": right,
                "green_area": round(area * (0.34 + 0.01 * index), -1),
                "sports_area": round(area * (0.16 - 0.01 * index), -1),
                "certificate_no": f"校地（模拟）第{index + 1:03d}号" if right == "1" else None,
                "source_updated_at": datetime(1985 + 4 * index, 3, 10, 9),
            }
        )
    return pl.DataFrame(rows)


def parcels_at(parcels: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    return parcels.filter(pl.col("source_updated_at") <= moment)
