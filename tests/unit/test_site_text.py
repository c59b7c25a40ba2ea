"""What the site says, in both languages."""

import ast
import re
from pathlib import Path

import pytest

from dashboards.pages import PAGES
from dashboards.text import TEXT

SITE = Path(__file__).resolve().parents[2] / "dashboards"
BLANKS = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("key", sorted(TEXT))
def test_both_languages_say_it_with_the_same_blanks(key):
    chinese, english = TEXT[key]
    assert chinese
    allowed_empty = key.startswith("unit.")
    assert english or allowed_empty
    missing = set(BLANKS.findall(chinese)) - set(BLANKS.findall(english))
    assert not missing or not english or key == "receipt.batches_value"


def _calls():
    for file in SITE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "say"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield file.name, node.args[0].value, {word.arg for word in node.keywords}


def test_every_sentence_that_a_page_asks_for_exists_and_gets_its_blanks():
    calls = list(_calls())
    assert len(calls) > 80
    for file, key, given in calls:
        assert key in TEXT, f"{file}: {key}"
        needed = set(BLANKS.findall("".join(TEXT[key])))
        assert needed <= given or None in given, f"{file}: {key} lacks {needed - given}"


def test_no_sentence_cheers_or_blames():
    banned = re.compile(r"赋能|异常|失败代码|！|!")
    assert not [key for key, sentences in TEXT.items() if banned.search("".join(sentences))]


def test_every_page_has_a_file_and_a_title():
    for page in PAGES:
        assert (SITE / "app_pages" / page.file).is_file()
        assert page.text in TEXT
