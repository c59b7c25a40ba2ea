"""What a college owns: kinds of fixed assets, their usual price, life and place.

Class codes are those of 政府采购品目分类目录 (2022), which GB/T 14885-2022 shares; one usual code a
kind, written from memory. Lives are those of 政府会计准则第3号 应用指南 or the college's own.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ALWAYS", "KINDS", "AssetKind", "kind_index"]


@dataclass(frozen=True)
class AssetKind:
    """`share` of all cards; `price` median in yuan with log-deviation `spread`; `life` in years;
    `place` where it stands (lab, computer, class, office, hostel, canteen, library, gym, network,
    vehicle, none); `pieces` the most that one card covers; `use` the direction of use."""

    name: str
    code: str
    share: float
    price: float
    spread: float
    life: int
    place: str
    use: str
    pieces: int = 1
    it: bool = False
    software: bool = False


KINDS = (
    AssetKind("台式计算机", "A02010105", 0.12, 4600, 0.2, 6, "computer", "1", it=True),
    AssetKind("办公台式计算机", "A02010105", 0.08, 4700, 0.2, 6, "office", "3", it=True),
    AssetKind("便携式计算机", "A02010108", 0.05, 6200, 0.25, 6, "office", "3", it=True),
    AssetKind("服务器", "A02010104", 0.004, 42_000, 0.6, 6, "network", "1", it=True),
    AssetKind("交换机", "A02010202", 0.010, 5_200, 0.8, 6, "network", "1", it=True),
    AssetKind("无线接入点", "A02010299", 0.011, 1_450, 0.2, 6, "network", "1", it=True),
    AssetKind("磁盘阵列", "A02010599", 0.0006, 96_000, 0.6, 6, "network", "1", it=True),
    AssetKind("打印机", "A02021000", 0.030, 1_900, 0.4, 6, "office", "3", it=True),
    AssetKind("多功能一体机", "A02020400", 0.015, 3_200, 0.4, 6, "office", "3", it=True),
    AssetKind("投影仪", "A02020200", 0.018, 7_800, 0.4, 6, "class", "1", it=True),
    AssetKind("空调机", "A02061804", 0.060, 3_600, 0.3, 6, "office", "3"),
    AssetKind("课桌", "A05010200", 0.080, 260, 0.2, 15, "class", "1", 60),
    AssetKind("办公桌", "A05010200", 0.070, 900, 0.3, 15, "office", "3", 4),
    AssetKind("椅凳", "A05010300", 0.100, 180, 0.4, 15, "class", "1", 60),
    AssetKind("文件柜", "A05010500", 0.075, 780, 0.3, 15, "office", "3", 6),
    AssetKind("公寓床", "A05010100", 0.090, 980, 0.15, 15, "hostel", "4", 6),
    AssetKind("实验仪器", "A02109900", 0.090, 6_800, 1.0, 10, "lab", "1"),
    AssetKind("电子测量仪器", "A02110000", 0.040, 5_600, 0.8, 5, "lab", "1"),
    AssetKind("机械设备", "A02050000", 0.020, 38_000, 0.8, 10, "lab", "1"),
    AssetKind("科研分析仪器", "A02100300", 0.010, 62_000, 0.7, 10, "lab", "2"),
    AssetKind("大型精密仪器", "A02100300", 0.00115, 760_000, 0.45, 10, "lab", "2"),
    AssetKind("炊事机械", "A02059900", 0.004, 8_500, 0.6, 10, "canteen", "4"),
    AssetKind("图书设备", "A02040000", 0.004, 3_900, 0.5, 10, "library", "1"),
    AssetKind("体育器材", "A02460000", 0.010, 3_400, 0.7, 5, "gym", "1"),
    AssetKind("公务用车", "A02030500", 0.0005, 178_000, 0.2, 8, "vehicle", "3"),
    AssetKind("应用软件", "A08060303", 0.0009, 58_000, 0.8, 5, "none", "1", 1, True, True),
)  # fmt: skip

#: Even the smallest college has these, in the opening stock: kind, how many.
ALWAYS = (("大型精密仪器", 2), ("服务器", 4), ("交换机", 8), ("无线接入点", 10), ("磁盘阵列", 1),
          ("应用软件", 6), ("公务用车", 2))  # fmt: skip


def kind_index(name: str) -> int:
    return next(index for index, kind in enumerate(KINDS) if kind.name == name)
