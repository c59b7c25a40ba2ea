"""HTML pieces of the pages. Every value that comes in is escaped here, nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

__all__ = [
    "Entry",
    "Tile",
    "bullets",
    "calendar",
    "columns_table",
    "definition_list",
    "distribution",
    "document",
    "empty",
    "entries",
    "facts",
    "folded",
    "folded_facts",
    "head",
    "literal",
    "note",
    "paragraph",
    "picture",
    "progress",
    "provenance",
    "stepper",
    "tag",
    "tiles",
    "timeline",
    "title",
    "watch_line",
    "week",
]


_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


def literal(text: str) -> str:
    """A text that somebody wrote, for Streamlit's own messages, which read Markdown: no link, no
    colour and no formula comes of it."""
    return _MARKS.sub(r"\\\1", text)


def title(text: str) -> str:
    return f'<h2 class="c-title">{escape(text)}</h2>'


def note(text: str) -> str:
    return f'<p class="c-note">{escape(text)}</p>'


def paragraph(text: str) -> str:
    return f'<p class="c-body">{escape(text)}</p>'


def head(text: str, details: Iterable[str] = ()) -> str:
    line = "".join(f"<span>{escape(part)}</span>" for part in details if part)
    below = f"<p>{line}</p>" if line else ""
    return f'<div class="c-head"><h1>{escape(text)}</h1>{below}</div>'


def tag(text: str, state: str = "") -> str:
    """A small word on a coloured ground; `state` is good, watch, bad, info or nothing."""
    return f'<span class="c-tag {escape(state)}">{escape(text)}</span>'


def watch_line(word: str, state: str, sentence: str, owners: str) -> str:
    """One thing to look at: the state's word, a sentence, who answers for it."""
    text = f"{tag(word, state)}{escape(sentence)} <small>{escape(owners)}</small>"
    return f'<p class="c-watch">{text}</p>'


def picture(address: str, words: str) -> str:
    """A small picture, given as data URI, and what it shows in words."""
    return f'<img class="c-spark" src="{escape(address)}" alt="{escape(words)}">'


def empty(heading: str, body: str) -> str:
    return f'<div class="c-empty"><b>{escape(heading)}</b><span>{escape(body)}</span></div>'


class Entry:
    """One line of a list: what it is, a quiet remark, details below, something at the right.

    `figure` is a bar made by `distribution` and `more` what folds out below, made by
    `folded_facts`: both are markup already. All other parts are plain text.
    """

    def __init__(
        self,
        main: str,
        *details: str,
        remark: str = "",
        side: str = "",
        side_note: str = "",
        score: bool = False,
        state: str | None = None,
        figure: str = "",
        more: str = "",
    ) -> None:
        self.main, self.details, self.remark = main, details, remark
        self.side, self.side_note, self.score = side, side_note, score
        self.state, self.figure, self.more = state, figure, more

    def markup(self) -> str:
        remark = f'<small class="inline">{escape(self.remark)}</small>' if self.remark else ""
        below = "".join(f"<small>{escape(line)}</small>" for line in self.details if line)
        if self.state is not None and self.side:
            side = tag(self.side, self.state)
        elif self.score:
            side = f'<span class="score">{escape(self.side)}</span>'
        else:
            side = f'<span class="{"" if self.side_note else "when"}">{escape(self.side)}</span>'
        if self.side_note:
            side += f"<small>{escape(self.side_note)}</small>"
        right = f'<div class="side">{side}</div>' if self.side else ""
        return (
            f'<li><div class="main"><b>{escape(self.main)}</b>{remark}{self.figure}{below}'
            f"{self.more}</div>"
            f"{right}</li>"
        )


def entries(lines: Iterable[Entry]) -> str:
    return f'<ul class="c-list">{"".join(line.markup() for line in lines)}</ul>'


def folded_facts(press: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Terms and their values, those that have one, behind a word that opens them."""
    rows = "".join(
        f"<div><dt>{escape(term)}</dt><dd>{escape(value)}</dd></div>"
        for term, value in pairs
        if value
    )
    return (
        f'<details class="c-told"><summary>{escape(press)}</summary>'
        f'<dl class="c-facts">{rows}</dl></details>'
    )


def bullets(lines: Iterable[str]) -> str:
    """Short sentences one below the other."""
    return f'<ul class="c-bullets">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>'


#: Label, figure, unit, note and, where there is one, a share 0–1.
Tile = tuple[str, str, str, str] | tuple[str, str, str, str, float]


def tiles(cells: Iterable[Tile]) -> str:
    """Figures side by side."""
    parts = []
    for label, figure, unit, below, *rest in cells:
        words = "" if any(character.isdigit() for character in figure) else " words"
        small = f" <small>{escape(unit)}</small>" if unit else ""
        meter = ""
        if rest:
            width = max(0.0, min(1.0, float(rest[0]))) * 100
            meter = (
                f'<dd class="c-meter" aria-hidden="true"><i style="width:{width:.0f}%"></i></dd>'
            )
        remark = f'<dd class="note">{escape(below)}</dd>' if below else ""
        parts.append(
            f'<div><dt>{escape(label)}</dt><dd class="figure{words}">{escape(figure)}{small}</dd>'
            f"{meter}{remark}</div>"
        )
    return f'<dl class="c-tiles">{"".join(parts)}</dl>'


def distribution(
    low: float, high: float, mine: float, alt: str, *, bottom: float = 40.0, top: float = 100.0
) -> str:
    """Where the middle half of a class lies between `low` and `high`, and one's own mark."""

    def place(value: float) -> float:
        return max(0.0, min(100.0, (value - bottom) / (top - bottom) * 100))

    left, right = place(low), place(high)
    return (
        f'<div class="c-dist" role="img" aria-label="{escape(alt)}">'
        f'<i style="left:{left:.1f}%;width:{max(right - left, 0.5):.1f}%"></i>'
        f'<b style="left:{place(mine):.1f}%"></b></div>'
    )


def calendar(weeks: Sequence[Sequence[int | None]], alt: str) -> str:
    """Days as small boxes, a column a week, Monday on top; the darker, the higher the level (0–4).
    None leaves the place empty."""
    boxes = "".join(
        f'<i class="{"none" if level is None else f"l{level}"}"></i>'
        for week in weeks
        for level in week
    )
    return f'<div class="c-days" role="img" aria-label="{escape(alt)}">{boxes}</div>'


def facts(pairs: Iterable[tuple[str, str]], hidden: Sequence[tuple[str, str, str]] = ()) -> str:
    """Label and value in pairs. `hidden` are (label, what to press, value) shown on request."""
    shown = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in pairs
    )
    folded = "".join(
        f"<div><dt>{escape(label)}</dt><dd><details><summary>{escape(press)}</summary>"
        f"{escape(value)}</details></dd></div>"
        for label, press, value in hidden
    )
    return f'<dl class="c-facts">{shown}{folded}</dl>'


