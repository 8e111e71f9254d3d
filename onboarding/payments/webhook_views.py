import logging

from flask import Blueprint, Response, request

from onboarding import gateways
from onboarding.gateways.cards import CardsRefused, CardsUnavailable, ForgedEvent
from onboarding.payments.hearing import hear
from onboarding.web import access

blueprint = Blueprint("stripe_webhook", __name__, url_prefix="/webhooks")
_log = logging.getLogger(__name__)


@blueprint.post("/stripe")
@access.webhook
def stripe() -> Response:
    """200 once the event is stored with its effect; anything else makes Stripe send it again."""
    signature = request.headers.get("Stripe-Signature", "")
    try:
        event = gateways.current().cards.read_event(request.get_data(), signature)
        hear(event)
    except ForgedEvent as forged:
        _log.warning("An event was refused: %s", forged)
        return Response(status=400)
    except (CardsUnavailable, CardsRefused) as failure:
        _log.warning("Stripe could not be asked about an event: %s", failure)
        return Response(status=503)
    return Response(status=200)
