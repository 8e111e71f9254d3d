"""axe, of Deque: what on a page keeps somebody out."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / ".cache/node/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LAY_THE_BAR = """(how) => document.querySelectorAll('.foot, .action-bar').forEach(
    (bar) => { bar.style.position = how; })"""


def violations(page: Page) -> list[str]:
    """A sentence for each place that breaks a rule of WCAG 2.2 AA or of good practice.

    The bar at the bottom is laid at the end of the page meanwhile: what happens to lie beneath it
    comes out by scrolling, and is no smaller for it.
    """
    page.evaluate(AXE.read_text())
    page.evaluate(LAY_THE_BAR, "static")
    found = page.evaluate(
        "(rules) => axe.run({runOnly: {type: 'tag', values: rules}}).then((all) => all.violations)",
        RULES,
    )
    page.evaluate(LAY_THE_BAR, "")
    return [
        f"{one['id']}: {node['html'][:160]} {[each['message'] for each in node['any'][:1]]}"
        for one in found
        for node in one["nodes"][:3]
    ]