def folded(press: str, inside: str) -> str:
    """`inside` (already markup) opens when `press` is pressed."""
    return f'<details class="c-more"><summary>{escape(press)}</summary>{inside}</details>'


def progress(bars: Iterable[tuple[str, str, str, float, float, str]]) -> str:
    """What is done of what is asked for: label, figure, note, the share done and the share under
    way (each 0–1), and the same in words for who does not see it."""
    items = []
    for label, figure, below, done, ongoing, words in bars:
        first = max(0.0, min(1.0, done)) * 100
        second = max(0.0, min(100 - first, ongoing * 100))
        items.append(
            f"<li><div><b>{escape(label)}</b><span>{escape(figure)}</span></div>"
            f'<div class="bar" role="img" aria-label="{escape(words)}">'
            f'<i style="width:{first:.1f}%"></i><em style="width:{second:.1f}%"></em></div>'
            f"<small>{escape(below)}</small></li>"
        )
    return f'<ul class="c-progress">{"".join(items)}</ul>'


def week(days: Iterable[tuple[str, bool, Sequence[tuple[str, str, Sequence[str], str]]]]) -> str:
    """A timetable: each day's name, whether it is today, and its lessons in their order, each
    with when, what, details below and a small word (or none)."""
    parts = []
    for name, is_today, lessons in days:
        items = "".join(
            f"<li><small class='when'>{escape(when)}</small><div><b>{escape(what)}</b>"
            + (f" {tag(word, 'watch')}" if word else "")
            + "".join(f"<small>{escape(line)}</small>" for line in details if line)
            + "</div></li>"
            for when, what, details, word in lessons
        )
        current = ' aria-current="date"' if is_today else ""
        parts.append(f"<section{current}><h3>{escape(name)}</h3><ul>{items}</ul></section>")
    return f'<div class="c-week">{"".join(parts)}</div>'


def timeline(steps: Iterable[tuple[str, str, str, bool]]) -> str:
    """Steps of a path, newest first: when, what, by whom, and whether it is still to come."""
    items = "".join(
        f'<li class="{"future" if future else ""}"><small>{escape(when)}</small>'
        f"<b>{escape(what)}</b>{f'<small>{escape(who)}</small>' if who else ''}</li>"
        for when, what, who, future in steps
    )
    return f'<ol class="c-time">{items}</ol>'


def stepper(steps: Iterable[tuple[str, str, str]]) -> str:
    """Stages in their order: name, note, and done, current or to_come."""
    items = "".join(
        f'<li class="{escape(state)}"{_CURRENT if state == "current" else ""}>'
        f"<b>{escape(name)}</b><small>{escape(below)}</small></li>"
        for name, below, state in steps
    )
    return f'<ol class="c-steps">{items}</ol>'


_CURRENT = ' aria-current="step"'


def document(text: str) -> str:
    """A text to be read as it stands, its lines kept."""
    return f'<div class="c-document">{escape(text)}</div>'


def provenance(
    parts: Iterable[str], press: str = "", folded: Iterable[str] = (), late: str = ""
) -> str:
    """Where data come from in one quiet line, after the word that they are late, if they are;
    `folded` opens when `press` is pressed."""
    line = "".join(f"<span>{escape(part)}</span>" for part in parts if part)
    line = (tag(late, "bad") + " " if late else "") + line
    inside = "".join(f"<div>{escape(part)}</div>" for part in folded if part)
    if inside:
        line += f"<details><summary><b>{escape(press)}</b></summary>{inside}</details>"
    return f'<div class="c-source">{line}</div>' if line else ""


def definition_list(pairs: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in pairs if value
    )
    return f'<dl class="c-receipt">{rows}</dl>'


def columns_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A small table of words; the first column is code."""
    top = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{'<code>' if place == 0 else ''}{escape(cell)}"
            f"{'</code>' if place == 0 else ''}</td>"
            for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return f'<table class="c-columns"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
