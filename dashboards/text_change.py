"""Words of the sentences that say why a figure changed, in Chinese and English."""

from __future__ import annotations

__all__ = ["CHANGE", "COUNTED"]

CHANGE: dict[str, tuple[str, str]] = {
    "change.year": ("比上年", "on the year before"),
    "change.academic_year": ("比上学年", "on the academic year before"),
    "change.period": ("比{period}", "on {period}"),
    "change.rose": ("{than}升高 {much}", "Up {much} {than}"),
    "change.fell": ("{than}降低 {much}", "Down {much} {than}"),
    "change.more": ("{than}增加 {much}", "Up {much} {than}"),
    "change.fewer": ("{than}减少 {much}", "Down {much} {than}"),
    "change.same": ("{than}持平", "Unchanged {than}"),
    "change.unfinished": (
        "{period}还没有结束，结束后再与上一期比较",
        "{period} is not over; it will be compared when it is",
    ),
    "change.suppressed": (
        "其中一期少于设定人数，不显示，因此不比较",
        "One of the two periods is withheld for confidentiality, so they are not compared",
    ),
    "change.missing": (
        "其中一期没有数值，因此不比较",
        "One of the two periods has no value, so they are not compared",
    ),
    "change.counted_more": ("{what}增加 {much}", "{much} more {what}"),
    "change.counted_fewer": ("{what}减少 {much}", "{much} fewer {what}"),
    "change.counted_same": ("{what}不变", "no change in {what}"),
    "change.numerator": ("分子", "in the numerator"),
    "change.denominator": ("分母", "in the denominator"),
    "change.most": ("{unit}贡献最大（{much}）", "{unit} contributed most ({much})"),
    "change.most_shown": (
        "能显示的单位中{unit}贡献最大（{much}）",
        "of the units shown, {unit} contributed most ({much})",
    ),
    "change.of_it": ("其中{unit} {much}", "{unit} {much}"),
    "change.offset": (
        "其中{up} {much}，{down} {less}，互相抵消",
        "{up} {much} and {down} {less} cancel out",
    ),
    "change.most_rest": (
        "不属于下级单位的部分贡献最大（{much}）",
        "what belongs to no unit inside contributed most ({much})",
    ),
    "change.comma": ("，", ", "),
    "change.colon": ("：", ": "),
    "change.semicolon": ("；", "; "),
}

#: What formulas count → how a sentence says it, in both languages, and its unit.
COUNTED: dict[str, tuple[str, str, str]] = {
    "折合在校生数": ("折合学生", "weighted students", "人"),
    "全日制在校生数": ("全日制学生", "full-time students", "人"),
    "本科在校生数": ("本科生", "undergraduates", "人"),
    "普通本科生数": ("本科生", "undergraduates", "人"),
    "学年初在校生数": ("学年初在校生", "students at the start of the year", "人"),
    "学年初在校学生数": ("学年初在校生", "students at the start of the year", "人"),
    "在校住宿学生数": ("住宿学生", "students in residence", "人"),
    "月内有消费学生数": ("有消费的学生", "students with purchases", "人"),
    "年内有借阅的学生数": ("有借阅的学生", "students with loans", "人"),
    "认定困难学生数": ("困难学生", "students in hardship", "人"),
    "教师总数": ("教师", "teachers", "人"),
    "专任教师数": ("专任教师", "full-time teachers", "人"),
    "专业课教师数": ("专业课教师", "teachers of specialised courses", "人"),
    "双师双能型教师数": ("双师双能型教师", "dual-qualified teachers", "人"),
    "聘请校外教师数": ("校外教师", "external teachers", "人"),
    "教授总数": ("教授", "professors", "人"),
    "教职工数": ("教职工", "staff", "人"),
    "专职辅导员数": ("专职辅导员", "full-time counsellors", "人"),
    "毕业生总数": ("毕业生", "graduates", "人"),
    "本科毕业生数": ("本科毕业生", "bachelor graduates", "人"),
    "应届毕业生数": ("应届毕业生", "graduates of the year", "人"),
    "实际报到数": ("报到新生", "registered freshmen", "人"),
    "实际录取数": ("录取新生", "admitted freshmen", "人"),
    "参检人数": ("参检教职工", "staff examined", "人"),
    "应检人数": ("应检教职工", "staff to be examined", "人"),
    "学生借阅册次": ("借阅", "loans", "册次"),
    "学生入馆次数": ("入馆", "library visits", "次"),
    "Σ食堂消费金额": ("食堂消费", "spent in canteens", "元"),
    "Σ已缴": ("已缴学费", "tuition paid", "元"),
    "Σ(标准 − 减免)": ("应缴学费", "tuition due", "元"),
    "预算数": ("预算", "budget", "元"),
    "累计支出": ("支出", "spent", "元"),
    "在住人数": ("在住学生", "residents", "人"),
    "可用床位数": ("可用床位", "beds", "个"),
}
