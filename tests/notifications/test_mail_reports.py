"""Bounces and complaints: believed when signed, harmless in any order, and acted upon at once."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from onboarding import clock, config, gateways, jobs
from onboarding.database import transaction
from onboarding.gateways import email_ses
from onboarding.gateways.email_reports import SIGNATURE, MailReport, What, signed
from onboarding.notifications import sending, states
from onboarding.notifications.mail_reports import receive_mail_report
from onboarding.notifications.models import Delivery, DeliveryState, Failure, Notification
from onboarding.notifications.models_addresses import ClosedAddress, Why
from tests.house import House
from tests.invites.scene import Scene, ready
from tests.notifications.conftest import EVERYONE, PostOffice

SECRET = "a secret that only the mail server knows"
PASSWORD = "postmark's own password"
TOPIC = "arn:aws:sns:us-west-2:123456789012:mail"
AMAZON = "https://sns.us-west-2.amazonaws.com"


def stands(delivery: Delivery) -> Delivery:
    with transaction(EVERYONE) as db:
        return db.get_one(Delivery, delivery.id)


def taken(post_office: PostOffice) -> Delivery:
    """An e-mail that the next server took and has said nothing of."""
    delivery = post_office.send()
    with transaction(EVERYONE) as db:
        db.get_one(Delivery, delivery.id).state = DeliveryState.SENT
    return delivery


@pytest.mark.parametrize("order", list(permutations(What)))
def test_reports_in_any_order_end_alike_and_never_go_back(
    post_office: PostOffice, order: tuple[What, ...]
) -> None:
    delivery = taken(post_office)
    ranks = []
    for what in (*order, *order):
        receive_mail_report(MailReport(what, delivery.message_id))
        ranks.append(list(DeliveryState).index(DeliveryState(stands(delivery).state)))
    assert ranks == sorted(ranks)
    assert stands(delivery).state == DeliveryState.BOUNCED
    with transaction(EVERYONE) as db:
        closed = {row.why for row in db.scalars(select(ClosedAddress))}
    assert closed == {Why.BOUNCED, Why.COMPLAINED}


def test_a_soft_report_is_shown_and_undoes_nothing(post_office: PostOffice) -> None:
    delivery = taken(post_office)
    receive_mail_report(MailReport(What.DELAYED, delivery.message_id, answer="try later"))
    assert stands(delivery).is_delayed
    receive_mail_report(MailReport(What.DELIVERED, delivery.message_id))
    receive_mail_report(MailReport(What.DELAYED, delivery.message_id))
    receive_mail_report(MailReport(What.GIVEN_UP, delivery.message_id))
    assert stands(delivery).state == DeliveryState.DELIVERED
    assert not stands(delivery).is_delayed


def test_nothing_more_goes_to_a_dead_address(post_office: PostOffice) -> None:
    first, waiting = taken(post_office), post_office.send()
    receive_mail_report(MailReport(What.BOUNCED, first.message_id))
    assert stands(waiting).failure == Failure.CLOSED
    later, elsewhere = post_office.send(to="DANA@example.com"), post_office.send(to="new@x.com")
    sending.sweep()
    assert stands(later).state in states.LOST
    assert stands(elsewhere).state == DeliveryState.DELIVERED


def test_whoever_complained_still_gets_a_code_they_asked_for(post_office: PostOffice) -> None:
    receive_mail_report(MailReport(What.COMPLAINED, taken(post_office).message_id))
    code, other = post_office.send(is_code=True), post_office.send()
    sending.sweep()
    assert stands(code).state == DeliveryState.DELIVERED
    assert stands(other).state in states.LOST


# The addresses that reports are posted to.


@pytest.fixture
def sent(house: House) -> Scene:
    config.use(
        replace(
            house.settings,
            mail_webhook_secrets=("the one before it, now retired", SECRET),
            ses_topics=(TOPIC,),
            postmark_webhook_password=PASSWORD,
        )
    )
    scene = ready(house)
    scene.send()
    jobs.run_pending()
    return scene


@pytest.fixture
def visitor(sent: Scene) -> Iterator[FlaskClient]:
    return sent.house.client()


def invite(scene: Scene) -> Delivery:
    return scene.deliveries("invite")[0]


def post(visitor: FlaskClient, path: str, body: bytes, at: int = 0, key: str = SECRET) -> int:
    header = signed(key, body, at or clock.unix())
    return visitor.post(path, data=body, headers={SIGNATURE: header}).status_code


def bounced(message_id: str) -> bytes:
    event = {"type": "bounced", "message_id": message_id, "answer": "550 5.1.1 No such user"}
    return json.dumps({"events": [event]}).encode()


def test_a_signed_bounce_is_on_the_record_at_once_with_what_to_do(
    sent: Scene, visitor: FlaskClient
) -> None:
    assert post(visitor, "/webhooks/mail", bounced(invite(sent).message_id)) == 204
    assert invite(sent).state == DeliveryState.BOUNCED
    crm = sent.house.sign_in_member(sent.house.client(), sent.member)
    page = crm.get(f"/crm/contacts/{sent.contact.id}").text
    for words in ("Mail to dana@example.com comes back", "Correct the address", "Try SMS"):
        assert words in page
    with transaction(EVERYONE) as db:
        told = [row.kind for row in db.scalars(select(Notification))]
    assert told == ["delivery_failed"]


@pytest.mark.parametrize(("at", "key"), [(0, "a guess"), (-400, SECRET), (400, SECRET), (0, "")])
def test_a_forged_or_old_report_changes_nothing(
    sent: Scene, visitor: FlaskClient, at: int, key: str
) -> None:
    body = bounced(invite(sent).message_id)
    assert post(visitor, "/webhooks/mail", body, clock.unix() + at, key) == 403
    assert visitor.post("/webhooks/mail", data=body).status_code == 403
    assert invite(sent).state == DeliveryState.DELIVERED


def test_a_body_that_was_altered_is_refused(sent: Scene, visitor: FlaskClient) -> None:
    header = {SIGNATURE: signed(SECRET, b"{}", clock.unix())}
    body = bounced(invite(sent).message_id)
    assert visitor.post("/webhooks/mail", data=body, headers=header).status_code == 403


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"\xff\x00", b'{"events": 1}', b'{"events": [{"type": "x"}]}', b"[" * 9999]
)
def test_signed_nonsense_is_said_to_be_nonsense(visitor: FlaskClient, body: bytes) -> None:
    assert post(visitor, "/webhooks/mail", body) == 400
    assert post(visitor, "/webhooks/bounces", body) == 400


def test_a_report_of_an_unknown_mail_is_set_aside(visitor: FlaskClient) -> None:
    assert post(visitor, "/webhooks/mail", bounced("<nobody@portal.test>")) == 204


BOUNCE = """\
From: MAILER-DAEMON@example.com
To: portal@localhost
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; dana@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} The answer

