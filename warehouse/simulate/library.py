"""The library's copies, and where each was at a census."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan, last_day

__all__ = ["items_at", "make_items"]

#: class of 中图法, share, subjects
_SUBJECTS = (
    ("T", 34, "机械 电工 计算机 软件 建筑 化工 食品 自动控制 材料 数据库 网络 结构工程"),
    ("F", 14, "会计 金融 贸易 物流 经济 营销 电子商务"),
    ("I", 14, "小说选 散文选 诗歌选 戏剧 外国文学 当代文学"),
    ("H", 9, "英语 日语 汉语 翻译 写作"),
    ("O", 7, "高等数学 线性代数 概率 物理 化学"),
    ("G", 5, "教育 传播 体育 图书馆"),
    ("J", 5, "设计 绘画 摄影 音乐"),
    ("K", 4, "中国历史 地理 传记 黄河"),
    ("B", 3, "哲学 逻辑 心理"),
    ("D", 3, "法律 政治 社会"),
    ("A", 2, "马克思主义"),
)
_FORMS = (
    "概论", "原理", "基础", "教程", "导读", "案例",
    "习题集", "手册", "研究", "入门", "实务", "简史",
)  # fmt: skip


def make_items(plan: Plan) -> pl.DataFrame:
    """Every copy acquired before `plan.closing`; the first are the most wanted."""
    rng = plan.rng("library")
    count = max(5_000, plan.students * 12) * 103 // 100
    share = np.array([weight for _, weight, _ in _SUBJECTS], dtype=float)
    kind = rng.choice(len(_SUBJECTS), size=count, p=share / share.sum())
    codes = np.array([code for code, _, _ in _SUBJECTS])
    words = [subjects.split() for _, _, subjects in _SUBJECTS]
    draw, form = rng.random(count), rng.integers(0, len(_FORMS), count)
    volume = rng.integers(1, 9, count)
    title = [
        f"{words[k][int(u * len(words[k]))]}{_FORMS[f]}（第{v}版）"
        for k, u, f, v in zip(kind, draw, form, volume, strict=True)
    ]
    # The collection grows every year; a tenth of it came in the window.
    fresh = rng.random(count) < 0.04 * plan.years + 0.02
    span = (plan.closing - plan.start).days
    old = (rng.beta(2.2, 1.2, count) * 365 * 26).astype(np.int64) - 365 * 26
    offset = np.where(fresh, rng.integers(1, span, count), old - 1)
    acquired = np.datetime64(plan.start) + offset.astype("timedelta64[D]")
    serial = np.arange(count)
    body = np.char.add("9787", np.char.zfill((serial * 7919 % 10**8).astype("U8"), 8))
    digits = np.array([list(text) for text in body.tolist()], dtype=np.int64)
    check = (-(digits @ np.resize([1, 3], 12))) % 10
    end = rng.random(count)
    return pl.DataFrame(
        {
            "item": serial,
            "barcode": np.char.add("L", np.char.zfill((serial + 1).astype("U8"), 8)),
            "title": title,
            "isbn": np.char.add(body, check.astype("U1")),
            "class_no": codes[kind],
            "language": np.where((codes[kind] == "H") & (rng.random(count) < 0.5), "英文", "中文"),
            "price": np.rint(rng.lognormal(3.75, 0.4, count) * 10) / 10,
            "acquired_date": acquired,
            "acquisition_mode": rng.choice(["01", "03", "09", "10"], size=count,
                                           p=[0.78, 0.14, 0.06, 0.02]),
            "shelved": np.select([end < 0.004, end < 0.008, end < 0.018], ["3", "4", "5"], "2"),
            "location": np.where(rng.random(count) < 0.62, "主校区书库", "东校区书库"),
        }
    )  # fmt: skip


def items_at(items: pl.DataFrame, loans: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """library_item as it stood at a moment: what was on the shelf, what was out."""
    known = loans.filter(pl.col("borrowed_at") <= moment).with_columns(
        returned_at=pl.when(pl.col("returned_at") <= moment).then("returned_at")
    )
    latest = known.sort("item", "borrowed_at").unique("item", keep="last", maintain_order=True)
    latest = latest.select(
        "item",
        out=pl.col("returned_at").is_null(),
        moved=pl.coalesce("returned_at", "borrowed_at"),
    )
    return (
        items.filter(pl.col("acquired_date") <= last_day(moment))
        .join(latest, on="item", how="left", maintain_order="left")
        .with_columns(
            status=pl.when("out").then(pl.lit("1")).otherwise("shelved"),
            source_updated_at=pl.coalesce(
                "moved", pl.col("acquired_date").dt.combine(pl.time(9, 0)).cast(pl.Datetime("ms"))
            ),
        )
    )
