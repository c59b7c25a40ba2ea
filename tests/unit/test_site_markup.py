"""Nothing that comes from data becomes markup."""

import re
from html.parser import HTMLParser

import pytest

from dashboards.components import markup
from dashboards.components.markup import Entry

EVIL = "<img src=x onerror=alert(1)>\"'&"


@pytest.mark.parametrize(
    "made",
    [
        markup.title(EVIL),
        markup.note(EVIL),
        markup.paragraph(EVIL),
        markup.head(EVIL, [EVIL]),
        markup.tag(EVIL, EVIL),
        markup.empty(EVIL, EVIL),
        markup.watch_line(EVIL, "bad", EVIL, EVIL),
        markup.entries([Entry(EVIL, EVIL, remark=EVIL, side=EVIL, side_note=EVIL)]),
        markup.entries([Entry(EVIL, side=EVIL, state=EVIL)]),
        markup.entries([Entry(EVIL, side=EVIL, score=True)]),
        markup.tiles([(EVIL, EVIL, EVIL, EVIL)]),
        markup.distribution(60, 80, 70, EVIL),
        markup.facts([(EVIL, EVIL)], [(EVIL, EVIL, EVIL)]),
        markup.timeline([(EVIL, EVIL, EVIL, True)]),
        markup.stepper([(EVIL, EVIL, EVIL)]),
        markup.document(EVIL),
        markup.folded(EVIL, ""),
        markup.folded_facts(EVIL, [(EVIL, EVIL)]),
        markup.progress([(EVIL, EVIL, EVIL, 0.5, 0.2, EVIL)]),
        markup.week([(EVIL, True, [(EVIL, EVIL, [EVIL], EVIL)])]),
        markup.bullets([EVIL]),
        markup.provenance([EVIL], EVIL, [EVIL]),
        markup.definition_list([(EVIL, EVIL)]),
        markup.columns_table([EVIL], [[EVIL, EVIL]]),
    ],
)
def test_values_are_escaped(made):
    elements: list[str] = []
    attributes: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            elements.append(tag)
            attributes.extend(name for name, _ in attrs)

    Reader().feed(made)
    assert "img" not in elements
    assert not [name for name in attributes if name.startswith("on") or name == "src"]


def test_a_mark_outside_the_scale_stays_on_it():
    made = markup.distribution(10, 130, 20, "")
    places = [float(number) for number in re.findall(r"left:([\d.]+)%", made)]
    assert places == [0.0, 0.0]


def test_what_is_under_way_never_runs_past_the_end_of_the_bar():
    made = markup.progress([("", "", "", 0.9, 0.4, ""), ("", "", "", 1.2, 0.1, "")])
    assert re.findall(r"width:([\d.]+)%", made) == ["90.0", "10.0", "100.0", "0.0"]


def test_an_entry_without_a_side_leaves_none():
    assert "side" not in markup.entries([Entry("只有这一行")])


def test_the_step_that_waits_is_told_to_who_cannot_see_it():
    made = markup.stepper([("一", "", "done"), ("二", "", "current"), ("三", "", "to_come")])
    assert re.findall(r"<li[^>]*aria-current=\"step\"[^>]*><b>(.)", made) == ["二"]


def test_a_reason_is_shown_as_it_was_written_and_links_nowhere():
    said = markup.literal("见 [表](http://x.invalid) :red[$x$] <b>")
    assert said == r"见 \[表\]\(http\:\/\/x\.invalid\) \:red\[\$x\$\] \<b\>"