--b
Content-Type: {returned}

Message-ID: {message_id}
Subject: Your estimate

--b--
"""


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(
    ("action", "status", "is_lost", "is_closed"),
    [
        ("failed", "5.1.1", True, True),
        ("failed", "5.2.2", False, False),
        ("failed", "4.4.7", False, False),
        ("delayed", "4.4.1", False, False),
        ("delivered", "2.0.0", False, False),
    ],
)
def test_a_mail_servers_bounce_is_understood(
    sent: Scene, visitor: FlaskClient, returned: str, action: str, status: str,
    is_lost: bool, is_closed: bool,
) -> None:  # fmt: skip
    message = BOUNCE.format(
        action=action, status=status, returned=returned, message_id=invite(sent).message_id
    )
    assert post(visitor, "/webhooks/bounces", message.encode()) == 204
    assert (invite(sent).state == DeliveryState.BOUNCED) == is_lost
    with transaction(EVERYONE) as db:
        assert (db.scalar(select(ClosedAddress)) is not None) == is_closed


def test_postmark_is_believed_by_its_password(sent: Scene, visitor: FlaskClient) -> None:
    said = {"RecordType": "Bounce", "Type": "HardBounce", "Details": "smtp;550 5.1.1 unknown"}
    body = json.dumps(said | {"Metadata": {"delivery": invite(sent).id}})

    def tell(password: str) -> int:
        return visitor.post(
            "/webhooks/postmark", data=body, auth=("postmark", password)
        ).status_code

    assert [tell("a guess"), tell("")] == [403, 403]
    assert invite(sent).state == DeliveryState.DELIVERED
    assert tell(PASSWORD) == 204
    assert invite(sent).state == DeliveryState.BOUNCED


class LocalAmazon:
    """Its key and certificate, made here; what was fetched is written down."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(clock.now() - dt.timedelta(days=1))
            .not_valid_after(clock.now() + dt.timedelta(days=1))
            .sign(self.key, hashes.SHA256())
        )
        self.pem = made.public_bytes(serialization.Encoding.PEM)
        self.fetched: list[str] = []
        self.confirmed: list[str] = []

    def certificate(self, url: str) -> bytes:
        self.fetched.append(url)
        return self.pem

    def confirm(self, url: str) -> None:
        self.confirmed.append(url)

    def sign(self, **fields: str) -> bytes:
        said = {
            "Type": "Notification",
            "MessageId": "1",
            "TopicArn": TOPIC,
            "Timestamp": "2026-11-23T10:00:00.000Z",
            "SignatureVersion": "2",
            "SigningCertURL": f"{AMAZON}/cert.pem",
        } | fields
        made = self.key.sign(email_ses.canonical(said), padding.PKCS1v15(), hashes.SHA256())
        return json.dumps(said | {"Signature": base64.b64encode(made).decode()}).encode()


