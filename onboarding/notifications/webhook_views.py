"""Where providers report what became of a message. Signed by them, and believed only then."""

import logging

from flask import Blueprint, abort, request

from onboarding import config
from onboarding.gateways import twilio
from onboarding.notifications import actions
from onboarding.notifications.models import DeliveryState, Failure
from onboarding.notifications.outcomes import Report
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
    settings = config.current()
    form = {name: request.form.getlist(name) for name in request.form}
    # The address as Twilio was given it: behind a proxy this process sees another one.
    address = f"{settings.base_url}{request.full_path.rstrip('?')}"
    claimed = request.headers.get("X-Twilio-Signature", "")
    if not twilio.is_signed(settings.twilio_auth_token, address, form, claimed):
        abort(403)
    state = _STATES.get(request.form.get("MessageStatus", ""))
    if state is not None:
        _take(state)
    return "", 204


def _take(state: DeliveryState) -> None:
    code = request.form.get("ErrorCode", "")
    report = Report(
        state=state,
        answer=f"Twilio: {request.form['MessageStatus']}" + (f", {code}" if code else ""),
        failure=Failure.REFUSED if state is DeliveryState.FAILED else None,
    )
    delivery = actions.receive_receipt(
        provider_id=request.form.get("MessageSid", ""),
        delivery_id=request.args.get("delivery"),
        report=report,
    )
    if delivery is None:
        # Another installation's, or one that was deleted: asking for it again would change nothing.
        _log.warning("A receipt for an unknown text was set aside")
