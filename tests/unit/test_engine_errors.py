"""Messages of the engine without the values that it quotes."""

from __future__ import annotations

import duckdb
import pytest

from warehouse.engine import describe_error, quote_text
from warehouse.transform import _clean

VALUES = (
    "测试者",
    "O'Brien测试者",
    "测试者\n乙",
    "a\n\n'测试者' b\n测试者",
    '测试者"x',
    "'\nLINE 1: 测试者",
)


@pytest.mark.parametrize("value", VALUES)
def test_a_value_of_whatever_shape_is_not_in_the_message(value):
    with pytest.raises(duckdb.Error) as caught:
        duckdb.connect().execute(f"SELECT v::INTEGER FROM (VALUES ({quote_text(value)})) t (v)")
    assert "测试者" in str(caught.value)
    said = describe_error(caught.value)
    assert said.startswith("Conversion Error: Could not convert string …")
    told = _clean(f"Runtime Error in model m (m.sql)\n  {caught.value}")
    assert told.startswith("Runtime Error in model m (m.sql) Conversion Error: Could not convert")
    for text in (said, told):
        assert not any(sign in text for sign in "测试者乙"), text


def test_what_quotes_nothing_stays_whole():
    said = describe_error(Exception("IO Error: No files found\n\nLINE 1: SELECT 1"))
    assert said == "IO Error: No files found"
    assert describe_error(ValueError("")) == "ValueError"
