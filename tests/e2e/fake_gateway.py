# ruff: noqa: E501
"""A stand-in for the gateway: the same routes and shapes, invented people, no files.

Lets the pages be looked at and tested without a built college:
`python tests/e2e/fake_gateway.py SOCKET`. It believes every token; the real gateway does not.
"""

from __future__ import annotations

import base64
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

RELEASE = {
    "id": "20261120T181000Z-0a1b2c3d",
    "as_of": "2026-11-19T18:10:00+00:00",
    "published_at": "2026-11-19T18:31:00+00:00",
    "failing_checks": 0,
}
COLLEGES = {
    "01": "信息工程学院",
    "02": "机械工程学院",
    "03": "经济贸易学院",
    "04": "土木工程学院",
    "05": "化工食品学院",
    "06": "文化传媒学院",
    "07": "艺术设计学院",
    "08": "外国语学院",
}
PEOPLE = {
    "leader": {
        "person": {"name": "周立言", "kinds": ["staff"]},
        "roles": [{"role": "leader", "unit": None}],
    },
    "student": {"person": {"name": "林晓雨", "kinds": ["student"]}, "roles": []},
    "staff": {"person": {"name": "许静", "kinds": ["staff"]}, "roles": []},
    "analyst": {
        "person": {"name": "高远", "kinds": ["staff"]},
        "roles": [{"role": "analyst", "unit": None}],
    },
}
MY = ["overview", "study", "work", "life", "basics", "uses"]
ENDED: set[str] = set()


def indicator(id, name, name_en, unit, formula, **extra):
    return {
        "id": id,
        "name": name,
        "name_en": name_en,
        "row_code": "A2-16",
        "formula": formula,
        "unit": unit,
        "direction": "neutral",
        "source": "教发〔2004〕2号 普通高等学校基本办学条件指标（试行）",
        "certainty": "read",
        "note": None,
        "target": None,
        "target_operator": None,
        "target_text": None,
        "owners": ["学生处"],
        "class": "plain",
        "periods": 4,
        "levels": ["school", "college", "major"],
        "inputs": ["student_status.student_category", "student_status.current_status"],
        "model": "int_students__enrolled",
        **extra,
    }


INDICATORS = [
    indicator("students_enrolled", "在校学生数", "Students enrolled", "人", "有学籍并在校的学生人数"),
    indicator(
        "staff_employed", "教职工数", "Staff employed", "人", "在岗教职工人数", owners=["人事处"],
        levels=["school", "college"],
    ),
    indicator(
        "full_time_teachers", "专任教师数", "Full-time teachers", "人", "类别为专任教师的在岗教职工人数",
        certainty="ours", owners=["人事处"], levels=["school", "college"],
    ),
    indicator(
        "student_teacher_ratio", "生师比", "Students per teacher", "比值（x:1）",
        "折合在校生数 ÷ 教师总数；教师总数 = 专任教师数 + 聘请校外教师数×0.5", direction="lower", target=18.0,
        target_operator="<=", target_text="本科综合/工科 ≤18 合格；>22 限制招生（22 remembered）",
        owners=["人事处", "学生处"], levels=["school", "college"],
    ),
    indicator(
        "undergraduate_share", "本科生占全日制在校生总数的比例", "Share of undergraduates", "%",
        "普通本科生数 ÷ 全日制在校生数 × 100", levels=["school"],
    ),
    indicator(
        "tuition_collection_rate", "学费收缴率", "Tuition collected", "%", "实收 ÷ 应收 × 100",
        direction="higher", target=95.0, target_operator=">=", owners=["财务处"], certainty="ours",
    ),
    indicator(
        "meal_spend_per_student_month", "生均月用餐支出", "Meals per student and month", "元",
        "食堂消费 ÷ 学生数 ÷ 月数", owners=["后勤服务中心"], certainty="ours", levels=["school", "college"],
    ),
    indicator(
        "loans_per_student", "生均借阅量", "Loans per student", "册/生", "借阅册次 ÷ 在校学生数",
        owners=["图书馆"], direction="higher", levels=["school", "college"],
    ),
]  # fmt: skip
PERIODS = ["2023", "2024", "2025", "2026-11-20"]


