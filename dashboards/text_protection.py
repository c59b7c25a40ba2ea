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
