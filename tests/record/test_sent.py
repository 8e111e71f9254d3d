"""What was sent stands on the record in plain words, with the next step, and moves by itself."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html

from onboarding import clock
from onboarding.database import transaction
from onboarding.notifications import addresses, outcomes, sending
from onboarding.notifications.models import Channel, Delivery, DeliveryState, Failure
from onboarding.notifications.models_addresses import Why
from onboarding.notifications.outcomes import Report
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready


@pytest.fixture
def scene(house: House) -> Scene:
    return ready(house)


@pytest.fixture
def member(scene: Scene) -> Iterator[FlaskClient]:
    return scene.house.sign_in_member(scene.house.client(), scene.member)


def learned(scene: Scene, channel: str, report: Report) -> None:
    with transaction(ANYONE) as db:
        delivery = next(one for one in scene.deliveries() if one.channel == channel)
        addresses.learn(db, db.get_one(Delivery, delivery.id), report)


def panel(scene: Scene, member: FlaskClient) -> tuple[str, list[str]]:
    """The words of what was sent, and what can be done about it."""
    page = html.fromstring(member.get(f"/crm/contacts/{scene.contact.id}").text)
    found = page.get_element_by_id("sent")
    ways = [way.text_content().strip() for way in found.xpath(".//a | .//button")]
    return " ".join(found.text_content().split()), ways


LOST = DeliveryState.FAILED, DeliveryState.BOUNCED
CASES = [
    ("email", Report(DeliveryState.SENT, "250"), "Sent", []),
    ("email", Report(DeliveryState.DELIVERED, "ok"), "Delivered", []),
    ("sms", Report(DeliveryState.SENT, "queued"), "The phone has not confirmed it yet.", []),
    (
        "email",
        Report(DeliveryState.FAILED, "550", failure=Failure.REFUSED),
        "Did not arrive",
        ["Correct the address", "Try SMS", "Hand over in person"],
    ),
    (
        "email",
        Report(DeliveryState.BOUNCED, "5.1.1"),
        "Came back",
        ["Correct the address", "Try SMS", "Hand over in person"],
    ),
    (
        "sms",
        Report(DeliveryState.FAILED, "30003", failure=Failure.REFUSED),
        "Nobody is reached there.",
        ["Correct the number", "E-mail instead", "Hand over in person"],
    ),
    (
        "sms",
        Report(DeliveryState.OPTED_OUT, "STOP"),
        "No messages are wanted there.",
        ["E-mail instead", "Hand over in person"],
    ),
    (
        "email",
        Report(DeliveryState.FAILED, "busy", failure=Failure.EXHAUSTED),
        "Tried for hours, and nothing was taken.",
        ["Resend"],
    ),
    ("email", Report(DeliveryState.FAILED, "x", failure=Failure.WITHDRAWN), "Not sent", []),
]


@pytest.mark.parametrize(("channel", "report", "words", "ways"), CASES)
def test_each_state_is_said_with_what_to_do_next(
    scene: Scene, member: FlaskClient, channel: str, report: Report, words: str, ways: list[str]
) -> None:
    scene.send(Channel(channel))
    learned(scene, channel, report)
    said, offered = panel(scene, member)
    assert words in said
    assert offered == ways


def test_an_open_record_moves_when_a_receipt_comes(scene: Scene, member: FlaskClient) -> None:
    scene.send(Channel.SMS)
    sending.sweep()
    learned(scene, "sms", Report(DeliveryState.DELIVERED, "ok"))
    page = member.get(f"/crm/contacts/{scene.contact.id}").text
    poll = html.fromstring(page).xpath("//*[contains(@data-hx-get, '/poll')]/@data-hx-get")
    own = next(address for address in poll if scene.contact.id in address)
    assert member.get(own).status_code == 204
    learned(scene, "sms", Report(DeliveryState.BOUNCED, "carrier"))
    news = member.get(own)
    assert news.status_code == 200
    assert "Came back" in news.text


def test_a_dead_address_that_lives_again_is_tried_again(scene: Scene, member: FlaskClient) -> None:
    with transaction(scene.company.id) as db:
        addresses.close(db, scene.company.id, "email", scene.contact.email or "", Why.BOUNCED)
    place = f"/crm/contacts/{scene.contact.id}"
    form = html.fromstring(member.get(place).text).xpath("//form[contains(@action, '/opening')]")[0]
    for _ in range(2):
        assert member.post(form.get("action")).status_code == 303
    scene.send()
    sending.sweep()
    assert scene.deliveries("invite")[-1].state == DeliveryState.DELIVERED


def test_no_button_opens_a_number_that_said_stop(scene: Scene, member: FlaskClient) -> None:
    with transaction(scene.company.id) as db:
        addresses.close(db, scene.company.id, "sms", scene.contact.mobile or "", Why.STOPPED)
    assert "/opening" not in member.get(f"/crm/contacts/{scene.contact.id}").text


def test_what_waits_for_the_morning_can_be_sent_now(scene: Scene, member: FlaskClient) -> None:
    scene.send(Channel.SMS)
    sent = scene.deliveries("invite")[0]
    with transaction(ANYONE) as db:
        waiting = db.get_one(Delivery, sent.id)
        waiting.state, waiting.attempts = DeliveryState.QUEUED, 0
        waiting.next_attempt_at = clock.now() + timedelta(hours=9)
    said, ways = panel(scene, member)
    assert "Waits until" in said
    assert ways == ["Send it now"]
    assert member.post(f"/crm/deliveries/{sent.id}/now").status_code == 303
    sending.sweep()
    assert scene.deliveries("invite")[0].state == DeliveryState.DELIVERED


def test_a_failure_to_draw_the_record_anew_undoes_no_receipt(scene: Scene) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    outcomes.on_every_move(broken)
    try:
        scene.send()
        sending.sweep()
    finally:
        outcomes._watchers.remove(broken)
    assert scene.deliveries("invite")[0].state == DeliveryState.DELIVERED
