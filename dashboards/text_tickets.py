"""What the site says below each box, and about what people report as wrong."""

from __future__ import annotations

__all__ = ["TICKETS"]

TICKETS: dict[str, tuple[str, str]] = {
    # -- the line below a box
    "source.owner": ("责任单位：{unit}", "responsible: {unit}"),
    "source.due": ("应于 {day}前再更新", "next due by {day}"),
    "source.late": ("更新逾期 {days} 天", "update {days} days late"),
    "source.cadence": ("更新频率：{text}", "how often: {text}"),
    "source.never": ("尚未更新过", "not updated yet"),
    "source.due_by.annex": (
        "下次更新期限依据学校规定附件的时限推算（我们的算法）",
        "The next day follows from the deadline in the regulation's annex (our reckoning)",
    ),
    "source.due_by.cadence": (
        "下次更新期限依据该系统约定的更新频率推算（我们的算法）",
        "The next day follows from how often that system has agreed to deliver (our reckoning)",
    ),
    # -- pages
    "page.tickets": ("我提交的", "What I sent"),
    "page.issues": ("问题", "Issues"),
    "bar.issues": ("问题", "Issues"),
    # -- the dialog
    "wrong.press": ("这项有误", "This is wrong"),
    "wrong.about": ("报告“{title}”有误", "Report an error in {title}"),
    "wrong.title": ("报告一项有误", "Report an error"),
    "wrong.unit": ("责任单位：{unit}", "Responsible unit: {unit}"),
    "wrong.item": ("哪一项", "Which item"),
    "wrong.kind": ("错在哪里", "What is wrong"),
    "wrong.kind.value": ("内容不对", "A value"),
    "wrong.kind.row": ("整条不该有", "An entry"),
    "wrong.kind.missing": ("少了一条", "Missing"),
    "wrong.row": ("哪一条", "Which entry"),
    "wrong.column": ("哪个字段", "Which field"),
    "wrong.now": ("现在显示：{value}", "Shown now: {value}"),
    "wrong.empty": ("（空）", "(empty)"),
    "wrong.wanted": ("正确的应是什么", "What is right"),
    "wrong.wanted.row": ("应如何处理，例如“不是我的”", "What should be done, e.g. “not mine”"),
    "wrong.wanted.missing": ("少了哪一条", "Which entry is missing"),
    "wrong.reason": ("为什么，依据是什么", "Why, and on what evidence"),
    "wrong.evidence": (
        "证明材料（可不传；PDF、PNG 或 JPEG，20 MB 以内）",
        "Evidence (optional; PDF, PNG or JPEG, 20 MB at most)",
    ),
    "wrong.clock": (
        "{unit}应在 {acknowledge} 天内受理，{decide} 天内更正或说明理由。"
        "这两个期限由数据中心拟定。",
        "{unit} is to take it up within {acknowledge} days and to correct it or say why not within "
        "{decide}. Both terms are the data center's own.",
    ),
    "wrong.how": (
        "我们不会直接改数。责任单位在自己的系统里更正后，新数据随下一次更新回到这里。"
        "责任单位会看到你的姓名和学号或工号。",
        "We do not change data here. The unit corrects its own system, and the new value comes "
        "back with its next update. The unit sees your name and number.",
    ),
    "wrong.self": (
        "这一项由你本人维护，请直接修改，无需提交。",
        "You keep this item up yourself: change it directly, there is nothing to report.",
    ),
    "wrong.send": ("提交", "Send"),
    "wrong.incomplete": ("还没有填写：{fields}。", "Still to be filled in: {fields}."),
    "wrong.and": ("；", "; "),
    "wrong.again": (
        "这一处你已经报告过、正在办理；或者你未办结的或当天提交的已有 20 条。",
        "You have reported this already and it is being dealt with, or 20 of yours are not over "
        "or were sent within a day.",
    ),
    "wrong.stale": (
        "数据刚刚更新过，或填写的内容与现在显示的相同。请关闭后重新打开。",
        "The data were updated just now, or what you wrote is what is shown. Close this and open "
        "it again.",
    ),
    "wrong.not_here": (
        "这项数据不能在这里报告，请直接联系责任单位。",
        "This cannot be reported here; speak to the responsible unit.",
    ),
    "wrong.sent": (
        "已提交给{unit}，编号 {id}。",
        "Sent to {unit} as {id}.",
    ),
    "wrong.no_evidence": (
        "已提交，但证明材料没有收下：只收 PDF、PNG 和 JPEG。可以在“我提交的”里再传。",
        "Sent, but the evidence was not taken: only PDF, PNG and JPEG are. You can add it under "
        "“What I sent”.",
    ),
    "wrong.see": ("查看进度", "See how it stands"),
    # -- lists
    "ticket.intro": (
        "你报告有误的数据，现在办到哪一步",
        "Data that you reported as wrong, and where it stands",
    ),
    "ticket.none": ("还没有报告过", "Nothing was reported yet"),
    "ticket.none_body": (
        "每个数据框下面都有“这项有误”，点开即可报告。",
        "Below each box of your data there is “This is wrong”.",
    ),
    "ticket.open": ("查看", "Open"),
    "ticket.back": ("返回列表", "Back to the list"),
    "ticket.running": ("办理中", "Running"),
    "ticket.over": ("已办结", "Ended"),
    "ticket.gone": ("没有这一条，或已不能查看。", "There is no such entry, or not for you."),
    "ticket.line": ("{unit} · {day} 提交 · {id}", "{unit} · sent {day} · {id}"),
    "ticket.line_issue": ("{day} 提交 · {id}", "sent {day} · {id}"),
    "ticket.due.unit": ("等{unit}处理 · {day}", "waits for {unit} · {day}"),
    "ticket.due.delivery": ("等新数据 · {day}", "waits for the new data · {day}"),
    "ticket.due.working_group": ("等工作小组裁定 · {day}", "waits for the working group · {day}"),
    "ticket.may_contest": ("不同意可以提出异议", "you can contest it"),
    "ticket.late": ("逾期 {days} 天", "{days} days late"),
    "ticket.status.reported": ("已提交", "Sent"),
    "ticket.status.acknowledged": ("已收", "Taken up"),
    "ticket.status.corrected": ("系统已更新", "System corrected"),
    "ticket.status.refused": ("未予更正", "Refused"),
    "ticket.status.contested": ("有异议，待裁定", "Contested"),
    "ticket.status.upheld": ("维持原数据", "Refusal upheld"),
    "ticket.status.overturned": ("裁定应更正", "To be corrected"),
    "ticket.status.withdrawn": ("已撤回", "Withdrawn"),
    "ticket.status.closed": ("已生效", "In effect"),
    # -- one of them
    "ticket.kind.row": ("整条不该有", "should not be there"),
    "ticket.kind.missing": ("少了一条", "one is missing"),
    "ticket.what": ("报告的内容", "What was reported"),
    "ticket.progress": ("进度", "Progress"),
    "ticket.row": ("哪一条", "Entry"),
    "ticket.now": ("现在显示", "Shown now"),
    "ticket.nothing_now": ("已不在", "no longer there"),
    "ticket.wanted": ("应为", "Should be"),
    "ticket.reason": ("理由", "Why"),
    "ticket.person": ("本人", "Person"),
    "ticket.unit": ("责任单位", "Responsible unit"),
    "ticket.evidence": ("证明材料", "Evidence"),
    "ticket.evidence_file": ("材料 {number}（{day}）", "File {number} ({day})"),
    "ticket.add_evidence": ("补交材料", "Add evidence"),
    "ticket.evidence_send": ("上传", "Upload"),
    "ticket.evidence_kept": ("已收下", "Added"),
    "ticket.step.sent": ("已提交", "Sent"),
    "ticket.step.taken": ("已收", "Taken up"),
    "ticket.step.system": ("系统已更新", "System corrected"),
    "ticket.step.here": ("这里生效", "In effect here"),
    "ticket.step.refused": ("未予更正", "Refused"),
    "ticket.step.decided": ("工作小组裁定", "Decision of the working group"),
    "ticket.step.withdrawn": ("已撤回", "Withdrawn"),
    "ticket.outcome.as_asked": (
        "新发布的数据已与你要求的一致。",
        "The newly released data say what you asked for.",
    ),
    "ticket.outcome.other": (
        "这里的数据已改变，但与你写的不同。如仍有误，请再报告。",
        "The data have changed, to something else than you wrote. Report it again if it is still "
        "wrong.",
    ),
    "ticket.outcome.gone": (
        "这一条已不在新发布的数据里。",
        "That entry is not in the newly released data any more.",
    ),
    "ticket.outcome.added": (
        "新发布的数据里多了记录，请核对是不是你说的那一条。",
        "There are more entries in the newly released data: check whether yours is among them.",
    ),
    "ticket.told": (
        "曾按授权取得旧数据的 {count} 个单位已收到更正通知。",
        "{count} units that had the old value under a grant have been told.",
    ),
    "ticket.reason_of": ("{who}的理由：{reason}", "Reason of {who}: {reason}"),
    "ticket.history": ("经过", "Steps"),
    "ticket.by.person": ("本人", "the person"),
    "ticket.by.unit": ("责任单位", "the responsible unit"),
    "ticket.by.working_group": ("工作小组", "the working group"),
    "ticket.by.job": ("数据中心", "the data center"),
    "ticket.event.evidence": ("补交了材料", "Evidence was added"),
    # -- what can be done
    "ticket.act": ("办理", "What to do"),
    "ticket.acknowledge": ("受理", "Take it up"),
    "ticket.acknowledge_note": (
        "表示已经看到、正在核对。",
        "Says that it was read and is being looked into.",
    ),
    "ticket.correct": ("系统里已更正", "Corrected in our system"),
    "ticket.correct_note": (
        "先在本单位的系统里改好，再在这里登记。新数据发布后自动办结。",
        "Correct it in your own system first. It is closed when a later release shows it.",
    ),
    "ticket.expected": ("新数据哪天送达", "Day on which the new data come"),
    "ticket.refuse": ("不予更正", "Refuse"),
    "ticket.refuse_note": (
        "理由会原样给本人看，本人可以提一次异议，由工作小组裁定。",
        "The person reads the reason and may contest it once; the working group then decides.",
    ),
    "ticket.why": ("理由", "Reason"),
    "ticket.contest": ("提出异议", "Contest it"),
    "ticket.contest_note": (
        "只能提一次，由数据集成与信息维护工作小组裁定。",
        "Once only; the working group decides.",
    ),
    "ticket.withdraw": ("撤回", "Withdraw"),
    "ticket.uphold": ("维持单位的答复", "Uphold the refusal"),
    "ticket.overturn": ("责成单位更正", "Have it corrected"),
    "ticket.no_reason": ("请写明理由。", "Give a reason."),
    "ticket.moved": (
        "这一条刚刚有了变化，下面是现在的情况。",
        "Something happened to it meanwhile; this is how it stands now.",
    ),
    "ticket.done": ("已登记", "Recorded"),
    # -- the unit's page
    "issues.intro": (
        "本人报告有误、由本单位负责的数据",
        "Data that you answer for and people reported as wrong",
    ),
    "issues.intro_group": (
        "本人报告有误，对答复有异议或已经逾期的数据",
        "Data that people reported as wrong, where the answer is contested or late",
    ),
    "issues.unit": ("本单位", "My unit"),
    "issues.group": ("异议与逾期", "Contested or late"),
    "issues.scope": ("范围", "Scope"),
    "issues.none": ("没有待处理的问题", "There are no issues"),
    "issues.none_body": (
        "有人报告本单位负责的数据有误时，会出现在这里，并发邮件通知。",
        "What people report about your data appears here, and you get a mail.",
    ),
    "issues.none_group": (
        "没有异议，也没有逾期。",
        "Nothing is contested, and nothing is late.",
    ),
    "issues.told": ("授权数据的更正通知", "Corrections of granted data"),
    "issues.told_note": (
        "下面的数据在发布后更正过。本单位如已取走旧数据，请重新取用。",
        "These data were corrected after you had them. Fetch them again where you keep a copy.",
    ),
    "issues.told_line": ("{table} · {column}", "{table} · {column}"),
    "issues.told_about": (
        "授权 {grant} · 人员代号 {pseudonym}",
        "grant {grant} · pseudonym {pseudonym}",
    ),
    "issues.told_about_nobody": ("授权 {grant}", "grant {grant}"),
    "issues.whole_row": ("整条记录", "a whole entry"),
}
