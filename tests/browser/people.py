"""A customer with a phone and a member with a desktop, as the stories here have them act."""

import re
import time
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.browser.live import Live, words_of
from tests.house import PASSWORD

# The promise is one polling interval of 3 s; two browsers and the server share two cores here.
SHOWN_WITHIN_MS = 5_000
_LINK = re.compile(r"https?://\S+/(?:i|portal/link)/\S+")


@dataclass
class Customer:
    """Somebody with a phone. Counts what their fingers do on our pages."""

    page: Page
    live: Live
    taps: int = 0
    typed: int = 0
    began: float = field(default_factory=time.monotonic)

    def tap(self, words: str, role: str = "button") -> None:
        self.press(self.page.get_by_role(role, name=words, exact=False).first)

    def press(self, target: Locator) -> None:
        self.taps += 1
        target.click()

    def type(self, target: Locator, text: str) -> None:
        self.typed += len(text)
        target.press_sequentially(text)

    def opens(self, link: str) -> None:
        self.page.goto(link)

    def starts(self, link: str) -> None:
        self.opens(link)
        self.tap("Get started")
        assert "/i/" not in self.page.url

    def creates_account_by_the_link(self) -> None:
        self.tap("Continue with")
        self.sees("Your details")

    def creates_account_by_text(self, number: str) -> None:
        before = len(self.live.texts_to(number))
        self.tap("Text me a code")
        self.sees("Check your phone")
        code = _code_in(self.live.text_to(number, after=before))
        self.type(self.page.get_by_role("textbox"), code)
        self.sees("Your details")

    def saves_profile(self) -> None:
        self.tap("Continue to the estimate")

    def approves(self) -> None:
        self.tap("Approve")
        self.sees("Agree to sign on this device")

    def opens_the_contract(self) -> None:
        """The PDF opens beside the page; headless Chromium downloads it instead of showing it."""
        with self.page.context.expect_page() as opened:
            self.tap("Open the PDF")
        opened.value.close()

    def consents(self) -> None:
        self.opens_the_contract()
        self.press(self.page.get_by_role("checkbox"))
        self.tap("Agree and go on")
        self.sees("Sign your contract")

    def draws(self) -> None:
        """One stroke of a finger, up and down along the line."""
        self.taps += 1
        box = self.page.locator("[data-sign-canvas]").bounding_box()
        assert box is not None
        finger = self.page.context.new_cdp_session(self.page)
        for step in range(25):
            x = box["x"] + box["width"] * (0.1 + 0.032 * step)
            y = box["y"] + box["height"] * (0.5 + 0.3 * (-1) ** step)
            kind = "touchMove" if step else "touchStart"
            finger.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]}
            )
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def signs_by_finger(self) -> None:
        self.draws()
        self.tap("Sign contract")
        self.sees("Add a card")

    def signs_by_typing(self, name: str) -> None:
        self.tap("Type it instead")
        self.page.get_by_label("Type your").fill(name)
        self.tap("Sign contract")
        self.sees("Add a card")

    def adds_card(self, test_card: str = "Visa") -> None:
        self.tap("Add card")
        self.pays_with(test_card)

    def pays_with(self, test_card: str) -> None:
        """On the hosted page: its taps are Stripe's."""
        self.page.get_by_role("button", name=test_card).first.click()

    def sees(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def reads(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    @property
    def figures(self) -> str:
        seconds = time.monotonic() - self.began
        return f"taps={self.taps} typed={self.typed} seconds={seconds:.1f}"


@dataclass
class Office:
    """A member at a desktop, with the pipeline open all the while."""

    page: Page
    live: Live
    loads: int = 0

    def signs_in(self, email: str) -> None:
        self.page.goto(f"{self.live.url}/crm/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Pipeline")
        self.page.wait_for_load_state("networkidle")
        self.page.on("load", self._loaded)

    def sees(self, name: str, status: str, detail: str = "") -> None:
        """The person's card stands in the column, without a reload, within one interval."""
        slug = status.lower().replace(" ", "-")
        card = self.page.locator(f"#column-{slug}-cards .pcard", has_text=name)
        expect(card).to_be_visible(timeout=SHOWN_WITHIN_MS)
        if detail:
            expect(card).to_contain_text(detail, timeout=SHOWN_WITHIN_MS)
        assert self.loads == 0, "the pipeline was reloaded"

    def _loaded(self, _: Page) -> None:
        self.loads += 1


def link_in_mail(live: Live, address: str, after: int = 0) -> str:
    """The secret link of the newest mail to the address."""
    found = _LINK.search(words_of(live.mail_to(address, after=after)))
    assert found, "there is no link in the mail"
    return found.group(0).rstrip(".,)>")


def _code_in(text: str) -> str:
    found = re.search(r"\b(\d{6})\b", text)
    assert found, f"there is no code in {text!r}"
    return found.group(1)


def code_in_mail(live: Live, address: str, after: int = 0) -> str:
    return _code_in(words_of(live.mail_to(address, after=after)))
