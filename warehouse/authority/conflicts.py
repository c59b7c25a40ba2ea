"""Where the annexes contradict the articles or each other, found from the data.

Each kind of contradiction is one function; none names a row. `proposal` is how the software reads
the annexes until the leading group decides (Article 26): ours, to be confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.authority.model import Authority, Dataset

__all__ = ["Conflict", "find_conflicts"]

_MEASURABLE = re.compile(r"[0-9]|[一二两三]周内|每日|年末|期末")


@dataclass(frozen=True)
class Conflict:
    """`rows` are annex row codes (or system codes), `units` the units' ids concerned."""

    kind: str
    article: str
    rows: tuple[str, ...]
    units: tuple[str, ...]
    what: str
    proposal: str


def find_conflicts(authority: Authority) -> list[Conflict]:
    """All contradictions, by kind and row."""
    return [
        *_several_owners(authority),
        *_owned_twice(authority),
        *_handed_on(authority),
        *_no_single_unit(authority),
        *_no_deadline(authority),
        *_vague_deadline(authority),
        *_owner_without_system(authority),
        *_system_without_dataset(authority),
    ]


def _several_owners(authority: Authority) -> Iterator[Conflict]:
    for dataset in authority.datasets:
        if len(dataset.owner_ids) > 1:
            names = "、".join(authority.unit_title(unit) for unit in dataset.owner_ids)
            yield Conflict(
                "several_owners",
                "第十条（二）唯一来源原则",
                (dataset.code,),
                dataset.owner_ids,
                f"{dataset.title}列有 {len(dataset.owner_ids)} 个责任单位：{names}",
                "每张来源表只认一个责任单位；基础数据分为一个主要来源和各单位自己的部分",
            )


def _owned_twice(authority: Authority) -> Iterator[Conflict]:
    """An item of annex 3 or 4 whose subject annex 2 gives to another unit, for example posts."""
    for dataset in authority.datasets:
        kind, subject = _subject(dataset)
        if not subject:
            continue
        items = [
            item
            for item in authority.items
            if item.person_kind == kind
            and subject in item.title
            and item.owner_id not in dataset.owner_ids
        ]
        if items:
            listed = "、".join(f"{item.title}（{item.code}）" for item in items)
            owners = tuple(dict.fromkeys(item.owner_id for item in items))
            mine = "、".join(authority.unit_title(unit) for unit in dataset.owner_ids)
            other = "、".join(authority.unit_title(unit) for unit in owners)
            yield Conflict(
                "owned_twice",
                "第十条（二）唯一来源原则",
                (dataset.code, *(item.code for item in items)),
                (*dataset.owner_ids, *owners),
                f"{dataset.title}属{mine}，而{listed}属{other}",
                "两者分开存放、各注来源，不相互覆盖；个人页面按附件 3、4 注明责任单位",
            )


def _subject(dataset: Dataset) -> tuple[str | None, str]:
    """('staff', '职务') for 教职工职务信息数据; ('', …) where the row is not about people."""
    for prefix, kind in (("教职工", "staff"), ("学生", "student")):
        if dataset.title.startswith(prefix):
            return kind, dataset.title.removeprefix(prefix).removesuffix("信息数据")
    return None, ""


def _handed_on(authority: Authority) -> Iterator[Conflict]:
    """A note that has the responsible unit submit its item to another unit."""
    for item in authority.items:
        if not item.note.startswith("提交"):
            continue
        receiver = item.note.removeprefix("提交")
        units = [unit for unit, title in authority.units.items() if title == receiver]
        yield Conflict(
            "handed_on",
            "第十三条",
            (item.code,),
            (item.owner_id, *units),
            f"{item.title}由{authority.unit_title(item.owner_id)}负责，备注又要求{item.note}；"
            "单位之间不直接交换数据",
            f"{authority.unit_title(item.owner_id)}交数据中心，{receiver}由数据中心取用",
        )


def _no_single_unit(authority: Authority) -> Iterator[Conflict]:
    """Items given to a group of units or to the people themselves."""
    for unit, title in authority.units.items():
        if not (title.startswith("各") or title.endswith("本人")):
            continue
        items = [item for item in authority.items if item.owner_id == unit]
        if items:
            yield Conflict(
                "no_single_unit",
                "第十条（二）唯一来源原则、（三）统一管理原则",
                tuple(item.code for item in items),
                (unit,),
                f"{len(items)} 项由“{title}”负责，不是一个单位，无从指定专人",
                "按人或按学院记录由谁填报；逾期计入填报者所在单位",
            )


def _no_deadline(authority: Authority) -> Iterator[Conflict]:
    for item in authority.items:
        if not item.deadline:
            yield Conflict(
                "no_deadline",
                "第七条",
                (item.code,),
                (item.owner_id,),
                f"{item.title}没有完成时间",
                "不计逾期；只显示数据的最早与最近更新时间",
            )


def _vague_deadline(authority: Authority) -> Iterator[Conflict]:
    """A deadline that names no time, for example 及时."""
    for item in authority.items:
        if item.deadline and not _MEASURABLE.search(item.deadline):
            yield Conflict(
                "vague_deadline",
                "第七条",
                (item.code,),
                (item.owner_id,),
                f"{item.title}的完成时间“{item.deadline}”没有可计算的期限",
                "不计逾期；只显示数据的最早与最近更新时间",
            )


def _owner_without_system(authority: Authority) -> Iterator[Conflict]:
    """Article 4 defines an owner unit by the system it runs; some owners run none."""
    running = {system.owner_id for system in authority.systems}
    rows: dict[str, list[str]] = {}
    for dataset in authority.datasets:
        for unit in dataset.owner_ids:
            rows.setdefault(unit, []).append(dataset.code)
    for item in authority.items:
        rows.setdefault(item.owner_id, []).append(item.code)
    for unit, codes in rows.items():
        if unit not in running:
            yield Conflict(
                "owner_without_system",
                "第四条",
                tuple(codes),
                (unit,),
                f"{authority.unit_title(unit)}是 {len(codes)} 行的责任单位，附件 1 中却没有系统",
                "以表单（F01–F10）交付",
            )


def _system_without_dataset(authority: Authority) -> Iterator[Conflict]:
    """A system whose owner no row of annexes 2 to 4 names."""
    named = {unit for dataset in authority.datasets for unit in dataset.owner_ids}
    named |= {item.owner_id for item in authority.items}
    for system in authority.systems:
        if system.owner_id not in named:
            yield Conflict(
                "system_without_dataset",
                "第六条（四）",
                (system.code,),
                (system.owner_id,),
                f"{system.title}列入附件 1，其责任单位{authority.unit_title(system.owner_id)}"
                "却不在附件 2–4 任何一行",
                "其数据只作辅助来源",
            )
