"""What people of each unit know: disciplines, majors, degrees, and where they studied.

Disciplines are first-level classes of GB/T 13745; the branch is the last two digits of a degree
code of GB/T 6864-2003, which has no arts branch yet (文学 stands for it, as it did then).
"""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.simulate.catalogue import COLLEGES, OFFICES, SCHOOL

__all__ = ["ABROAD", "AT_HOME", "UNIT_NAMES", "Field", "field_of"]

UNIT_NAMES = {SCHOOL[0]: SCHOOL[1]}
UNIT_NAMES |= {unit.code: unit.name for unit in COLLEGES}
UNIT_NAMES |= {code: name for code, name, *_ in OFFICES}


@dataclass(frozen=True)
class Field:
    """`discipline` of GB/T 13745, a major's name, the branch of its degrees, research topics."""

    discipline: str
    major: str
    branch: str
    topics: tuple[str, ...]


def _f(discipline: str, major: str, branch: str, topics: str) -> Field:
    return Field(discipline, major, branch, tuple(topics.split()))


_FIELDS: dict[str, tuple[Field, ...]] = {
    "201": (
        _f("520", "计算机科学与技术", "08", "图像识别 数据挖掘 软件测试 边缘计算 推荐算法"),
        _f("510", "电子信息工程", "08", "无线传感网 信号检测 嵌入式系统"),
        _f("120", "信息与计算科学", "07", "优化算法 知识表示"),
    ),
    "202": (
        _f("460", "机械工程", "08", "精密加工 机构设计 故障诊断 增材制造"),
        _f("470", "电气工程", "08", "电机控制 微电网"),
        _f("430", "材料科学与工程", "08", "焊接接头 合金组织"),
    ),
    "203": (
        _f("790", "应用经济学", "02", "区域经济 产业集聚 跨境贸易 农村金融"),
        _f("630", "工商管理", "12", "供应链管理 财务决策 消费行为"),
    ),
    "204": (
        _f("560", "土木工程", "08", "再生混凝土 结构加固 基坑监测 绿色建筑"),
        _f("420", "测绘工程", "08", "变形监测 遥感解译"),
        _f("570", "水利工程", "08", "雨洪调蓄 管网漏损"),
    ),
    "205": (
        _f("530", "化学工程", "08", "催化材料 膜分离 精细合成"),
        _f("550", "食品科学与工程", "08", "功能成分 食品保鲜 快速检测"),
        _f("150", "化学", "07", "荧光探针 电化学传感"),
    ),
    "206": (
        _f("750", "中国语言文学", "05", "地方文学 叙事研究 语文教育"),
        _f("860", "新闻传播学", "05", "融合新闻 网络舆论 纪实影像"),
    ),
    "207": (
        _f("760", "设计学", "05", "乡村景观 非遗图案 品牌形象 交互体验"),
        _f("760", "美术学", "05", "水彩语言 民间美术"),
    ),
    "208": (
        _f("740", "外国语言文学", "05", "翻译教学 语料库 二语习得 跨文化交际"),
    ),
    "209": (_f("890", "体育学", "04", "学校体育 运动训练 体质健康"),),
    "210": (
        _f("710", "马克思主义理论", "03", "红色文化 思政课教学 乡村治理"),
        _f("820", "法学", "03", "校园法治 社会治理"),
    ),
}  # fmt: skip
_OFFICES: dict[str, tuple[Field, ...]] = {
    "105": (_f("630", "会计学", "12", "预算绩效 内部控制"),),
    "111": (_f("870", "图书馆学", "12", "阅读推广 馆藏建设"),),
    "113": (_f("320", "临床医学", "10", "健康教育 慢病管理"),),
}
_OTHERS = (
    _f("630", "公共管理", "12", "院校管理 绩效评价"),
    _f("880", "教育学", "04", "高教管理 学生发展"),
    _f("520", "计算机应用技术", "08", "校园网络 数据治理"),
    _f("750", "汉语言文学", "05", "公文写作 校园文化"),
)

AT_HOME = (
    "郑州大学", "河南大学", "武汉大学", "华中科技大学", "西安交通大学", "南京大学", "天津大学",
    "河南师范大学", "河南理工大学", "河南科技大学", "郑州轻工业大学", "华北水利水电大学",
    "重庆大学", "湖南大学", "西北工业大学", "山东大学", "北京理工大学", "长安大学",
)  # fmt: skip
#: ISO 3166-1 code of the country, school
ABROAD = (
    ("GBR", "利兹大学"), ("GBR", "谢菲尔德大学"), ("USA", "普渡大学"), ("JPN", "九州大学"),
    ("KOR", "全南大学"), ("AUS", "卧龙岗大学"), ("DEU", "亚琛工业大学"), ("MYS", "马来亚大学"),
)  # fmt: skip


def field_of(unit: str, draw: float) -> Field:
    """The field of someone who works in `unit`; the first of a college is the most common."""
    fields = _FIELDS.get(unit) or _OFFICES.get(unit) or _OTHERS
    return fields[min(int(draw**1.4 * len(fields)), len(fields) - 1)]
