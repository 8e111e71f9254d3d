"""What screens weigh on the wire, all in; and style sheets and scripts, compressed by brotli."""

from playwright.sync_api import Browser

from bench.office import Office
from quality.demo import Sight
from quality.lines import Goal, Line
from tests.browser.chromium import phone
from tests.browser.test_weight import MOST_BYTES, MOST_FOR_SIGNING, MOST_LATER, weighed

SIGNING = "contract"
SHEET_BYTES, OWN_SCRIPT_BYTES = 9_000, 4_000
# All that a customer's browser ever runs of ours, and all that the office's does.
OWN_SCRIPTS = {
    "customer-script": ("app.js", "sign.js", "worker.js"),
    "crm-script": ("app.js", "crm.js"),
}


def of_screen(sight: Sight, browser: Browser, base: str) -> Line:
    """Bytes of the first visit and of a later one, and how many are left for a logo."""
    most = MOST_FOR_SIGNING if sight.screen == SIGNING else MOST_BYTES
    with phone(browser) as page:
        if sight.cookie:
            name, _, value = sight.cookie.partition("=")
            page.context.add_cookies([{"name": name, "value": value, "url": base}])
        page.goto(sight.address)
        first, later = weighed(page, browser)
    measures = {"first": first.bytes, "later": later.bytes, "left-for-logo": most - first.bytes}
    goals = {
        "first": Goal(most),
        "later": Goal(MOST_LATER),
    }
    return Line(sight.screen, "weight", measures, goals)


def of_files(office: Office) -> list[Line]:
    """Bytes of each style sheet, and of the scripts of our own together."""
    sheets = {name: _compressed(office, name) for name in ("customer.css", "crm.css")}
    lines = [Line("style", "brotli", sheets, dict.fromkeys(sheets, Goal(SHEET_BYTES)))]
    for whose, names in OWN_SCRIPTS.items():
        scripts = {name: _compressed(office, name) for name in names}
        scripts["all"] = sum(scripts.values())
        lines.append(Line(whose, "brotli", scripts, {"all": Goal(OWN_SCRIPT_BYTES)}))
    return lines


def _compressed(office: Office, name: str) -> float:
    built = office.settings.data_dir / "assets"
    file = office.app.jinja_env.globals["asset"](name).rpartition("/")[2]
    return (built / f"{file}.br").stat().st_size
