"""What the site says of data that stand apart, of protection and of who has left."""

from __future__ import annotations

__all__ = ["PROTECTION"]

PROTECTION: dict[str, tuple[str, str]] = {
    # -- mental health: the person's own page
    "page.my_care": ("心理健康", "Wellbeing"),
    "mine.intro": (
        "测评、咨询和关注记录单独存放，点开才显示，离开这一页就收起。",
        "Screenings, sessions and alerts are kept apart. They show when you open them, and close "
        "when you leave this page.",
    ),
    "mine.who": (
        "只有你和为你咨询的老师能看。领导、管理员、审计员和数据申请都看不到，也不会授权给任何单位。",
        "Only you and your own counsellor can see them. No leader, operator, auditor or "
        "application gets them.",
    ),
    "mine.open": ("打开我的记录", "Open my records"),
    "mine.shut": ("先看看周围有没有别人", "Check who can see your screen first"),
    "mine.none": ("没有记录", "No records"),
    "mine.none_body": (
        "学校没有存你的心理测评、咨询或关注记录。",
        "The college holds no screening, session or alert about you.",
    ),
    "mine.alerts": ("关注", "Alerts"),
    "mine.sessions": ("咨询", "Sessions"),
    "mine.screenings": ("测评", "Screenings"),
    "mine.sessions_note": (
        "只记咨询的时间和类别，不记谈话内容。",
        "Dates and kinds only; nothing of what was said.",
    ),
    "mine.since": ("{day}起", "since {day}"),
    "mine.closed": ("{day}解除", "closed {day}"),
    "mine.stands": ("关注中", "open"),
    "mine.referred": ("已转介", "referred"),
    "mine.invalid": ("无效测评，没有结果", "not valid, no result"),
    "mine.talk": ("约谈", "asked to talk"),
    "mine.with": ("咨询老师：{name}", "with {name}"),
    "mine.openings": ("谁打开过", "Who opened them"),
    "mine.no_openings": ("除了你自己，没有人打开过。", "Nobody but you has opened them."),
    "mine.listed": ("在来访者名单里看到你", "saw you on the list of cases"),
    "mine.opened": ("打开了你的记录：{reason}", "opened your records: {reason}"),
    "mine.somebody": ("咨询老师", "A counsellor"),
    "mine.help": (
        "急需帮助时，请直接联系学校心理中心或校园报警电话；这一页没有人值守。",
        "If you need help now, call the counselling centre or campus security: nobody watches "
        "this page.",
    ),
    # -- the counsellor's cases
    "page.care": ("我的来访者", "My cases"),
    "care.intro": (
        "你是最近一次咨询登记的老师，才在这里看到这名学生。末次咨询或解除关注 {days} 天后，"
        "或学生换了老师，或你离开了岗位，就看不到了。",
        "Students whose latest session on record is with you. A case leaves this list {days} days "
        "after the latest session or the end of the alert, with a session with somebody else, or "
        "when you leave your post.",
    ),
    "care.told": (
        "每次查看都记入日志，学生本人能看到是谁、什么时候、为了什么。",
        "Each look is on record, and the student sees who, when and for what.",
    ),
    "care.none": ("没有来访者", "No open cases"),
    "care.none_body": (
        "名单按每日更新的咨询记录生成。",
        "The list follows the counselling records, updated daily.",
    ),
    "care.last": ("末次咨询 {day}", "last session {day}"),
    "care.until": ("可查看到 {day}", "open until {day}"),
    "care.alert": ("关注中", "alert open"),
    "care.choose": ("打开一名来访者的记录", "Open a student's records"),
    "care.student": ("来访者", "Student"),
    "care.purpose": ("为了什么", "What for"),
    "care.purpose.session": ("准备或记录咨询", "preparing or noting a session"),
    "care.purpose.crisis": ("危机干预", "crisis intervention"),
    "care.purpose.referral": ("转介", "referral"),
    "care.purpose.follow_up": ("回访", "follow-up"),
    "care.open": ("打开", "Open"),
    "care.close": ("收起", "Close"),
    "care.no_purpose": ("先选为了什么。", "Choose what for first."),
    "care.gone": (
        "这名学生已不在你的名单里，没有打开。",
        "That student is no longer on your list; nothing was opened.",
    ),
    # -- protection
    "page.my_protection": ("保护", "Protection"),
    "guard.intro": (
        "谁在查询、名单和授权数据里不出现，由谁负责，到什么时候。",
        "Who is left out of searches, lists and granted data, on whose word and until when.",
    ),
    "guard.me": ("你受保护", "You are protected"),
    "guard.me_body": (
        "别人按学号或工号查不到你，名单、申请表和授权数据里没有你，别人的页面上也不显示你的姓名。"
        "你签过的字仍然署名；统计数字仍然把你计算在内，但不指名。",
        "Nobody finds you by your number; lists, forms and granted data leave you out, and others' "
        "pages do not name you. What you signed bears your name, and figures count you unnamed.",
    ),
    "guard.by": ("负责单位", "Answered for by"),
    "guard.owner": ("负责人", "Person"),
    "guard.since": ("开始", "Since"),
    "guard.until": ("结束", "Until"),
    "guard.open_end": ("没有定结束日期", "No day set"),
    "guard.change": (
        "要延长或结束，请找负责人；学校不向任何人说明原因。",
        "To prolong or end it, turn to that person. The reason is told to nobody.",
    ),
    "guard.answers": ("由你负责的受保护人", "People you answer for"),
    "guard.answers_body": (
        "只有你和本人看得到。必须知情的单位由你告知；每次查看都记入日志，本人能看到。",
        "Seen by you and by them. You tell those who must know. Each look is on record and they "
        "see it.",
    ),
    "guard.minor": ("你未满 18 岁", "You are under 18"),
    "guard.minor_body": (
        "在你 {day} 满 18 岁之前，申请数据的单位要在申请里写明为什么需要未成年人的数据，"
        "每一位审批人都会看到；没有写，数据里就没有你。",
        "Until you turn 18 on {day}, an application must say why it needs people under age, and "
        "every signer reads it. Where it does not, its data leave you out.",
    ),
    "guard.child_body": (
        "未满 14 岁的，处理你的信息还要你的父母或其他监护人同意（个人信息保护法第三十一条）。",
        "Below 14 your parents or guardians must consent as well (PIPL Article 31).",
    ),
    # -- people under eighteen in an application
    "app.minors": ("含未满 18 岁的人，理由", "With people under 18, because"),
    "form.minors": ("需要未满 18 岁的人的数据吗？为什么", "Are people under 18 needed, and why"),
    "form.minors_help": (
        "不填，授权就不含未满 18 岁的人；填了，理由会给每一位审批人看。",
        "Left empty, the grant holds nobody under 18. Every signer reads the reason.",
    ),
    # -- who has left
    "page.my_kept": ("还保存什么", "What is kept"),
    "kept.banner": (
        "你已于{day}离校。这里只显示按保存期限还留着的数据。",
        "You left on {day}. What may still be kept of you is shown here.",
    ),
    "kept.intro": (
        "{day}离校。每类数据保存多久由它的数据标准规定；到期的不再显示。",
        "You left on {day}. How long each kind is kept is in its contract; what is over is not "
        "shown any more.",
    ),
    "kept.why": ("保存多久", "How long"),
    "kept.forever": ("长期保存", "Kept for good"),
    "kept.until": ("保存到 {day}", "Kept until {day}"),
    "kept.open": ("还没有开始计算期限", "The span has not begun"),
    "kept.rows": ("{count} 条", "{count} rows"),
    "kept.over": (
        "全部到期以后，这个账号就不能再登录查看了。",
        "When all of it is over, this account opens nothing here any more.",
    ),
    "over.title": ("学校已不再保存你的数据", "Nothing of yours is kept any more"),
    "over.body": (
        "你已离校，各类数据的保存期限都已到期，这里没有可以给你看的了。"
        "需要证明材料的，请联系学校档案馆。",
        "You have left, and the retention of all that was held on you is over. Ask the college "
        "archive for certificates.",
    ),
    "uses.family.care": (
        "查看了须单独打开的数据",
        "looked at data that are opened separately",
    ),
    "uses.purpose.care": ("履行本岗位对你的职责", "their duty towards you"),
}
