"""A company that nobody knows signs up in the browser, and its first customer gets an invite."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import desktop
from tests.browser.live import Live, words_of

EMAIL = "ana@kettle.test"


def press(page: Page, words: str, role: str = "button") -> None:
    page.get_by_role(role, name=words, exact=True).first.click()


def signs_up(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/crm/sign-in")
    press(page, "Sign up with your company", "link")
    page.get_by_label("Company name").fill("Copper Kettle")
    page.get_by_label("Company phone").fill("(503) 555-0177")
    page.get_by_label("Your name").fill("Ana Ruiz")
    page.get_by_label("Your e-mail").fill(EMAIL)
    page.get_by_label("Password").fill("three boats at noon")
    press(page, "Sign up")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mailbox")
    found = re.search(r"https?://\S+/crm/sign-up/\S+", words_of(live.mail_to(EMAIL)))
    assert found
    page.goto(found[0])
    press(page, "Confirm and begin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pipeline")


def is_at_step(page: Page, words: str) -> None:
    expect(page.locator(".first-steps [aria-current]")).to_have_text(words)


def test_from_sign_up_to_the_first_invite_in_three_steps(browser: Browser, live: Live):
    with desktop(browser) as page:
        signs_up(page, live)

        is_at_step(page, "Add a contact")
        page.locator(".first-steps").get_by_role("link", name="New contact").click()
        page.get_by_label("Name", exact=True).fill("Dana Whitfield")
        page.get_by_role("textbox", name="E-mail").fill("dana@example.test")
        press(page, "Save contact")

        press(page, "Pipeline", "link")
        is_at_step(page, "Write the estimate and the contract")
        press(page, "Go on with Dana Whitfield", "link")
        page.get_by_label("What is the job?").fill("Roof replacement")
        press(page, "Write the estimate")
        page.get_by_label("Scope of work").fill("A new roof.")
        page.get_by_role("textbox", name="Line item").first.fill("Tear-off")
        page.get_by_role("textbox", name="Unit price").first.fill("4180")
        page.get_by_role("complementary").get_by_role("button", name="Save draft").click()
        expect(page.get_by_text("Saved")).to_be_visible()
        press(page, "Contract", "link")
        press(page, "Save contract")

        press(page, "Pipeline", "link")
        is_at_step(page, "Press Send Portal Invite")
        press(page, "Go on with Dana Whitfield", "link")
        press(page, "Send Portal Invite")
        expect(page.locator("#next_act")).to_contain_text("Invited")
        press(page, "Pipeline", "link")
        expect(page.locator("#column-invited-cards .pcard")).to_contain_text("Dana Whitfield")
        expect(page.locator(".first-steps")).to_have_count(0)
    assert "Copper Kettle" in str(live.mail_to("dana@example.test")["Subject"])
