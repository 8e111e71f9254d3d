"""On a bad network: what is said, what goes off by itself, what never does, what a phone keeps."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import complaints, phone
from tests.browser.job import roof_job
from tests.browser.people import Customer, link_in_mail


@pytest.fixture
def reader(live, browser):
    """A customer with the estimate before them, and a worker beside the portal."""
    job = roof_job(live)
    job.send()
    with phone(browser, service_workers="allow") as page:
        customer = Customer(page, live)
        customer.starts(link_in_mail(live, job.contact.email))
        customer.creates_account_by_the_link()
        customer.saves_profile()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        yield customer
        complaints(page).clear()


def test_an_approval_is_never_sent_later(reader):
    page = reader.page
    page.context.set_offline(True)
    reader.tap("Approve")
    reader.reads("You are offline")
    page.context.set_offline(False)
    page.wait_for_timeout(500)
    assert page.url.endswith("/portal/estimate") or "/portal/estimate/" in page.url
    expect(page.get_by_role("button", name=re.compile("^Approve"))).to_be_visible()


def test_a_question_goes_off_when_the_line_is_back(reader):
    page = reader.page
    page.get_by_role("link", name="Ask a question").first.click()
    words = page.get_by_label("Your question")
    words.fill("Does the price include disposal?")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send").first.click()
    reader.reads("This goes off by itself")
    expect(words).to_have_value("Does the price include disposal?")
    page.context.set_offline(False)
    expect(page.locator("main")).to_contain_text("Does the price include disposal?")
    expect(words).not_to_be_visible()


def test_without_a_connection_a_page_says_so_and_the_way_back_is_open(reader):
    page = reader.page
    address = page.url
    page.context.set_offline(True)
    page.reload()
    reader.sees("No connection")
    page.context.set_offline(False)
    reader.tap("Try again", role="link")
    expect(page).to_have_url(address)
    reader.reads("Total with tax")


def test_a_phone_keeps_no_page_of_a_person(reader):
    kept = reader.page.evaluate(
        """async () => {
          const names = await caches.keys();
          const stores = await Promise.all(names.map((name) => caches.open(name)));
          const requests = (await Promise.all(stores.map((store) => store.keys()))).flat();
          return requests.map((request) => new URL(request.url).pathname);
        }"""
    )
    assert "/portal/offline" in kept
    assert all(path == "/portal/offline" or path.startswith("/assets/") for path in kept), kept


def test_the_portal_can_be_kept_on_a_home_screen(reader):
    page = reader.page
    told = page.evaluate(
        """async () => {
          const address = document.querySelector('link[rel=manifest]').href;
          const manifest = await (await fetch(address)).json();
          const sizes = await Promise.all(manifest.icons.map(async (icon) => {
            const picture = await createImageBitmap(await (await fetch(icon.src)).blob());
            return `${picture.width}x${picture.height}` === icon.sizes;
          }));
          return {...manifest, sizes};
        }"""
    )
    assert told["display"] == "standalone"
    assert told["sizes"] == [True, True]
    assert told["start_url"].startswith(told["scope"])
