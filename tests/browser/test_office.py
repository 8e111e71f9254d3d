"""A member at a desktop: keys, a draft that saves itself, a board that holds still under a hand."""

from playwright.sync_api import Browser, expect

from onboarding.contracts.queries import contract_of_estimate
from onboarding.database import end_reads, read
from onboarding.estimates.actions import draft_estimate
from onboarding.estimates.models import Estimate
from tests.browser.chromium import complaints, desktop
from tests.browser.job import roof_job
from tests.browser.live import Live, eventually
from tests.browser.people import SHOWN_WITHIN_MS, Office
from tests.house import as_member


def test_slash_goes_to_the_search_of_the_contacts(browser: Browser, live: Live):
    company, member = live.house.company()
    live.house.contact(company, "Dana Whitfield")
    live.house.contact(company, "Beth Lowry")
    with desktop(browser) as page:
        Office(page, live).signs_in(member.email)
        page.goto(f"{live.url}/crm/contacts")
        page.wait_for_load_state("networkidle")
        page.keyboard.press("/")
        page.keyboard.type("whit")
        expect(page.get_by_role("link", name="Beth Lowry")).to_have_count(0)
        expect(page.get_by_role("link", name="Dana Whitfield")).to_be_visible()


def test_a_draft_is_saved_while_it_is_typed_without_leaving_the_field(browser: Browser, live: Live):
    job = roof_job(live)
    with desktop(browser) as page:
        Office(page, live).signs_in(job.member.email)
        page.goto(f"{live.url}/crm/estimates/{job.estimate_id}/draft")
        page.wait_for_load_state("networkidle")
        scope = page.get_by_label("Scope of work")
        scope.fill("Only the north side.")
        expect(page.locator("#saved")).to_contain_text("All saved", timeout=SHOWN_WITHIN_MS)
        expect(scope).to_be_focused()
    end_reads()
    kept = read(job.company.id).get_one(Estimate, job.estimate_id)
    assert kept.scope == "Only the north side."


def test_the_card_in_focus_stays_where_it_is_while_others_come_in_above(
    browser: Browser, live: Live
):
    """The board is longer than the window, so that there is something to scroll by."""
    job = roof_job(live, "Dana Whitfield")
    others = [live.house.contact(job.company, f"Neighbor {number}") for number in range(12)]
    by = as_member(job.member)
    for contact in others:
        draft_estimate(contact.id, "Gutters", by)
    with desktop(browser) as page:
        Office(page, live).signs_in(job.member.email)
        card = page.get_by_role("link", name="Dana Whitfield")
        card.focus()
        before = card.bounding_box()
        late = live.house.contact(job.company, "Late Comer")
        draft_estimate(late.id, "Siding", by)
        expect(page.get_by_role("link", name="Late Comer")).to_be_visible(timeout=SHOWN_WITHIN_MS)
        expect(card).to_be_focused()
        after = eventually(lambda: card.bounding_box(), "the card's place")
        assert before is not None
        assert abs(after["y"] - before["y"]) < 8
        complaints(page).clear()  # htmx notes that a new card has no older one to take out


def test_the_contract_that_is_missing_is_named_and_led_to(browser: Browser, live: Live):
    company, member = live.house.company()
    contact = live.house.contact(company, "Dana Whitfield")
    estimate = draft_estimate(contact.id, "Roof replacement", as_member(member))
    assert contract_of_estimate(read(company.id), estimate.id) is None
    with desktop(browser) as page:
        Office(page, live).signs_in(member.email)
        page.goto(f"{live.url}/crm/onboardings/{estimate.onboarding_id}/invite")
        expect(page.get_by_text("The contract is missing.")).to_be_visible()
        expect(page.get_by_role("button", name="Send Portal Invite")).to_have_count(0)
        page.get_by_role("link", name="Write the contract").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Contract for")


def test_both_ways_at_once_are_two_messages_and_one_invite(browser: Browser, live: Live):
    job = roof_job(live)
    with desktop(browser) as page:
        Office(page, live).signs_in(job.member.email)
        page.goto(f"{live.url}/crm/contacts/{job.contact.id}")
        page.get_by_role("link", name="Send Portal Invite").click()
        for way in page.locator("[name=channels]").all():
            way.check()
        page.get_by_role("button", name="Send Portal Invite").click()
        expect(page.locator("#next_act")).to_contain_text("Invited")
        expect(page.locator("#timeline")).to_contain_text("(503) 555-0188")
    assert live.mail_to(str(job.contact.email))
    assert live.text_to(str(job.contact.mobile))
