"""The ministry's tables: what they ask for, what fills them, what is missing."""

from warehouse.ministry.filling import Figure, Filled, Gap, fill_report, fill_return
from warehouse.ministry.forms import Form, forms
from warehouse.ministry.workbook import workbook

__all__ = ["Figure", "Filled", "Form", "Gap", "fill_report", "fill_return", "forms", "workbook"]
