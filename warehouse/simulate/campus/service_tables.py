"""Writes the tables of the campus services: S11, S12, S14–S20 and the forms F07–F09."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.appointments import Appointments
from warehouse.simulate.campus import accounts, housing, laboratories, land, services, software
from warehouse.simulate.campus.applications import applications
from warehouse.simulate.campus.asset_changes import change_rows, purchases
from warehouse.simulate.campus.assets import Assets, make_assets
from warehouse.simulate.campus.calendar_months import as_numbers
from warehouse.simulate.campus.devices import make_devices
from warehouse.simulate.campus.documents import documents, make_flow
from warehouse.simulate.campus.figures import College, figures
from warehouse.simulate.campus.members import Members, Roster, make_members
from warehouse.simulate.campus.places import Places
from warehouse.simulate.campus.returns import (
    fact_rows,
    return_rows,
    return_years,
    teaching_rows,
)
from warehouse.simulate.campus.sessions import gate_months, mail_months, session_months
from warehouse.simulate.campus.tickets import tickets
from warehouse.simulate.campus.utilities import readings, utility_flows
from warehouse.simulate.campus.websites import articles, make_sites, sites_at, visits
from warehouse.simulate.campus.yearly import YearFiles
from warehouse.simulate.curriculum import Curriculum
from warehouse.simulate.extracts import Extracts
from warehouse.simulate.plan import Plan
from warehouse.simulate.property import Property
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students

__all__ = ["FLOWS", "write_campus"]

#: The columns of the money flows that the accounts book as vouchers.
FLOWS = {
    "booked_date": pl.Date,
    "kind": pl.String,
    "unit_code": pl.String,
    "project_no": pl.String,
    "amount": pl.Float64,
    "reference": pl.String,
}


def write_campus(
    plan: Plan,
    extracts: Extracts,
    curriculum: Curriculum,
    people: Students,
    staff: Staff,
    posts: Appointments,
    estate: Property,
    items: pl.DataFrame,
) -> pl.DataFrame:
    """Write all of them and return the money flows (columns of `FLOWS`): asset_purchase, utility,
    rent, software, service. Rent is received, the others are paid; amounts are positive."""
    members, roster, places = (
        make_members(plan, people, staff),
        Roster(staff, posts),
        Places(estate),
    )
    assets = make_assets(plan, places, roster)
    flows = [
        _write_assets(plan, extracts, assets, estate),
        _write_property(plan, extracts, staff, estate, places),
        _write_software(plan, extracts, assets, members),
        _write_services(plan, extracts),
    ]
    _write_office(plan, extracts, roster)
    _write_sites(plan, extracts, roster)
    _write_devices(plan, extracts, assets, members, roster)
    _write_accounts(plan, extracts, members)
    college = College(curriculum, people, staff, estate, assets, items)
    _write_returns(plan, extracts, college, roster)
    columns = [pl.col(name).cast(kind) for name, kind in FLOWS.items()]
    paid = pl.concat([frame.select(columns) for frame in flows]).filter(pl.col("amount") > 0)
    return paid.sort("booked_date", "kind", "reference")


def _write_months(extracts: Extracts, table: str, frames: Iterable[pl.DataFrame]) -> None:
    with YearFiles(extracts, table) as files:
        for frame in frames:
            files.append(frame)


def _write_assets(plan: Plan, extracts: Extracts, assets: Assets, estate: Property) -> pl.DataFrame:
    labs = laboratories.make_labs(plan, estate)
    for moment in filter(extracts.wants, plan.snapshots):
        extracts.snapshot("asset_card", assets.cards_at(moment), moment)
        extracts.snapshot("laboratory", laboratories.labs_at(labs, moment), moment)
    changes = change_rows(plan, assets)
    extracts.events("asset_change", changes)
    extracts.events("instrument_usage", laboratories.instrument_rows(plan, assets))
    return purchases(plan, changes)


def _write_property(
    plan: Plan, extracts: Extracts, staff: Staff, estate: Property, places: Places
) -> pl.DataFrame:
    parcels = land.make_parcels(estate)
    for moment in filter(extracts.wants, plan.snapshots):
        extracts.snapshot("land_parcel", land.parcels_at(parcels, moment), moment)
    rooms = housing.allocations(plan, staff, places)
    extracts.events("staff_room_allocation", rooms)
    meters = readings(plan, estate)
    extracts.events("utility_reading", meters)
    columns = list(FLOWS)
    return pl.concat(
        [utility_flows(meters).select(columns), housing.rents(plan, rooms).select(columns)]
    )


def _write_software(
    plan: Plan, extracts: Extracts, assets: Assets, members: Members
) -> pl.DataFrame:
    licences = software.make_licences(plan, assets)
    for moment in filter(extracts.wants, plan.snapshots):
        extracts.snapshot("software_license", software.licences_at(licences, moment), moment)
    extracts.events("software_activation", software.activations(plan, licences, members))
    return software.subscription_flows(plan, licences)


def _write_services(plan: Plan, extracts: Extracts) -> pl.DataFrame:
    extracts.events("e_resource_usage", services.database_rows(plan))
    rows = services.service_rows(plan)
    extracts.events("staff_service_monthly", rows)
    columns = list(FLOWS)
    return pl.concat(
        [
            services.service_flows(rows).select(columns),
            services.database_flows(plan).select(columns),
        ]
    )


def _write_office(plan: Plan, extracts: Extracts, roster: Roster) -> None:
    papers, steps = make_flow(plan, documents(plan), roster)
    extracts.events("oa_document", papers)
    extracts.events("oa_workflow_step", steps)
    extracts.events("data_use_application", applications(plan, roster))


def _write_sites(plan: Plan, extracts: Extracts, roster: Roster) -> None:
    sites = make_sites(plan)
    for moment in filter(extracts.wants, plan.snapshots):
        extracts.snapshot("website", sites_at(plan, sites, roster, moment), moment)
    extracts.events("website_article", articles(plan, sites, roster))
    _write_months(
        extracts, "website_visit_daily", visits(plan, sites, as_numbers(extracts.months()))
    )


def _write_devices(
    plan: Plan, extracts: Extracts, assets: Assets, members: Members, roster: Roster
) -> None:
    devices = make_devices(plan, assets, roster)
    for moment in filter(extracts.wants, plan.snapshots):
        extracts.snapshot("it_device", devices.at(moment), moment)
    extracts.events("it_ticket", tickets(plan, devices, members, roster))
    _write_months(
        extracts, "it_availability_daily", devices.availability(as_numbers(extracts.months()))
    )


def _write_accounts(plan: Plan, extracts: Extracts, members: Members) -> None:
    boxes = accounts.mailboxes(plan, members)
    for moment in filter(extracts.wants, plan.snapshots):
        extracts.snapshot("identity_account", accounts.accounts_at(plan, members, moment), moment)
        extracts.snapshot("mail_account", accounts.mailboxes_at(boxes, moment), moment)
    months = as_numbers(extracts.months())
    # A month's mail is booked on the first day of the next.
    booked = np.arange(max(months[0] - 1, np.datetime64(plan.start, "M")), months[-1] + 1)
    _write_months(extracts, "mail_usage_monthly", mail_months(plan, boxes, booked))
    _write_months(extracts, "library_gate_daily", gate_months(plan, members, months))
    _write_months(extracts, "auth_session_daily", session_months(plan, members, months))


def _returns_open(plan: Plan, extracts: Extracts) -> list[int]:
    """Years whose returns can hold a row to be delivered: they change in October and November."""
    last = plan.as_of - timedelta(days=1)
    return [
        year
        for year in return_years(plan)
        if last >= date(year, 9, 30)
        and (extracts.since is None or extracts.since.date() <= date(year, 11, 20))
    ]


def _write_returns(plan: Plan, extracts: Extracts, college: College, roster: Roster) -> None:
    for parts in zip(
        *(_returns_of(plan, college, roster, year) for year in _returns_open(plan, extracts)),
        strict=True,
    ):
        table = parts[0][0]
        extracts.events(table, pl.concat([frame for _, frame in parts]))


def _returns_of(
    plan: Plan, college: College, roster: Roster, year: int
) -> list[tuple[str, pl.DataFrame]]:
    counted = figures(college, year)
    return [
        ("school_basic_fact", fact_rows(plan, year, counted)),
        ("statistics_return", return_rows(plan, year, counted, roster)),
        ("teaching_state_return", teaching_rows(plan, year, college, counted, roster)),
    ]
