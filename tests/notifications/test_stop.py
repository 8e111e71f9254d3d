"""STOP, START, HELP and words that come by text, from Twilio's post to what everybody then sees."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from onboarding import clock, config, jobs
from onboarding.accounts.models import Account
from onboarding.contacts.models import Contact
from onboarding.contacts.reach import reach
from onboarding.database import Base, transaction
from onboarding.gateways import twilio
from onboarding.messages.models import Message
from onboarding.notifications import actions as outbox
from onboarding.notifications import sending
from onboarding.notifications.models import (
    Channel,
    Delivery,
    DeliveryState,
    Notification,
    NotificationKind,
    Purpose,
)
from onboarding.notifications.models_addresses import ClosedAddress, InboundText
from onboarding.sandbox.mailbox import Mailbox
from tests.deal import Deal, deal
from tests.house import House
from tests.invites.scene import ready
from tests.notifications.conftest import EVERYONE, WORDS
from tests.twilio_server import TOKEN

DANA = "+15035550188"
PATH = "/webhooks/twilio/inbound"
Post = Callable[..., TestResponse]


@pytest.fixture
def post(house: House) -> Post:
    """A text to us, as Twilio posts it."""
    config.use(replace(house.settings, twilio_auth_token=TOKEN))
    numbers = iter(range(1000))

    def arrive(body: str, *, sign: str = TOKEN, **fields: str) -> TestResponse:
        sid = f"SM{next(numbers)}"
        form = {"MessageSid": sid, "From": DANA, "To": "+15005550006", "Body": body} | fields
        address = config.current().base_url + PATH
        signed = twilio.signature(sign, address, {name: [form[name]] for name in form})
        return house.client().post(PATH, data=form, headers={"X-Twilio-Signature": signed})

    return arrive


def text(contact: Contact, purpose: Purpose = Purpose.REVISED_ESTIMATE, to: str = DANA) -> Delivery:
    """One text from the contact's contractor, queued as an act would."""
    with transaction(contact.contractor_id) as db:
        outgoing = outbox.Outgoing(
            contractor_id=contact.contractor_id, contact_id=contact.id, onboarding_id=None,
            purpose=purpose, reference=None, channel=Channel.SMS, to=to,
            from_name="Ridgeline", reply_to=None, message=WORDS,
        )  # fmt: skip
        return outbox.queue(db, outgoing)


def all_of(kind: type[Base]) -> list[Base]:
    with transaction(EVERYONE) as db:
        return list(db.scalars(select(kind)))


def state(delivery: Delivery) -> str:
    with transaction(EVERYONE) as db:
        return db.get_one(Delivery, delivery.id).state


def phone(house: House) -> list[str]:
    """Everything on Dana's phone, the oldest first."""
    jobs.run_pending()
    mailbox = Mailbox(house.settings)
    return [arrival.text for arrival in reversed(mailbox.latest("sms"))]


def test_stop_ends_what_waits_and_confirms_once(house: House, post: Post) -> None:
    contact = house.contact(house.company()[0])
    text(contact)
    sending.sweep()
    waiting = text(contact)
    assert post("Stop.").status_code == 200
    assert state(waiting) == DeliveryState.OPTED_OUT
    post("STOP")
    post("STOP")
    seen = phone(house)
    assert [words for words in seen if "no more texts" in words] == seen[1:]
    assert "Reply START" in seen[1]
    later = text(contact)
    sending.sweep()
    assert state(later) == DeliveryState.OPTED_OUT
    assert len(phone(house)) == 2


def test_the_same_post_twice_is_one_text(house: House, post: Post) -> None:
    contact = house.contact(house.company()[0])
    text(contact)
    post("STOP", MessageSid="SMsame")
    post("START", MessageSid="SMstart")
    post("STOP", MessageSid="SMsame")
    assert len(all_of(InboundText)) == 2
    assert state(text(contact)) == DeliveryState.QUEUED


def test_a_text_that_a_worker_holds_is_not_handed_over(house: House, post: Post) -> None:
    contact = house.contact(house.company()[0])
    held = text(contact)
    claimed = sending.claim()
    assert claimed is not None
    post("please stop texting me")
    result = sending.attempt(claimed)
    sending.mark(claimed, result)
    assert state(held) == DeliveryState.OPTED_OUT
    assert not [words for words in phone(house) if words == WORDS.sms]


def test_a_shared_number_stops_every_contractor_that_texted_it(house: House, post: Post) -> None:
    here = house.contact(house.company()[0])
    there = house.contact(house.company("Harbor Home")[0])
    strangers = house.contact(house.company("Quiet Floors")[0])
    text(here)
    text(there)
    post("QUIT")
    assert {row.contractor_id for row in all_of(ClosedAddress)} == {
        here.contractor_id,
        there.contractor_id,
    }
    assert state(text(strangers)) == DeliveryState.QUEUED
    assert len([words for words in phone(house) if "no more texts" in words]) == 1


