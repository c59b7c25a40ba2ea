"""The frame of a page: one document without scripts or outside requests, light, dark and print."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["document", "rows_table"]

_STYLE = """
:root{color-scheme:light dark;--ink:light-dark(#12181D,#E6ECEF);--muted:light-dark(#4A565D,#B9C4CA);
--page:light-dark(#FFFFFF,#141B20);--soft:light-dark(#F2F5F7,#1F282E);
--line:light-dark(#D5DCE1,#36424A);--primary:light-dark(#1B5E8C,#7DB9E3);
--warn:light-dark(#7A4600,#F0C27F);--warnback:light-dark(#FDF1DD,#35290F)}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1rem;background:var(--page);color:var(--ink);
font:1rem/1.6 'PingFang SC','HarmonyOS Sans SC','MiSans','Microsoft YaHei','Noto Sans CJK SC',
sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1{font-size:1.375rem;margin:.5rem 0}h2{font-size:1.0625rem;margin:1.5rem 0 .5rem}
h3{font-size:1rem;margin:1rem 0 .25rem}a{color:var(--primary)}
a:focus-visible{outline:2px solid var(--primary);outline-offset:2px}
code{font:.875em ui-monospace,Consolas,monospace;color:var(--muted)}
.muted{color:var(--muted);font-size:.8125rem}
.tag{font-size:.8125rem;color:var(--warn);background:var(--warnback);border-radius:.25rem;
padding:0 .375rem}
section{border:1px solid var(--line);border-radius:.5rem;padding:0 1rem 1rem;margin:1rem 0}
dl{display:grid;grid-template-columns:9rem 1fr;gap:.25rem 1rem;margin:.5rem 0 1rem}
dt{color:var(--muted)}dd{margin:0}
table{width:100%;border-collapse:collapse;font-size:.9375rem}
th,td{text-align:left;vertical-align:top;padding:.375rem .5rem;border-bottom:1px solid var(--line)}
th{background:var(--soft);white-space:nowrap}
table.narrow{max-width:40rem}
nav ul{columns:2;padding-left:1.25rem}
footer{margin:2rem 0 1rem;color:var(--muted);font-size:.8125rem}
@media (max-width:640px){
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}nav ul{columns:1}
nav li,footer a{padding:.5rem 0}section{padding:0 .75rem .75rem}
table.wide thead{position:absolute;left:-9999px}
table.wide,table.wide tbody,table.wide tr,table.wide td{display:block;width:100%}
table.wide tr{border-bottom:2px solid var(--line);padding:.375rem 0}
table.wide td{border:0;padding:.125rem 0}table.wide td:empty{display:none}
table.wide td::before{content:attr(data-label) '：';color:var(--muted);font-size:.8125rem}
table.wide td:first-child::before{content:''}}
@media print{:root{color-scheme:light}body{max-width:none;font-size:9pt}section{border:0;padding:0}
tr,dl{break-inside:avoid}h2{break-after:avoid}a{color:inherit;text-decoration:none}
nav,footer{display:none}}
"""


def document(title: str, body: str, *, home: bool = True) -> str:
    """A whole page; `body` is HTML, `title` is text."""
    back = "<p><a href='index.html'>← 数据交付合同</a></p>" if home else ""
    return (
        "<!DOCTYPE html>\n<html lang='zh-CN'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        "<link rel='icon' href='data:,'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<header>{back}<h1>{escape(title)}</h1></header><main>{body}</main>"
        "<footer>由 campus contract docs 从数据合同生成。</footer></body></html>\n"
    )


def rows_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, narrow: bool = False) -> str:
    """A table of HTML cells. On a phone a row becomes a block, its cells named by their heads."""
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)
    lines = "".join(
        "<tr>"
        + "".join(
            f"<td data-label='{escape(name)}'>{cell}</td>"
            for name, cell in zip(heads, row, strict=True)
        )
        + "</tr>\n"
        for row in rows
    )
    kind = "narrow" if narrow else "wide"
    return f"<table class='{kind}'><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
