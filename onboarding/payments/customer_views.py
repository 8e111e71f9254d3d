from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Blueprint, Response, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from onboarding import clock
from onboarding.database import read
from onboarding.gateways.cards import CardsRefused, CardsUnavailable
from onboarding.payments import actions, actions_methods, pages
from onboarding.payments.actions import TooManySetups, Wish
from onboarding.payments.actions_methods import (
    CardExpired,
    CardMissing,
    ChoiceNeeded,
    NotOffered,
)
from onboarding.payments.converging import converge
from onboarding.payments.forms import AddForm, CardForm, PressForm, RemoveForm, ReturnForm
from onboarding.payments.models import CardSetup
from onboarding.payments.queries import setup_of_session
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import Conflict, NotFound, Throttled
from onboarding.web.freshness import ask_first, forget_unsent, is_fresh, unsent
from onboarding.web.gate import gated

blueprint = Blueprint("payments", __name__, url_prefix="/portal")
_SECOND, _SHORT_SECONDS = timedelta(seconds=1), 3600


@blueprint.get("/card")
@access.customer_at("card")
def card() -> Response:
    """The step itself: whoever has a card on file has it behind them."""
    if gated().has_card:
        return redirect_to(url_for("payments.methods"))
    return _card_page(CardForm(formdata=None, data=unsent("card")))


@blueprint.post("/card")
@access.customer_at("card")
def add_card() -> Response:
    """Off to Stripe's page, or back with a word that Stripe does not answer."""
    form = CardForm()
    if not form.validate():
        return _card_page(form, status=422)
    elif form.auto_pay.data and not is_fresh():
        return ask_first("card", auto_pay="y")
    forget_unsent()
    wish = Wish("card", bool(form.auto_pay.data), None, _language())
    try:
        url = _start(wish)
    except (CardsUnavailable, CardsRefused):
        return _card_page(form, "down", 503)
    return redirect_to(url or url_for("portal.go_on"))


@blueprint.get("/card/return")
@access.customer
def card_return() -> Response:
    """Back from Stripe's page. Looking changes nothing: the form on it goes off by itself."""
    session_id = request.args.get("session_id", "")[:255]
    return render("payments/card_return.html", form=ReturnForm(None, session_id=session_id))


@blueprint.post("/card/return")
@access.customer
def finish_card() -> Response:
    """Asks Stripe what became of the card; what the address says is only where to look."""
    form, who = ReturnForm(), people.person()
    if not form.session_id.data:
        # An address without its end, as a mail program cuts one: on to where the customer stands.
        return redirect_to(url_for("portal.go_on"))
    setup = setup_of_session(read(who.contractor_id), who.contact_id, form.session_id.data or "")
    if not form.validate() or setup is None:
        raise NotFound
    try:
        state = converge(setup.id)
    except (CardsUnavailable, CardsRefused):
        state = "waiting"
    return redirect_to(_after(setup, state))


@blueprint.get("/payment-methods")
@access.customer
def methods() -> Response:
    return _methods_page()


@blueprint.post("/payment-methods")
@access.customer
def add_method() -> Response:
    """Another card, or one in place of another: the old one goes once the new one is saved."""
    form = AddForm()
    if not form.validate() or gated() is None:
        raise NotFound
    try:
        url = _start(Wish("methods", False, form.replaces_id.data or None, _language()))
    except (CardsUnavailable, CardsRefused):
        return _methods_page("down", 503)
    return redirect_to(url or url_for("payments.methods"))


@blueprint.post("/payment-methods/<card_id>/default")
@access.customer
def make_default(card_id: str) -> Response:
    _pressed()
    with _own_card():
        actions_methods.choose_default(people.person().contact_id, card_id, people.actor())
    return redirect_to(url_for("payments.methods"))


@blueprint.post("/payment-methods/<card_id>/auto-pay")
@access.customer
def start_auto_pay(card_id: str) -> Response:
    _pressed()
    if not is_fresh():
        return ask_first("auto-pay")
    contact_id, by = people.person().contact_id, people.actor()
    with _own_card():
        actions_methods.switch_auto_pay_on(contact_id, card_id, _language(), by)
    return redirect_to(url_for("payments.methods"))


@blueprint.post("/payment-methods/<card_id>/auto-pay-end")
@access.customer
def end_auto_pay(card_id: str) -> Response:
    _pressed()
    with _own_card():
        actions_methods.switch_auto_pay_off(people.person().contact_id, card_id, people.actor())
    return redirect_to(url_for("payments.methods"))


@blueprint.post("/payment-methods/<card_id>/removal")
@access.customer
def remove(card_id: str) -> Response:
    form, who = RemoveForm(), people.person()
    if not form.validate():
        raise NotFound
    ends = form.ends_auto_pay.data == "y"
    try:
        with _own_card():
            actions_methods.remove_card(who.contact_id, card_id, people.actor(), ends_auto_pay=ends)
    except ChoiceNeeded:
        return _methods_page("choice", 409)
    return redirect_to(url_for("payments.methods"))


@contextmanager
def _own_card() -> Iterator[None]:
    """A card that is not this customer's is not there; one that expired can only be replaced."""
    try:
        yield
    except CardMissing as missing:
        raise NotFound from missing
    except CardExpired as expired:
        raise Conflict(_("This card has expired. Replace it, or add another one.")) from expired
    except NotOffered as not_offered:
        raise Conflict(_("Auto-pay is not offered for now. Your card stays.")) from not_offered


def _start(wish: Wish) -> str | None:
    who = people.person()
    try:
        return actions.start_card_setup(gated().id, who.contact_id, wish, people.actor()).url
    except TooManySetups as too_many:
        raise _throttled(too_many) from too_many


def _throttled(too_many: TooManySetups) -> Throttled:
    """When to try again, and nothing that helps somebody who tries out cards."""
    seconds = max(1, (too_many.until - clock.now()) // _SECOND)
    if seconds <= _SHORT_SECONDS:
        said = _("Please wait a few minutes, then try again or use another card. Nothing is lost.")
    else:
        said = _("You tried to add a card many times today. Try again tomorrow, or call us.")
    return Throttled(said, seconds)


def _after(setup: CardSetup, state: str) -> str:
    """Where the customer goes on once Stripe has said what became of the card."""
    if state == "complete":
        place = "payments.methods" if setup.came_from == "methods" else "portal.go_on"
        return url_for(place)
    place = "payments.methods" if setup.came_from == "methods" else "payments.card"
    return url_for(place, state=state)


def _card_page(form: CardForm, state: str = "", status: int = 200) -> Response:
    page = pages.card_page(read(people.person().contractor_id), gated(), _language())
    return render(
        "payments/card.html", page=page, form=form, state=state or _state(), status=status
    )


def _methods_page(state: str = "", status: int = 200) -> Response:
    if gated() is None:
        raise NotFound
    page = pages.methods_page(read(people.person().contractor_id), gated(), _language())
    return render("payments/methods.html", page=page, state=state or _state(), status=status)


def _state() -> str:
    """How the last visit to Stripe's page ended, as its address says: only words hang on it."""
    if request.args.get("back"):
        return "open"
    said = request.args.get("state", "")
    return said if said in ("open", "expired", "refused", "waiting") else ""


def _pressed() -> None:
    if not PressForm().validate():
        raise NotFound


def _language() -> str:
    return str(get_locale() or "en")[:2]
