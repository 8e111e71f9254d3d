from datetime import timedelta

import pytest
from sqlalchemy import select

from onboarding import clock
from onboarding.database import read, transaction
from onboarding.invites.actions import resend_invite, revoke_invite
from onboarding.invites.actions_outcomes import expire_invites
from onboarding.journey.status import Detail
from onboarding.notifications import outcomes
from onboarding.notifications.models import Channel, Delivery, DeliveryState, Failure, Notification
from onboarding.notifications.outcomes import Report
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready

OVER = timedelta(hours=72, seconds=1)


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send(Channel.EMAIL, Channel.SMS)
    return scene


def report(scene: Scene, number: int, state: DeliveryState, failure: Failure | None = None) -> None:
    """What the provider says of one of the invite's messages."""
    delivery_id = scene.deliveries("invite")[number].id
    with transaction(scene.company.id) as db:
        delivery = db.get_one(Delivery, delivery_id)
        outcomes.settle(db, delivery, Report(state, "550 no such user", failure=failure))


def test_a_message_that_arrived_is_on_the_record(sent: Scene):
    report(sent, 1, DeliveryState.DELIVERED)
    assert sent.onboarding().details == [Detail.DELIVERED]
    assert sent.events()[-1] == "invite.delivered"


def test_for_a_text_taking_it_is_not_yet_arriving(sent: Scene):
    report(sent, 1, DeliveryState.SENT)
    assert sent.onboarding().details == [Detail.SENT]


def test_one_of_two_lost_is_told_but_the_invite_still_stands(sent: Scene):
    report(sent, 0, DeliveryState.FAILED, Failure.REFUSED)
    assert sent.onboarding().details == [Detail.SENT]
    told = read(ANYONE).scalars(select(Notification)).all()
    assert [each.told for each in told] == [
        {"customer": "Dana Whitfield", "address": "dana@example.com", "channel": "email"}
    ]
    (mail,) = sent.deliveries("delivery_failed")
    assert mail.to == sent.member.email


def test_when_none_got_through_the_contact_turns_amber(sent: Scene):
    report(sent, 0, DeliveryState.FAILED, Failure.REFUSED)
    report(sent, 1, DeliveryState.FAILED, Failure.REFUSED)
    assert sent.onboarding().details == [Detail.NOT_DELIVERED]


def test_a_late_receipt_takes_nothing_back(sent: Scene):
    sent.started()
    report(sent, 1, DeliveryState.DELIVERED)
    report(sent, 0, DeliveryState.FAILED, Failure.REFUSED)
    assert sent.onboarding().invite == "opened"


def test_once_opened_it_is_not_undelivered_whatever_is_reported(sent: Scene):
    sent.started()
    for number in (0, 1):
        report(sent, number, DeliveryState.FAILED, Failure.REFUSED)
    assert sent.onboarding().invite == "opened"


def test_a_receipt_for_a_replaced_invite_says_nothing_of_the_new_one(sent: Scene):
    with transaction(sent.company.id) as db:
        for delivery in db.scalars(select(Delivery)):
            delivery.state = DeliveryState.SENT
    resend_invite(sent.onboarding_id, sent.by)
    report(sent, 1, DeliveryState.DELIVERED)
    assert sent.onboarding().invite == "sent"


def test_what_we_gave_up_ourselves_is_no_failure_of_the_address(sent: Scene):
    report(sent, 0, DeliveryState.FAILED, Failure.EXPIRED)
    assert "invite.undelivered" not in sent.events()


def test_after_72_hours_the_record_says_that_the_link_expired(sent: Scene):
    assert expire_invites() == 0
    with clock.shifted(OVER):
        assert expire_invites() == 1
        assert expire_invites() == 0
    assert sent.onboarding().details == [Detail.EXPIRED]
    assert sent.events().count("invite.expired") == 1


def test_nothing_expires_for_whoever_has_an_account_or_was_revoked(house: House):
    inside, out = ready(house), ready(house, "Northside Roofing")
    for scene in (inside, out):
        scene.send()
    browser = house.client()
    browser.post(f"/i/{inside.secret(0)}/start")
    browser.post("/portal/account")
    revoke_invite(out.onboarding_id, out.by)
    with clock.shifted(OVER):
        expire_invites()
    assert "invite.expired" not in inside.events() + out.events()
    assert out.onboarding().facts.is_revoked
