"""What a customer's visits to each screen weigh on the wire, all in: the first, and later ones."""

from collections.abc import Callable
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from tests.browser.chromium import phone
from tests.browser.job import roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, link_in_mail
from tests.house import Tell

MOST_BYTES, MOST_FOR_SIGNING, MOST_LATER = 35_000, 45_000, 8_000
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
            first, later = weighed(page, browser)
            tell(f"weight: {name} bytes={first.bytes} requests={first.requests}")
            tell(f"weight later: {name} bytes={later.bytes} requests={later.requests}")
            most = MOST_FOR_SIGNING if name == "sign" else MOST_BYTES
            if first.bytes > most or later.bytes > MOST_LATER:
                heavy.append((name, first, later))
    assert not heavy, heavy


class Weight(NamedTuple):
    bytes: int
    requests: int


def weighed(page: Page, browser: Browser) -> tuple[Weight, Weight]:
    """Bytes on the wire, headers too, and requests, of this screen in a browser that has never been
    here (the same cookies, an empty cache), and of the same screen when it comes again."""
    with phone(browser, storage_state=page.context.storage_state()) as fresh:
        wire = fresh.context.new_cdp_session(fresh)
        wire.send("Network.enable")
        sizes: dict[str, float] = {}

        def count(told: dict[str, Any]) -> None:
            if told["encodedDataLength"]:
                sizes[told["requestId"]] = told["encodedDataLength"]

        wire.on("Network.loadingFinished", count)
        found = []
        for _ in range(2):
            sizes.clear()
            fresh.goto(page.url)
            fresh.wait_for_load_state("networkidle")
            found.append(Weight(round(sum(sizes.values())), len(sizes)))
        return found[0], found[1]
