"""What goes into the archive of one person: everything their pages show, whole, and who used it.

Pure: it takes what was read and returns texts. Moments are UTC in the machine-readable forms and
Beijing time in the readable one.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.access.personal_fields import TableWords

__all__ = ["Record", "csv_file", "json_file", "paper_data", "readme"]

_BEIJING = ZoneInfo("Asia/Shanghai")
#: Rows of one table that the readable form prints; the other forms have all.
MOST_PRINTED = 500
#: Up to so many columns a table is printed as one, beyond it row by row.
_WIDEST = 6
#: Texts that a spreadsheet would take for a formula begin like this.
_FORMULA = tuple("=+-@＝＋－＠\t\r")
#: The pages in the order of the readable form.
PAGE_TITLES = {
    "overview": "概览",
    "basics": "基本信息",
    "study": "学习",
    "work": "工作",
    "life": "生活",
    "record": "其他记录",
    "care": "心理健康",
}
_WITHOUT_CARE = "心理健康记录（如果有）不在其中：只有制作时选择了才放入。"
#: Whose rows these are stands at the top of the readable form, not in each of them.
_WHOSE = ("staff_no", "student_no")
_WHO = {
    "self": "本人",
    "operator": "运行维护人员",
    "job": "系统任务",
    "person": "其他人员",
}
_USE_TITLES = {
    "day": "日期", "who": "谁", "unit_name": "单位", "action": "做了什么", "about": "对象",
    "purpose": "用途", "application": "申请号", "count": "次数",
}  # fmt: skip
_STATES = {
    "pending": "待生效",
    "landed": "已收，待发布",
    "published": "已生效",
    "replaced": "被更新的数据取代",
    "refused": "退回",
}
_CORRECTION_STATES = {
    "reported": "已提交",
    "acknowledged": "已收",
    "corrected": "系统已更新",
    "refused": "未予更正",
    "contested": "有异议，待裁定",
    "upheld": "维持原数据",
    "overturned": "裁定应更正",
    "withdrawn": "已撤回",
    "closed": "已生效",
}


@dataclass
class Record:
    """All that is held on one person. `tables` is name → what `personal.read_page` says of it, and
    `pages` the page on which each stands; `uses` as `uses.all_uses` lists them; `edits` the history
    of what the person keeps up, as the page shows it; `corrections` what `CorrectionDesk.history`
    says they reported as wrong."""

    name: str
    kinds: Sequence[str]
    school: str
    release: str
    as_of: str
    made_at: datetime
    tables: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    items: Sequence[Mapping[str, Any]] = ()
    uses: Sequence[Mapping[str, Any]] = ()
    edits: Sequence[Mapping[str, Any]] = ()
    corrections: Sequence[Mapping[str, Any]] = ()

    def add(self, page: str, tables: Mapping[str, Mapping[str, Any]]) -> None:
        """Take in what a page shows. Of a table on several pages the fullest reading counts, under
        the page that stands for it and not under the overview."""
        for name, table in tables.items():
            held = self.tables.get(name)
            if held is None or len(table["rows"]) > len(held["rows"]):
                self.tables[name] = table
            if self.pages.get(name, "overview") == "overview":
                self.pages[name] = page


def json_file(record: Record, words: Mapping[str, TableWords]) -> bytes:
    """One JSON document in UTF-8: person, release, tables with their fields and rows, items, uses,
    edits, corrections. Decimals and moments are texts."""
    document = {
        "format": "campus-personal-archive/1",
        "school": record.school,
        "person": {"name": record.name, "kinds": list(record.kinds)},
        "made_at": record.made_at,
        "release": {"id": record.release, "as_of": record.as_of},
        "tables": {
            name: {
                "title": _title(name, words),
                "page": record.pages[name],
                "provenance": table.get("provenance"),
                "fields": _fields(name, table, words),
                "rows": table["rows"],
            }
            for name, table in record.tables.items()
        },
        "items": record.items,
        "uses": record.uses,
        "own_edits": record.edits,
        "corrections": record.corrections,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def csv_file(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """UTF-8 with BOM, as spreadsheets want it; a text that begins like a formula has a tab in
    front; null is empty."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return "\ufeff".encode() + sink.getvalue().encode()


