"""Writing to many at once: shown before, sent once, and to nobody who should be left alone."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select

from onboarding import clock
from onboarding.contacts.actions import archive_contact
from onboarding.contacts.models import Contact
from onboarding.database import transaction
from onboarding.invites.models import Invite
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.notifications.models import Delivery
from onboarding.pipeline import reminders
from onboarding.pipeline.reminders import Hindrance, Outcome, Reminder
from tests.deal import Deal, deal, now
from tests.house import House, as_member
from tests.pipeline.test_board import a_job

DAY = timedelta(hours=25)


def invited(house: House) -> Deal:
    """Somebody with an account who stopped at the estimate, and was last written to a day ago."""
    found = deal(house)
    with transaction(found.company.id) as db:
        db.add(
            Invite(
                contractor_id=found.company.id,
                contact_id=found.contact.id,
                onboarding_id=found.estimate.onboarding_id,
                member_id=found.owner.id,
                created_at=clock.now() - DAY,
                expires_at=clock.now() + DAY,
            )
        )
    return found


def sent(found: Deal) -> list[str]:
    statement = select(Delivery.purpose).order_by(Delivery.id)
    return list(now(found.company.id).scalars(statement))


def hindrances(found: Deal, which: Reminder, *ids: str) -> list[Hindrance | None]:
    plans = reminders.plan(now(found.company.id), which, ids, found.member)
    return [plan.hindrance for plan in plans]


def test_a_nudge_goes_to_the_customers_own_address_and_names_what_waits(everywhere: House) -> None:
    found = invited(everywhere)
    found.approve()
    job = found.estimate.onboarding_id
    assert reminders.remind(Reminder.NUDGE, [job], found.member) == Outcome(1, 0)
    last = now(found.company.id).scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert last is not None
    assert (last.purpose, last.to) == ("invite_sign_in", found.account.email)
    assert "invite.nudged" in found.events()
    page = found.members_browser().get(f"/crm/contacts/{found.contact.id}").text
    assert "Reminder sent" in page


def test_a_second_press_sends_nothing_more(house: House) -> None:
    found = invited(house)
    job = found.estimate.onboarding_id
    browser = found.members_browser()
    form = {"act": "nudge", "card": [job, job]}
    first = browser.post("/crm/pipeline/reminders", data=form)
    told = len(sent(found))
    second = browser.post("/crm/pipeline/reminders", data=form)
    assert "1 reminder sent." in browser.get(first.headers["Location"]).text
    after = browser.get(second.headers["Location"]).text
    assert "No reminder was sent. 1 customer was left out." in after
    assert len(sent(found)) == told


def test_a_day_later_they_may_be_nudged_again(house: House) -> None:
    found = invited(house)
    job = found.estimate.onboarding_id
    assert reminders.remind(Reminder.NUDGE, [job], found.member).sent == 1
    assert hindrances(found, Reminder.NUDGE, job) == [Hindrance.RECENT]
    with clock.shifted(DAY):
        assert hindrances(found, Reminder.NUDGE, job) == [None]


def test_it_is_said_before_who_is_left_out_and_why(house: House) -> None:
    found = invited(house)
    job = found.estimate.onboarding_id
    fresh = a_job(house, found.company, found.owner, "Beth Lowry")
    browser = found.members_browser()
    assert preview(browser, "nudge", job, fresh.id) == (True, ["No invite was sent yet"])
    assert preview(browser, "resend", job) == (False, ["Has an account: nudge instead"])
    found.revoke()
    revoked = "Access was revoked: send an invite instead"
    assert preview(browser, "nudge", job) == (False, [revoked])
    assert len(sent(found)) == 0


def preview(browser: FlaskClient, act: str, *cards: str) -> tuple[bool, list[str]]:
    """Whether anybody gets it, and the reasons why others do not."""
    form = {"act": act, "card": list(cards)}
    page = browser.post("/crm/pipeline/reminders/preview", data=form).text
    known = (
        "No invite was sent yet", "Has an account: nudge instead",
        "Access was revoked: send an invite instead", "Waits for you, not the customer",
    )  # fmt: skip
    return "Send 1 message" in page, [reason for reason in known if reason in page]


def test_nobody_is_nudged_whose_answer_the_contractor_owes(house: House) -> None:
    found = invited(house)
    job = found.estimate.onboarding_id
    with transaction(found.company.id) as db:
        row = journey.lock(db, job)
        journey.record(db, row, EventKind.QUESTION_ASKED, found.customer, has_question=True)
    assert hindrances(found, Reminder.NUDGE, job) == [Hindrance.YOUR_TURN]


def test_without_an_address_nothing_is_sent(house: House) -> None:
    company, member = house.company()
    job = a_job(house, company, member, "Dana Whitfield")
    with transaction(company.id) as db:
        row = journey.lock(db, job.id)
        journey.record(
            db, row, EventKind.INVITE_SENT, as_member(member), invite="sent", latest_version=1
        )
        contact = db.get_one(Contact, job.contact_id)
        contact.email = contact.mobile = None
    plans = reminders.plan(now(company.id), Reminder.RESEND, [job.id], as_member(member))
    assert [plan.hindrance for plan in plans] == [Hindrance.NO_ADDRESS]
    assert reminders.remind(Reminder.RESEND, [job.id], as_member(member)) == Outcome(0, 1)


def test_another_contractors_cards_and_archived_ones_are_not_there(everywhere: House) -> None:
    found = invited(everywhere)
    _, stranger = everywhere.company("Other Works")
    job = found.estimate.onboarding_id
    theirs = now(stranger.contractor_id)
    assert reminders.plan(theirs, Reminder.NUDGE, [job], as_member(stranger)) == []
    assert reminders.remind(Reminder.NUDGE, [job], as_member(stranger)) == Outcome(0, 1)
    archive_contact(found.contact.id, found.member)
    assert hindrances(found, Reminder.NUDGE, job) == []
    assert reminders.remind(Reminder.NUDGE, [job], found.member) == Outcome(0, 1)
    invites = select(func.count()).select_from(Invite)
    assert now(found.company.id).scalar(invites) == 1
