"""Cancelling on the screens: the customer's page, the company's settings, the record, the board."""

import re
from datetime import timedelta

from sqlalchemy import select

from onboarding import clock
from onboarding.contracts import actions as contracts
from onboarding.contracts import choosing, queries
from onboarding.contracts.choosing import Choice
from onboarding.contracts.drafts import Words
from onboarding.database import transaction
from onboarding.estimates import actions as estimates
from onboarding.notifications.models import Delivery
from tests.deal import BODY, Deal, now
from tests.house import House, as_member


def test_the_statement_stands_beside_the_signature_in_bold(approved: Deal):
    approved.consent()
    page = approved.browser().get(f"/portal/contract/{approved.contract.id}/signature")
    statement = page.text.index('<p id="statement"><strong>You, the buyer, may cancel')
    assert statement < page.text.index('id="pad"')


def test_a_customer_cancels_with_one_press_and_reads_what_was_done(approved: Deal):
    signed = approved.signed()
    browser, address = approved.browser(), f"/portal/contract/{signed.contract_id}/cancellation"
    assert address in browser.get("/portal").text
    assert address in browser.get(f"/portal/contract/{signed.contract_id}").text
    assert "Cancel the contract" in browser.get(address).text
    for _ in range(2):
        page = browser.post(address, follow_redirects=True)
        assert "Your contract is cancelled" in page.text
    assert approved.events().count("contract.cancelled") == 1
    assert "This contract is cancelled" in browser.get("/portal").text


def test_after_midnight_the_page_says_so_and_whom_to_call(approved: Deal):
    signed = approved.signed()
    address = f"/portal/contract/{signed.contract_id}/cancellation"
    browser = approved.browser()
    with clock.frozen(signed.cancel_until - timedelta(seconds=1)):
        assert "Cancel the contract" in approved.browser().get(address).text
    with clock.frozen(signed.cancel_until):
        browser = approved.browser()
        page = browser.post(address, follow_redirects=True)
    assert "The time to cancel is over" in page.text
    assert 'href="tel:' in page.text
    assert "contract.cancelled" not in approved.events()


def test_revoked_customers_keep_the_right_that_the_law_gives_them(approved: Deal):
    signed = approved.signed()
    approved.revoke()
    address = f"/portal/contract/{signed.contract_id}/cancellation"
    page = approved.browser().post(address, follow_redirects=True)
    assert "Your contract is cancelled" in page.text


def test_both_parties_are_told_by_mail_once(approved: Deal):
    signed = approved.signed()
    browser = approved.browser()
    for _ in range(2):
        browser.post(f"/portal/contract/{signed.contract_id}/cancellation")
    told = select(Delivery.purpose).where(Delivery.purpose.startswith("contract_cancelled"))
    assert sorted(now(approved.company.id).scalars(told)) == [
        "contract_cancelled_contractor",
        "contract_cancelled_customer",
    ]


def test_the_record_and_the_board_say_when_work_may_begin(approved: Deal):
    approved.signed()
    members = approved.members_browser()
    for address in (f"/crm/contacts/{approved.contact.id}", "/crm/pipeline"):
        assert "Do not start before" in members.get(address).text
    browser = approved.browser()
    browser.post(f"/portal/contract/{approved.contract.id}/cancellation")
    for address in (f"/crm/contacts/{approved.contact.id}", "/crm/pipeline"):
        page = members.get(address).text
        assert "Do not start before" not in page
        assert "Cancelled" in page


def test_a_member_records_a_notice_that_came_on_paper(approved: Deal):
    signed = approved.signed()
    members, address = approved.members_browser(), f"/crm/contracts/{signed.contract_id}"
    assert "A notice came on paper" in members.get(address).text
    today = clock.local(clock.now(), "America/Los_Angeles").date()
    members.post(f"{address}/cancellation", data={"noticed_on": today.isoformat()})
    assert "Return any payment by" in members.get(address).text


def drafted(house: House, company, owner) -> str:
    """A contract saved beside its estimate, not sent; the estimate's id."""
    member = as_member(owner)
    contact = house.contact(company, "Theo Brandt", state="CA")
    estimate = estimates.draft_estimate(contact.id, "Fence", member)
    words = Words("Service agreement", BODY, "", None)
    contracts.keep_draft(estimate.id, words, 0, member)
    return estimate.id


def test_a_company_that_switched_it_off_begins_contracts_without_it(house: House):
    company, owner = house.company("Plain Fences")
    browser = house.sign_in_member(house.client(), owner)
    is_on = re.compile(r'<input[^>]* checked[^>]* name="gives_cancel_right"')
    assert is_on.search(browser.get("/crm/settings").text)
    with transaction(company.id) as db:
        db.merge(company).gives_cancel_right = False
    page = browser.get("/crm/settings").text
    assert 'name="gives_cancel_right"' in page
    assert not is_on.search(page)
    begun = queries.contract_of_estimate(now(company.id), drafted(house, company, owner))
    assert begun is not None
    assert not begun.has_cancel_right
    assert begun.no_cancel_reason


def test_one_contract_goes_without_it_only_with_a_reason(house: House):
    company, owner = house.company()
    estimate_id = drafted(house, company, owner)
    members = house.sign_in_member(house.client(), owner)
    address = f"/crm/estimates/{estimate_id}/contract/signing"
    assert "Confirm with counsel." in members.get(address).text
    refused = members.post(address, data={})
    assert refused.status_code == 422
    assert "Say why this contract gives no right to cancel." in refused.text
    page = members.post(
        address, data={"no_cancel_reason": "Signed at our showroom."}, follow_redirects=True
    )
    assert "Gives no right to cancel." in page.text


def test_a_state_profile_lengthens_the_time_where_it_holds(house: House):
    company, owner = house.company()
    estimate_id = drafted(house, company, owner)
    choosing.choose_signing(estimate_id, Choice(cancel_profile="ca-65"), as_member(owner))
    page = house.sign_in_member(house.client(), owner)
    shown = page.get(f"/crm/estimates/{estimate_id}/contract/signing").text
    assert "5 business days: the buyer is 65 or older" in shown
    assert "California Civil Code 1689.6" in shown
