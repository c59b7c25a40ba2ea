"""What the site says about taking a page along as a file, and in such files."""

from __future__ import annotations

__all__ = ["EXPORTS"]

EXPORTS: dict[str, tuple[str, str]] = {
    "export.press": ("导出", "Export"),
    "export.what": (
        "就是这一页现在的内容，附口径和签认情况。每次导出都记入审计。",
        "What this page shows now, with definitions and signatures. Each export is noted.",
    ),
    "export.what_public": (
        "就是这一页现在的内容，附口径和签认情况。",
        "What this page shows now, with definitions and signatures.",
    ),
    "export.xlsx": ("表格 XLSX", "Workbook XLSX"),
    "export.pdf": ("文档 PDF", "Document PDF"),
    "export.png": ("图片 PNG", "Picture PNG"),
    "export.gone": (
        "这个导出已过期。请回到页面，再打开“导出”。",
        "This export is over. Go back to the page and open Export again.",
    ),
    "export.failed": (
        "文件没有做成，请稍后再试；一直这样的话，请告诉信息化部门。",
        "The file could not be made. Try again later, or tell the IT department.",
    ),
    "export.as_of": ("数据截至 {day}，第 {release} 版", "Data as of {day}, release {release}"),
    "export.foot": ("{college} · {address} · {made} 导出", "{college} · {address} · made {made}"),
    "export.pages": ("第 {} 页，共 {} 页", "Page {} of {}"),
    "export.definitions": ("口径", "Definitions"),
    "export.sheet_data": ("数据", "Data"),
    "export.sheet_definitions": ("口径", "Definitions"),
    "export.chart": ("图：{title}", "Chart: {title}"),
    "export.unsigned": (
        "其中 {count} 项指标尚未经责任单位全部签认，见口径。",
        "{count} of the indicators are not signed by all owner units; see definitions.",
    ),
    "export.indicator": ("指标", "Indicator"),
    "export.release": ("版本", "Release"),
    "export.address": ("页面地址", "Address"),
}
