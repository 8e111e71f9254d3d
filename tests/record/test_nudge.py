"""One press on the record reminds the customer whose turn it is, and no second one."""

from lxml import html

from onboarding import clock
from onboarding.database import transaction
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from tests.house import House
from tests.pipeline.test_reminders import DAY, invited, sent


def test_one_press_reminds_and_leads_back_to_the_record(house: House) -> None:
    found = invited(house)
    place = f"/crm/contacts/{found.contact.id}"
    with clock.shifted(DAY):
        browser = found.members_browser()
        form = html.fromstring(browser.get(place).text).xpath("//form[contains(., 'Nudge')]")[0]
        fields = {name: form.fields[name] for name in ("act", "card", "contact")}
        answer = browser.post(form.get("action"), data=fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, place)
        page = browser.get(place).text
        assert "Reminder sent" in page
        assert "Nudge" not in page
        told = len(sent(found))
        browser.post(form.get("action"), data=fields)
        assert len(sent(found)) == told


def test_while_it_is_the_contractors_turn_there_is_nobody_to_nudge(house: House) -> None:
    found = invited(house)
    with transaction(found.company.id) as db:
        onboarding = journey.lock(db, found.estimate.onboarding_id)
        asked = {"has_question": True}
        journey.record(db, onboarding, EventKind.QUESTION_ASKED, found.customer, **asked)
    with clock.shifted(DAY):
        browser = found.members_browser()
        assert "Nudge" not in browser.get(f"/crm/contacts/{found.contact.id}").text