def values(levels=("school", "college", "major")):
    rows = []
    base = {
        "students_enrolled": 13000,
        "staff_employed": 1020,
        "full_time_teachers": 716,
        "student_teacher_ratio": 17.6,
        "undergraduate_share": 96.1,
        "tuition_collection_rate": 91.0,
        "meal_spend_per_student_month": 512.0,
        "loans_per_student": 6.2,
    }
    for item in INDICATORS:
        for number, period in enumerate(PERIODS):
            random = Random(f"{item['id']}{period}")
            value = base[item["id"]] * (1 + 0.013 * number + random.uniform(-0.004, 0.004))
            people = item["unit"] == "人"
            for level in set(item["levels"]) & set(levels):
                units = (
                    [(None, "全校", None)]
                    if level == "school"
                    else [(code, name, "school") for code, name in COLLEGES.items()]
                    if level == "college"
                    else [(f"{c}{n}", f"专业{c}{n}", c) for c in COLLEGES for n in range(1, 4)]
                )
                for place, (code, name, parent) in enumerate(units):
                    factor = 1 if level == "school" else 1 + (3.5 - place % 8) / 20
                    cell = value * factor
                    if people:
                        cell = round(cell / len(units))
                    rows.append(
                        {
                            "indicator": item["id"],
                            "period": period,
                            "level": level,
                            "unit": code or "school",
                            "unit_name": name,
                            "parent_unit": parent,
                            "numerator": cell,
                            "denominator": None,
                            "value": cell,
                            "as_of_date": f"{period}-09-30" if len(period) == 4 else "2026-11-20",
                        }
                    )
    return rows


def source(owner, name, items=("学生基本信息",)):
    return {
        "items": [{"code": f"A3-{n:02d}", "name": item} for n, item in enumerate(items, 1)],
        "owner": owner,
        "source_name": name,
        "updated_at": "2026-11-19T18:10:00+00:00",
        "cadence": "daily",
        "legal_basis": "履行法定职责所必需",
        "retention": "毕业后长期",
        "deadline": None,
    }


def table(rows, owner, name):
    return {"rows": rows, "total": len(rows), "provenance": source(owner, name)}


