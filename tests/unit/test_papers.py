"""Applications and undertakings on paper: what stands on the pages, whatever was filled in."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, date, datetime

import pytest

from warehouse.access.application_paper import application_document, blank_application_pdf
from warehouse.access.undertaking_paper import blank_undertaking_pdf, unsigned_undertaking_pdf
from warehouse.errors import PaperError
from warehouse.governance.application import State, Step
from warehouse.governance.content import read_content
from warehouse.governance.undertaking_text import text_sha256
from warehouse.papers import typesetting
from warehouse.papers.typesetting import typeset
from warehouse.settings import load_settings

NOW = datetime(2026, 11, 29, 4, 5, 6, 789, tzinfo=UTC)
NAMES = {1: "申某", 2: "用某", 11: "头某", 12: "校某", 13: "领某", 14: "工某", 15: "代某"}
FORM = {
    "unit": "library",
    "channels": ["interface"],
    "columns": {"student_enrollment_data.student_status": ["student_no", "name"]},
    "reasons": {"student_enrollment_data.student_status.name": "核对本人"},
    "purpose": "management",
    "purpose_text": "为新生开通借阅",
    "last_day": "2027-07-31",
    "users": [2],
    "contact": {"name": "联某", "phone": "0371-1"},
    "returns": [{"name": "开通状态", "every": "month", "first_due": "2026-12-01"}],
}


def text_of(pdf: bytes) -> str:
    """The words of a PDF in reading order, blanks and line breaks left out."""
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True
    )
    return re.sub(r"[\s\u200b]", "", told.stdout.decode())


def pages_of(pdf: bytes) -> int:
    told = subprocess.run(["pdfinfo", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout
    return int(re.search(rb"Pages:\s+(\d+)", told)[1])


def step(stage: str, key: int, *, channel: str = "site", principal: int | None = None) -> Step:
    at = datetime(2026, 10, 7, 17, 0, tzinfo=UTC)  # the 8th at the college
    return Step(stage, "approved", key, principal, at, channel, "command:test")


SIGNED = (
    step("unit_head", 11),
    step("supervising_leader", 12, channel="paper", principal=15),
    step("leading_group", 13, channel="oa"),
    step("working_group", 14),
)


def printed(tmp_path, steps=(), status="open", **changes) -> bytes:
    content = read_content({**FORM, **changes})
    state = State(status, None, 1, 1, content, content.sha256, tuple(steps))
    document = application_document(load_settings(tmp_path), "SQ20261129-1a2b3c4d", state, NAMES)
    return typeset("application_form", document, now=NOW)


def test_the_form_has_every_row_of_annex_5_in_its_order(tmp_path):
    words = text_of(printed(tmp_path))
    place = 0
    for row in (
        "郑州工程技术学院数据使用申请表",
        "申请单位名称图书馆",
        "申请数据类型☑接口数据☐文件数据",
        "获取数据项申请数据明细表（免费）",
        "回传数据项回传数据明细表（免费）",
        "申请用途",
        "单位名称",
        "单位负责人姓名",
        "业务系统责任人",
        "申请单位负责人签字盖章：",
        "申请单位主管校领导审批意见：",
        "授权单位负责人审批意见：",
        "说明：",
        "1.申请单位要严格遵守",
        "4.违反上述约定，申请单位将负相关责任。",
    ):
        place = words.index(row, place) + len(row)
    assert "供应商信息" in words


def test_who_signed_stands_in_the_boxes_with_day_and_channel(tmp_path):
    words = text_of(printed(tmp_path, SIGNED, "authorised"))
    for line in (
        "签字：头某2026年10月8日（电子签署）",
        "签字：校某（代代某）2026年10月8日（纸质）",
        "签字：领某2026年10月8日（OA）",
        "签字：工某2026年10月8日（电子签署）",
    ):
        assert line in words
    assert "状态：已签署" in words


def test_an_unsigned_form_has_empty_boxes_and_says_that_it_is_a_draft(tmp_path):
    words = text_of(printed(tmp_path))
    assert words.count("签字：年月日") == 3
    assert "状态：草稿" in words and "已签署" not in words


def test_every_page_says_which_paper_it_is_and_how_many_there_are(tmp_path):
    names = [f"column_number_{number}_of_a_wide_table" for number in range(60)]
    pdf = printed(tmp_path, columns={"student_enrollment_data.student_status": names})
    words, pages = text_of(pdf), pages_of(pdf)
    content = read_content({**FORM, "columns": {"student_enrollment_data.student_status": names}})
    assert pages >= 3
    for page in range(1, pages + 1):
        assert f"第{page}页，共{pages}页" in words
    assert words.count("编号SQ20261129-1a2b3c4d") == pages
    assert words.count(f"校验码{content.sha256[:12].upper()}") == pages
    assert "共1张表、60项" in words


def test_the_detailed_list_names_column_owner_sensitivity_and_reason(tmp_path):
    words = text_of(printed(tmp_path))
    assert "学号student_no学生处" in words
    assert "核对本人" in words and "用某" in words
    assert "开通状态" in words and "每月2026年12月1日" in words


def test_limits_are_on_the_paper_that_is_signed(tmp_path):
    limits = {"rows_per_day": 5000, "exports_per_day": 2}
    assert "每人每天上限：5000行、导出2次" in text_of(printed(tmp_path, limits=limits))
    assert "每人每天上限" not in text_of(printed(tmp_path))


def test_what_somebody_wrote_is_text_and_never_markup(tmp_path):
    evil = '#read("/etc/passwd") $x^2$ *粗* @ref <label> #panic() \\ // 注释 "引'
    words = text_of(printed(tmp_path, purpose_text=evil, reasons={
        "student_enrollment_data.student_status.name": "#eval(1)"}))  # fmt: skip
    assert re.sub(r"\s", "", evil) in words
    assert "#eval(1)" in words and "root:" not in words


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose_text": "长" * 2000},
        {"vendor": {"name": "某" * 128, "contact": {"name": "甲", "phone": "1" * 128}}},
        {"returns": [], "vendor": None},
        {"kind": "individual", "users": [1]},
        {"purpose": "legal_case", "kind": "legal_case",
         "legal": {"authority": "某法院", "case_number": "（2026）1号"}},
        {"rows": {"students": {"college_code": ["03"]}, "columns": {"term_code": ["2025-2026-1"]}}},
        {"first_day": "2026-12-01", "extends": "g20261129-1a2b3c4d"},
    ],
)  # fmt: skip
def test_no_form_is_too_long_or_too_empty_to_print(tmp_path, changes):
    words = text_of(printed(tmp_path, **changes))
    assert "说明：" in words and "回传数据明细表" in words


def test_stages_that_a_kind_of_application_skips_say_so(tmp_path):
    words = text_of(printed(tmp_path, kind="individual", users=[1]))
    assert words.count("此类申请不经此环节") == 1
    assert "（个人申请：申某）" in words


def test_a_person_whom_the_release_does_not_know_is_printed_as_unknown(tmp_path):
    words = text_of(printed(tmp_path, (step("unit_head", 99),)))
    assert "签字：姓名不详" in words


def test_the_same_paper_printed_at_the_same_moment_is_the_same_file(tmp_path):
    assert printed(tmp_path) == printed(tmp_path)


def test_papers_are_archival(tmp_path):
    assert b"<pdfaid:part>2" in printed(tmp_path).replace(b"\n", b"")


def test_blank_forms_hold_lines_to_write_on_and_nobodys_data(tmp_path):
    settings = load_settings(tmp_path)
    application = text_of(blank_application_pdf(settings, now=NOW))
    assert "状态：空白表" in application and "☐接口数据" in application
    undertaking = text_of(blank_undertaking_pdf(settings, now=NOW))
    for words in ("保密人签字：", "单位（签章）：", "身份证号：", "单位负责人签字：", "保密人："):
        assert words in undertaking


def test_words_to_be_signed_by_hand_bear_the_hash_that_counts(tmp_path):
    text = "某学院数据保密承诺书\n\n本人承诺 #不 *外传*。\n用途：管理\n"
    words = text_of(unsigned_undertaking_pdf(load_settings(tmp_path), text, now=NOW))
    assert f"待签文本SHA-256：{text_sha256(text)}" in words
    assert "本人承诺#不*外传*。" in words


def test_without_a_chinese_font_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(typesetting, "FONTS", ("No Such Font",))
    with pytest.raises(PaperError, match="fonts-noto-cjk"):
        printed(tmp_path)


def test_the_day_of_the_form_is_the_colleges(tmp_path):
    assert "2027年7月31日" in text_of(printed(tmp_path, last_day=date(2027, 7, 31)))
