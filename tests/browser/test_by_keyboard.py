"""The whole flow without a mouse or a finger, on a narrow screen: every control is reached by Tab
and pressed by a key, and what has the focus is never lost where a part of the page changes."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import page_in
from tests.browser.job import Job, roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, link_in_mail

NARROW = {"viewport": {"width": 360, "height": 740}}
_FOCUSED = "document.activeElement.closest('body > *') ? document.activeElement.outerHTML : ''"
# The link over the masthead slides in once it has the focus: it is looked at nowhere else.
_HIDDEN = """() => {
  if (document.activeElement.matches('.skip')) return false;
  const held = document.activeElement.getBoundingClientRect();
  const bar = document.querySelector('.foot');
  const top = bar && !bar.contains(document.activeElement) ? bar.getBoundingClientRect().top : 1e9;
  return held.top >= top || held.bottom <= 0;
}"""


class Keys:
    """Somebody with a keyboard, who sees where they are."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: str) -> None:
        """Tabs on until `target` (a CSS selector) has the focus."""
        for _ in range(40):
            self.page.keyboard.press("Tab")
            assert not self.page.evaluate(_HIDDEN), f"hidden: {self.page.evaluate(_FOCUSED)[:90]}"
            if self.page.evaluate("css => document.activeElement.matches(css)", target):
                return
        raise AssertionError(f"{target} is not reached by Tab at {self.page.url}")

    def press(self, target: str, key: str = "Enter") -> None:
        self.reach(target)
        self.page.keyboard.press(key)

    def stands_on(self, target: str) -> None:
        """What has the focus now, once the page has settled."""
        expect(self.page.locator(target).first).to_be_focused()

    def narrow(self) -> None:
        """Nothing sticks out to the side."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) == 0, self.page.url


def test_the_whole_flow_by_keyboard_at_360_pixels(live: Live, browser: Browser) -> None:
    job = roof_job(live)
    job.send()
    with page_in(browser, **NARROW) as page:
        keys, customer = Keys(page), Customer(page, live)
        sets_up_the_account(keys, customer, job)
        talks_about_the_estimate(keys)
        keys.press("#approve")
        customer.sees("Agree to sign on this device")
        opens_and_agrees(keys)
        customer.sees("Sign your contract")
        keys.narrow()
        keys.press("[data-sign-type]")
        keys.stands_on("#typed")
        page.keyboard.type("Dana Whitfield")
        page.keyboard.press("Enter")
        customer.sees("Add a card")
        keys.press("#auto-pay", "Space")
        keys.narrow()
        keys.press("#actions button")
        customer.sees("Save a card")
        keys.press("[value=visa]")
        customer.sees("That’s everything, Dana")
        manages_the_card(keys, customer)


def sets_up_the_account(keys: Keys, customer: Customer, job: Job) -> None:
    customer.opens(link_in_mail(customer.live, job.contact.email))
    keys.narrow()
    keys.press("#actions button")
    customer.sees("Set up your account")
    keys.narrow()
    keys.press("main .button-primary")
    customer.sees("Your details")
    keys.narrow()
    keys.press("#actions button")
    customer.sees("Roof replacement")
    keys.narrow()


def talks_about_the_estimate(keys: Keys) -> None:
    """Asks about a line, switches an option, wishes for changes: the focus goes along."""
    page = keys.page
    keys.press(".line-ask")
    keys.stands_on("textarea")
    page.keyboard.type("Is the dumpster included?")
    keys.press(".ask button")
    keys.stands_on(".said")
    page.goto(page.url)
    before = page.locator("#approve").inner_text()
    keys.press("[name=options]", "Space")
    expect(page.locator("#approve")).not_to_have_text(before)
    keys.stands_on("[name=options]")
    keys.press(".bar-second a")
    keys.stands_on("#about")
    keys.reach("#wish")
    page.keyboard.type("Cheaper guards, please.")
    keys.press("#wishes button")
    keys.stands_on("#wishes .notice")


def opens_and_agrees(keys: Keys) -> None:
    page = keys.page
    keys.narrow()
    with page.context.expect_page() as opened:
        keys.press("#open-pdf")
    opened.value.close()
    page.evaluate("htmx.trigger('#opening', 'shown')")  # as coming back to the tab does
    expect(page.locator(".opened")).to_be_visible()
    keys.stands_on("#open-pdf")
    keys.press("#agrees", "Space")
    keys.press("#actions button")


def manages_the_card(keys: Keys, customer: Customer) -> None:
    keys.narrow()
    keys.press("#actions a")
    customer.sees("Your portal")
    keys.narrow()
    keys.press("a[href$='/payment-methods']")
    customer.sees("Payment methods")
    keys.narrow()
    keys.press(".pay details:last-of-type summary")
    keys.press(".pay details[open] button")
    customer.reads("No card on file")
