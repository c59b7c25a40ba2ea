"""What the site says about the ministry's tables."""

from __future__ import annotations

__all__ = ["MINISTRY"]

MINISTRY: dict[str, tuple[str, str]] = {
    "page.ministry": ("报教育部的报表", "Ministry returns"),
    "ministry.intro": (
        "事业统计报表（高基表）和教学质量报告支撑数据，能从数据中填的都已填好，缺的逐项列出。",
        "The ministry's statistical returns and the supporting data of the teaching-quality "
        "report: what the data can fill is filled, what is missing is listed.",
    ),
    "ministry.year": ("年度", "Year"),
    "ministry.year_name": ("{year} 年", "{year}"),
    "ministry.returns": ("高基表", "Statistical returns"),
    "ministry.report": ("教学质量报告", "Teaching-quality report"),
    "ministry.state.filled": ("已填", "filled"),
    "ministry.state.partly": ("部分已填", "partly filled"),
    "ministry.state.unfilled": ("未填", "not filled"),
    "ministry.filled": ("已填 {filled} 格，应填 {cells} 格", "{filled} of {cells} cells filled"),
    "ministry.due": (
        "时点 {counted}，{unit}于 {due}前报送",
        "as at {counted}; {unit} files it by {due}",
    ),
    "ministry.due_remembered": ("（期限凭记忆）", " (date from memory)"),
    "ministry.sure": (
        "表名和表号：{table}；行和列：{columns}",
        "title: {table}; layout: {columns}",
    ),
    "ministry.sure.read": ("已查", "seen in print"),
    "ministry.sure.remembered": ("凭记忆，报送前请核对", "from memory, check before filing"),
    "ministry.sure.ours": ("本校口径", "our reading"),
    "ministry.missing": ("{count} 项缺或待办", "{count} missing or open"),
    "ministry.gap": ("{cell}：{reason}", "{cell}: {reason}"),
    "ministry.gap_unit": ("，可由{unit}提供", "; {unit} could supply it"),
    "ministry.reason.layout_unknown": (
        "表式不在手，列未知，不填",
        "the form is not at hand, its columns are unknown",
    ),
    "ministry.reason.no_source_column": ("来源没有这一列", "no source has it"),
    "ministry.reason.not_delivered": ("来源尚未报送", "its source has not been delivered"),
    "ministry.reason.not_covered": ("统计时点没有数据", "no data of that day"),
    "ministry.reason.not_reached": ("未到统计时点", "that day is still to come"),
    "ministry.reason.suppressed": ("按保密要求隐去", "held back to protect few people"),
    "ministry.reason.no_value": ("分母为零，没有值", "nothing to divide by"),
    "ministry.reason.sensitive": ("敏感信息，不在汇总中列出", "sensitive, not summed up here"),
    "ministry.reason.unsigned": ("已填，责任单位尚未签发", "filled, not signed yet"),
    "ministry.fetch": ("下载", "Download"),
    "ministry.only_filer": (
        "高基表的数字须完整上报，人数再少也不隐去，因此只给报送单位的负责人和联系人下载；"
        "每次下载都记入日志。",
        "The numbers of the returns go to the ministry whole, however few people they are about; "
        "so only head and contact of the unit that files them download them, and each download is "
        "noted in the log.",
    ),
    "ministry.check": (
        "表式未经教育部原件核对：凡标“凭记忆”的，报送前请对照当年布置的报表。",
        "The layout was not compared with the ministry's own forms: compare what is from memory "
        "with this year's forms before filing.",
    ),
}
