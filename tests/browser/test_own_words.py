"""An owner puts an invite in the company's own words, sees it at once, and sends a test."""

from playwright.sync_api import Browser, expect

from tests.browser.chromium import desktop
from tests.browser.live import Live, words_of
from tests.browser.people import Office


def test_what_is_typed_stands_in_the_preview_and_in_the_test(browser: Browser, live: Live):
    _, owner = live.house.company()
    with desktop(browser) as page:
        Office(page, live).signs_in(owner.email)
        page.goto(f"{live.url}/crm/settings/messages/invite/en")
        subject = page.get_by_label("Subject")
        subject.fill("Good news about ")
        page.get_by_role("button", name="{job_title}").click()
        expect(subject).to_have_value("Good news about {job_title}")
        expect(subject).to_be_focused()
        page.get_by_label("Opening lines").fill("We were on your roof.")

        sample = page.locator("#message-sample")
        expect(sample.get_by_text("Good news about Roof replacement")).to_be_visible()
        letter = page.frame_locator("#message-sample iframe")
        expect(letter.get_by_text("We were on your roof.").last).to_be_visible()
        many = "so many words " * 14
        text = page.get_by_role("textbox", name="Text message")
        text.fill(f"{{company_name}}: {many}{{link}}")
        expect(sample.get_by_text("sent and paid for as 2 texts")).to_be_visible()

        page.get_by_role("button", name="E-mail to me").click()
        expect(page.get_by_text(f"A test is on its way to {owner.email}.")).to_be_visible()
        expect(page.get_by_label("Opening lines")).to_have_value("We were on your roof.")
    mail = live.mail_to(owner.email)
    assert mail["Subject"] == "Good news about Roof replacement"
    assert "We were on your roof." in words_of(mail)
