"""The QR on the doorstep: it leads the customer's own phone to a door, and only a code that went to
the customer opens it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from onboarding import clock, jobs
from onboarding.accounts.models import Account
from onboarding.contacts.models import Contact
from onboarding.database import end_reads, read, transaction
from onboarding.invites.actions import revoke_invite
from onboarding.notifications.models import Channel
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready


@pytest.fixture(autouse=True)
def _no_queue_left_open() -> Iterator[None]:
    """On PostgreSQL a wake opens a connection of the queue's own."""
    yield
    jobs.close()


def door(told: Scene) -> str:
    return f"/portal/{told.company.slug}/in-person/{told.invites()[-1].id}"


def handed_over(house: House) -> Scene:
    found = ready(house)
    found.send(Channel.EMAIL)
    return found


def account(told: Scene) -> Account | None:
    end_reads()
    return read(ANYONE).scalars(select(Account)).one_or_none()


def test_the_record_leads_to_a_picture_of_the_door_and_of_nothing_else(house: House) -> None:
    told = handed_over(house)
    office = house.sign_in_member(house.client(), told.member)
    record = office.get(f"/crm/contacts/{told.contact.id}").text
    assert "Hand over in person" in record
    page = office.get(f"/crm/onboardings/{told.onboarding_id}/invite/in-person").text
    assert 'class="qr"' in page
    assert "style=" not in page[page.index('class="qr"') :]
    assert "Works until" in page
    assert told.secret() not in page


def test_before_an_invite_there_is_nothing_to_hand_over(house: House) -> None:
    told = ready(house)
    office = house.sign_in_member(house.client(), told.member)
    page = office.get(f"/crm/onboardings/{told.onboarding_id}/invite/in-person").text
    assert "There is no live invite" in page
    assert 'class="qr"' not in page


def test_looking_at_the_door_sends_nothing_and_names_no_address(house: House) -> None:
    told = handed_over(house)
    before = len(told.deliveries())
    page = house.client().get(door(told)).text
    assert "Hello Dana." in page
    assert told.contact.email not in page
    assert told.contact.mobile not in page
    assert len(told.deliveries()) == before
    assert "invite.in_person" not in told.events()


def test_the_code_goes_to_the_customer_and_makes_the_account(everywhere: House) -> None:
    told = handed_over(everywhere)
    phone = everywhere.client()
    asked = phone.post(door(told), data={"channel": "sms"})
    assert asked.headers["Location"] == "/portal/code"
    sent = told.deliveries("code")[-1]
    assert (sent.channel, sent.to) == ("sms", told.contact.mobile)
    assert account(told) is None
    entered = phone.post("/portal/code", data={"code": told.code()})
    assert entered.status_code == 303
    made = account(told)
    assert made is not None
    assert made.phone == told.contact.mobile
    assert made.phone_confirmed_at is not None
    assert phone.get("/portal/profile").status_code == 200
    trail = told.events()
    for kind in ("invite.in_person", "invite.opened", "account.channel_confirmed"):
        assert trail.count(kind) == 1
    office = everywhere.sign_in_member(everywhere.client(), told.member)
    assert "Handed over in person" in office.get(f"/crm/contacts/{told.contact.id}").text


def test_without_the_code_nobody_comes_in(house: House) -> None:
    told = handed_over(house)
    stranger = house.client()
    stranger.post(door(told), data={"channel": "email"})
    wrong = "000000" if told.code() != "000000" else "111111"
    assert stranger.post("/portal/code", data={"code": wrong}).status_code == 422
    assert stranger.get("/portal/account").status_code == 303
    assert stranger.post("/portal/account").status_code == 303
    assert account(told) is None


def test_the_code_is_good_for_the_phone_that_asked_and_for_no_other(house: House) -> None:
    told = handed_over(house)
    house.client().post(door(told), data={"channel": "sms"})
    other = house.client()
    other.post("/portal/code", data={"code": told.code()})
    assert account(told) is None


def test_the_companys_own_browser_gets_no_button(house: House) -> None:
    told = handed_over(house)
    office = house.sign_in_member(house.client(), told.member)
    assert "You are signed in as this company." in office.get(door(told)).text
    assert office.post(door(told), data={"channel": "sms"}).status_code == 409
    assert told.deliveries("code") == []


def test_the_door_closes_with_the_invite(house: House) -> None:
    told = handed_over(house)
    place = door(told)
    with clock.shifted(timedelta(hours=73)):
        assert house.client().get(place).status_code == 410
        assert house.client().post(place, data={"channel": "sms"}).status_code == 410
    revoke_invite(told.onboarding_id, told.by)
    assert house.client().get(place).status_code == 410
    assert told.deliveries("code") == []


def test_a_code_asked_for_before_a_revocation_opens_nothing_after_it(house: House) -> None:
    told = handed_over(house)
    phone = house.client()
    phone.post(door(told), data={"channel": "sms"})
    code = told.code()
    revoke_invite(told.onboarding_id, told.by)
    assert phone.post("/portal/code", data={"code": code}).status_code == 409
    assert account(told) is None


def test_a_corrected_number_makes_a_code_to_the_old_one_worthless(house: House) -> None:
    told = handed_over(house)
    phone = house.client()
    phone.post(door(told), data={"channel": "sms"})
    with transaction(told.company.id) as db:
        db.get_one(Contact, told.contact.id).mobile = "+15035550177"
    assert phone.post("/portal/code", data={"code": told.code()}).status_code == 422
    assert account(told) is None


def test_who_has_an_account_is_led_to_sign_in(house: House) -> None:
    told = handed_over(house)
    phone = house.client()
    phone.post(door(told), data={"channel": "sms"})
    phone.post("/portal/code", data={"code": told.code()})
    again = house.client().get(door(told))
    assert again.headers["Location"] == f"/portal/{told.company.slug}/sign-in"


def test_another_companys_address_has_no_such_door(house: House) -> None:
    told = handed_over(house)
    house.company("Other Works")
    place = re.sub("/portal/[^/]+/", "/portal/other-works/", door(told))
    assert house.client().get(place).status_code == 404
