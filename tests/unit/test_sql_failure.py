"""What a failed statement says: what is wrong, where, what to do next, and no value of a run."""

from __future__ import annotations

import duckdb
import pytest

from warehouse.access.sql_failure import explain_failure, explain_syntax

COLUMNS = {"d.grade": ["student_no", "total_score"]}


@pytest.fixture(scope="module")
def engine():
    connection = duckdb.connect()
    connection.execute("set errors_as_json = true; create schema d")
    connection.execute("create table d.grade as select '张三-410105' student_no, 61 total_score")
    return connection


def failed(engine, sql: str) -> str:
    with pytest.raises(duckdb.Error) as error:
        engine.execute(sql).fetchall()
    kind = type(error.value).__name__
    text, next_step = explain_failure(kind, str(error.value), sql, COLUMNS)
    return f"{text} {next_step}"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select total_scor from d.grade", "no column total_scor (line 1, column 8). Did you mean"),
        (
            "select '中文',\n  TOTAL_SCOR from d.grade",
            "(line 2, column 3). Did you mean total_score",
        ),
        ("select g.x from d.grade g", "no column x (line 1, column 8). Columns of the grant: stud"),
        ("select * from grades", "no table grades (line 1, column 15). Did you mean d.grade?"),
        ("select * from nothing_alike", "Tables: d.grade."),
        ("select summ(1)", "no scalar function summ (line 1, column 8). Did you mean sum?"),
        ("select * from rangee(1)", "no table function rangee (line 1, column 15). Did you mean r"),
        ("select 1::integr", "no type integr (line 1, column 11)."),
        ("select sum(student_no) from d.grade", "No function matches sum(VARCHAR) (line 1, column"),
        ("select student_no::integer from d.grade", "cannot be converted to INT32 (line 1, column"),
        ("select student_no from d.grade group by total_score", "Add it to group by"),
        ("select 9223372036854775807 + total_score from d.grade", "out of the range of its type"),
        ("select strptime(student_no, '%Y') from d.grade", "a value that it cannot work with"),
        ("select * from read_csv('/no/such/file')", "outside the grant, which is closed"),
    ],
)
def test_failure_names_place_and_next_step(engine, sql: str, said: str):
    assert said in failed(engine, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select error(student_no) from d.grade",
        "select student_no::date from d.grade",
        "select strptime(student_no, '%Y') from d.grade",
        "select regexp_matches('x', '(' || student_no) from d.grade",
        "select json_extract(student_no, '$.x') from d.grade",
        "select getvariable(student_no)::integer, student_no::json from d.grade",
        "select * from d.grade where total_score = '张三-410105'",
        'select "张三 410105" from d.grade',
    ],
)
def test_failure_holds_no_value(engine, sql: str):
    text = failed(engine, sql)
    assert "张三-" not in text and "410105" not in text


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("selec 1", "(line 1, column 1), near selec."),
        ("select 1,\n  2 from from t", "(line 2, column 10), near from."),
        ("select '中文' frm t x y", "(line 1, column 17), near t."),
        ("select 'abc", "A quotation mark is not closed (line 1, column 8)."),
        ("select (1", "The query is not valid SQL"),
    ],
)
def test_syntax_error_says_where(sql: str, said: str):
    text, next_step = explain_syntax(sql)
    assert said in text and next_step


def test_word_that_is_no_name_is_not_repeated():
    text, _ = explain_syntax("select 1 2 '张三 410105'")
    assert "张三" not in text and "410105" not in text