def student_tables():
    random = Random(7)
    courses = [
        "数据库系统原理",
        "操作系统",
        "概率论与数理统计",
        "大学英语（四）",
        "计算机网络",
        "软件工程",
    ]
    grades = [
        {
            "term_code": f"2025-2026-{1 + n % 2}", "class_no": f"C{n}", "course_code": f"K{n}",
            "course_name": course, "credits": 2.0 + n % 3, "exam_nature": "正常考试", "usual_score": 88.0,
            "final_score": 84.0, "total_score": score, "grade_label": None, "grade_point": score / 25,
            "credits_earned": 2.0 + n % 3, "passed": score >= 60, "recorded_at": "2026-07-14T02:00:00",
            "class_count": 48 if n != 3 else 8, "class_p25": 71.0 if n != 3 else None,
            "class_median": 79.0 if n != 3 else None, "class_p75": 86.0 if n != 3 else None,
            "share_below": 0.88 - n / 10 if n != 3 else None,
        }
        for n, (course, score) in enumerate(zip(courses, [92, 86, 78, 83, 55, 90.5], strict=True))
    ]  # fmt: skip
    first = date(2026, 8, 31)
    meals = [
        {
            "meal_date": (first + timedelta(days=d)).isoformat(), "meal_count": 2 + d % 2,
            "amount": round(random.uniform(9, 38), 2),
        }
        for d in range(81) if random.random() > 0.15 and not 31 <= d <= 37
    ]  # fmt: skip
    student = {
        "student_no": "202403010127", "name": "林晓雨", "sex": "女性", "birth_date": "2006-03-02",
        "id_document_type": "居民身份证", "id_card_no": "41010220060302004X", "ethnicity": "汉族",
        "political_affiliation": "共青团员", "native_place": "河南省郑州市", "origin_place": "河南省郑州市",
        "student_category": "普通本科生", "cultivation_level": "本科", "entry_mode": "普通入学",
        "entry_date": "2024-09-02", "grade_year": 2024, "college_code": "01", "college_name": "信息工程学院",
        "major_code": "080902", "major_name": "软件工程", "class_code": "软件工程 2403 班", "school_years": 4,
        "expected_graduation": "2028-07-01", "current_status": "在读", "register_status": "已注册",
        "residence_mode": "住校", "counselor_name": "陈<b>老师</b>", "total_credits": 96.0, "updated_at": None,
    }  # fmt: skip
    return {
        "student": table([student], "学生处", "学生管理系统"),
        "course_grade": table(grades, "教务处", "教务管理系统"),
        "term_summary": table(
            [
                {"term_code": "2025-2026-1", "course_count": 9, "credits_earned": 24.0, "gpa": 3.31,
                 "failed_count": 0},
                {"term_code": "2025-2026-2", "course_count": 8, "credits_earned": 22.5, "gpa": 3.42,
                 "failed_count": 1},
            ], "教务处", "教务管理系统",
        ),
        "course_selection": table(
            [
                {"term_code": "2026-2027-1", "class_no": f"X{n}", "course_code": f"K{n}", "course_name": c,
                 "credits": 3.0, "teacher_name": "王老师", "course_attribute": "必修", "weekday": 1 + n % 5,
                 "start_period": 1 + 2 * (n % 4), "end_period": 2 + 2 * (n % 4), "weeks": "1-16",
                 "room_code": "A301", "is_retake": n == 2, "selected_at": "2026-07-01T02:00:00",
                 "dropped_at": None}
                for n, c in enumerate(["编译原理", "机器学习", "计算机网络", "人机交互", "软件测试"])
            ], "教务处", "教务管理系统",
        ),
        "student_status_change": table(
            [{"effective_date": "2025-09-01", "change_type": "转专业", "change_reason": "本人申请",
              "from_college": "机械工程学院", "to_college": "信息工程学院", "from_major": "机械设计",
              "to_major": "软件工程", "from_class": None, "to_class": "软件工程 2403 班",
              "from_status": "在读", "to_status": "在读", "document_no": "教务〔2025〕31号"}],
            "学生处", "学生管理系统",
        ),
        "meal_account": table(
            [{"card_no": "C0127", "card_status": "正常", "balance": 87.4}], "后勤服务中心", "学生餐卡系统"),
        "meal_day": table(meals, "后勤服务中心", "学生餐卡系统"),
        "meal_transaction": table(
            [{"traded_at": f"2026-11-1{9 - n}T04:1{n}:00", "transaction_type": "消费", "amount": 12.5 + n,
              "balance_after": 87.4 + n, "merchant_name": "二食堂 3 号窗口", "canteen": "第二食堂",
              "meal_period": "午餐"} for n in range(9)], "后勤服务中心", "学生餐卡系统"),
        "library_loan": table(
            [
                {"loan_id": "L1", "title": "数据库系统概念", "borrowed_at": "2026-11-02T01:00:00",
                 "due_date": "2026-12-04", "returned_at": None, "renewals": 0, "overdue_days": 0, "fine": 0},
                {"loan_id": "L2", "title": "算法导论", "borrowed_at": "2026-10-12T01:00:00",
                 "due_date": "2026-11-12", "returned_at": None, "renewals": 1, "overdue_days": 8, "fine": 0.8},
                {"loan_id": "L3", "title": "围城", "borrowed_at": "2026-05-12T01:00:00",
                 "due_date": "2026-06-12", "returned_at": "2026-06-02T01:00:00", "renewals": 0,
                 "overdue_days": 0, "fine": 0},
            ], "图书馆", "图书管理系统"),
        "fee_bill": table(
            [
                {"bill_no": "B1", "academic_year": "2026-2027", "fee_item": "学费", "standard_amount": 5500,
                 "waiver_amount": 0, "due_amount": 5500, "paid_amount": 5500, "outstanding_amount": 0,
                 "fee_status": "已缴清", "deferred_until": None},
                {"bill_no": "B2", "academic_year": "2026-2027", "fee_item": "住宿费", "standard_amount": 1200,
                 "waiver_amount": 0, "due_amount": 1200, "paid_amount": 800, "outstanding_amount": 400,
                 "fee_status": "部分缴费", "deferred_until": "2026-11-30"},
            ], "财务处", "学费收缴系统"),
        "fee_payment": table(
            [{"payment_no": "P1", "bill_no": "B1", "fee_item": "学费", "academic_year": "2026-2027",
              "paid_at": "2026-09-03T03:00:00", "amount": 5500, "channel": "线上", "invoice_no": "26-0091"}],
            "财务处", "学费收缴系统"),
    }  # fmt: skip


