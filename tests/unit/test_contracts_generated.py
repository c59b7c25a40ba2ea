"""The committed dbt files are what the contracts give, and the pages can be read."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
import yaml

from warehouse.authority import issued_authority, load_authority
from warehouse.contracts import load_code_tables, load_contracts
from warehouse.contracts.dbt_files import out_of_step, render, write
from warehouse.contracts.dbt_staging import missing_models, write_missing_models
from warehouse.contracts.pages import render_pages

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return render(load_contracts(), issued_authority())


def rows_of(files: dict[str, str], seed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"seeds/{seed}.csv"])))


def test_committed_dbt_files_are_in_step_with_the_contracts() -> None:
    differing = out_of_step(PROJECT, load_contracts(), issued_authority())
    assert differing == [], "run: campus contract sync"


def test_sync_writes_once_and_then_finds_nothing_to_do(tmp_path: Path) -> None:
    project = tmp_path / "数据 项目"
    first = write(project, load_contracts(), load_authority())
    assert "seeds/source_table.csv" in first
    assert write(project, load_contracts(), load_authority()) == []
    (project / "seeds/source_table.csv").write_text("changed", encoding="utf-8")
    assert write(project, load_contracts(), load_authority()) == ["seeds/source_table.csv"]


def test_sync_removes_only_what_it_generated(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, load_contracts(), load_authority())
    generated = next(path for path in files if path.endswith("_hr_management__sources.yml"))
    staging = tmp_path / "models/staging"
    (staging / "gone").mkdir()
    left_over = staging / "gone/_gone__sources.yml"
    left_over.write_text(files[generated], encoding="utf-8")
    by_hand = staging / "gone/_hand__sources.yml"
    by_hand.write_text("version: 2\n", encoding="utf-8")
    assert write(tmp_path, load_contracts(), load_authority()) == [
        "models/staging/gone/_gone__sources.yml"
    ]
    assert by_hand.exists() and not left_over.exists()


def test_sources_list_every_contract_column_and_the_technical_ones(files: dict[str, str]) -> None:
    for source in load_contracts().sources:
        document = yaml.safe_load(files[f"models/staging/{source.id}/_{source.id}__sources.yml"])
        [declared] = document["sources"]
        assert declared["schema"] == source.id
        for table, written in zip(source.tables, declared["tables"], strict=True):
            names = [column["name"] for column in written["columns"]]
            assert names == [
                *table.column_names,
                "source_system",
                "extracted_at",
                "source_updated_at",
                "is_deleted",
                "batch_id",
                "batch_row",
            ]


def test_seeds_hold_all_tables_and_codes(files: dict[str, str]) -> None:
    codes = rows_of(files, "code_value")
    assert {"code_table": "ethnicity", "code": "01", "label": "汉族"} in codes
    keys = [(row["code_table"], row["code"]) for row in codes]
    assert len(keys) == len(set(keys))
    assert len(rows_of(files, "source_table")) == len(list(load_contracts()))


def test_every_seed_column_is_declared_as_text(files: dict[str, str]) -> None:
    for seed in yaml.safe_load(files["seeds/_contracts__seeds.yml"])["seeds"]:
        header = files[f"seeds/{seed['name']}.csv"].splitlines()[0].replace('"', "").split(",")
        assert seed["config"]["column_types"] == dict.fromkeys(header, "varchar")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    example = {"tuition_collection/fee_bill": [{"bill_no": "SL000001", "fee_item": "<b>"}]}
    return render_pages(load_contracts(), load_authority(), load_code_tables(), example)


def test_a_page_tells_the_owner_unit_what_each_column_must_be(pages: dict[str, str]) -> None:
    page = pages["tuition_collection.html"]
    for words in (
        "数据责任单位：<strong>财务处",
        "学费、住宿费、代收费",
        "应缴等于标准减去减免",
        "<a href='code-fee_status.html'>",
        "<a href='student_affairs.html#student_status'>",
        "<code>inbox/tuition_collection/fee_bill/</code>",
        "SL000001",
        "&lt;b&gt;",
        "个人信息处理依据",
        "不合格行超过 20% 时整个文件拒收",
    ):
        assert words in page, words
    assert "<td data-label='要求'>" in page
    assert "未缴" in pages["code-fee_status.html"]
    assert "读自" in pages["code-fee_status.html"]


def test_pages_put_patterns_and_conditions_into_words(pages: dict[str, str]) -> None:
    assert "符合格式" not in "".join(pages.values())
    assert "读者类别为“学生”时" in pages["library_management.html"]
    assert "2 至 3 个大写字母或 3 位数字" in "".join(pages.values())


def test_pages_stand_alone_and_every_link_leads_somewhere(pages: dict[str, str]) -> None:
    assert {f"{source.id}.html" for source in load_contracts().sources} <= set(pages)
    for name, text in pages.items():
        assert "<script" not in text and "http:" not in text and "https:" not in text, name
        for target in re.findall(r"href='([^']+)'", text):
            if target == "data:,":
                continue
            page, _, anchor = target.partition("#")
            assert (page or name) in pages, (name, target)
            assert not anchor or f"id='{anchor}'" in pages[page or name], (name, target)


def test_a_missing_staging_model_is_drafted_and_an_edited_one_left_alone(tmp_path: Path) -> None:
    contracts = load_contracts()
    assert missing_models(PROJECT, contracts) == {}, "run: campus contract sync"
    written = write_missing_models(tmp_path, contracts)
    assert len(written) == 2 * len(list(contracts))
    edited = tmp_path / "models/staging/office_oa/stg_office_oa__oa_document.sql"
    draft = edited.read_text(encoding="utf-8")
    assert "latest_rows(source('office_oa', 'oa_document'), ['document_id'])" in draft
    assert "{{ label('secrecy', 'document_secrecy') }} as secrecy_label" in draft
    edited.write_text("select 1", encoding="utf-8")
    edited.with_name("stg_office_oa__oa_document_history.sql").unlink()
    assert write_missing_models(tmp_path, contracts) == [
        "models/staging/office_oa/stg_office_oa__oa_document_history.sql"
    ]
    assert edited.read_text(encoding="utf-8") == "select 1"
