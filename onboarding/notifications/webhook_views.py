"""Where providers report what became of a message. Signed by them, and believed only then."""

import logging

from flask import Blueprint, Response, abort, request

from onboarding import config
from onboarding.gateways import twilio
from onboarding.notifications import actions, inbound
from onboarding.notifications.models import DeliveryState, Failure
from onboarding.notifications.models_addresses import Why
from onboarding.notifications.outcomes import Report
from onboarding.notifications.wishes import Wish
from onboarding.web import access

blueprint = Blueprint("notifications_webhook", __name__, url_prefix="/webhooks")
_log = logging.getLogger(__name__)

# What Twilio says, and what it means for a delivery. What is missing here says nothing new.
_STATES = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "failed": DeliveryState.FAILED,
    "undelivered": DeliveryState.FAILED,
}


@blueprint.post("/twilio/status")
@access.webhook
def twilio_status() -> tuple[str, int]:
    _refuse_forged()
    state = _STATES.get(request.form.get("MessageStatus", ""))
    if state is not None:
        _take(state)
    return "", 204


@blueprint.post("/twilio/inbound")
@access.webhook
def twilio_inbound() -> Response:
    """A text that somebody sent us. What we have to say to it goes out as any text of ours does."""
    _refuse_forged()
    form = request.form
    # Where Advanced Opt-Out is on, Twilio says what it took the text for, and has answered it.
    taken_for = form.get("OptOutType", "").lower()
    wish = Wish(taken_for) if taken_for in set(Wish) else None
    if form.get("MessageSid") and form.get("From"):
        inbound.receive_text(
            form["MessageSid"],
            form["From"],
            form.get("Body", ""),
            wish=wish,
            is_answered=wish is not None,
        )
    return Response("<Response/>", mimetype="text/xml")


def _refuse_forged() -> None:
    settings = config.current()
    form = {name: request.form.getlist(name) for name in request.form}
    # The address as Twilio was given it: behind a proxy this process sees another one.
    address = f"{settings.base_url}{request.full_path.rstrip('?')}"
    claimed = request.headers.get("X-Twilio-Signature", "")
    if not twilio.is_signed(settings.twilio_auth_token, address, form, claimed):
        abort(403)


def _take(state: DeliveryState) -> None:
    code = request.form.get("ErrorCode", "")
    report = Report(
        state=state,
        answer=f"Twilio: {request.form['MessageStatus']}" + (f", {code}" if code else ""),
        failure=Failure.REFUSED if state is DeliveryState.FAILED else None,
    )
    if state is DeliveryState.FAILED and code == str(twilio.UNSUBSCRIBED):
        report = Report(DeliveryState.OPTED_OUT, report.answer, closes=Why.STOPPED)
    delivery = actions.receive_receipt(
        provider_id=request.form.get("MessageSid", ""),
        delivery_id=request.args.get("delivery"),
        report=report,
    )
    if delivery is None:
        # Another installation's, or one that was deleted: asking for it again would change nothing.
        _log.warning("A receipt for an unknown text was set aside")
