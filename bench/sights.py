"""What a phone on a weak network sees, and when: Chromium as slow as Lighthouse's slow 4G."""

from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.figures import Figure, middle
from bench.office import Office
from bench.weights import SCREENS
from tests.browser.chromium import launched, phone

# Lighthouse's own: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up, a quarter of the power.
_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600 * 1_000 / 8,
    "uploadThroughput": 750 * 1_000 / 8,
}
_SLOWER = 4
_LARGEST_SHOWN_MS, _BLOCKED_MS, _MOVED = 1_500, 100, 0
_WATCH = """
window.seen = {lcp: 0, blocked: 0, moved: 0};
const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
  .observe({type, buffered: true});
watch('largest-contentful-paint', (entry) => { seen.lcp = entry.startTime; });
watch('longtask', (entry) => { seen.blocked += entry.duration - 50; });
watch('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.moved += entry.value; });
"""


def figures(office: Office, times: int) -> list[Figure]:
    found = []
    with sync_playwright() as driver, launched(driver) as browser:
        for screen in ("sign-in", "estimate", "contract"):
            path, name = SCREENS[screen]
            cookie = office.customer_cookie(name) if name else ""
            seen: list[dict[str, float]] = []

            def look(path: str = path, cookie: str = cookie, seen: Any = seen) -> float:
                seen.append(_first_visit(browser, office.settings.base_url, path, cookie))
                return seen[-1]["lcp"]

            shown = middle(look, times)
            blocked, moved = (max(each[what] for each in seen) for what in ("blocked", "moved"))
            found += [
                Figure(f"largest paint, {screen}, slow 4G", round(shown), _LARGEST_SHOWN_MS, "ms"),
                Figure(f"blocked, {screen}, slow 4G", round(blocked), _BLOCKED_MS, "ms"),
                Figure(f"layout shift, {screen}", round(moved, 4), _MOVED, ""),
            ]
    return found


def _first_visit(browser: Browser, base: str, path: str, cookie: str) -> dict[str, float]:
    with phone(browser) as page:
        if cookie:
            name, _, value = cookie.partition("=")
            page.context.add_cookies([{"name": name, "value": value, "url": base}])
        page.add_init_script(_WATCH)
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", _LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        page.goto(base + path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        return dict(page.evaluate("seen"))
