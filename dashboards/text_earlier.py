"""What 往期数据 says, in Chinese and English."""

from __future__ import annotations

__all__ = ["EARLIER"]

EARLIER: dict[str, tuple[str, str]] = {
    "page.earlier": ("往期数据", "As reported then"),
    "bar.earlier": ("往期", "Then"),
    "earlier.subtitle": (
        "当时公布的数字，放在今天的数字旁边",
        "What was published then, beside what is published now",
    ),
    # -- choosing
    "earlier.then": ("当时", "Then"),
    "earlier.now": ("现在", "Now"),
    "earlier.difference": ("相差", "Difference"),
    "earlier.why": ("为什么", "Why"),
    "earlier.because": ("为什么：{why}", "Why: {why}"),
    "earlier.export": ("往期数据 · {unit}", "As reported then · {unit}"),
    "earlier.other_day": ("选别的日子", "Another day"),
    "earlier.day": ("哪一天", "Which day"),
    "earlier.day_note": (
        "显示那一天正在用的那次发布。",
        "Shows the release that was current on that day.",
    ),
    "earlier.show_day": ("看这一天", "Show that day"),
    "moment.this_year": ("{day}", "{day}"),
    "moment.last_year": ("去年{day}", "{day} last year"),
    "moment.before_last": ("前年{day}", "{day} the year before last"),
    "moment.published": ("{day}公布的", "Published {day}"),
    "moment.was_current": ("{day}那天在用的", "Current on {day}"),
    "moment.unpublished": ("{day}的数（当时没有发布）", "As of {day} (nothing published then)"),
    # -- what is said of a comparison
    "earlier.as_of": ("数据截至{day}", "data as of {day}"),
    "earlier.side": ("{side}（{when}）", "{side} ({when})"),
    "earlier.only_now": (
        "{day}还没有发布过数据，没有“当时公布的数字”。下面是那一天的数，按今天的记录算。",
        "Nothing had been published by {day}, so nothing was reported then. Below are the figures "
        "for that day as they are known today.",
    ),
    "earlier.one_release": (
        "学校的数据只发布过一次（{day}），还没有往期公布可比。下面可以看更早日子的数，按今天的记录算；"
        "下一次发布以后，这里会把两次放在一起。",
        "There has been one release only ({day}), so there is no earlier one to compare with. "
        "Below are figures for earlier days as they are known today; from the next release on both "
        "stand here side by side.",
    ),
    "earlier.nothing": ("还没有可比的数字", "Nothing to compare yet"),
    "earlier.nothing_body": (
        "学校的数据只发布过一次，其中也没有更早日子的数字。下一次发布以后，这里会把两次放在一起。",
        "There has been one release only, with no figures for earlier days. From the next release "
        "on both stand here side by side.",
    ),
    "earlier.none_of_unit": (
        "这个单位当时和现在都没有数字。",
        "This unit had no figures then and has none now.",
    ),
    "earlier.answer": (
        "{unit}{indicator}（{period}）当时公布 {then}，现在 {now}",
        "{indicator}, {unit} ({period}): reported then {then}, now {now}",
    ),
    "earlier.answer_same": (
        "{unit}{indicator}（{period}）当时公布 {then}，现在没有变",
        "{indicator}, {unit} ({period}): reported then {then}, unchanged since",
    ),
    "earlier.answer_day": (
        "{unit}{indicator}：{period_then} {then}，{period_now} {now}",
        "{indicator}, {unit}: {period_then} {then}, {period_now} {now}",
    ),
    "earlier.answer_held": (
        "{unit}{indicator}（{period}）少于设定人数，不显示",
        "{indicator}, {unit} ({period}): withheld for confidentiality",
    ),
    "earlier.newest": ("最新：{period} {value}", "Newest: {period} {value}"),
    "earlier.signed": (
        "签认：当时{then}，现在{now}",
        "Sign-off: then {then}, now {now}",
    ),
    "earlier.formula_then": ("当时的定义：{formula}", "Defined then as: {formula}"),
    "earlier.parts": ("{indicator}：下级单位", "{indicator}: units inside"),
    "earlier.story_open": ("逐次发布怎么说，谁签认过", "What each release said, and who signed"),
    "earlier.story_first": ("第一次公布", "First published"),
    "earlier.story_older": (
        "更早的变化不再列出。",
        "Earlier changes are left out.",
    ),
    "earlier.changed": ("{unit}：有变化的指标（{year}）", "{unit}: what changed ({year})"),
    "earlier.changed_none": (
        "这一年的 {count} 个数字都与当时相同。",
        "All {count} figures of that year are what they were.",
    ),
    "earlier.others": (
        "其余 {count} 个没有变化或不显示",
        "The other {count} are unchanged or withheld",
    ),
    "earlier.indicator": ("指标", "Indicator"),
    "earlier.unit": ("单位", "Unit"),
    # -- reasons
    "why.same": ("没有变化", "Unchanged"),
    "why.suppressed": ("少于设定人数，不显示", "Withheld for confidentiality"),
    "why.correction": ("{day}更正：{reason}", "Corrected on {day}: {reason}"),
    "why.definition": ("定义改了（{what}）", "Defined otherwise now ({what})"),
    "why.running": ("当时这一期还没有结束", "The period was not over then"),
    "why.running_gone": (
        "那是进行中的人数，过后只保留时点数",
        "That was a running count; later only the census is kept",
    ),
    "why.late": ("时期结束后才交来的数据：{tables}", "Data that came after the period: {tables}"),
    "why.not_yet": ("当时还没有这个数字", "There was no such figure then"),
    "why.other_day": ("不是同一天的数，不涉及更正", "Figures of different days; no correction"),
    "why.no_figure_then": ("那一天还没有这个数字", "There was no figure for that day"),
    "why.unexplained": (
        "没有记下原因，请问责任单位",
        "No reason is on record; ask the owner units",
    ),
    "why.waiting": (
        "按现在的数据算是 {value}，等待更正",
        "From today's data it would be {value}; a correction is pending",
    ),
    "why.waiting_restricted": (
        "按现在的数据算会不同，等待更正",
        "From today's data it would differ; a correction is pending",
    ),
    "definition.name": ("名称", "name"),
    "definition.formula": ("公式", "formula"),
    "definition.unit": ("计量单位", "unit"),
    "definition.source": ("依据", "basis"),
    "definition.class": ("发布类别", "class"),
    "definition.inputs": ("所用数据", "data used"),
    "definition.model": ("计算模型", "model"),
    "definition.calculation": ("计算方法", "calculation"),
}
