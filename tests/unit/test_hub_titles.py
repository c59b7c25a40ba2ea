"""Whoever applies reads what a table and each of its columns is, in Chinese."""

from pathlib import Path

import pytest
import yaml

from warehouse.access.application_paper import _table as printed_table
from warehouse.access.form_catalogue import column_title
from warehouse.access.grant_catalogue import table_title
from warehouse.authority import load_authority
from warehouse.home import Home

PUBLISHED = Path(__file__).parents[2] / "dbt_project" / "models" / "published" / "authority"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _authority_tables():
    for file in sorted(PUBLISHED.rglob("*__*.yml")):
        text = file.read_text(encoding="utf-8")
        for model in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))[
            "models"
        ]:
            columns = [column["name"] for column in model["columns"]]
            yield model["name"].replace("__", ".", 1), columns


TABLES = dict(_authority_tables())


def test_every_table_of_the_authority_file_is_looked_at():
    assert len(TABLES) > 70


@pytest.mark.parametrize("table", sorted(TABLES))
def test_table_and_columns_have_titles_of_their_own(table):
    assert table_title(table) not in (None, *(one.title for one in load_authority().datasets))
    assert not [name for name in TABLES[table] if column_title(table, name) == name]


def test_a_sensitive_column_that_was_renamed_is_sensitive_on_paper_too(tmp_path):
    table = "student_health_data.student_physical_exam"
    (row,) = printed_table(table, ["is_infectious_positive"], {}, Home(tmp_path))["columns"]
    assert (row["title"], row["sensitive"]) == ("传染病项目是否阳性", True)
