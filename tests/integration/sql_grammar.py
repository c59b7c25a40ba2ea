"""Statements at random from a grammar of SQL, with the engine's own functions in it.

Half sensible and half absurd on purpose: what parses goes deep into the engine, what does not
tries the check before it.
"""

from __future__ import annotations

import re

import duckdb
from hypothesis import strategies as st

__all__ = ["statements"]

GRADES = "student_academic_data.course_grade"
_PLACES = ["/etc/passwd", "/proc/self/environ", "/proc/self/fd/3", "/tmp/campus-escape", "x"]


def _choice(pieces: str) -> st.SearchStrategy[str]:
    """One of the pieces that two blanks or a line's end part; NONE is the empty one."""
    found = re.split(r"\s{2,}", pieces.strip())
    return st.sampled_from(["" if piece == "NONE" else piece for piece in found])


def _functions(kind: str) -> st.SearchStrategy[str]:
    """The engine's functions of that kind, but operators, which have another place."""
    rows = duckdb.execute(
        "select distinct function_name from duckdb_functions() where function_type = ? "
        "and regexp_full_match(function_name, '[a-z_0-9]+') order by 1",
        [kind],
    ).fetchall()
    return st.sampled_from([name for (name,) in rows])


_TABLE_FUNCTIONS = _functions("table")
_columns = _choice(
    "student_no  course_code  total_score  total_score  *  t.student_no  nothing  rowid  1  i"
)
_types = _choice(
    """int  tinyint  hugeint  double  varchar  blob  date  timestamp  timestamptz  time  timetz
    interval  uuid  json  bit  bignum  decimal(5,2)  decimal(38,37)  int[]  int[3]  boolean
    struct(a int)  map(varchar, int)  union(a int)  enum('a', 'b')  variant  geometry  pointer"""
)
_literals = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.integers(-3, 100).map(str),
    st.floats().map(lambda number: f"'{number}'::double"),
    st.text(max_size=12).map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.sampled_from(_PLACES).map(lambda place: f"'{place}'"),
    _choice(
        r"""null  true  1e308  1e-400  0x1F  1_000  99999999999999999999999999999999999999999999
        e'\x00'  $$a$$  '\xFF'::blob  date '2026-02-30'  interval 1 day  '10101'::bit
        [1, 2]  {'a': 1}  map {1: 2}  []  [[null]]  ?  $1  '2026-01-01'::date  lambda x: x + 1
        lambda x, y: x  '%Y'  '(a*)*b'  'day'  '$.a'  'UTC'  '{"a": 1}'  range(10)"""
    ),
)


def _extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    call = st.tuples(
        st.one_of(_functions("scalar"), _functions("aggregate"), _functions("macro")),
        st.lists(inner, max_size=4).map(", ".join),
    ).map(lambda p: f'"{p[0]}"({p[1]})')
    window = _choice(
        """over ()  over (order by 1)  over (partition by 1 rows 2 preceding)  filter (where true)
        over (order by total_score range between 1 preceding and 1 following)
        over (rows between unbounded preceding and 9 following exclude ties)"""
    )
    operator = _choice(
        """+  -  *  /  //  %  **  ||  =  <>  <  and  or  like  ilike  similar to  in  collate
        is distinct from  is not distinct from  ->  ->>  &  <<  ~  at time zone"""
    )
    return st.one_of(
        call,
        call,
        call,
        st.tuples(call, window).map(" ".join),
        st.tuples(inner, _types).map(lambda p: f"({p[0]})::{p[1]}"),
        st.tuples(inner, _types).map(lambda p: f"try_cast({p[0]} as {p[1]})"),
        st.tuples(inner, operator, inner).map(" ".join),
        st.tuples(inner, inner, inner).map(
            lambda p: f"case when {p[0]} then {p[1]} else {p[2]} end"
        ),
        st.tuples(inner, inner).map(lambda p: f"({p[0]})[{p[1]}]"),
        inner.map(lambda one: f"(select {one} from {GRADES} limit 1)"),
        inner.map(lambda one: f"[x for x in {one} if x is not null]"),
        inner.map(lambda one: f"columns({one})"),
    )


_expressions = st.recursive(st.one_of(_columns, _literals), _extend, max_leaves=6)
_sources = st.one_of(
    st.just(GRADES),
    st.just(f"{GRADES} t"),
    st.just("range(100) t(i)"),
    st.tuples(_TABLE_FUNCTIONS, st.lists(_expressions, max_size=3).map(", ".join)).map(
        lambda p: f'"{p[0]}"({p[1]})'
    ),
    st.sampled_from(_PLACES).map(lambda place: f"'{place}'"),
    _choice(
        f"""duckdb_settings()  duckdb_databases()  information_schema.columns  a  system.main.x
        unnest([1, 2])  (values (1, 2)) v(a, b)  (summarize {GRADES})  pg_catalog.pg_class
        staff_basic_data.staff_basic  query('select 1')  query_table('{GRADES}')"""
    ),
)
_joins = st.tuples(
    _sources,
    _choice("join  left join  full join  semi join  anti join  ,  cross join  asof join")
    | _choice("positional join  natural join  , lateral"),
    _sources,
    _choice("NONE  on true  on 1 = 1  using (student_no)  on a.i >= b.i"),
).map(" ".join)
_tails = _choice(
    """NONE  NONE  NONE  limit 3  order by 1 desc nulls last  group by all  order by all  limit 10%
    group by 1 having count(*) > 1  qualify row_number() over () = 1  using sample 10%  where true
    group by rollup (1)  window w as ()  offset 5  group by grouping sets ((), (1))  limit -1"""
)
_selects = st.tuples(
    _choice("select  select  select distinct  select distinct on (1)  select all"),
    st.lists(_expressions, min_size=1, max_size=3).map(", ".join),
    st.sampled_from(["from", "FROM", "/* ; */ from", "from -- x\n"]),
    st.one_of(_sources, _sources, _joins),
    _tails,
).map(" ".join)
_sets = st.tuples(
    _selects, _choice("union  union all  except  intersect all  union by name"), _selects
).map(" ".join)
_withs = st.tuples(
    _choice("with a as (  with recursive a as (  with a(i) as materialized ("),
    _selects,
    st.just(")"),
    st.one_of(_selects, st.just("select * from a, a b")),
).map(" ".join)
_queries = st.one_of(_selects, _selects, _sets, _withs)
_asked_about = st.tuples(_choice("explain  explain analyze  describe  summarize"), _queries).map(
    " ".join
)
_wrapped = st.tuples(
    st.sampled_from(
        ["", "", "select * from (", "pivot (", "copy (", "create table x as ", "show "]
    ),
    _queries,
    st.sampled_from(
        [
            "",
            ";",
            "; select 1",
            ") to '/tmp/campus-escape'",
            ") on 1",
            " -- ",
            " /*",
            "\0",
            "\u200b",
        ]
    ),
).map("".join)


@st.composite
def _broken(draw: st.DrawFn) -> str:
    """A statement with a piece of it doubled, cut out, or exchanged for any characters."""
    sql = draw(_queries)
    start = draw(st.integers(0, len(sql)))
    end = draw(st.integers(start, min(start + 12, len(sql))))
    piece = draw(st.one_of(st.just(""), st.just(sql[start:end] * 2), st.text(max_size=4)))
    return sql[:start] + piece + sql[end:]


def statements() -> st.SearchStrategy[str]:
    """One statement, as text that may hold anything at all."""
    return st.one_of(_queries, _queries, _queries, _queries, _asked_about, _wrapped, _broken())
