"""What happened, grouped by the days of the contractor's calendar, in minutes."""

import re
from datetime import UTC, datetime

from onboarding.database import transaction
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.web.filters import full_time, near_day
from tests.deal import Deal
from tests.house import House

ZONE = "America/Los_Angeles"


def test_the_newest_day_comes_first_and_each_is_named_once(sent: Deal) -> None:
    with transaction(sent.company.id) as db:
        onboarding = journey.lock(db, sent.onboarding.id)
        journey.record(db, onboarding, EventKind.INVITE_FETCHED, sent.member)
    page = sent.members_browser().get(f"/crm/contacts/{sent.contact.id}").text
    assert page.count('<h3 class="timeline-day">Today</h3>') == 1
    assert page.index("Link fetched") < page.index("Estimate begun")


def test_a_number_reads_as_people_write_it_and_each_message_names_its_way(sent: Deal) -> None:
    with transaction(sent.company.id) as db:
        onboarding = journey.lock(db, sent.onboarding.id)
        to = {"email": "dana@example.com", "sms": "+15035550188"}
        journey.record(db, onboarding, EventKind.INVITE_RESENT, sent.member, {"to": to})
        arrived = {"channel": "sms"}
        journey.record(db, onboarding, EventKind.INVITE_DELIVERED, sent.member, arrived)
    page = sent.members_browser().get(f"/crm/contacts/{sent.contact.id}").text
    assert "to dana@example.com, (503) 555-0188" in page
    assert "+1503" not in page
    assert re.search("Invite delivered.*Text message", page)


def test_a_day_is_the_one_of_the_contractors_calendar(house: House, monkeypatch) -> None:
    now = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # still the 22nd in Portland
    monkeypatch.setattr("onboarding.clock.now", lambda: now)
    with house.app.test_request_context("/crm/pipeline"):
        assert near_day(datetime(2026, 11, 22, 9, 0, tzinfo=UTC), ZONE) == "Today"
        assert near_day(datetime(2026, 11, 22, 7, 0, tzinfo=UTC), ZONE) == "Yesterday"
        assert near_day(datetime(2026, 11, 20, 20, 0, tzinfo=UTC), ZONE) == "Friday, November 20"
        assert (
            full_time(datetime(2026, 11, 21, 4, 14, 9, tzinfo=UTC), ZONE).replace(
                "\N{NARROW NO-BREAK SPACE}", " "
            )
            == "Nov 20, 2026, 8:14 PM"
        )
