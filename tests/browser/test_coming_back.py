"""Coming back later: to the step that was left, to the right job, and only to one's own."""

from playwright.sync_api import Browser, expect

from tests.browser.chromium import complaints, phone
from tests.browser.job import enters, job_for
from tests.browser.live import Live
from tests.browser.people import Customer, code_in_mail, link_in_mail
from tests.deal import Deal, deal


def asks_for_a_code(customer: Customer, slug: str, address: str) -> int:
    """How many mails had come to the address before."""
    customer.page.goto(f"{customer.live.url}/portal/{slug}/sign-in")
    customer.page.get_by_label("E-mail or mobile number").fill(address)
    before = len(customer.live.mails_to(address))
    customer.tap("Send me a code")
    return before


def enters_the_code(customer: Customer, address: str, after: int) -> None:
    customer.sees("Check your e-mail")
    code = code_in_mail(customer.live, address, after=after)
    customer.type(customer.page.get_by_role("textbox"), code)


def test_another_phone_lands_on_the_step_that_was_left(live: Live, browser: Browser) -> None:
    job = deal(live.house)
    job.approve()
    email = str(job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        enters_the_code(customer, email, asks_for_a_code(customer, job.company.slug, email))
        customer.sees("Agree to sign on this device")


def test_a_link_opened_in_the_same_browser_moves_both_tabs_on(live: Live, browser: Browser) -> None:
    job = deal(live.house)
    job.approve()
    email = str(job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        before = asks_for_a_code(customer, job.company.slug, email)
        customer.sees("Check your e-mail")
        mail = page.context.new_page()
        mail.goto(link_in_mail(live, email, after=before))
        mail.get_by_role("button", name="Sign in").click()
        Customer(mail, live).sees("Agree to sign on this device")
        customer.sees("Agree to sign on this device")


def test_two_people_behind_one_mailbox_are_asked_which_job(live: Live, browser: Browser) -> None:
    job = deal(live.house)
    email = str(job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        sets_up_hal(customer, job, email)
        page.context.clear_cookies()
        enters_the_code(customer, email, asks_for_a_code(customer, job.company.slug, email))
        customer.sees("Which job is it?")
        customer.tap("Roof replacement")
        customer.sees("Roof replacement")


def sets_up_hal(customer: Customer, job: Deal, email: str) -> None:
    """Dana's husband, whom the company reaches at the same address."""
    live = customer.live
    hal = live.house.contact(job.company, "Hal Whitfield", email=email, mobile=None)
    kitchen = job_for(live, job.company, job.owner, hal, "Kitchen remodel")
    before = len(live.mails_to(email))
    kitchen.send()
    customer.starts(link_in_mail(live, email, after=before))
    customer.creates_account_by_the_link()


def test_the_same_address_at_another_company_is_a_stranger(live: Live, browser: Browser) -> None:
    job = deal(live.house)
    email = str(job.contact.email)
    other, member = live.house.company("Blue Heat Pumps")
    pump = job_for(live, other, member, live.house.contact(other), "Heat pump")
    with phone(browser) as page:
        customer = Customer(page, live)
        enters(page, live, job)
        before = asks_for_a_code(customer, other.slug, email)
        customer.reads("If d•••@example.com has an account here")
        pump.send()
        mail = live.mail_to(email, after=before)
        assert "Heat pump" in str(mail["Subject"]), "a code was sent to somebody without an account"
        customer.starts(link_in_mail(live, email, after=before))
        customer.sees("Set up your account")


def test_a_second_job_needs_no_second_account_and_no_second_card(
    live: Live, browser: Browser
) -> None:
    job = deal(live.house)
    job.signed()
    email = str(job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        enters(page, live, job)
        page.goto(f"{live.url}/portal/next")
        customer.adds_card()
        customer.sees("That’s everything, Dana")
        before = len(live.mails_to(email))
        job_for(live, job.company, job.owner, job.contact, "Gutter repair").send()
        customer.opens(link_in_mail(live, email, after=before))
        page.locator("#actions").get_by_role("button").click()
        customer.sees("Gutter repair")
        customer.approves()
        customer.consents()
        customer.tap("Type it instead")
        page.get_by_label("Type your").fill("Dana Whitfield")
        customer.tap("Sign contract")
        customer.sees("That’s everything, Dana")
        page.goto(f"{live.url}/portal")
        expect(page.get_by_role("heading", level=2)).to_contain_text(
            ["Gutter repair", "Roof replacement"]
        )


def test_what_is_no_address_is_said_and_what_was_typed_is_kept(
    live: Live, browser: Browser
) -> None:
    company, _ = live.house.company()
    with phone(browser) as page:
        customer = Customer(page, live)
        page.goto(f"{live.url}/portal/{company.slug}/sign-in")
        page.get_by_label("E-mail or mobile number").fill("dana at example")
        customer.tap("Send me a code")
        customer.reads("Enter an e-mail address such as dana@example.com, or a mobile number.")
        expect(page.get_by_label("E-mail or mobile number")).to_have_value("dana at example")
        complaints(page).clear()  # answered with 422, which Chromium notes