def staff_tables():
    person = {
        "staff_no": "2011003", "name": "许静", "sex": "女性", "birth_date": "1984-05-06",
        "id_document_type": "居民身份证", "id_card_no": "410102198405060046", "ethnicity": "汉族",
        "native_place": "河南省洛阳市", "nationality": "中国", "work_start_date": "2008-07-01",
        "joined_school_date": "2011-07-01", "teaching_start_month": "2011-09", "personnel_relation_type": "在编",
        "on_post_status": "在岗", "staff_category": "专任教师", "staff_source": "应届毕业生", "left_date": None,
        "leaving_reason": None, "unit_code": "01", "unit_name": "信息工程学院", "college_code": "01",
    }  # fmt: skip
    return {
        "staff": table([person], "人事处", "人事管理系统"),
        "staff_position": table(
            [
                {"seq": n, "unit_name": "信息工程学院", "establishment_type": "事业编制",
                 "post_category": "专业技术岗位", "position_name": name, "position_type": "专业技术",
                 "position_grade": grade, "document_no": f"人〔20{16 + 5 * n}〕3号",
                 "document_date": "2021-06-01", "effective_date": since, "end_date": until,
                 "is_current": until is None}
                for n, (name, grade, since, until) in enumerate(
                    [("讲师", "九级", "2016-07-01", "2021-06-30"), ("副教授", "七级", "2021-07-01", None)]
                )
            ], "人事处", "人事管理系统"),
        "teaching": table(
            [
                {"term_code": "2026-2027-1", "class_no": "X1", "course_code": "K1", "course_name": "编译原理",
                 "credits": 3.0, "hours": 48, "enrolled": 46, "capacity": 50, "weekday": 1, "start_period": 1,
                 "end_period": 2, "weeks": "1-16", "room_code": "A301"},
                {"term_code": "2025-2026-2", "class_no": "X2", "course_code": "K2", "course_name": "操作系统",
                 "credits": 4.0, "hours": 64, "enrolled": 51, "capacity": 60, "weekday": 3, "start_period": 3,
                 "end_period": 4, "weeks": "1-16", "room_code": "B202"},
            ], "教务处", "教务管理系统"),
        "library_loan": student_tables()["library_loan"],
    }  # fmt: skip


ON_PAGE = {
    "study": [
        "student",
        "course_selection",
        "course_grade",
        "term_summary",
        "student_status_change",
    ],
    "work": ["staff", "staff_position", "teaching"],
    "life": [
        "meal_account",
        "meal_day",
        "meal_transaction",
        "library_loan",
        "fee_bill",
        "fee_payment",
    ],
    "basics": ["student", "staff"],
}
ON_PAGE["overview"] = [name for names in ON_PAGE.values() for name in names]


def who(request: Request) -> str | None:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token.count(".") != 2 or token in ENDED:
        return None
    middle = token.split(".")[1]
    sub = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))["sub"]
    return sub if sub in PEOPLE else None


def refusal(status, code, message, next_step=None):
    body = {"error": code, "message": message, "next_step": next_step}
    return JSONResponse(body, status_code=status)


def visitor(name):
    held = {role["role"] for role in PEOPLE[name]["roles"]}
    kinds = PEOPLE[name]["person"]["kinds"]
    other = "my_work" if "staff" not in kinds else "my_study"
    pages = ["overview_statistics"] if "leader" in held else []
    pages += [f"my_{page}" for page in MY if f"my_{page}" != other]
    pages += ["sql_bench"] if "analyst" in held else []
    return {**PEOPLE[name], "pages": pages, "release": RELEASE}


def answer(handler, *, needs=None):
    async def route(request: Request):
        name = who(request)
        if name is None:
            return refusal(401, "not_signed_in", "没有有效的会话。", "请重新登录。")
        if needs and needs not in visitor(name)["pages"]:
            return refusal(403, "forbidden", "你没有这项权限。")
        return JSONResponse(await handler(request, name))

    return route