def readme(record: Record, words: Mapping[str, TableWords]) -> bytes:
    """What is in the archive and what each field means, in Chinese with an English beginning."""
    lines = [
        f"{record.school} · 我的数据",
        f"{record.name}　制作于 {_moment(record.made_at)}（北京时间）　发布版本 {record.release}",
        "",
        "my-data.pdf　供阅读。machine-readable.zip 内：data.json 全部数据；csv/ 每张表一个文件。",
        "CSV 与 JSON 中的时间为 UTC；CSV 中以 = + - @ 开头的文字前有一个制表符，防止被当作公式。",
        "这里是学校数据中心保存的关于你的全部数据和使用记录。请妥善保管，不要转发给他人。",
        *(() if "care" in record.pages.values() else (_WITHOUT_CARE,)),
        "",
        "All that the college's data center holds on you. my-data.pdf is for reading;",
        "machine-readable.zip holds data.json (everything) and csv/ (one file a table). Moments",
        "are in UTC. A text that begins like a formula has a tab in front in the CSV files.",
        "",
    ]
    for name, table in record.tables.items():
        source = table.get("provenance") or {}
        page = PAGE_TITLES.get(record.pages[name], record.pages[name])
        lines.append(f"csv/{name}.csv　{_title(name, words)}（{page}），{len(table['rows'])} 行")
        told = [
            ("责任单位", source.get("owner")),
            ("来源", source.get("source_name")),
            ("依据", source.get("legal_basis")),
            ("保存期限", source.get("retention")),
        ]
        lines += [f"　{label}：{value}" for label, value in told if value]
        for one in _fields(name, table, words):
            meaning = f"　{one['meaning']}" if one["meaning"] else ""
            lines.append(f"　- {one['name']} [{one['type']}] {one['title']}{meaning}")
        lines.append("")
    for name, rows, label in (
        ("uses", record.uses, "谁用过我的数据"),
        ("own_edits", record.edits, "我修改过的数据"),
        ("corrections", record.corrections, "我报告有误的数据"),
        ("items", record.items, "数据项目录（附件 3、4）"),
    ):
        if rows:
            lines.append(f"csv/{name}.csv　{label}，{len(rows)} 行")
    return "\r\n".join(lines).encode("utf-8-sig")


def paper_data(record: Record, words: Mapping[str, TableWords]) -> dict[str, Any]:
    """The data of the template personal_record."""
    sections = []
    for page, title in PAGE_TITLES.items():
        boxes = [
            _box(name, record.tables[name], words)
            for name, on in record.pages.items()
            if on == page
        ]
        if boxes:
            sections.append({"title": title, "boxes": boxes})
    if record.edits:
        sections.append({"title": "我修改过的数据", "boxes": [_edits_box(record.edits)]})
    if record.corrections:
        boxes = [_corrections_box(record.corrections)]
        sections.append({"title": "我报告有误的数据", "boxes": boxes})
    sections.append({"title": "谁用过我的数据", "boxes": [_uses_box(record.uses)]})
    return {
        "college": record.school,
        "name": record.name,
        "made": _moment(record.made_at),
        "as_of": record.as_of[:10],
        "number": record.release,
        "status": "个人数据副本",
        "check": "",
        "footer": ["本文件由学校数据中心按本人请求制作，仅供本人使用，不作为证明。"],
        "sections": sections,
    }