@pytest.fixture
def amazon(sent: Scene) -> LocalAmazon:
    local = LocalAmazon()
    gateways.use(replace(gateways.current(), sns=local))
    return local


def ses(scene: Scene) -> str:
    """A hard bounce as SES writes it, with the original headers."""
    said: dict[str, Any] = {
        "notificationType": "Bounce",
        "mail": {
            "messageId": "0101018f",
            "headers": [{"name": "Message-ID", "value": invite(scene).message_id}],
        },
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [{"emailAddress": "dana@example.com", "diagnosticCode": "550"}],
        },
    }
    return json.dumps(said)


def tell(visitor: FlaskClient, body: bytes) -> TestResponse:
    return visitor.post("/webhooks/ses", data=body, content_type="text/plain")


def test_amazons_bounce_is_believed(sent: Scene, visitor: FlaskClient, amazon: LocalAmazon) -> None:
    assert tell(visitor, amazon.sign(Message=ses(sent))).status_code == 204
    assert invite(sent).state == DeliveryState.BOUNCED


@pytest.mark.parametrize(
    "url",
    [
        "https://sns.us-west-2.amazonaws.com.evil.test/cert.pem",
        "https://evil.test/sns.us-west-2.amazonaws.com/cert.pem",
        "http://sns.us-west-2.amazonaws.com/cert.pem",
        "https://evil@sns.us-west-2.amazonaws.com/cert.pem",
        "https://s3.us-west-2.amazonaws.com/cert.pem",
        "https://[/cert.pem",
    ],
)
def test_a_certificate_from_elsewhere_is_not_even_fetched(
    sent: Scene, visitor: FlaskClient, amazon: LocalAmazon, url: str
) -> None:
    body = amazon.sign(Message=ses(sent), SigningCertURL=url)
    assert tell(visitor, body).status_code == 403
    assert not amazon.fetched
    assert invite(sent).state == DeliveryState.DELIVERED


def test_another_words_or_another_topics_signature_is_refused(
    sent: Scene, visitor: FlaskClient, amazon: LocalAmazon
) -> None:
    altered = amazon.sign(Message="{}").replace(b'"{}"', json.dumps(ses(sent)).encode())
    assert tell(visitor, altered).status_code == 403
    assert (
        tell(visitor, amazon.sign(Message=ses(sent), TopicArn="arn:aws:sns:x")).status_code == 403
    )
    assert invite(sent).state == DeliveryState.DELIVERED


def test_a_subscription_is_confirmed_for_a_topic_of_ours_alone(
    visitor: FlaskClient, amazon: LocalAmazon
) -> None:
    url = f"{AMAZON}/?Action=ConfirmSubscription&Token=t"
    asked = {"Type": "SubscriptionConfirmation", "Token": "t", "Message": "Confirm"}
    assert tell(visitor, amazon.sign(**asked, SubscribeURL=url)).status_code == 204
    elsewhere = amazon.sign(**asked, SubscribeURL="https://evil.test/")
    assert tell(visitor, elsewhere).status_code == 403
    assert (
        tell(visitor, amazon.sign(**asked, SubscribeURL=url, TopicArn="arn:x")).status_code == 403
    )
    assert amazon.confirmed == [url]
