"""What nodes were made of, noted in the working file."""

import pytest

from warehouse.engine import open_work
from warehouse.marks import content_hash, content_of, mark_sources


@pytest.fixture
def connection():
    opened = open_work()
    opened.execute("create schema lake_source; create schema hub")
    opened.execute("create table hub.unit as select 1 as id, '甲' as name union all select 2, null")
    yield opened
    opened.close()


@pytest.fixture
def project(tmp_path):
    engine = tmp_path / "macros" / "engine"
    engine.mkdir(parents=True)
    (engine / "marks.sql").write_text("one")
    return tmp_path


def landed(connection, *files):
    listed = " union all ".join(f"select '{file}' as file" for file in files)
    connection.execute(f"create or replace view lake_source.loan as {listed}")


def marks(connection, project):
    mark_sources(connection, project, ["lake_source", "hub"])
    return dict(connection.execute("select node, content from built.node").fetchall())


def test_a_source_is_marked_by_its_files_and_a_table_of_the_hub_by_its_rows(connection, project):
    landed(connection, "/h/batch=0a/part-0.parquet")
    first = marks(connection, project)
    assert marks(connection, project) == first
    landed(connection, "/h/batch=0a/part-0.parquet", "/h/batch=0b/part-0.parquet")
    second = marks(connection, project)
    assert {node for node in second if second[node] != first[node]} == {
        "source.campus.lake_source.loan"
    }
    assert connection.execute("select batch_id from built.file order by file").fetchall() == [
        ("0a",),
        ("0b",),
    ]
    connection.execute("update hub.unit set name = '' where id = 2")
    third = marks(connection, project)
    assert {node for node in third if third[node] != second[node]} == {"source.campus.hub.unit"}


def test_another_way_of_building_forgets_what_was_made(connection, project):
    landed(connection, "/h/batch=0a/part-0.parquet")
    marks(connection, project)
    connection.execute("insert into built.node (node, content) values ('model.campus.x', 'c')")
    assert "model.campus.x" in marks(connection, project)
    (project / "macros" / "engine" / "marks.sql").write_text("two")
    assert "model.campus.x" not in marks(connection, project)


def test_content_counts_rows_and_columns_but_not_the_order(connection):
    def content(sql):
        connection.execute(f"create or replace table t as {sql}")
        return content_of(connection, "t")

    one = "select 1 as a, null as b"
    other = "select null as a, 1 as b"
    assert content(f"{one} union all {other}") == content(f"{other} union all {one}")
    assert content(one) != content(other)
    assert content(one) != content(f"{one} union all {one}")
    assert content("select 1 as a") == content_of(connection, "(select 1 as a, 2 as c)", ["c"])
    sums = content("select 1 as a")
    assert content_hash([("a", "INTEGER")], sums) != content_hash([("a", "BIGINT")], sums)
