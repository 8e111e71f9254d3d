"""What a person would send at each address that takes a form, in the state it is meant for.

The same forms are posted by everybody, forged, posted twice and ten times at once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from stripe import WebhookSignature
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from onboarding import clock
from onboarding.gateways.stripe_cards import account_of
from tests.house import PASSWORD
from tests.residents import GUARDS, TEAROFF, Resident
from tests.town import Town

ONCE = "once".ljust(26, "0")
NEW_PASSWORD = "orchard lantern 57"
PROFILE = {
    "name": "Dana Whitfield", "address_line1": "88 Fir Lane", "city": "Portland", "state": "OR",
    "postal_code": "97211", "preferred_channel": "sms",
}  # fmt: skip
CONTACT = PROFILE | {"email": "new@example.com", "mobile": "(503) 555-0199", "language": "en"}
LINE = {
    f"line-{TEAROFF}-name": "Tear-off", f"line-{TEAROFF}-quantity": "28",
    f"line-{TEAROFF}-unit_price": "149.29", f"line-{GUARDS}-name": "Gutter guards",
    f"line-{GUARDS}-quantity": "140", f"line-{GUARDS}-unit_price": "8",
}  # fmt: skip
DRAFT = {
    "revision": "2", "scope": "Tear off.", "discount_kind": "amount", "discount": "100",
    "tax_rate": "8", "line": [TEAROFF, GUARDS], **LINE,
}  # fmt: skip
CONTRACT = {"title": "Agreement", "body": "The price is {total}.", "revision": "1"}
SETTINGS = {
    "name": "Ridgeline Roofing", "color": "#1f5c49", "phone": "(503) 555-0142",
    "reply_to": "maria@ridgeline-roofing.test", "time_zone": "America/Los_Angeles",
    "currency": "USD", "language": "en", "quiet_from": "21", "quiet_to": "8",
    "offers_auto_pay": "y", "gives_cancel_right": "y",
}  # fmt: skip
BEGINS = {
    "company": "Copper Kettle", "name": "Ana Ruiz", "phone": "(503) 555-0177",
    "email": "ana@kettle.test", "password": NEW_PASSWORD,
}  # fmt: skip
WORDS = {
    "subject": "Your estimate for {job_title}", "opening": "Here it is, {first_name}.",
    "sms": "{company_name}: here it is: {link}",
}  # fmt: skip
TEMPLATE = {"name": "Agreement", "body": "The price is {total}."}


@dataclass(frozen=True)
class Sent:
    """A request's body as the test client takes it; `first` is what must have happened before."""

    form: Mapping[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    first: Callable[[Town], Any] | None = None

    def post(self, browser: FlaskClient, path: str, **more: Any) -> Any:
        data = self.form if self.body is None else self.body
        headers = {**self.headers, **more.pop("headers", {})}
        return browser.post(path, data=data, headers=headers, **more)


Form = Callable[[Town, Resident], Sent]


def _press(**form: Any) -> Form:
    """A form that is the same whoever fills it in."""
    return lambda town, one: Sent(form)


def _of(fill: Callable[[Town, Resident], dict[str, Any]]) -> Form:
    return lambda town, one: Sent(fill(town, one))


def _confirmed_elsewhere(town: Town, one: Resident) -> Sent:
    """The mailed link was confirmed on another device: the one that waits goes on."""
    path = f"/portal/link/{town.told['link:coded']}"
    return Sent(first=lambda town: town.client().post(path))


def _event(town: Town, one: Resident) -> Sent:
    """Stripe tells, signed, that the page of a customer who is on the way back is complete."""
    said = {
        "id": "evt_1", "object": "event", "api_version": "2025-01-01", "created": clock.unix(),
        "type": "checkout.session.completed", "livemode": False, "pending_webhooks": 1,
        "data": {"object": {"id": one.stripe_session, "object": "checkout.session"}},
    }  # fmt: skip
    body = json.dumps(said)
    secret = account_of(town.settings).webhook_secrets[0]
    signature = WebhookSignature.generate_signature_header(body, secret, clock.unix())
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    return Sent(body=body.encode(), headers=headers)


def _at_stripe(town: Town, one: Resident) -> Sent:
    """As the SDK asks: with the key of the account, and one of its own against repetition."""
    key = account_of(town.settings).secret_key
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "customer-once"}
    return Sent({"name": "Dana Whitfield"}, headers=headers)


