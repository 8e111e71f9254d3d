"""Twilio's receipts: believed when signed, harmless in any order and number."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from onboarding import config, database
from onboarding.database import transaction
from onboarding.gateways import twilio
from onboarding.notifications import sending, webhook_views
from onboarding.notifications.models import Delivery, DeliveryState, Failure
from tests.notifications.conftest import EVERYONE, PostOffice, text
from tests.twilio_server import TOKEN

BASE = "https://portal.test"


@pytest.fixture
def visitor(post_office: PostOffice) -> Iterator[FlaskClient]:
    settings = replace(post_office.settings, base_url=BASE, twilio_auth_token=TOKEN)
    config.use(settings)
    app = Flask(__name__)
    app.register_blueprint(webhook_views.blueprint)
    app.teardown_appcontext(lambda _: database.end_reads())
    return app.test_client()


def report(
    visitor: FlaskClient, sid: str, status: str, delivery: str = "", sign: str = TOKEN, **more: str
) -> TestResponse:
    address = "/webhooks/twilio/status" + (f"?delivery={delivery}" if delivery else "")
    form = {"MessageSid": sid, "MessageStatus": status, **more}
    signed = twilio.signature(sign, BASE + address, {name: [form[name]] for name in form})
    return visitor.post(address, data=form, headers={"X-Twilio-Signature": signed})


def waiting_text(post_office: PostOffice, sid: str) -> Delivery:
    """A text that Twilio took and has said nothing of."""
    delivery = post_office.send(**text())
    with transaction(EVERYONE) as db:
        held = db.get_one(Delivery, delivery.id)
        held.state, held.provider_id = DeliveryState.SENT, sid
    return delivery


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered", "delivered"])))
def test_receipts_in_any_order_end_in_delivered(
    post_office: PostOffice, visitor: FlaskClient, order: tuple[str, ...]
) -> None:
    delivery = waiting_text(post_office, "SM1")
    seen = []
    for status in order:
        assert report(visitor, "SM1", status).status_code == 204
        seen.append(list(DeliveryState).index(DeliveryState(post_office.now(delivery).state)))
    assert seen == sorted(seen)
    assert post_office.now(delivery).state == DeliveryState.DELIVERED
    assert post_office.now(delivery).delivered_at


def test_a_text_that_no_phone_took_is_given_up_with_its_reason(
    post_office: PostOffice, visitor: FlaskClient
) -> None:
    delivery = waiting_text(post_office, "SM1")
    report(visitor, "SM1", "undelivered", ErrorCode="30003")
    report(visitor, "SM1", "sent")
    stands = post_office.now(delivery)
    assert (stands.state, stands.failure) == (DeliveryState.FAILED, Failure.REFUSED)
    assert "30003" in stands.answer


def test_a_receipt_may_come_before_the_send_returned(
    post_office: PostOffice, visitor: FlaskClient
) -> None:
    delivery = post_office.send(**text())
    claimed = sending.claim()
    assert claimed is not None
    answer = sending.attempt(claimed)
    assert isinstance(answer, sending.Report)
    report(visitor, answer.provider_id or "", "delivered", delivery=delivery.id)
    assert post_office.now(delivery).state == DeliveryState.DELIVERED
    sending.mark(claimed, replace(answer, state=DeliveryState.SENT))
    stands = post_office.now(delivery)
    assert (stands.state, stands.provider_id) == (DeliveryState.DELIVERED, answer.provider_id)


def test_a_receipt_that_was_overtaken_by_a_second_try_is_not_lost(
    post_office: PostOffice, visitor: FlaskClient
) -> None:
    """The text went out, the answer got lost, and its receipt comes while it waits to be tried."""
    delivery = post_office.send(**text())
    claimed = sending.claim()
    assert claimed is not None
    sending.mark(claimed, sending.Again("Twilio did not answer.", 0, is_unsettled=True))
    report(visitor, "SM1", "delivered", delivery=delivery.id)
    sending.sweep()
    assert post_office.now(delivery).state == DeliveryState.DELIVERED
    assert not post_office.mailbox.latest("sms")


def test_a_forged_receipt_changes_nothing(post_office: PostOffice, visitor: FlaskClient) -> None:
    delivery = waiting_text(post_office, "SM1")
    assert report(visitor, "SM1", "delivered", sign="a guess").status_code == 403
    unsigned = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert visitor.post("/webhooks/twilio/status", data=unsigned).status_code == 403
    assert post_office.now(delivery).state == DeliveryState.SENT


@pytest.mark.parametrize("delivery", ["", "01nothing0000000000000000x"])
def test_an_unknown_receipt_is_set_aside(visitor: FlaskClient, delivery: str) -> None:
    assert report(visitor, "SM404", "delivered", delivery=delivery).status_code == 204


def test_one_texts_receipt_never_marks_another(
    post_office: PostOffice, visitor: FlaskClient
) -> None:
    delivery = waiting_text(post_office, "SM1")
    report(visitor, "SM2", "undelivered", delivery=delivery.id)
    assert post_office.now(delivery).state == DeliveryState.SENT


def test_a_receipt_without_a_status_says_nothing(
    post_office: PostOffice, visitor: FlaskClient
) -> None:
    delivery = waiting_text(post_office, "SM1")
    assert report(visitor, "SM1", "accepted").status_code == 204
    assert post_office.now(delivery).state == DeliveryState.SENT
