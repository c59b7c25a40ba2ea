"""Chinese titles of what the hub makes itself: tables and columns that no contract describes."""

from __future__ import annotations

__all__ = ["HUB_COLUMNS", "HUB_TABLES"]

#: Name of a published table → title, where no table of its name is delivered.
HUB_TABLES = {
    "headcount_difference": "学生人数核对差异",
    "payment_difference": "缴费核对差异",
    "indicator_value": "统计指标",
    "classroom_use": "教室使用率",
    "ministry_cell": "教育部报表单元格",
}

#: Name of a published column → title and what it means.
HUB_COLUMNS: dict[str, tuple[str, str | None]] = {
    "person_key": (
        "人员代号",
        "同一授权内同一人代号相同，换一个授权就不同；不能还原成学号、工号",
    ),
    "id_card_hash": ("证件号摘要", "由证件号算出，不能还原"),
    "id_document_type": ("证件类型", None),
    "as_of_date": ("数据日期", None),
    "period": ("统计期", None),
    # -- indicators
    "indicator": ("指标代码", None),
    "indicator_name": ("指标名称", None),
    "measure": ("计量", None),
    "unit": ("统计单位", None),
    "parent_unit": ("上级统计单位", None),
    "numerator": ("分子", None),
    "denominator": ("分母", None),
    "is_suppressed": ("是否隐去", "人数太少，不给出数值"),
    # -- comparison of systems
    "in_student_affairs": ("学工系统中有", None),
    "in_academic_affairs": ("教务系统中有", None),
    "in_tuition": ("收费系统中有", None),
    "received_amount": ("实收金额", None),
    "difference_amount": ("相差金额", None),
    # -- rooms and buildings
    "room_use": ("房间用途", None),
    "room_status": ("房间状态", None),
    "building_use": ("建筑用途", None),
    "building_structure": ("建筑结构", None),
    "building_condition": ("建筑状况", None),
    "period_no": ("节次", None),
    "classroom_count": ("教室数", None),
    "occupied_count": ("在用教室数", None),
    "available_count": ("可用教室数", None),
    "use_rate": ("使用率", None),
    # -- cells of the ministry's tables
    "return_year": ("报表年度", "统计时点所在的年"),
    "table_no": ("高基表号", None),
    "line": ("行", None),
    "line_name": ("行名", None),
    "line_code": ("行的国标代码", None),
    "column_id": ("列", None),
    # -- yes or no
    "is_green_channel": ("是否走绿色通道", None),
    "is_degree_awarded": ("是否授予学位", None),
    "is_referred": ("是否转介", None),
    "is_follow_up_required": ("是否需要随访", None),
    "is_follow_up": ("是否复查", None),
    "is_exempt": ("是否免测", None),
    "is_infectious_positive": ("传染病项目是否阳性", None),
    "is_chronic_flag": ("是否有慢性病", None),
    "is_due": ("是否应参加", None),
    "is_attended": ("是否已参加", None),
    "probation_end_date": ("试用期满日期", None),
}
