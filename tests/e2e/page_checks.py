"""What every page of the site is held to: axe-core finds nothing that is ours, nothing stands out
sideways."""

from __future__ import annotations

from playwright.sync_api import Page

__all__ = ["STREAMLIT", "sideways", "sideways_with_big_text", "violations", "within"]

#: Rule → selector of Streamlit's own parts that break it, see UX: not avoidable from a page.
STREAMLIT = {
    "svg-img-alt": "[data-testid=stMetricChart], [data-testid=stVegaLiteChart]",
    "aria-input-field-name": "[data-testid=stFileUploader]",
}
_SERIOUS = {"serious", "critical"}


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds serious or critical, and that is not Streamlit's alone."""
    page.evaluate(axe + "; null")
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => "
        "({id: v.id, impact: v.impact, nodes: v.nodes.map(n => n.target.join(' '))})))"
    )
    ours = []
    for one in found:
        if one["impact"] not in _SERIOUS:
            continue
        theirs = STREAMLIT.get(one["id"])
        ours += [
            f"{one['id']}: {node}"
            for node in one["nodes"]
            if not (theirs and within(page, node, theirs))
        ]
    return ours


def within(page: Page, node: str, selector: str) -> bool:
    return bool(
        page.evaluate(
            "([node, parts]) => !!document.querySelector(node)?.closest(parts)", [node, selector]
        )
    )


def sideways(page: Page) -> int:
    """Pixels by which the page is wider than its window, in the document and in its main part."""
    return page.evaluate(
        "Math.max(document.scrollingElement.scrollWidth,"
        " document.querySelector('[data-testid=stMain]').scrollWidth) - innerWidth"
    )


def sideways_with_big_text(page: Page) -> int:
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_timeout(150)
    wider = sideways(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return wider
