"""The campus services of the synthetic college, each subject in a module of its own."""

from warehouse.simulate.campus.service_tables import FLOWS, write_campus

__all__ = ["FLOWS", "write_campus"]
