"""A figure of the statistics comes onto a page through `components.shown` alone, which draws its
receipt beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards.pages import PAGES, PUBLIC
from warehouse.access import policy

SITE = Path(__file__).resolve().parents[2] / "dashboards"
#: What Streamlit shows values with. A table of words (`st.html`) is none of them.
DRAWS = frozenset(
    {"metric", "dataframe", "data_editor", "table", "vega_lite_chart", "altair_chart"}
    | {"line_chart", "bar_chart", "area_chart", "scatter_chart", "map", "pyplot", "plotly_chart"}
    | {"bokeh_chart", "graphviz_chart", "pydeck_chart"}
)
COMPONENT = "components.shown"


def pages_of_statistics() -> list[str]:
    """Modules of the pages that need what statistics need, and the public one."""
    return sorted(
        {
            f"app_pages.{page.file.removesuffix('.py')}"
            for page in PAGES
            if page is PUBLIC or policy.PAGES.get(page.allowed_by or "") == "statistics.read"
        }
    )


def _path(module: str) -> Path:
    return SITE.joinpath(*module.split(".")).with_suffix(".py")


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dashboards"):
            base = (node.module or "").removeprefix("dashboards").strip(".")
            for name in [base, *(f"{base}.{one.name}".strip(".") for one in node.names)]:
                if name and _path(name).is_file():
                    yield name


def modules_behind(pages: list[str]) -> dict[str, ast.Module]:
    """The pages and every module of the site that they use, down to the last."""
    found: dict[str, ast.Module] = {}
    waiting = list(pages)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found[module] = ast.parse(_path(module).read_text(encoding="utf-8"))
            waiting += _imported(found[module])
    return found


def drawn(tree: ast.AST) -> list[str]:
    """Calls that show a value, by whatever is called so: `st.metric`, `column.metric`."""
    return [
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in DRAWS
        # The component's own methods bear some of these names; pages call it `shown`.
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "shown")
    ]


BEHIND = modules_behind(pages_of_statistics())


def test_the_pages_of_statistics_are_all_there():
    assert {"app_pages.statistics", "app_pages.topic", "app_pages.public"} <= set(BEHIND)
    assert COMPONENT in BEHIND


@pytest.mark.parametrize("module", sorted(set(BEHIND) - {COMPONENT}))
def test_no_page_of_statistics_draws_a_figure_past_the_component(module: str):
    assert drawn(BEHIND[module]) == []


def test_whatever_the_component_draws_has_its_receipt():
    """Each method that shows a value also calls the receipt, itself or through the heading."""
    shown = next(
        node
        for node in ast.walk(BEHIND[COMPONENT])
        if isinstance(node, ast.ClassDef) and node.name == "Shown"
    )
    methods = {one.name: one for one in shown.body if isinstance(one, ast.FunctionDef)}
    with_receipt = {name for name, one in methods.items() if "receipt_popover" in _called(one)}
    assert "_headed" in with_receipt
    drawing = [one for one in methods.values() if drawn(one)]
    assert {one.name for one in drawing} == {"metric", "chart", "table"}
    for method in drawing:
        assert method.name in with_receipt or "_headed" in _called(method), method.name


def _called(tree: ast.AST) -> set[str]:
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }


@pytest.mark.parametrize(
    ("source", "finds"),
    [
        ("st.metric('a', 1)", ["metric"]),
        ("left.vega_lite_chart({})", ["vega_lite_chart"]),
        ("with box:\n    st.dataframe(rows)", ["dataframe"]),
        ("shown.metric(indicator, cell, 'a')", []),
        ("st.html(markup.note('1'))", []),
    ],
)
def test_the_lint_sees_a_figure_that_is_drawn(source: str, finds: list[str]):
    assert drawn(ast.parse(source)) == finds
