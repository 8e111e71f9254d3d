"""Settings, *Payments*: whose account at Stripe the cards of the customers are kept on."""

from flask import Blueprint, Response, request, url_for

from onboarding import gateways
from onboarding.contractors import queries
from onboarding.database import read
from onboarding.gateways.cards import CardsRefused, CardsUnavailable
from onboarding.payments import connecting
from onboarding.payments.forms import PressForm
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound

blueprint = Blueprint("payments_crm", __name__, url_prefix="/crm")


@blueprint.get("/settings/payments")
@access.owner
def settings() -> Response:
    """With `state=back` its form goes off by itself: looking changes nothing."""
    said = request.args.get("state", "")
    return _page(said if said in ("back", "closed") else "")


@blueprint.post("/settings/payments/account")
@access.owner
def open_account() -> Response:
    """Off to Stripe's page, where the owner tells about the company and its bank."""
    who = people.person().contractor_id
    if not PressForm().validate():
        raise NotFound
    try:
        page = connecting.open_account_page(who, queries.contractor(read(who), who).reply_to)
    except (CardsUnavailable, CardsRefused):
        return _page("down", 503)
    return redirect_to(page)


@blueprint.post("/settings/payments/check")
@access.owner
def check_account() -> Response:
    if not PressForm().validate():
        raise NotFound
    try:
        connecting.check_account(people.person().contractor_id)
    except (CardsUnavailable, CardsRefused):
        return _page("down", 503)
    return redirect_to(url_for("payments_crm.settings"))


def _page(state: str, status: int = 200) -> Response:
    who = people.person().contractor_id
    return render(
        "payments/settings.html",
        account=connecting.account_of(read(who), who),
        mode=gateways.current().cards.mode,
        state=state,
        status=status,
    )
