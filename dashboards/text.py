"""What the site says, in Chinese and English. One line here per sentence, never two in pages.

Labels that come with the data (code tables, names of colleges and items) stay as the owner units
wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from dashboards.text_briefing import BRIEFING
from dashboards.text_earlier import EARLIER
from dashboards.text_exports import EXPORTS
from dashboards.text_governance import GOVERNANCE
from dashboards.text_life import LIFE
from dashboards.text_ministry import MINISTRY
from dashboards.text_overview import OVERVIEW
from dashboards.text_own import OWN
from dashboards.text_paper import PAPER
from dashboards.text_protection import PROTECTION
from dashboards.text_statistics import STATISTICS
from dashboards.text_study import STUDY
from dashboards.text_tickets import TICKETS
from dashboards.text_uses import USES
from dashboards.text_work import WORK

__all__ = ["LANGUAGES", "TEXT", "language", "read_language", "say", "spoken", "switch_language"]

LANGUAGES = ("zh", "en")
_KEY = "language"

TEXT: dict[str, tuple[str, str]] = {
    # -- pages
    "page.public": ("公开统计", "Public figures"),
    "page.statistics": ("数据总览", "Statistics"),
    "page.me": ("我的数据", "My data"),
    "page.overview": ("概览", "Overview"),
    "page.study": ("学习", "Study"),
    "page.work": ("工作", "Work"),
    "page.life": ("生活", "Life"),
    "page.basics": ("基本信息", "Basics"),
    "page.uses": ("谁用过我的数据", "Who used my data"),
    "page.sql": ("查询", "Query"),
    "page.signing": ("数字签认", "Sign figures"),
    "bar.me": ("我的", "Mine"),
    "bar.more": ("更多", "More"),
    "bar.public": ("公开", "Public"),
    "bar.statistics": ("总览", "Figures"),
    # -- frame
    "frame.sign_in": ("登录", "Sign in"),
    "frame.sign_in_sso": ("用统一身份认证登录", "Sign in with your campus account"),
    "frame.sign_out": ("退出", "Sign out"),
    "frame.other_language": ("EN", "中"),
    "frame.other_language_help": ("Read in English", "用中文看"),
    "frame.as_of": ("数据截至 {moment}", "Data as of {moment}"),
    "frame.checks_failing": (
        "{count} 项检查未通过，相关数字可能要更正",
        "{count} checks have not passed; some figures may be corrected",
    ),
    "frame.more": ("更多页面", "More pages"),
    # -- states
    "ended.title": ("已退出", "You are signed out"),
    "ended.body": (
        "这次登录已经结束。请重新登录，登录后回到这一页。",
        "This sign-in has ended. Sign in again to come back to this page.",
    ),
    "signin.title": ("先登录，再看这一页", "Sign in to see this page"),
    "signin.body": (
        "这里只显示与你有关的数据。登录后回到这一页。",
        "This page shows what concerns you. You come back here after signing in.",
    ),
    "refused.title": ("你不能打开这一页", "This page is not open to you"),
    "refused.body": (
        "这一页按岗位职责开放。需要的话，请向数据集成与信息维护工作小组申请。",
        "This page opens by office held. If you need it, ask the data working group.",
    ),
    "door.title": ("这里没有找到你", "We did not find you here"),
    "door.body": (
        "统一身份认证已通过，但你的工号或学号在本次发布的数据里没有唯一对应的人，或已被停用。"
        "请联系人事处或学生处核对。",
        "Your campus account is fine, but your number matches no single person in the current "
        "data, or has been disabled. Ask the HR office or the student affairs office.",
    ),
    "away.title": ("数据暂时读不到", "The data cannot be read just now"),
    "away.body": (
        "数据服务没有应答。请过几分钟再试；一直这样的话，请告诉信息化部门。",
        "The data service does not answer. Try again in a few minutes.",
    ),
    "fault.title": ("这一页出了错", "This page failed"),
    "fault.body": (
        "问题已记录（不含你的数据）。请再试一次；一直这样的话，请告诉信息化部门。",
        "The fault is noted, without your data. Try again, or tell the IT department.",
    ),
    "away.retry": ("再试一次", "Try again"),
    "question.refused": ("这个请求不能执行", "This request was refused"),
    "to.start": ("回到首页", "Back to start"),
    # -- public and statistics
    "public.intro": (
        "全校主要数据，不用登录。少于 10 人的数字不公开。",
        "Main figures of the college, open to all. Cells of fewer than 10 people are left out.",
    ),
    "public.sign_in": (
        "师生登录后，可以看到学校存有的、与自己有关的全部数据，以及谁用过这些数据。",
        "Staff and students who sign in see all data the college holds on them, and its uses.",
    ),
    "public.definitions": ("定义、出处和签认", "Definitions, sources and sign-off"),
    "public.source": ("出处：{source}（{certainty}）", "Source: {source} ({certainty})"),
    "public.owners": ("责任单位：{owners}", "Owner units: {owners}"),
    "public.none": ("还没有公开的数字", "No public figures yet"),
    "public.none_body": (
        "第一次发布数据后，这里会出现全校主要数据。",
        "Figures appear here after the first release.",
    ),
    "stat.title": ("学校数据总览", "College at a glance"),
    "stat.subtitle": ("箭头与上一期相比，其后为目标", "Arrows compare with the period before"),
    "stat.period": ("时期", "Period"),
    "stat.unit": ("范围", "Scope"),
    "stat.indicator": ("指标", "Indicator"),
    "stat.school": ("全校", "Whole college"),
    "stat.back": ("返回{unit}", "Back to {unit}"),
    "stat.by_college": ("{indicator}：各学院", "{indicator} by college"),
    "stat.by_major": ("{indicator}：{unit}各专业", "{indicator}: majors of {unit}"),
    "stat.over_years": ("{indicator}：历年", "{indicator} over the years"),
    "stat.bar_note": (
        "{period}。短竖线：上一期。点条形看下一级。",
        "{period}. Small tick: period before. Select a bar to look inside.",
    ),
    "stat.bar_note_leaf": ("{period}。短竖线：上一期。", "{period}. Small tick: period before."),
    "stat.bar_note_target": (
        "虚线：目标 {target}。赭红：未达到。",
        "Dashed: target {target}. Rust: not met.",
    ),
    "stat.none_here": (
        "这个指标在这一级没有数字。请换一个范围或指标。",
        "This indicator has no figures at this level. Choose another scope or indicator.",
    ),
    "stat.suppressed": ("已按保密要求隐去", "Withheld for confidentiality"),
    "stat.suppressed_card": ("已隐去", "Withheld"),
    "stat.suppressed_units": (
        "已按保密要求隐去：{units}。",
        "Withheld for confidentiality: {units}.",
    ),
    "stat.trend_note": (
        "按每年 9月30日的在册情况；最后一期到数据截止日。",
        "As registered on 30 September of each year; the last period runs to the data's date.",
    ),
    "stat.rows": ("统计数据", "Statistics on"),
    "stat.row.A2-16": ("学校基本情况", "College profile"),
    "stat.row.A2-17": ("师生", "People"),
    "stat.row.A2-18": ("房产", "Space"),
    "stat.row.A2-19": ("资产", "Assets"),
    "stat.row.A2-20": ("科研", "Research"),
    "stat.row.A2-21": ("财务", "Finance"),
    "stat.row.A2-22": ("教学", "Teaching"),
    "stat.row.A2-23": ("生活", "Life"),
    "stat.watch_none": (
        "有目标的指标都已达到。",
        "All indicators with a target meet it.",
    ),
    "stat.look": ("查看", "Look"),
    "state.good": ("达标", "Met"),
    "state.watch": ("需关注", "Watch"),
    "state.bad": ("未达标", "Not met"),
    "state.plain": ("口径", "Source"),
    "certainty.mark_remembered": ("凭记忆，未核对", "remembered, not checked"),
    "certainty.mark_read": ("已核对", "checked"),
    "receipt.state": ("状态", "State"),
    "receipt.definition": ("定义", "Definition"),
    "receipt.basis": ("依据", "Basis"),
    "receipt.certainty": ("把握", "Certainty"),
    "receipt.owners": ("责任单位", "Owner units"),
    "receipt.as_of": ("数据截至", "As of"),
    "receipt.target": ("目标", "Target"),
    "receipt.fraction": ("分子 ÷ 分母", "Numerator ÷ denominator"),
    "receipt.batches": ("批次", "Batches"),
    "receipt.batches_value": (
        "{count} 批，最近一批 {moment}；{rows} 行入库，{refused} 行退回",
        "{count}, the latest {moment}; {rows} rows taken, {refused} refused",
    ),
    "receipt.checks": ("检查", "Checks"),
    "receipt.checks_value": (
        "{passing} 项通过，{failing} 项未通过",
        "{passing} passed, {failing} not",
    ),
    "receipt.note": ("说明", "Note"),
    "receipt.signed": ("签认", "Signed"),
    "signed.signed": ("已签认", "Signed"),
    "signed.unsigned": ("未签认", "Unsigned"),
    "signed.changed": ("签认后有变", "Changed since signed"),
    "signed.rejected": ("有异议", "Rejected"),
    "signed.running": ("进行中", "Not over yet"),
    "signed.unknown": ("签认情况读不到", "Signatures not readable"),
    "signing.intro": (
        "附件 2 把这些统计数字交给你单位负责。看过之后签认，或写明哪里不对。",
        "Annex 2 makes your unit answer for these figures. Look through them, then sign or object.",
    ),
    "signing.none": ("没有要你签认的数字", "Nothing for you to sign"),
    "signing.none_body": (
        "你的单位不在附件 2 第 16–23 行的责任单位之中。",
        "Your unit is not among those of annex 2, rows 16–23.",
    ),
    "signing.sheet": ("数据与时期", "Dataset and period"),
    "signing.unit": ("代表", "On behalf of"),
    "signing.others": ("各责任单位", "Owner units"),
    "signing.said": ("{state}，{moment}", "{state}, {moment}"),
    "signing.indicator": ("指标", "Indicator"),
    "signing.scope": ("范围", "Scope"),
    "signing.value": ("数值", "Value"),
    "signing.fraction": ("分子 ÷ 分母", "Numerator ÷ denominator"),
    "signing.level": ("层级", "Level"),
    "signing.level.school": ("全校", "College as a whole"),
    "signing.level.college": ("各学院", "Colleges"),
    "signing.level.major": ("各专业", "Majors"),
    "signing.level.class": ("各班级", "Classes"),
    "signing.reason": ("哪里不对（提出异议时必填）", "What is wrong (needed to object)"),
    "signing.sign": ("签认这一时期的全部数字", "Sign all figures of this period"),
    "signing.reject": ("提出异议", "Object"),
    "signing.running": (
        "这一时期还没有结束，结束后再签认。",
        "This period is not over; it is signed once it is.",
    ),
    "signing.bound": (
        "签认只对现在这些数字有效。以后的发布若与此不同，会显示为“签认后有变”。",
        "A signature holds for these figures. If a later release differs, it shows as changed.",
    ),
    "signing.no_reason": (
        "提出异议时，请写明哪里不对。",
        "To object, say what is wrong.",
    ),
    "signing.moved": (
        "你打开以后，这些数字有了变化。请重新看过再签认。",
        "These figures have changed since you opened them. Look through them again.",
    ),
    "signing.done_signed": ("已记下：签认。", "Recorded: signed."),
    "signing.done_rejected": ("已记下：有异议。", "Recorded: objection."),
    "receipt.sql": ("查看计算语句（SQL）", "Show the calculation (SQL)"),
    "receipt.away": ("口径暂时读不到，请过一会儿再打开。", "Not readable just now, try again."),
    "certainty.read": ("已核对文件原文", "checked against the document"),
    "certainty.name": (
        "名称已核对，公式凭记忆，尚未核对原文",
        "name checked; formula from memory, not yet checked",
    ),
    "certainty.remembered": (
        "部分凭记忆，尚未核对原文",
        "partly from memory, not yet checked against the document",
    ),
    "certainty.ours": ("本校自定，没有上级文件规定", "our own definition"),
    # -- provenance
    "source.updated": ("更新于 {day}", "updated {day}"),
    "source.kept": ("保存：{text}", "kept: {text}"),
    "source.basis": ("为何持有：{text}", "why held: {text}"),
    "source.why": ("为何持有、存多久", "why and how long"),
    "source.items": ("数据项：{text}", "items: {text}"),
    "source.deadline": ("更新期限：{text}", "to be updated by: {text}"),
    # -- own pages
    "me.greeting": ("{name}，{greeting}", "{greeting}, {name}"),
    "me.next": ("接下来", "Next"),
    "me.next_none": ("眼下没有要办的事。", "Nothing is waiting for you."),
    "me.recent_grades": ("最近成绩", "Latest grades"),
    "me.all_grades": ("全部 {count} 门", "All {count}"),
    "me.more": ("查看全部", "See all"),
    "me.timeline": ("在校经历", "Your path here"),
    "me.calendar": ("用餐日历", "Meals day by day"),
    "me.uses": ("谁用过我的数据", "Who used my data"),
    "me.none": ("这一页还没有与你有关的数据", "Nothing here concerns you yet"),
    "me.none_body": (
        "有数据后会自动出现。以为应该有的，请问相应的责任单位。",
        "It appears by itself once there is data.",
    ),
    "next.pay": ("缴清{item} {amount}", "Pay {item} {amount}"),
    "next.pay_note": ("{year} · {owner}", "{year} · {owner}"),
    "next.return": ("归还《{title}》", "Return “{title}”"),
    "next.return_note": ("应还 {day} · {owner}", "due {day} · {owner}"),
    "next.unpaid": ("未缴清", "Not paid"),
    "next.overdue": ("逾期 {days} 天", "{days} days overdue"),
    "next.days": ("{days} 天后", "in {days} days"),
    "next.today": ("今天", "today"),
    "next.retake": ("重修或补考 {course}", "Retake {course}"),
    "next.retake_note": ("{term} 未通过 · {owner}", "not passed in {term} · {owner}"),
    "next.failed": ("未通过", "Not passed"),
    "tile.credits": ("已修学分", "Credits earned"),
    "tile.gpa": ("平均学分绩点", "Grade point average"),
    "tile.gpa_change": ("比上学期 {change}", "{change} on the term before"),
    "tile.gpa_same": ("与上学期持平", "as in the term before"),
    "tile.balance": ("一卡通余额", "Meal card"),
    "tile.month_spend": ("本月用餐 {amount}", "meals this month {amount}"),
    "tile.loans": ("图书在借", "Books on loan"),
    "tile.loans_due": ("最近到期 {day}", "next due {day}"),
    "tile.unpaid": ("待缴费用", "To be paid"),
    "tile.unpaid_none": ("没有欠费", "nothing owed"),
    "tile.classes": ("本学期课堂", "Classes this term"),
    "tile.students": ("{count} 名学生", "{count} students"),
    "tile.position": ("现任岗位", "Post"),
    "tile.since": ("{day}起", "since {day}"),
    "tile.years": ("在校工作", "Years here"),
    "tile.failed": ("{count} 门未通过", "{count} not passed"),
    "tile.all_passed": ("全部通过", "all passed"),
    "unit.yuan": ("元", "yuan"),
    "unit.books": ("本", "books"),
    "unit.classes": ("个", ""),
    "unit.years": ("年", "years"),
    "unit.courses": ("门", ""),
    "unit.credits": ("学分", "credits"),
    "unit.meals": ("餐", "meals"),
    "grade.higher": ("高于约 {share} 的同课同学", "above about {share} of the class"),
    "grade.middle": ("处于中间一半", "within the middle half"),
    "grade.upper": ("高于中间一半", "above the middle half"),
    "grade.lower": ("低于中间一半", "below the middle half"),
    "grade.few": ("同课人数较少，不作比较", "too few in class to compare"),
    "grade.not_passed": ("未通过", "not passed"),
    "grade.parts": ("平时 {usual} · 期末 {final}", "coursework {usual} · exam {final}"),
    "grade.legend": (
        "粗条：同课中间一半同学的分数；竖线：你的分数。少于 10 人的课不作比较。",
        "Thick: scores of the middle half of your class; line: yours. Not shown under 10 people.",
    ),
    "grade.alt": (
        "同课中间一半 {low} 至 {high} 分，你 {mine} 分",
        "middle half {low} to {high}, you {mine}",
    ),
    "study.grades": ("成绩", "Grades"),
    "study.terms": ("各学期", "Term by term"),
    "study.term_choice": ("学期", "Term"),
    "study.all_terms": ("全部学期", "All terms"),
    "study.retake": ("重修", "retake"),
    "study.dropped": ("已退", "dropped"),
    "study.periods": ("第 {start}–{end} 节", "periods {start}–{end}"),
    "study.weeks": ("{weeks} 周", "weeks {weeks}"),
    "study.term_line": (
        "{count} 门 · {credits} 学分 · 未通过 {failed} 门",
        "{count} courses · {credits} credits · {failed} not passed",
    ),
    "study.gpa": ("绩点", "GPA"),
    "life.card": ("一卡通", "Meal card"),
    "life.card_no": ("卡号 {number} · {status}", "card {number} · {status}"),
    "life.transactions": ("最近交易", "Latest transactions"),
    "life.loans": ("借阅", "Books"),
    "life.fees": ("缴费", "Fees"),
    "life.outstanding": ("未缴 {amount}", "{amount} due"),
    "life.paid": ("已缴清", "paid"),
    "life.due_paid": ("应缴 {due} · 已缴 {paid}", "due {due} · paid {paid}"),
    "life.waiver": ("减免 {amount}", "waived {amount}"),
    "life.deferred": ("缓缴至 {day}", "deferred to {day}"),
    "life.on_loan": ("在借", "on loan"),
    "life.returned": ("{day}已还", "returned {day}"),
    "life.borrowed": ("{day}借", "borrowed {day}"),
    "life.due": ("应还 {day}", "due {day}"),
    "life.renewed": ("续借 {count} 次", "renewed {count}×"),
    "life.fine": ("滞纳金 {amount}", "fine {amount}"),
    "life.balance_after": ("余额 {amount}", "balance {amount}"),
    "life.invoice": ("票号 {number}", "receipt {number}"),
    "life.calendar_line": (
        "这 {days} 天里有 {eaten} 天在食堂用餐，平均每天 {mean}。",
        "Meals on {eaten} of these {days} days, {mean} a day on average.",
    ),
    "life.calendar_alt": (
        "每天用餐金额的日历，颜色越深金额越高",
        "Calendar of meal spending; darker means more",
    ),
    "life.calendar_scale": ("元 / 天", "yuan a day"),
    "life.months": ("月份", "Month"),
    "life.latest": ("最近 {count} 笔", "Latest {count}"),
    # -- query bench
    "sql.title": ("查询", "Query"),
    "sql.intro": (
        "只能查授权给你的数据。每次查询都记入审计。",
        "You can query what was granted to you. Each query is audited.",
    ),
    "sql.grant": ("授权", "Grant"),
    "sql.granted": ("{purpose} · {unit} · 用到 {day}", "{purpose} · {unit} · until {day}"),
    "sql.grant_gone": (
        "授权 {id} 不能再用了（终止、到期或冻结），语句没有运行。详见“申请与授权”。",
        "Grant {id} can no longer be used (ended, expired or frozen); nothing was run. "
        "See Applications and grants.",
    ),
    "sql.none": ("你还没有可用的授权", "You have no live grant"),
    "sql.none_body": (
        "数据使用单位提交申请表和保密承诺书，批准后这里会出现可查的表。",
        "After your unit's application and undertaking are approved, its tables appear here.",
    ),
    "sql.tables": ("可查的表", "Tables"),
    "sql.statement": ("查询语句", "Statement"),
    "sql.statement_help": (
        "一条 SELECT。只读，限时 {seconds} 秒，最多 {rows} 行。",
        "One SELECT. Read only, {seconds} s, {rows} rows at most.",
    ),
    "sql.limits": (
        "一次一条 SELECT，只读。时间、行数和大小都有上限，超出会停下并说明。",
        "One SELECT at a time, read only. Time, rows and size are limited; you are told when.",
    ),
    "sql.run": ("运行", "Run"),
    "sql.cancel": ("停止查询", "Cancel"),
    "sql.cancelled": ("查询已停止。", "The query was cancelled."),
    "sql.running": ("正在查询 · {seconds} 秒", "Running · {seconds} s"),
    "sql.waiting": ("排队等候 · {seconds} 秒", "Waiting for a slot · {seconds} s"),
    "sql.no_progress": ("暂时估不出进度。", "No estimate of the progress yet."),
    "sql.empty": ("先写一条 SELECT。", "Write a SELECT first."),
    "sql.result": ("{rows} 行 · {seconds} 秒", "{rows} rows · {seconds} s"),
    "sql.truncated": (
        "结果超过上限，只显示前 {rows} 行。请加条件或先汇总。",
        "Cut at {rows} rows. Add a condition or aggregate.",
    ),
    "sql.no_rows": ("没有符合条件的行。", "No rows match."),
    "sql.first": ("运行后，结果显示在这里。", "Results appear here."),
    "sql.column": ("列", "Column"),
    "sql.type": ("类型", "Type"),
    "sql.meaning": ("含义", "Meaning"),
    "sql.codes": ("代码表", "Codes"),
    "sql.insert": ("放入语句", "Use in statement"),
    "sql.result_alt": ("查询结果表", "Query result"),
    # -- fields
    "field.student_no": ("学号", "Student number"),
    "field.staff_no": ("职工号", "Staff number"),
    "field.name": ("姓名", "Name"),
    "field.sex": ("性别", "Sex"),
    "field.birth_date": ("出生日期", "Date of birth"),
    "field.id_document_type": ("证件类型", "Document"),
    "field.id_card_no": ("证件号", "Document number"),
    "field.ethnicity": ("民族", "Ethnic group"),
    "field.political_affiliation": ("政治面貌", "Political affiliation"),
    "field.native_place": ("籍贯", "Native place"),
    "field.origin_place": ("生源地", "Place of origin"),
    "field.household_type": ("户口性质", "Household type"),
    "field.nationality": ("国籍", "Nationality"),
    "field.student_category": ("学生类别", "Category"),
    "field.cultivation_level": ("培养层次", "Level"),
    "field.entry_mode": ("入学方式", "Entry"),
    "field.entry_date": ("入学日期", "Entered"),
    "field.grade_year": ("年级", "Year of entry"),
    "field.college_name": ("学院", "College"),
    "field.major_name": ("专业", "Major"),
    "field.class_code": ("班级", "Class"),
    "field.school_years": ("学制", "Years of study"),
    "field.expected_graduation": ("预计毕业", "Expected graduation"),
    "field.current_status": ("学籍状态", "Status"),
    "field.register_status": ("注册状态", "Registration"),
    "field.residence_mode": ("住宿方式", "Residence"),
    "field.counselor_name": ("辅导员", "Counsellor"),
    "field.total_credits": ("已修学分", "Credits earned"),
    "field.unit_name": ("部门", "Unit"),
    "field.work_start_date": ("参加工作", "Started work"),
    "field.joined_school_date": ("来校日期", "Joined"),
    "field.teaching_start_month": ("从教起始", "Teaching since"),
    "field.personnel_relation_type": ("人事关系", "Employment"),
    "field.on_post_status": ("在岗状态", "Status"),
    "field.staff_category": ("教职工类别", "Category"),
    "field.staff_source": ("来源", "Came from"),
    "field.left_date": ("离校日期", "Left"),
    "field.leaving_reason": ("离校原因", "Reason"),
    "time.entered": ("入学：{major}", "Entered: {major}"),
    "time.graduate": ("预计毕业", "Expected graduation"),
    "time.joined": ("来校工作", "Joined the college"),
    "time.post": ("任{position}", "{position}"),
    "time.expected": ("{month}（预计）", "{month} (expected)"),
    **EARLIER,
    **BRIEFING,
    **EXPORTS,
    **GOVERNANCE,
    **LIFE,
    **OVERVIEW,
    **PAPER,
    **TICKETS,
    **STATISTICS,
    **STUDY,
    **USES,
    **WORK,
    **PROTECTION,
    **OWN,
    **MINISTRY,
    # -- files
    "file.sign_in": ("请先登录，再打开这个文件。", "Sign in first, then open this file."),
    "file.none": (
        "没有这个文件，或者您不能查看。",
        "There is no such file, or it is not open to you.",
    ),
    "file.away": (
        "文件暂时取不到，请稍后再试。",
        "The file cannot be fetched now; try again later.",
    ),
}


#: Of what is said outside a page's run, where there is no session to ask.
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language() -> str:
    """The reader's language in this session: zh unless they chose en."""
    return _spoken.get() or st.session_state.get(_KEY, "zh")


@contextmanager
def spoken(tongue: str) -> Iterator[None]:
    """Say everything in this language while the block lasts, outside a page's run too."""
    token = _spoken.set(tongue)
    try:
        yield
    finally:
        _spoken.reset(token)


def read_language() -> None:
    """Take the language from the address (`?lang=en`) when it names one."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        st.session_state[_KEY] = asked


def switch_language() -> None:
    """The other language, in the session and in the address."""
    chosen = "en" if language() == "zh" else "zh"
    st.session_state[_KEY] = chosen
    if chosen == "zh":
        st.query_params.pop("lang", None)
    else:
        st.query_params["lang"] = chosen


def say(key: str, /, **values: object) -> str:
    """The sentence in the reader's language, with its blanks filled."""
    sentence = TEXT[key][LANGUAGES.index(language())]
    return sentence.format(**values) if values else sentence
