"""What a customer's first visit to each screen weighs on the wire, all in: at most 45 KB."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.chromium import phone
from tests.browser.job import roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, link_in_mail
from tests.house import Tell

MOST_BYTES = 45_000
Walk = Callable[[Customer], None]
SCREENS: tuple[tuple[str, Walk], ...] = (
    ("landing", lambda customer: None),
    ("account", lambda customer: customer.tap("Get started")),
    ("profile", Customer.creates_account_by_the_link),
    ("estimate", Customer.saves_profile),
    ("consent", Customer.approves),
    ("sign", Customer.consents),
    ("card", Customer.signs_by_finger),
    ("done", Customer.adds_card),
    ("portal", lambda customer: customer.tap("Open my portal", "link")),
)


def test_every_screen_is_light_on_the_first_visit(live: Live, browser: Browser, tell: Tell) -> None:
    job = roof_job(live)
    job.send()
    link = link_in_mail(live, job.contact.email)
    heavy = []
    with phone(browser) as page:
        customer = Customer(page, live)
        customer.opens(link)
        for name, walk in SCREENS:
            walk(customer)
            page.wait_for_load_state("networkidle")
            if name == "done":
                customer.sees("That’s everything")
            size, requests = weighed(page, browser)
            tell(f"weight: {name} bytes={size} requests={requests}")
            if size > MOST_BYTES:
                heavy.append((name, size))
    assert not heavy, heavy


def weighed(page: Page, browser: Browser) -> tuple[int, int]:
    """Bytes on the wire, headers too, and requests, of this screen in a browser that has never been
    here: the same cookies, an empty cache."""
    with phone(browser, storage_state=page.context.storage_state()) as fresh:
        wire = fresh.context.new_cdp_session(fresh)
        wire.send("Network.enable")
        sizes: dict[str, float] = {}

        def count(told: dict[str, Any]) -> None:
            sizes[told["requestId"]] = told["encodedDataLength"]

        wire.on("Network.loadingFinished", count)
        fresh.goto(page.url)
        fresh.wait_for_load_state("networkidle")
        return round(sum(sizes.values())), len(sizes)
