"""What the page *who used my data* says, in Chinese and English; part of `dashboards.text`."""

from __future__ import annotations

__all__ = ["USES"]

USES: dict[str, tuple[str, str]] = {
    "uses.intro": (
        "谁看过、查过、取走过你的数据，为了什么，都在这里。记录不能改，也不能删。",
        "Who looked at, queried or took your data, and for what. The record cannot be changed.",
    ),
    "uses.filter": ("时间", "Time"),
    "uses.30": ("近 30 天", "30 days"),
    "uses.180": ("近半年", "Half a year"),
    "uses.all": ("全部", "All"),
    "uses.kind": ("谁", "Who"),
    "uses.kind.others": ("别人", "Others"),
    "uses.kind.self": ("你自己", "You"),
    "uses.kind.automatic": ("自动处理", "Automatic"),
    "uses.kind.all": ("全部", "Everything"),
    "uses.older": ("更早的", "Earlier"),
    "uses.newest": ("回到最近", "Back to the latest"),
    # -- the sentence above
    "uses.sum": (
        "过去 {days} 天，{units} 个单位用过你的数据，共 {count} 次，主要是{names}。",
        "In the last {days} days {units} units used your data, {count} times, mostly {names}.",
    ),
    "uses.sum_one": (
        "过去 {days} 天，只有{names}用过你的数据，共 {count} 次。",
        "In the last {days} days only {names} used your data, {count} times.",
    ),
    "uses.sum_no_unit": (
        "过去 {days} 天，没有别的单位用过你的数据；数据中心办理业务时用过 {count} 次。",
        "In the last {days} days no unit used your data; the data center did {count} times.",
    ),
    "uses.sum_none": (
        "过去 {days} 天，除你自己以外没有人用过你的数据。",
        "In the last {days} days nobody but you used your data.",
    ),
    "uses.sum_name": ("{unit}（{count} 次）", "{unit} ({count})"),
    "uses.and_names": ("、", ", "),
    # -- who
    "uses.who.self": ("你自己", "You"),
    "uses.who.person": ("一位教职工", "A member of staff"),
    "uses.who.operator": ("数据中心的管理人员", "The data center's operator"),
    "uses.who.job": ("数据中心", "The data center"),
    "uses.who.office": ("办公系统", "The office system"),
    "uses.who.unknown": ("未识别的来源", "Unknown"),
    "uses.who.analyst": ("{unit}", "{unit}"),
    "uses.who.role": ("{unit}的{role}", "{role} of {unit}"),
    "uses.role.working_group": ("工作小组成员", "working group member"),
    "uses.role.leading_group": ("领导小组成员", "leading group member"),
    "uses.role.auditor": ("审计员", "auditor"),
    "uses.role.supervising_leader": ("主管校领导", "supervising leader"),
    "uses.role.unit_head": ("负责人", "head"),
    "uses.role.unit_officer": ("数据联络人", "data officer"),
    "uses.role.analyst": ("数据分析人员", "analyst"),
    "uses.role.leader": ("校领导", "school leader"),
    "uses.role.counsellor": ("辅导员", "counsellor"),
    "uses.role.staff": ("教职工", "member of staff"),
    "uses.role.student": ("学生", "student"),
    # -- did what
    "uses.did.sql.run": ("查询了包含你的数据", "queried data that include you"),
    "uses.did.sql.run.failed": (
        "查询了包含你的数据，没有得到结果",
        "queried data that include you, without a result",
    ),
    "uses.did.grant.export": ("取走了包含你的数据文件", "took a file of data that include you"),
    "uses.did.grant.build": (
        "为{units}准备了包含你的数据",
        "prepared data that include you for {units}",
    ),
    "uses.units": ("{first}等 {count} 个单位", "{first} and others, {count} units"),
    "uses.did.release.publish": (
        "更新了学校的统计数字，你计算在内",
        "updated the college's figures, which count you",
    ),
    "uses.did.release.rollback": (
        "恢复了以前的统计数字，你计算在内",
        "went back to earlier figures, which count you",
    ),
    "uses.figures": ("只有合计，没有你的姓名", "totals only, without your name"),
    "uses.did.mart.read": (
        "读取了包含你的历史数据",
        "read data of a past day that include you",
    ),
    "uses.did.colleague.find": (
        "填申请表时按号码查到了你",
        "found you by your number while filling in an application",
    ),
    "uses.did.application.check": (
        "在申请表里填了你，系统核对了你的姓名",
        "named you in an application; your name was checked",
    ),
    "uses.did.application.read": (
        "看了写有你姓名的数据申请",
        "read a data application that names you",
    ),
    "uses.did.application.print": (
        "打印了写有你姓名的数据申请",
        "printed a data application that names you",
    ),
    "uses.did.attachment.read": (
        "看了与你有关的纸质材料扫描件",
        "looked at a scanned paper that concerns you",
    ),
    "uses.did.undertaking.print": (
        "打印了你的保密承诺书",
        "printed your confidentiality undertaking",
    ),
    "uses.did.undertaking.sign": (
        "登记了你的保密承诺书",
        "registered your confidentiality undertaking",
    ),
    "uses.did.undertaking.end": (
        "终止了你的保密承诺书",
        "ended your confidentiality undertaking",
    ),
    "uses.did.notice.send": ("给你发了提醒邮件", "mailed you a reminder"),
    "uses.did.grant.trace": (
        "追查一份数据文件的来源时查到了你的领取记录",
        "found your download while tracing a file",
    ),
    "uses.did.person.protected": (
        "查看了受保护人员名单，你在其中",
        "looked at the list of protected people, which names you",
    ),
    "uses.did.person.protect": ("为你加上了保护标记", "marked you as protected"),
    "uses.did.person.unprotect": ("取消了你的保护标记", "ended your protection"),
    "uses.did.person.disable": ("停用了你的登录", "disabled your sign-in"),
    "uses.did.person.enable": ("恢复了你的登录", "enabled your sign-in again"),
    "uses.did.audit.read": (
        "查阅了审计日志，其中有你的记录",
        "read the audit log, which names you",
    ),
    "uses.did.role.appoint": ("调整了你的岗位职责", "changed an appointment of yours"),
    "uses.did.role.end": ("调整了你的岗位职责", "changed an appointment of yours"),
    "uses.did.role.delegate": ("请你代为签批", "asked you to sign on their behalf"),
    "uses.did.session.open": ("登录", "signed in"),
    "uses.did.session.end": ("退出登录", "signed out"),
    "uses.did.session.refuse": ("登录被拒绝", "was refused a sign-in"),
    "uses.did.identity.rebind": (
        "用你以前的学号或工号登录",
        "signed in with a number that was yours",
    ),
    "uses.did.personal.read": ("看了你的数据", "looked at your data"),
    "uses.did.personal.page": ("打开了{page}", "opened {page}"),
    # -- families of actions, for what has no sentence of its own
    "uses.family.correction": (
        "处理了你提交的“这项有误”",
        "dealt with what you reported as wrong",
    ),
    "uses.did.correction.reported": ("报告了一项数据有误", "reported an error"),
    "uses.did.correction.read": (
        "查看了你提交的“这项有误”",
        "opened what you reported as wrong",
    ),
    "uses.did.correction.check": (
        "核对了你报告的数据是否已更正",
        "checked whether what you reported was corrected",
    ),
    "uses.did.correction.tell": (
        "通知了曾按授权取得旧数据的单位",
        "told a unit that had the old value under a grant",
    ),
    "uses.family.archive": ("为你准备了数据下载", "prepared your data for download"),
    "uses.family.own": ("办理了你自己填报的信息", "handled what you keep up yourself"),
    "uses.family.other": ("办理了与你有关的事项", "did something that concerns you"),
    # -- which, for what
    "uses.items": ("涉及：{items}", "Items: {items}"),
    "uses.items_more": ("{items}等 {count} 项", "{items} and others, {count} in all"),
    "uses.for": ("为了：{purpose}", "For: {purpose}"),
    "uses.purpose": ("{text}（{kind}）", "{text} ({kind})"),
    "uses.application": ("申请 {number}", "application {number}"),
    "uses.by_operator": ("由数据中心经办", "carried out by the data center"),
    "uses.times": ("{count} 次", "{count} times"),
    "uses.and": ("，", ", "),
    "uses.duty": ("工作职责", "duty of office"),
    "uses.name_only": ("只涉及你的姓名、号码和单位", "your name, number and unit only"),
    "uses.silent": (
        "依照法律文书的要求，到{day}为止不能告知你，所以过后才显示。",
        "By a legal order this could not be told up to {day}, so it was shown only after that.",
    ),
    "uses.purpose.teaching": ("教学", "teaching"),
    "uses.purpose.research": ("科研", "research"),
    "uses.purpose.management": ("管理", "management"),
    "uses.purpose.correction": ("核对更正", "correcting data"),
    "uses.purpose.legal_case": ("司法案件", "legal case"),
    # -- what was approved
    "uses.approved": ("批准了什么", "What was approved"),
    "uses.approved.unit": ("申请单位", "Applicant unit"),
    "uses.approved.vendor": ("受托公司", "Company commissioned"),
    "uses.approved.purpose": ("用途", "Purpose"),
    "uses.approved.items": ("你的数据项", "Your items"),
    "uses.approved.term": ("期限", "Term"),
    "uses.approved.span": ("{begins} 至 {ends}", "{begins} to {ends}"),
    # -- nothing, and what is not here
    "uses.none": ("这段时间没有记录", "Nothing in this time"),
    "uses.none_body": (
        "换一个时间或类别看看。每次使用都会在这里留下一行。",
        "Choose another time or kind. Every use leaves a line here.",
    ),
    "uses.about": ("怎样读这份记录", "How to read this record"),
    "uses.about.names": (
        "别人写的是单位和岗位，不写姓名：那也是他们的个人信息。有疑问可以请工作小组核查到人。",
        "Others appear by unit and role, not by name: a name is personal data too. "
        "If in doubt, ask the working group, which can look up who it was.",
    ),
    "uses.about.include": (
        "“包含你”是说：那次能读到的数据里有你的一行；结果里不一定有你。",
        "“Include you” means that a row of yours could be read then; the result need not show it.",
    ),
    "uses.about.silent": (
        "法律要求暂时保密的（例如司法机关办案），要等期限过后才显示，并写明原因。",
        "What the law keeps confidential for a time (a court's case) is shown after that, "
        "with the reason.",
    ),
    "uses.about.rights": (
        "你有权知道、查阅和要求解释（个人信息保护法第四十四、四十五、四十八条）。",
        "You have the right to know, to consult and to have it explained "
        "(Personal Information Protection Law, Articles 44, 45 and 48).",
    ),
    "uses.about.classes": (
        "不逐人列出的：数据接收与核对、退回责任单位更正的行、各级公开的统计数字、办事人员的公务签字。",
        "Not listed person by person: taking data in and checking it, rows sent back to their "
        "owner unit, published figures, signatures given in office.",
    ),
}
