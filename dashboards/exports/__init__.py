"""What a page of statistics gives away as a file: a workbook, a PDF, a picture."""

from dashboards.exports.page import Column, ExportChart, ExportPage, ExportTable

__all__ = ["Column", "ExportChart", "ExportPage", "ExportTable"]