def test_start_brings_the_texts_back(house: House, post: Post) -> None:
    contact = house.contact(house.company()[0])
    text(contact)
    post("STOP")
    post("START")
    later = text(contact)
    assert "texts about your job again" in phone(house)[-2]
    assert state(later) == DeliveryState.DELIVERED


def test_help_is_answered_with_name_and_phone_even_after_stop(house: House, post: Post) -> None:
    contact = house.contact(house.company()[0])
    text(contact)
    post("STOP")
    post("HELP")
    assert "Ridgeline Roofing" in phone(house)[-1]
    assert "(503) 555-0142" in phone(house)[-1]


def test_what_twilio_has_answered_itself_is_not_answered_again(house: House, post: Post) -> None:
    contact = house.contact(house.company()[0])
    text(contact)
    post("ARRET", OptOutType="STOP")
    assert len(all_of(ClosedAddress)) == 1
    assert not [words for words in phone(house) if "no more texts" in words]


def test_a_forged_stop_stops_nothing(house: House, post: Post) -> None:
    contact = house.contact(house.company()[0])
    text(contact)
    assert post("STOP", sign="a guess").status_code == 403
    assert not all_of(ClosedAddress)


def test_a_stop_from_a_number_nobody_texted_is_answered_quietly(house: House, post: Post) -> None:
    answer = post("STOP")
    assert (answer.status_code, answer.text) == (200, "<Response/>")
    assert not phone(house)


@pytest.fixture
def roof(house: House) -> Deal:
    return deal(house)


def test_a_reply_stands_in_the_conversation_once(roof: Deal, post: Post) -> None:
    text(roof.contact)
    post("Which shingles are those?", MessageSid="SMq")
    post("Which shingles are those?", MessageSid="SMq")
    (message,) = all_of(Message)
    assert isinstance(message, Message)
    assert (message.body, message.sender) == ("Which shingles are those?", "customer")
    told = [row.kind for row in all_of(Notification)]
    assert told == [NotificationKind.QUESTION_ASKED]


def test_a_reply_from_a_number_of_two_contacts_is_told_and_not_filed(
    roof: Deal, post: Post, house: House
) -> None:
    text(roof.contact)
    text(house.contact(roof.company, "Sam Whitfield"))
    post("Tuesday is fine")
    assert not all_of(Message)
    (told,) = all_of(Notification)
    assert isinstance(told, Notification)
    assert (told.kind, told.told["words"]) == (NotificationKind.TEXT_RECEIVED, "Tuesday is fine")
    page = roof.members_browser().get("/crm/notifications").text
    assert "A text from (503) 555-0188: Tuesday is fine" in page


def test_the_contractor_sees_it_and_is_offered_email(roof: Deal, post: Post) -> None:
    text(roof.contact)
    browser = roof.members_browser()
    before = browser.get(f"/crm/contacts/{roof.contact.id}").text
    assert "No texts to" not in before
    post("STOP")
    page = browser.get(f"/crm/contacts/{roof.contact.id}").text
    assert "No texts to (503) 555-0188" in page
    assert "E-mail instead" in page
    assert "they replied STOP" in page
    assert "replied STOP" in browser.get("/crm/notifications").text
    post("START")
    assert "No texts to" not in browser.get(f"/crm/contacts/{roof.contact.id}").text


def test_the_next_code_is_not_texted_and_the_page_says_what_to_do(house: House, post: Post) -> None:
    scene = ready(house)
    scene.send()
    browser = scene.started()
    text(scene.contact)
    post("STOP")
    before = len(phone(house))
    page = browser.post("/portal/account/phone", follow_redirects=True).text
    assert "This number gets no texts from us" in page
    assert "Use your e-mail instead" in page
    assert "Enter the 6 digits we texted" not in page
    assert len(phone(house)) == before


def test_confirming_who_it_is_goes_to_the_mailbox_then(roof: Deal, post: Post) -> None:
    with transaction(roof.company.id) as db:
        held = db.get_one(Account, roof.account.id)
        held.phone, held.phone_confirmed_at = DANA, clock.now()
    browser = roof.browser()
    assert "0188" in browser.get("/portal/confirmation").text
    text(roof.contact)
    post("STOP")
    assert "0188" not in browser.get("/portal/confirmation").text


def test_what_would_be_texted_is_mailed_from_then_on(roof: Deal, post: Post) -> None:
    with transaction(roof.company.id) as db:
        db.get_one(Account, roof.account.id).preferred_channel = "sms"
    with transaction(roof.company.id) as db:
        before = reach(db, roof.contact.id)
    text(roof.contact)
    post("STOP")
    with transaction(roof.company.id) as db:
        after = reach(db, roof.contact.id)
    assert before is not None
    assert after is not None
    assert (before.channel, after.channel) == ("sms", "email")
