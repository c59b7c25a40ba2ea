"""The dbt project keeps its promises: neutral SQL, contracts, descriptions, a test each."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.authority import issued_authority

PROJECT = Path(__file__).parents[2] / "dbt_project"
MODELS = PROJECT / "models"

#: What only one engine understands; it belongs into a dispatched macro of macros/engine.
ENGINE_PRIVATE = {
    "an engine's name": r"\b(duckdb|spark|postgres|ducklake|iceberg)\b",
    "a :: cast": r"::",
    "a list literal": r"(?<![\w\])}'])\[",
    "qualify": r"\bqualify\b",
    "select * exclude or replace": r"\*\s*(exclude|replace)\b",
    "group by all": r"\b(group|order)\s+by\s+all\b",
    "a private function": (
        r"\b(read_\w+|strftime|strptime|epoch\w*|list_\w+|struct_\w+|arg_max|arg_min|"
        r"string_agg|unnest|generate_series|make_date|date_diff|datediff|regexp_\w+|hash|"
        r"percentile_cont|quantile\w*|median|string_split|last_day)\s*\("
    ),
    "ignore nulls": r"\bignore\s+nulls\b",
    "text without a length, which is `string`": r"\bvarchar\b(?!\s*\()",
}
#: What would make the same ledger give another release.
NOT_REPEATABLE = (
    r"\b(current_date|current_timestamp|now\s*\(|today\s*\(|random\s*\(|uuid\s*\(|getdate\s*\()"
)

SQL_FILES = sorted(MODELS.rglob("*.sql"))
MACRO_FILES = sorted((PROJECT / "macros").rglob("*.sql"))
CONTRACTED = [
    path for path in SQL_FILES if path.relative_to(MODELS).parts[0] in ("marts", "published")
]


def _layer(path: Path) -> str:
    return path.relative_to(MODELS).parts[0]


def _code(text: str) -> str:
    """SQL without comments and without what Jinja evaluates."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    return re.sub(r"--[^\n]*", " ", text).lower()


def _private(text: str) -> set[str]:
    code = _code(text)
    return {name for name, pattern in ENGINE_PRIVATE.items() if re.search(pattern, code)}