def _box(name: str, table: Mapping[str, Any], words: Mapping[str, TableWords]) -> dict[str, Any]:
    source = table.get("provenance") or {}
    many = len(table["rows"]) > 1
    fields = [f for f in _fields(name, table, words) if not (many and f["name"] in _WHOSE)]
    rows = [
        {one["title"]: _read(row.get(one["name"])) for one in fields}
        for row in table["rows"][:MOST_PRINTED]
    ]
    note = "　".join(
        str(value) for value in (source.get("owner"), source.get("source_name")) if value
    )
    return _printed(_title(name, words), rows, len(table["rows"]), note)


def _uses_box(uses: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = []
    for use in uses[:MOST_PRINTED]:
        told = {**use, "who": _WHO.get(str(use.get("who")), use.get("who"))}
        rows.append({title: _read(told.get(key)) for key, title in _USE_TITLES.items()})
    return _printed("使用记录", rows, len(uses), "")


def _edits_box(edits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = [
        {
            "时间": _read(edit["at"]),
            "内容": str(edit["title"]),
            "修改": "；".join(
                f"{one['title']}：{one['from'] or '—'} → {one['to'] or '—'}"
                for one in edit["changes"]
            ),
            "状态": _STATES.get(str(edit["state"]), str(edit["state"])),
        }
        for edit in edits[:MOST_PRINTED]
    ]
    return _printed("修改记录", rows, len(edits), "")


def _corrections_box(corrections: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = [
        {
            "时间": _read(one["reported_at"]),
            "编号": one["id"],
            "内容": "，".join(part for part in (one["table_title"], one["column_title"]) if part),
            "应为": one["wanted"],
            "责任单位": one["unit_name"],
            "状态": _CORRECTION_STATES[one["status"]],
        }
        for one in corrections[:MOST_PRINTED]
    ]
    return _printed("报告与进度", rows, len(corrections), "")


def _printed(
    title: str, rows: Sequence[Mapping[str, str]], total: int, note: str
) -> dict[str, Any]:
    """Columns that are empty throughout are left out; how it is set follows from its width."""
    names = [n for n in (rows[0] if rows else ()) if any(row[n] != "" for row in rows)]
    kind = "facts" if len(rows) == 1 else "table" if len(names) <= _WIDEST else "entries"
    return {
        "title": title,
        "kind": kind,
        "note": note,
        "columns": names,
        "rows": [[row[name] for name in names] for row in rows],
        "left_out": total - len(rows),
    }


def _title(name: str, words: Mapping[str, TableWords]) -> str:
    return words[name].title if name in words else name


def _fields(
    name: str, table: Mapping[str, Any], words: Mapping[str, TableWords]
) -> list[dict[str, str]]:
    """Name, type, title and meaning of each column; a title stands once in a table."""
    known = words[name].columns if name in words else {}
    fields, titles = [], set()
    for column in table["columns"]:
        title, meaning = known.get(column["name"], (column["name"], ""))
        if title in titles:
            title = f"{title}（{column['name']}）"
        titles.add(title)
        fields.append(
            {"name": column["name"], "type": column["type"], "title": title, "meaning": meaning}
        )
    return fields


def _plain(value: Any) -> Any:
    """What JSON cannot spell: moments in UTC with Z (naive ones are UTC), the rest as text."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return moment.isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"\t{value}" if value.lstrip().startswith(_FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return value if isinstance(value, int | float | Decimal) else _plain(value)


def _read(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return _moment(value if value.tzinfo else value.replace(tzinfo=UTC))
    if isinstance(value, str) and len(value) >= 20 and value[10] == "T" and value[:4].isdigit():
        try:  # the log keeps its moments as text
            return _moment(datetime.fromisoformat(value))
        except ValueError:
            return value
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return f"{value:.0f}" if value.as_tuple().exponent != -2 else f"{value:f}"
    if isinstance(value, Decimal):
        text = f"{value:f}".rstrip("0")
        return text + "0" if len(text.partition(".")[2]) == 1 else text
    if isinstance(value, list | tuple):
        return "、".join(_read(one) for one in value)
    return str(value)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(_BEIJING):%Y-%m-%d %H:%M}"
