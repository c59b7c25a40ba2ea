"""What the monthly briefing says, and the page that keeps the past ones."""

from __future__ import annotations

__all__ = ["BRIEFING"]

BRIEFING: dict[str, tuple[str, str]] = {
    # -- the page
    "page.briefings": ("简报", "Briefings"),
    "briefings.intro": (
        "每月一份，发到校领导邮件组；这里是发出时的原样",
        "One a month, mailed to the leaders' list; here as it was sent",
    ),
    "briefings.rule": (
        "从每月 {day} 日起，用当时的数据制作并发出；发出后不再改动。",
        "Made from the data of the day and mailed from day {day} of a month on; "
        "what was mailed does not change.",
    ),
    "briefings.rule_unset": (
        "还没有设定收件地址，所以不会自动发出。",
        "No addresses are set, so none is mailed.",
    ),
    "briefings.title": ("{month}", "{month}"),
    "briefings.as_of": ("数据截至 {day}", "data as of {day}"),
    "briefings.mailed": ("{day} 发到 {count} 个地址", "mailed to {count} on {day}"),
    "briefings.not_mailed": ("未发出", "not mailed"),
    "briefings.fetch": ("下载 PDF（{size} KB）", "Fetch PDF ({size} KB)"),
    "briefings.none": ("还没有简报", "No briefings yet"),
    "briefings.none_body": (
        "第一份做好后会出现在这里。",
        "The first appears here when it is made.",
    ),
    # -- the paper
    "brief.title": ("学校数据简报", "College briefing"),
    "brief.foot": ("{college} · {month}简报", "{college} · briefing of {month}"),
    "brief.summary": (
        "本期看 {count} 项主要指标：{targets} 项定有目标，其中 {missed} 项没有达到；"
        "{unsigned} 项的数字尚待责任单位签认。",
        "{count} main figures: {targets} have a target, {missed} of them miss it; "
        "{unsigned} wait for their owner units to sign.",
    ),
    "brief.attention": ("一、需要先看", "1 Look first"),
    "brief.nothing": (
        "没有未达标、变化大、待签认或逾期的事项。",
        "Nothing is off target, changed, unsigned or overdue.",
    ),
    "brief.late": ("各单位逾期未交", "Overdue by unit"),
    "brief.topics": ("二、各专题主要指标", "2 Topics"),
    "brief.reading": (
        "表中依次为指标、本期、比上期、目标、状态；图中虚线为目标。",
        "Figure, this period, change, target, state; the dashed line is the target.",
    ),
    "brief.definitions": ("三、口径", "3 Definitions"),
    "brief.left_out": (
        "这里只列需要关注的指标，其余指标的口径请在系统里查看。",
        "Only of figures that want a look; the others' are on the pages.",
    ),
    "brief.kind.changed": ("变化大", "Changed"),
    "brief.kind.overdue": ("逾期", "Overdue"),
    "brief.figure": (
        "{indicator}（{period}）{value}{target}",
        "{indicator} ({period}) {value}{target}",
    ),
    "brief.of_target": ("，目标 {target}", ", target {target}"),
    "brief.gap": ("还差 {gap}", "{gap} off"),
    "brief.owners": ("责任单位：{owners}。", "Owner units: {owners}."),
    "brief.overdue": (
        "{owner}逾期 {days} 天未交{tables}，{count} 项指标要等这些数据。",
        "{owner} is {days} days late with {tables}; {count} figures wait for it.",
    ),
    "brief.unsigned": (
        "{names}的数字责任单位还没有签认。",
        "The figures of {names} are not signed yet.",
    ),
    "brief.changed_sheet": (
        "{names}的数字在签认后有变，请责任单位重新核对。",
        "The figures of {names} changed after they were signed.",
    ),
    "brief.rejected": (
        "责任单位对{names}的数字有异议。",
        "Owner units object to the figures of {names}.",
    ),
    "brief.and_more": ("{names}等 {count} 项", "{names} and others, {count} in all"),
    "brief.and_others": ("等 {count} 项", " and others, {count} in all"),
    "brief.other_units": ("另有 {count} 个单位", "{count} more units"),
    "brief.days": ("逾期 {days} 天", "{days} days late"),
    "brief.change": ("比上期 {change}", "{change} on the period before"),
    "brief.target": ("目标 {target}，{state}", "target {target}: {state}"),
    "brief.between": (
        "各学院中{high}最高（{most}），{low}最低（{least}）。",
        "Highest in {high} ({most}), lowest in {low} ({least}).",
    ),
    "brief.source": ("依据：{source}", "basis: {source}"),
}