def _picture(name: str) -> Sent:
    picture = BytesIO()
    Image.new("RGB", (300, 100), "#1f5c49").save(picture, "PNG")
    return _with_file(name, f"{name}.png", picture.getvalue())


def _list_of_contacts(town: Town, one: Resident) -> Sent:
    return _with_file("file", "contacts.csv", b"Name,Email\r\nAna Ruiz,ana@example.com\r\n")


def _with_file(name: str, file_name: str, content: bytes) -> Sent:
    boundary, body = encode_multipart({name: FileStorage(BytesIO(content), file_name)})
    return Sent(body=body, headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})


FORMS: dict[str, Form] = {
    "accounts.arrive": _confirmed_elsewhere,
    "accounts.ask_code": _of(lambda town, one: {"address": one.contact.email}),
    "accounts.ask_in_person_code": _press(channel="sms"),
    "accounts.check_code": _of(lambda town, one: {"code": town.told["code:coded"]}),
    "accounts.choose_password": _press(password=NEW_PASSWORD),
    "accounts.confirm_link": _press(),
    "accounts.create": _press(),
    "accounts.email": _press(email="dana.new@example.com"),
    "accounts.enter_password": _of(
        lambda town, one: {"email": one.contact.email, "password": PASSWORD}
    ),
    "accounts.keep_profile": _press(**PROFILE),
    "accounts.mail_link": _press(),
    "accounts.password": _press(password=NEW_PASSWORD),
    "accounts.phone": _press(phone="(503) 555-0123"),
    "accounts.send_again": _press(),
    "accounts.send_confirmation": _press(),
    "accounts.sign_out": _press(),
    "accounts.start": _press(),
    "accounts.take_job": _press(),
    "accounts.text_code": _press(),
    "card_sandbox.answer": _press(answer="complete"),
    "card_sandbox.api": _at_stripe,
    "card_sandbox.open_account": _press(answer="complete"),
    "card_sandbox.save": _press(test_card="visa"),
    "contacts.archive": _press(),
    "contacts.create": _press(**CONTACT),
    "contacts.discard": _press(),
    "contacts.match": _press(column=["name", "email", ""]),
    "contacts.restore": _press(),
    "contacts.save": _press(**CONTACT, version="1"),
    "contacts.start": _press(duplicates="skip"),
    "contacts.upload": _list_of_contacts,
    "contractors.accept": _press(name="Ines Duarte", password=NEW_PASSWORD),
    "contractors.ask_sign_up": _press(**BEGINS),
    "contractors.begin_company": _press(),
    "contractors.change_role": _press(role="owner"),
    "contractors.deactivate": _press(),
    "contractors.invite_member": _press(email="new@example.com", role="staff"),
    "contractors.keep_message": _press(**WORDS),
    "contractors.keep_settings": _press(**SETTINGS),
    "contractors.preview_message": _press(**WORDS),
    "contractors.put_logo": lambda town, one: _picture("logo"),
    "contractors.reactivate": _press(),
    "contractors.remove_logo": _press(),
    "contractors.resend_member_invite": _press(),
    "contractors.reset_message": _press(),
    "contractors.revoke_member_invite": _press(),
    "contractors.try_message": _press(**WORDS),
    "contractors.ask_link": _of(lambda town, one: {"email": town.here.staff.email}),
    "contractors.choose_password": _press(password=NEW_PASSWORD),
    "contractors.enter": _of(
        lambda town, one: {"email": town.here.staff.email, "password": PASSWORD}
    ),
    "contractors.sign_out": _press(),
    "contracts.cancel": _press(),
    "contracts.give_consent": _of(
        lambda town, one: {"frozen_sha256": one.frozen_sha256, "agrees": "y"}
    ),
    "contracts.open_pdf": _press(),
    "contracts.sign": _of(
        lambda town, one: {"frozen_sha256": one.frozen_sha256, "way": "type", "typed": "Dana W."}
    ),
    "contracts.want_paper": _press(),
    "contracts_crm.archive_template": _press(),
    "contracts_crm.preview_template": _press(**TEMPLATE),
    "contracts_crm.restore_template": _press(),
    "contracts_crm.review_template": _press(version="1"),
    "contracts_crm.choose_signing": _press(no_cancel_reason="Signed at our showroom."),
    "contracts_crm.create_template": _press(**TEMPLATE),
    "contracts_crm.preview": _press(**CONTRACT),
    "contracts_crm.record_cancellation": _of(
        lambda town, one: {"noticed_on": clock.now().date().isoformat()}
    ),
    "contracts_crm.save_draft": _press(**CONTRACT),
    "contracts_crm.save_template": _press(**TEMPLATE),
    "estimates.approve": _of(lambda town, one: {"total": str(one.total_cents)}),
    "estimates.give_reason": _press(reason="Too much for us this year."),
    "estimates.reject": _press(),
    "estimates.update_total": _press(options=[GUARDS]),
    "estimates.withdraw": _press(),
    "estimates_crm.add_photos": lambda town, one: _picture("photos"),
    "estimates_crm.begin": _press(title="Roof replacement"),
    "estimates_crm.copy": _of(lambda town, one: {"source": town.at("complete").estimate_id}),
    "estimates_crm.name_job": _press(title="Roof replacement", site_city="Salem"),
    "estimates_crm.revise": _press(),
    "estimates_crm.remove_photo": _press(),
    "estimates_crm.remove_price_item": _press(),
    "estimates_crm.save": _press(**DRAFT),
    "estimates_crm.save_price_item": _press(name="Ridge vent", unit="ft", unit_price="14"),
    "invites.ask": _press(),
    "invites_crm.resend": _press(),
    "invites_crm.revoke": _press(),
    "invites_crm.send": _press(channels=["email", "sms"]),
    "mail_webhook.bounce": _press(),
    "mail_webhook.events": _press(),
    "mail_webhook.postmark": _press(),
    "mail_webhook.ses": lambda town, one: Sent(body=b'{"TopicArn": "arn:aws:sns:other"}'),
    "messages.ask_for_changes": _press(about="price", body="Less, please.", once_key=ONCE),
    "messages.see": _press(),
    "messages.send": _press(body="Thank you.", once_key=ONCE),
    "messages.send_question": _press(body="Is it slate?", line_key=TEAROFF, once_key=ONCE),
    "messages_crm.answer": _press(body="Yes, it is.", once_key=ONCE),
    "messages_crm.mark_done": _press(),
    "messages_crm.see": _press(),
    "notifications_webhook.twilio_inbound": _press(MessageSid="SM1", From="+15035550188", Body="x"),
    "notifications_webhook.twilio_status": _press(MessageSid="SM1", MessageStatus="delivered"),
    "payments_crm.check_account": _press(),
    "payments_crm.open_account": _press(),
    "payments.add_card": _press(auto_pay="y"),
    "payments.add_method": _press(),
    "payments.end_auto_pay": _press(),
    "payments.finish_card": _of(lambda town, one: {"session_id": one.stripe_session}),
    "payments.make_default": _press(),
    "payments.remove": _press(ends_auto_pay="y"),
    "payments.start_auto_pay": _press(),
    "pipeline.preview_reminders": _of(
        lambda town, one: {"act": "nudge", "card": one.onboarding_id}
    ),
    "pipeline.remind": _of(lambda town, one: {"act": "nudge", "card": one.onboarding_id}),
    "portal.choose_language": _press(language="es", way_back="/portal"),
    "record.merge_records": _of(lambda town, one: {"other": town.told["twin"]}),
    "record.mark_read": _press(),
    "record.open_address": _press(),
    "record.send_again": _press(),
    "record.send_now": _press(),
    "reminders.end": _press(),
    "reminders_crm.save": _press(is_on="y", first_hours="12", second_hours="60", third_hours="120"),
    "stripe_webhook.stripe": _event,
    "support.begin": _press(),
    "support.end_own_visit": _press(),
    "support.end_visit": _press(),
    "support.enter": _of(lambda town, one: {"email": town.agent.email, "password": PASSWORD}),
    "support.request_visit": _press(reason="The page will not open.", key=ONCE),
    "support.sign_out": _press(),
    "verify.check": lambda town, one: _with_file("document", "signed.pdf", b"%PDF-1.7 another"),
}


def form_of(town: Town, endpoint: str, one: Resident) -> Sent:
    """The form, with what must happen before it done. Raises KeyError where there is none."""
    sent = FORMS[endpoint](town, one)
    if sent.first is not None:
        sent.first(town)
    return sent