async def session(request, name):
    if request.method == "DELETE":
        ENDED.add(request.headers["authorization"].removeprefix("Bearer "))
    return visitor(name)


async def me(request, name):
    return visitor(name)


async def my(request, name):
    page = request.path_params["page"]
    if page == "uses":
        return {
            "uses": [
                {"at": f"2026-11-{20 - n:02d}T0{n % 9}:12:00+00:00", "who": who_, "action": action,
                 "page": page_, "purpose": purpose, "result": "done"}
                for n, (who_, action, page_, purpose) in enumerate(
                    [("self", "session.open", None, None)]
                    + [("self", "personal.read", "my_overview", "own_data")] * 3
                    + [("another_person", "sql.run", None, "教学质量分析")]
                )
            ]
        }  # fmt: skip
    tables = student_tables() if "student" in PEOPLE[name]["person"]["kinds"] else staff_tables()
    kept = {key: tables[key] for key in ON_PAGE[page] if key in tables}
    return {"person": PEOPLE[name]["person"], "release": RELEASE, "tables": kept}


async def statistics(request, name):
    return {"indicators": INDICATORS, "values": values(), "release": RELEASE}


async def receipt(request, name):
    found = next(i for i in INDICATORS if i["id"] == request.query_params["indicator"])
    return {
        "indicator": found,
        "owners": found["owners"],
        "as_of": RELEASE["as_of"],
        "batches": [{"id": "ab12", "source": "student_affairs", "table": "student_status",
                     "extracted_at": "2026-11-19T18:00:00+00:00", "accepted_rows": 13482, "refused_rows": 3}],
        "checks": {"passing": 12, "failing": []},
        "sql": "select period, count(*) as value\nfrom marts.dim_student\ngroup by period",
    }  # fmt: skip


async def public_statistics(request):
    return JSONResponse(
        {"indicators": INDICATORS, "values": values(("school", "college")), "release": RELEASE}
    )


async def public_release(request):
    return JSONResponse(RELEASE)


async def grants(request, name):
    columns = [
        {"name": "student_key", "type": "VARCHAR", "title": "人员代码（加密）", "description": None,
         "code_table": None},
        {"name": "course_name", "type": "VARCHAR", "title": "课程名称", "description": None, "code_table": None},
        {"name": "total_score", "type": "DECIMAL(5,1)", "title": "总评成绩", "description": "百分制",
         "code_table": None},
    ]  # fmt: skip
    return {
        "grants": [
            {
                "id": "G2026-001", "unit": "信息工程学院", "purpose": "teaching",
                "purpose_text": "教学质量分析", "expires_at": "2027-07-31T16:00:00+00:00",
                "tables": [{"name": "student_academic_data.course_grade", "title": "课程成绩",
                            "columns": columns, "rows": 8123}],
            }
        ]
    }  # fmt: skip


async def sql(request, name):
    return {
        "columns": [{"name": "course_name", "type": "VARCHAR"}, {"name": "mean", "type": "DOUBLE"}],
        "rows": [["操作系统", 78.2], ["数据库系统原理", 81.4]],
        "row_count": 2,
        "truncated": False,
        "seconds": 0.12,
        "release": RELEASE["id"],
    }


async def healthz(request):
    return JSONResponse({"status": "ok", "release": RELEASE["id"]})


app = Starlette(
    routes=[
        Route("/v1/session", answer(session), methods=["POST", "DELETE"]),
        Route("/v1/me", answer(me)),
        Route("/v1/my/{page}", answer(my)),
        Route("/v1/statistics", answer(statistics, needs="overview_statistics")),
        Route("/v1/statistics/receipt", answer(receipt, needs="overview_statistics")),
        Route("/v1/public/statistics", public_statistics),
        Route("/v1/public/release", public_release),
        Route("/v1/grants", answer(grants, needs="sql_bench")),
        Route("/v1/sql", answer(sql, needs="sql_bench"), methods=["POST"]),
        Route("/healthz", healthz),
    ]
)

if __name__ == "__main__":
    Path(sys.argv[1]).unlink(missing_ok=True)
    uvicorn.run(app, uds=sys.argv[1], log_level="warning")
