"""What the site says about what a person keeps up themselves, takes along, and hands in."""

from __future__ import annotations

__all__ = ["OWN"]

OWN: dict[str, tuple[str, str]] = {
    "basics.part.own": ("我维护的", "Mine to keep up"),
    # -- what is mine to keep up
    "own.items": ("由你自己维护", "Yours to keep up"),
    "own.edit": ("修改", "Change"),
    "own.edit_one": ("修改“{name}”", "Change “{name}”"),
    "own.add": ("添加", "Add"),
    "own.remove": ("删除", "Take out"),
    "own.nothing": ("还没有填写", "Nothing entered yet"),
    "own.save": ("保存", "Save"),
    "own.empty_choice": ("未填", "Not given"),
    "own.required": ("{title}（必填）", "{title} (required)"),
    "own.consent": (
        "{title}：我已告知配偶这些信息会保存在学校，配偶同意",
        "{title}: my spouse has been told that the college keeps this, and consents",
    ),
    "own.saved": (
        "已保存。下一次数据更新后在各系统生效，现在显示为“待生效”。",
        "Saved. It takes effect with the next update; until then it is shown as pending.",
    ),
    "own.after": (
        "修改会作为教职工自助填报的数据交付，通过同样的检查后随下一次更新生效；需要它的单位凭授权取用。",
        "A change is delivered as data of the staff form, passes the same checks, and takes effect "
        "with the next update. Units that need it take it under a grant.",
    ),
    "own.state.pending": ("待生效", "Pending"),
    "own.state.landed": ("已收，待发布", "Taken in, not yet published"),
    "own.state.published": ("已生效", "In effect"),
    "own.state.replaced": ("被更新的数据取代", "Replaced by newer data"),
    "own.state.refused": ("退回", "Came back"),
    "own.was": ("{title}：现在生效的是 {value}", "{title}: in effect now: {value}"),
    "own.ends": ("将删除", "Will be taken out"),
    "own.history": ("修改记录（只有你能看到）", "What I changed (only you see this)"),
    "own.by_me": ("本人", "You"),
    "own.change": ("{title}：{old} → {new}", "{title}: {old} → {new}"),
    "own.removed": ("删除了一条", "Took one out"),
    "own.unchanged": ("没有改动。", "Nothing was changed."),
    "own.stale": (
        "你在另一个窗口里改过同一项。请关闭后重新打开，再改一次。",
        "You changed the same field in another window. Close this and open it again.",
    ),
    "own.refused": ("没有保存：{reason}", "Not saved: {reason}"),
    "own.may_not": (
        "你的身份不能修改这些内容。已离校的请联系人事处。",
        "You may not change these. Who has left writes to the personnel office.",
    ),
    "own.remove_sure": (
        "删除后，下一次数据更新起不再显示。",
        "It is no longer shown from the next update on.",
    ),
    # -- take it with me
    "page.downloads": ("证明与下载", "Certificates and downloads"),
    "down.intro": (
        "把学校保存的关于你的全部数据带走",
        "Take along everything the college holds on you",
    ),
    "down.title": ("我的数据副本", "A copy of my data"),
    "down.what": (
        "一个加密压缩包：一份可以直接阅读的 PDF，加上机器可读的 JSON 和 CSV，包括谁用过你的数据。",
        "One encrypted archive: a PDF to read, and JSON and CSV for machines, with who used your "
        "data.",
    ),
    "down.how": (
        "手机用文件管理器，电脑用 7-Zip、WinRAR 或 Keka 打开。Windows 自带的解压不支持这种加密。",
        "Open it with the file manager of your phone, or with 7-Zip, WinRAR or Keka. What comes "
        "with Windows cannot open this encryption.",
    ),
    "down.rules": (
        "制作后保留 {hours} 小时，每 24 小时最多 {per_day} 份，新的一份会替换旧的。",
        "It is kept for {hours} hours; at most {per_day} in 24 hours, and a new one replaces the "
        "one before.",
    ),
    "down.ask": ("制作副本", "Prepare a copy"),
    "down.again": ("重新制作", "Prepare another"),
    "down.preparing": (
        "正在制作：第 {done} 步，共 {steps} 步",
        "Preparing: step {done} of {steps}",
    ),
    "down.is_ready": ("已制作好", "Ready"),
    "down.ready": ("{size}，{until} 前可下载", "{size}, until {until}"),
    "down.fetch": ("下载压缩包", "Download the archive"),
    "down.password": (
        "密码只显示这一次，学校不保存。请现在记下来：",
        "The password is shown this once and kept nowhere. Write it down now:",
    ),
    "down.noted": ("我已记下密码", "I have written it down"),
    "down.lost": (
        "忘记密码就打不开了，可以重新制作一份。",
        "Without the password it cannot be opened; prepare another one then.",
    ),
    "down.failed": (
        "上次没有制作成功，请再试一次；不计入次数。",
        "The last one could not be prepared; try again, it does not count.",
    ),
    "down.interrupted": (
        "制作时系统重新启动，已中断。请再制作一份；不计入次数。",
        "The system was started anew meanwhile, so it was interrupted. Prepare another; it does "
        "not count.",
    ),
    "down.expired": ("上一份已过期并删除。", "The last one has expired and was removed."),
    "down.too_often": (
        "今天的次数用完了，明天再来。",
        "That was all for today; come back tomorrow.",
    ),
    "down.busy": ("已有一份正在制作。", "One is being prepared already."),
    # -- what a unit hands in
    "page.hand_in": ("交付", "Hand in"),
    "hand.intro": (
        "附件 3 规定由本单位维护、有开放时间的数据项",
        "Items of annex 3 that your unit keeps up, and when they are open",
    ),
    "hand.item": ("{items}　完成时间：{deadline}", "{items} · due: {deadline}"),
    "hand.always": ("长期开放", "Always open"),
    "hand.open_until": ("{day}前开放", "Open until {day}"),
    "hand.opens": ("{day}开放修改", "Opens on {day}"),
    "hand.file": ("选择文件（CSV、XLSX，20 MB 以内）", "Choose a file (CSV, XLSX, 20 MB at most)"),
    "hand.send": ("交付", "Hand in"),
    "hand.no_file": ("请先选择文件。", "Choose a file first."),
    "hand.sent": (
        "已收到，下一次数据更新时检查。检查结果会显示在这里。",
        "Received. It is checked at the next update; the result is shown here.",
    ),
    "hand.closed": ("现在不开放：{day}开放修改。", "Closed now: opens on {day}."),
    "hand.refused": ("没有收下：{reason}", "Not taken: {reason}"),
    "hand.snapshot": (
        "这张表是全量：文件要包含全部现有数据，没有的行视为已结束。",
        "This table is whole each time: rows that the file leaves out end.",
    ),
    "hand.last": ("最近的交付", "Latest deliveries"),
    "hand.waiting": ("{count} 个文件等待检查", "{count} file(s) wait to be checked"),
    "hand.accepted": ("{rows} 行收下，{refused} 行退回", "{rows} rows taken, {refused} came back"),
    "hand.duplicate": ("与以前交付的相同", "Same as delivered before"),
    "hand.whole": ("整个文件被退回", "The whole file came back"),
    "hand.none": ("没有由本单位在这里交付的数据", "Nothing is handed in here by your unit"),
    "hand.none_body": (
        "由业务系统自动交付的数据不在这里。",
        "What systems deliver by themselves is not here.",
    ),
    "refused.too_often": ("次数太多，请过一会儿再试。", "Too often; try again later."),
}
