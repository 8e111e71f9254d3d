"""From the opened link to Onboarding Complete on the straight path, counted."""

from playwright.sync_api import Browser

from tests.browser.chromium import phone
from tests.browser.job import roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, link_in_mail
from tests.house import Tell


def test_by_the_channel_of_the_link_ten_taps_and_nothing_typed(
    live: Live, browser: Browser, tell: Tell
) -> None:
    job = roof_job(live)
    job.send()
    link = link_in_mail(live, job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        customer.starts(link)
        customer.creates_account_by_the_link()
        customer.saves_profile()
        assert customer.taps <= 4
        walk_from_estimate_to_done(customer)
        tell(f"main flow: way=link {customer.figures}")
        assert customer.taps <= 10
        assert customer.typed == 0


def test_by_a_code_texted_twelve_taps_and_six_digits(
    live: Live, browser: Browser, tell: Tell
) -> None:
    job = roof_job(live)
    job.send()
    link = link_in_mail(live, job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        customer.starts(link)
        customer.creates_account_by_text(job.contact.mobile)
        customer.saves_profile()
        assert customer.taps <= 4
        walk_from_estimate_to_done(customer)
        tell(f"main flow: {customer.figures}")
        assert customer.taps <= 12
        assert customer.typed == 6


def walk_from_estimate_to_done(customer: Customer) -> None:
    customer.sees("Roof replacement")
    customer.approves()
    customer.consents()
    customer.signs_by_finger()
    customer.adds_card()
    customer.sees("That’s everything, Dana")
