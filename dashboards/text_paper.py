"""What the site says about signatures on paper, limits of a grant, and deputies."""

from __future__ import annotations

__all__ = ["PAPER"]

PAPER: dict[str, tuple[str, str]] = {
    # -- a signature on paper
    "paper.title": ("纸质签署登记", "Signed on paper"),
    "paper.note": (
        "有人在纸上签了字，在这里登记并上传扫描件，与线上签字同样有效。"
        "登记人不能再对这份申请授权，自己的签字请在线上签。",
        "Enter what was signed on paper, with its scan; it counts as a signature on screen. "
        "Who enters one cannot authorise this application afterwards.",
    ),
    "paper.what": ("签的是什么", "What was signed"),
    "paper.what.stage": ("审批：{stage}", "Decision: {stage}"),
    "paper.what.unit": ("单位承诺书", "Undertaking of the unit"),
    "paper.what.vendor": ("供应商承诺书", "Undertaking of the vendor"),
    "paper.what.person": ("数据使用人承诺书", "Undertaking of a user"),
    "paper.number": ("签字人的学号或工号", "Number of who signed"),
    "paper.decision": ("纸上的意见", "Decision on the paper"),
    "paper.decision.approve": ("同意", "Approve"),
    "paper.decision.return": ("退回修改", "Return"),
    "paper.decision.reject": ("不予批准", "Reject"),
    "paper.scan": (
        "扫描件（PDF、PNG 或 JPEG，20 MB 以内）",
        "Scan (PDF, PNG or JPEG, 20 MB at most)",
    ),
    "paper.enter": ("登记", "Enter"),
    "paper.entered": ("已登记。", "Entered."),
    "paper.no_number": ("填写签字人的学号或工号。", "Give the number of who signed."),
    "paper.no_scan": ("上传签过字的扫描件。", "Upload the scan of the signed paper."),
    "paper.no_picture": (
        "这个文件不是扫描件。请用 PDF、PNG 或 JPEG。",
        "That file is no scan. Use PDF, PNG or JPEG.",
    ),
    "paper.moved": (
        "这份申请已被处理或改动，没有登记。请刷新页面，看过再登记。",
        "It was decided or changed meanwhile; nothing was entered. Reload the page and look again.",
    ),
    "paper.may_not": (
        "没有登记。可能的原因：签字人没有这一步的岗位、与这份申请有关、前面已经签过，"
        "或者你登记过前面的签字，不能登记授权。",
        "Not entered: the signer does not hold this step's role, has a part in the application or "
        "has signed before, or you entered an earlier signature and cannot enter the last one.",
    ),
    "paper.wrong": (
        "没有登记。请核对学号或工号：须是在册的人，不能是你自己；扫描件不超过 20 MB。",
        "Not entered. Check the number (a present member, not yourself) and the scan (20 MB).",
    ),
    # -- limits
    "limits.title": ("每天最多取多少（可不填）", "Most in a day (optional)"),
    "limits.note": (
        "对每个使用人分别计算。不填就没有单独的上限。",
        "Counted for each user. Left empty, the grant has no limit of its own.",
    ),
    "limits.rows_per_day": ("每人每天行数", "Rows per user and day"),
    "limits.exports_per_day": ("每人每天导出次数", "Exports per user and day"),
    "limits.rows_per_day_value": ("{count} 行", "{count} rows"),
    "limits.exports_per_day_value": ("导出 {count} 次", "{count} exports"),
    "limits.each": ("每人每天上限：{limits}", "At most per user and day: {limits}"),
    "app.limits": ("每人每天上限", "Per user and day"),
    # -- deputies
    "deputy.title": ("代办人", "Deputies"),
    "deputy.note": (
        "你不在时，可以请一位同事代你签字，到期自动终止。代签会注明是代你签的。",
        "While you are away a colleague may sign for you until a day. It is noted as for you.",
    ),
    "deputy.role": ("哪个岗位", "Which role"),
    "deputy.role.unit_head": ("单位负责人", "Head of the unit"),
    "deputy.role.supervising_leader": ("主管校领导", "Supervising leader"),
    "deputy.role.leading_group": ("领导小组", "Leading group"),
    "deputy.role.working_group": ("工作小组", "Working group"),
    "deputy.until": ("代到哪一天（含）", "Until (included)"),
    "deputy.add": ("请人代办", "Name a deputy"),
    "deputy.name": ("确定", "Name"),
    "deputy.named": ("已委托。", "Named."),
    "deputy.end": ("终止", "End"),
    "deputy.ended": ("已终止，对方下一次操作就不能再代签。", "Ended at once."),
    "deputy.for": ("你在代 {holder}", "You stand in for {holder}"),
    "deputy.waits": (
        "等对方签保密承诺书，签后生效。",
        "It begins when the deputy has signed the undertaking.",
    ),
    "deputy.by_hr": (
        "你在{units}的负责人身份取自人事系统，不能直接委托。请先联系工作小组登记任命，再来指定代办人。",
        "You head {units} by the HR system's record, which cannot be delegated. Ask the working "
        "group to appoint you first.",
    ),
    "deputy.incomplete": ("填写工号和日期。", "Give a number and a day."),
    "deputy.nobody": (
        "没有找到这个工号的教职工。请核对；新来的人次日才有。",
        "Nobody of the staff is found under that number. New people appear a day later.",
    ),
    "deputy.twice": (
        "这位同事已经在代你办，到期日不同。请先终止，再重新指定。",
        "That person stands in for you already, until another day. End it first.",
    ),
    "deputy.may_not": (
        "没有委托。只能委托你本人的岗位，也不能请审计人员代办。",
        "Not named: only a role of your own can be delegated, and never to an auditor.",
    ),
    "deputy.wrong": (
        "没有委托。请核对：不能是你自己，日期不早于今天。",
        "Not named. It cannot be yourself, and the day cannot be past.",
    ),
}
