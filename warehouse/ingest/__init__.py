"""From the inbox to the lake: checked against the contract, landed whole, recorded."""

from warehouse.ingest.landed import create_landed_views
from warehouse.ingest.report import FileResult, IngestReport, Progress
from warehouse.ingest.run import ingest

__all__ = ["FileResult", "IngestReport", "Progress", "create_landed_views", "ingest"]
