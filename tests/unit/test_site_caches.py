"""What the site keeps between runs is the same for everybody, or keyed by reader and release.

`st.cache_data` and `functools.cache` are shared by all sessions of the process: one function that
keeps an answer without the reader in its key hands one person's data to the next.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[2] / "dashboards"
_CACHES = {"cache", "lru_cache", "cache_data", "cache_resource"}
#: A parameter that tells readers apart, and one that tells releases apart.
_READER = {"token", "visit", "subject", "person_key", "grant"}
_RELEASE = {"release", "release_id", "visit"}
#: Function → why everybody may get the same: it holds nothing of a person.
SAME_FOR_ALL = {
    "data._public_statistics": "public figures of one release",
    "components.frame._css": "the site's own style sheet",
}


def _name_of(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def cached(source: str) -> list[tuple[str, set[str]]]:
    """(function, its parameters) of everything that a shared cache keeps. A parameter with a
    leading underscore is no part of Streamlit's key."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
            _name_of(one) in _CACHES for one in node.decorator_list
        ):
            named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            found.append((node.name, {one.arg for one in named if not one.arg.startswith("_")}))
    return found


def is_keyed(parameters: set[str]) -> bool:
    return bool(parameters & _READER) and bool(parameters & _RELEASE)


def _all() -> list[tuple[str, set[str]]]:
    return [
        (".".join([*file.relative_to(SITE).with_suffix("").parts, name]), parameters)
        for file in sorted(SITE.rglob("*.py"))
        for name, parameters in cached(file.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("name", "parameters"), _all(), ids=[name for name, _ in _all()])
def test_what_is_kept_is_keyed_or_the_same_for_all(name: str, parameters: set[str]):
    assert is_keyed(parameters) or name in SAME_FOR_ALL


def test_no_exception_outlives_its_function():
    assert set(SAME_FOR_ALL) <= {name for name, _ in _all()}


@pytest.mark.parametrize(
    ("source", "keyed"),
    [
        ("@st.cache_data\ndef page(token, release): ...", True),
        ("@st.cache_data(ttl=60)\ndef page(visit): ...", True),
        ("@st.cache_data\ndef page(_token, release): ...", False),
        ("@st.cache_resource\ndef page(release): ...", False),
        ("@functools.lru_cache(maxsize=8)\ndef page(token): ...", False),
        ("@cache\ndef page(): ...", False),
    ],
)
def test_the_lint_tells_them_apart(source: str, keyed: bool):
    ((_, parameters),) = cached(source)
    assert is_keyed(parameters) is keyed


def test_nothing_outside_the_session_holds_answers():
    """A module's dictionary that grows with use would be a cache too; the one that there is holds
    the address of the gateway. A page and the router are run anew each time and keep nothing."""
    modules = [f for f in sorted(SITE.rglob("*.py")) if f.parent.name != "app_pages"]
    for file in modules:
        if file.name == "app.py":
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(
                node.value, ast.Dict | ast.List | ast.Set
            ):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                name = getattr(target, "id", "")
                is_constant = name.isupper() or name.strip("_").isupper() or name == "__all__"
                assert is_constant or (file.name, name) in ALLOWED, (file.name, name)


#: (file, name) → a module's variable that is no constant.
ALLOWED = {("data.py", "_state")}
