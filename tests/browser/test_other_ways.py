"""The other two ways to an account: a link by e-mail, opened elsewhere, and a password."""

from playwright.sync_api import Browser

from onboarding.notifications.models import Channel
from tests.browser.chromium import desktop, phone
from tests.browser.job import roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, code_in_mail, link_in_mail

A_PASSWORD = "seven green lanterns"


def test_a_link_opened_on_the_laptop_moves_the_phone_on(live: Live, browser: Browser) -> None:
    job = roof_job(live)
    job.send(Channel.SMS)
    link = link_in_text(live, job.contact.mobile)
    with phone(browser) as page, desktop(browser) as laptop:
        customer = Customer(page, live)
        customer.starts(link)
        customer.tap("E-mail me a sign-in link")
        customer.sees("Check your e-mail")
        laptop.goto(link_in_mail(live, job.contact.email))
        laptop.get_by_role("button").last.click()
        customer.sees("Your details")
        assert customer.typed == 0
        assert customer.taps <= 3


def test_the_code_beside_the_link_can_be_typed_instead(live: Live, browser: Browser) -> None:
    job = roof_job(live)
    job.send(Channel.SMS)
    with phone(browser) as page:
        customer = Customer(page, live)
        customer.starts(link_in_text(live, job.contact.mobile))
        customer.tap("E-mail me a sign-in link")
        customer.type(page.get_by_role("textbox"), code_in_mail(live, job.contact.email))
        customer.sees("Your details")


def test_an_account_with_a_password_is_entered_again_with_it(live: Live, browser: Browser) -> None:
    job = roof_job(live)
    job.send()
    link = link_in_mail(live, job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        customer.starts(link)
        page.get_by_text("Use a password").click()
        page.get_by_label("Password").fill(A_PASSWORD)
        page.get_by_role("button", name="Create my account").click()
        customer.sees("Your details")
        customer.saves_profile()
        page.goto(f"{live.url}/portal")
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{live.url}/portal/{job.company.slug}/sign-in")
        enters_with_password(customer, job.contact.email)
        customer.sees("Roof replacement")


def enters_with_password(customer: Customer, email: str) -> None:
    """This browser is known: it asks for the password alone, or for a code besides."""
    page = customer.page
    before = len(customer.live.mails_to(email))
    page.get_by_text("password", exact=False).first.click()
    form = page.locator("form", has=page.get_by_label("Password"))
    form.get_by_label("E-mail").fill(email)
    form.get_by_label("Password").fill(A_PASSWORD)
    form.get_by_role("button").click()
    page.wait_for_load_state()
    if page.get_by_role("heading", level=1).inner_text().startswith("Check your"):
        code = code_in_mail(customer.live, email, after=before)
        customer.type(page.get_by_role("textbox"), code)


def link_in_text(live: Live, number: str) -> str:
    text = live.text_to(number)
    return next(word for word in text.split() if "/i/" in word)