def _yaml(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


@cache
def _seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def _properties(path: Path) -> dict[str, Any]:
    (model,) = [
        entry for entry in _yaml(path.with_suffix(".yml"))["models"] if entry["name"] == path.stem
    ]
    return model


@cache
def _source_tables() -> dict[tuple[str, str], set[str]]:
    """(source, table) → its columns."""
    return {
        (source["name"], table["name"]): {column["name"] for column in table["columns"]}
        for file in MODELS.glob("staging/*/*__sources.yml")
        for source in _yaml(file)["sources"]
        for table in source["tables"]
    }


def _offenders(paths: Iterable[Path], finds: Any) -> dict[str, Any]:
    return {path.stem: found for path in paths if (found := finds(path))}


def test_models_bear_nothing_that_only_one_engine_understands() -> None:
    assert len(SQL_FILES) > 80
    assert _offenders(SQL_FILES, lambda path: _private(path.read_text(encoding="utf-8"))) == {}


def test_macros_outside_the_engine_folder_are_engine_neutral() -> None:
    neutral = [path for path in MACRO_FILES if path.parent.name not in ("engine", "naming")]
    assert len(neutral) > 5
    assert _offenders(neutral, lambda path: _private(path.read_text(encoding="utf-8"))) == {}


def test_the_lint_knows_private_syntax_when_it_sees_it() -> None:
    for text in (
        "select a::int from t",
        "select [1, 2]",
        "select * exclude (a) from t",
        "select a from t qualify b = 1",
        "select list_sort(a) from t",
        "select strftime(a, '%Y') from t",
        "select a from read_parquet('x')",
        "select a from t group by all",
        "select cast(a as varchar) from t",
    ):
        assert _private(text), text
    assert not _private("select cast(a as integer), coalesce(b, '') as b from t -- a::b")


def test_the_open_end_of_a_span_is_coalesced_and_not_asked_for() -> None:
    """`valid_to is null or valid_to > day` in a left join made one of 800,000 rows take 132 s of
    processor time instead of 0.1: the engine then compares every pair."""

    def finds(path: Path) -> Any:
        return re.search(r"valid_to is null or", _code(path.read_text(encoding="utf-8")))

    assert _offenders([*SQL_FILES, *MACRO_FILES], finds) == {}


def test_what_is_summed_over_levels_is_no_double() -> None:
    def finds(path: Path) -> Any:
        measured, called, _ = path.read_text(encoding="utf-8").partition("{{ level_sums(")
        return called and re.search(r"/ *\d+\.\d|as double", measured)

    assert _offenders(SQL_FILES, finds) == {}


def test_nothing_asks_the_clock_or_chance() -> None:
    def finds(path: Path) -> Any:
        return re.search(NOT_REPEATABLE, _code(path.read_text(encoding="utf-8")))

    assert _offenders([*SQL_FILES, *MACRO_FILES], finds) == {}


def test_only_staging_reads_sources() -> None:
    def finds(path: Path) -> bool:
        return ("source(" in path.read_text(encoding="utf-8")) != (_layer(path) == "staging")

    assert _offenders(SQL_FILES, finds) == {}


def test_a_model_reads_its_own_layer_or_those_below() -> None:
    order = {"staging": 0, "intermediate": 1, "marts": 2, "published": 3}
    height = {path.stem: order[_layer(path)] for path in SQL_FILES}

    def finds(path: Path) -> list[str]:
        read = re.findall(r"ref\('(\w+)'\)", path.read_text(encoding="utf-8"))
        return [name for name in read if height.get(name, 0) > height[path.stem]]

    assert _offenders(SQL_FILES, finds) == {}


def test_a_model_is_named_for_its_layer_and_folder() -> None:
    def finds(path: Path) -> bool:
        folder = path.parent.name
        starts = {
            "staging": (f"stg_{folder}__",),
            "intermediate": (f"int_{folder}__",),
            "marts": ("dim_", "fct_", "brg_"),
            "published": (f"{'public_statistics' if folder == 'public' else folder}__",),
        }
        return not path.stem.startswith(starts[_layer(path)])

    assert _offenders(SQL_FILES, finds) == {}


def test_every_declared_table_has_a_staging_model() -> None:
    wanted = {f"stg_{source}__{table}" for source, table in _source_tables()}
    assert len(wanted) >= 19
    assert wanted <= {path.stem for path in SQL_FILES}


def test_contracts_are_enforced_and_every_column_described() -> None:
    def finds(path: Path) -> Any:
        model = _properties(path)
        if model["config"].get("contract") != {"enforced": True}:
            return "no contract"
        return [
            column["name"]
            for column in model["columns"]
            if not column.get("description") or not column.get("data_type")
        ]

    assert len(CONTRACTED) > 50
    assert _offenders(CONTRACTED, finds) == {}


def test_a_model_states_its_grain_its_owner_and_its_level() -> None:
    units = set(issued_authority().units)

    def finds(path: Path) -> bool:
        model = _properties(path)
        meta = model["config"]["meta"]
        return not (
            "Grain: one row per" in model["description"]
            and meta["owner"] in units
            and meta["level"] in ("L1", "L2", "L3", "L4", "L5")
        )

    assert _offenders(CONTRACTED, finds) == {}


def test_a_model_has_one_combined_test_of_severity_error() -> None:
    def finds(path: Path) -> bool:
        first, *further = (test["combined"] for test in _properties(path)["data_tests"])
        # Beside it only findings that do not stop a release, each saying what it means.
        if not all(
            test["description"] and test["config"]["severity"] == "warn" for test in further
        ):
            return True
        combined = first
        return not (
            combined["name"] == f"{path.stem}_holds"
            and combined["description"]
            and combined["arguments"]
            and combined.get("config", {}).get("severity", "error") == "error"
        )

    assert _offenders(CONTRACTED, finds) == {}


def test_a_table_with_a_grain_is_checked_for_it() -> None:
    without = {
        path.stem
        for path in CONTRACTED
        if "grain" not in _properties(path)["data_tests"][0]["combined"]["arguments"]
    }
    # Their key is no column of the table, or it is checked where the rows are computed.
    assert without == {
        "personal__meal_day",
        "personal__meal_transaction",
        "student_life_data__meal_transaction",
    }


def test_a_sort_names_columns_of_its_table() -> None:
    def finds(path: Path) -> set[str]:
        model = _properties(path)
        names = {column["name"] for column in model["columns"]}
        return set(model["config"]["meta"].get("sort", ())) - names

    assert _offenders(CONTRACTED, finds) == {}


def test_a_personal_table_starts_with_the_person() -> None:
    personal = [
        path
        for path in CONTRACTED
        if path.parent.name == "personal" and not path.stem.endswith("item")
    ]
    assert len(personal) > 40
    first = {path.stem: _properties(path)["columns"][0]["name"] for path in personal}
    assert set(first.values()) == {"person_key"}


def test_every_code_that_is_decoded_is_in_the_code_tables() -> None:
    used = {
        table
        for path in SQL_FILES
        for table in re.findall(r"label\('[\w.]+', '(\w+)'\)", path.read_text(encoding="utf-8"))
    }
    assert used
    assert used <= {row["code_table"] for row in _seed("code_value")}


def test_every_indicator_names_the_model_that_computes_it() -> None:
    code = {path.stem: path.read_text(encoding="utf-8") for path in SQL_FILES}
    rows = _seed("indicator")
    assert len({row["id"] for row in rows}) == len(rows) >= 12
    assert [
        row["id"] for row in rows if f"indicator_row('{row['id']}'" not in code[row["model"]]
    ] == []


def test_every_family_of_figures_is_in_the_list_once() -> None:
    (whole,) = [path for path in SQL_FILES if path.stem == "int_statistics__indicator_value"]
    listed = re.findall(r"^    '(int_statistics__\w+)'", whole.read_text(encoding="utf-8"), re.M)
    assert sorted(listed) == sorted({row["model"] for row in _seed("indicator")})


def test_every_indicator_is_defined_sourced_and_made_of_declared_columns() -> None:
    declared = {
        f"{table}.{column}"
        for (_, table), columns in _source_tables().items()
        for column in columns
    }
    for row in _seed("indicator"):
        assert all(row[name] for name in ("name", "name_en", "formula", "unit", "source"))
        assert row["certainty"] and row["class"] in ("plain", "restricted")
        assert row["direction"] in ("higher", "lower", "neutral")
        assert set(row["inputs"].split(",")) <= declared
        assert bool(row["target"]) == bool(row["target_operator"])


def _exposures() -> dict[str, dict[str, Any]]:
    """By the address of the page."""
    found = _yaml(MODELS / "published" / "_exposures.yml")["exposures"]
    return {exposure["url"].removeprefix("/"): exposure for exposure in found}


def test_every_page_that_reads_released_tables_is_an_exposure() -> None:
    from dashboards.pages import PAGES

    # These read the log, the registry and the grants.
    others = {"uses", "query", "apply", "applications", "inbox", "governance", "units", "audit"}
    # What is kept of who has left is every table, and an archive too; protection is the registry's;
    # what is handed in is a delivery; a correction shows a place of any table.
    others |= {"kept", "protection", "downloads", "hand-in", "tickets", "issues"}
    assert set(_exposures()) == {page.address for page in PAGES} - others


def test_an_exposure_names_the_tables_that_its_page_reads() -> None:
    from warehouse.access.personal import PAGES

    for page, tables in PAGES.items():
        read = {f"ref('personal__{table.name}')" for table in tables}
        read |= {"ref('personal__table_item')", "ref('personal__item')"}
        assert set(_exposures()[page]["depends_on"]) == read


def test_every_unit_of_the_annexes_is_a_group() -> None:
    groups = {group["name"] for group in _yaml(MODELS / "_groups.yml")["groups"]}
    assert groups == set(issued_authority().units)


def test_a_model_belongs_to_the_group_of_its_owner() -> None:
    def finds(path: Path) -> bool:
        config = _properties(path)["config"]
        return config.get("group") != config["meta"]["owner"]

    assert _offenders(CONTRACTED, finds) == {}


#: What gives a row that follows from several rows, or rows that stand for none.
NOT_ROW_BY_ROW = (
    r"\bgroup\s+by\b|\bover\s*\(|\bdistinct\b|\bunion\b|\bexcept\b|\bintersect\b|\blimit\b"
)


def test_a_view_of_the_rows_of_a_growing_table_is_that_row_by_row() -> None:
    sql = {path.stem: path.read_text(encoding="utf-8") for path in SQL_FILES}
    keyed = {name for name, text in sql.items() if "materialized='growing'" in text}
    problems = {}
    for path in CONTRACTED:
        meta = _properties(path)["config"]["meta"]
        if "rows_of" not in meta:
            continue
        text = sql[path.stem]
        ask = {
            "is a view": "materialized='view'" in text,
            "reads the growing table": f"ref('{meta['rows_of']}')" in text,
            "is of a growing table": meta["rows_of"] in keyed,
            "names its day": "parts" in meta,
            "takes row by row": not re.search(NOT_ROW_BY_ROW, _code(text)),
        }
        if missing := [name for name, holds in ask.items() if not holds]:
            problems[path.stem] = missing
    assert problems == {}


def test_a_growing_table_grows_by_what_it_reads() -> None:
    for path in SQL_FILES:
        text = path.read_text(encoding="utf-8")
        if "materialized='growing'" in text:
            (grows_by,) = re.findall(r"grows_by='(\w+)'", text)
            assert text.count(f"ref('{grows_by}')") == 1, path.name
