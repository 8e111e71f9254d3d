"""What happens when somebody presses *Save card* on the sandbox's hosted page. No HTTP in here."""

from dataclasses import dataclass
from enum import Enum

from onboarding.sandbox import stripe_attempts, stripe_methods, stripe_objects, stripe_sessions
from onboarding.sandbox.stripe_desk import Desk
from onboarding.sandbox.stripe_store import Body
from onboarding.sandbox.stripe_testcards import UNAUTHENTICATED, Decline, TestCard, card_ending


class Step(Enum):
    SAVED = "the card is saved: on to the success address"
    AUTHENTICATE = "the bank wants to see the customer first"
    DECLINED = "the bank said no: the page stays open"
    CLOSED = "the page is over"


@dataclass(frozen=True)
class Visitor:
    """Who presses, as a mandate records it."""

    address: str
    user_agent: str


@dataclass(frozen=True)
class Typed:
    """A card as typed: the number is only in `card`, which is never written down."""

    card: TestCard
    expiry: tuple[int, int]
    postal_code: str | None
    name: str | None = None


@dataclass(frozen=True)
class Outcome:
    step: Step
    session: Body
    decline: Decline | None = None


def where_it_stands(desk: Desk, session_id: str) -> Outcome:
    """Which page to show somebody who comes, or comes back. Raises StripeRefusal."""
    session = stripe_sessions.current(desk, session_id)
    if session["status"] == "complete":
        return Outcome(Step.SAVED, session)
    if session["status"] != "open":
        return Outcome(Step.CLOSED, session)
    intent = desk.fetch("setup_intent", session["setup_intent"])
    if intent["status"] == "requires_action":
        return Outcome(Step.AUTHENTICATE, session)
    return Outcome(Step.DECLINED, session)


def save_card(desk: Desk, session_id: str, typed: Typed, visitor: Visitor) -> Outcome:
    """Presses *Save card*; on a page that is done it changes nothing."""
    stands = where_it_stands(desk, session_id)
    if stands.step in (Step.SAVED, Step.CLOSED):
        return stands
    intent = desk.fetch("setup_intent", stands.session["setup_intent"])
    method = stripe_methods.from_card(
        desk, typed.card, typed.expiry, typed.postal_code, name=typed.name
    )
    if intent["status"] == "requires_action":
        stripe_attempts.end(desk, intent, "abandoned")
    stripe_attempts.begin(desk, intent, method)
    if typed.card.decline and not typed.card.needs_authentication:
        return _decline(desk, stands.session, intent, method, typed.card.decline)
    if typed.card.needs_authentication:
        return _ask_bank(desk, stands.session, intent, method)
    return _succeed(desk, stands.session, intent, method, visitor)


def finish_authentication(
    desk: Desk, session_id: str, is_authentic: bool, visitor: Visitor
) -> Outcome:
    """The bank's answer; where none was waited for, it changes nothing."""
    stands = where_it_stands(desk, session_id)
    if stands.step is not Step.AUTHENTICATE:
        return stands
    intent = desk.fetch("setup_intent", stands.session["setup_intent"])
    method = desk.fetch("payment_method", intent["payment_method"])
    intent["next_action"] = None
    decline = card_ending(method["card"]["last4"]).decline if is_authentic else UNAUTHENTICATED
    if decline:
        return _decline(desk, stands.session, intent, method, decline)
    return _succeed(desk, stands.session, intent, method, visitor)


def _decline(desk: Desk, session: Body, intent: Body, method: Body, decline: Decline) -> Outcome:
    failure = {
        "code": decline.code,
        "doc_url": "https://docs.stripe.com/error-codes/" + decline.code.replace("_", "-"),
        "message": decline.message,
        "payment_method": method,
        "type": "card_error",
    }
    if decline.decline_code:
        failure["decline_code"] = decline.decline_code
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        last_setup_error=failure,
    )
    desk.shelf.keep(intent)
    stripe_attempts.end(desk, intent, "failed", failure)
    desk.emit("setup_intent.setup_failed", intent)
    return Outcome(Step.DECLINED, session, decline)


def _ask_bank(desk: Desk, session: Body, intent: Body, method: Body) -> Outcome:
    desk.shelf.keep(method)
    intent.update(
        status="requires_action",
        payment_method=method["id"],
        last_setup_error=None,
        next_action={
            "type": "redirect_to_url",
            "redirect_to_url": {
                "return_url": session["url"],
                "url": f"{session['url']}/authentication",
            },
        },
    )
    desk.shelf.keep(intent)
    stripe_attempts.end(desk, intent, "requires_action")
    desk.emit("setup_intent.requires_action", intent)
    return Outcome(Step.AUTHENTICATE, session)


def _succeed(desk: Desk, session: Body, intent: Body, method: Body, visitor: Visitor) -> Outcome:
    if session["customer"]:
        stripe_methods.put_on(desk, method, session["customer"])
    else:
        desk.shelf.keep(method)
    if method["card"]["country"] == "IN":
        # Of cards only India's carry a mandate of their own (https://docs.stripe.com/india-recurring).
        mandate = stripe_objects.mandate(method["id"], visitor.address, visitor.user_agent)
        desk.shelf.keep(mandate)
        intent["mandate"] = mandate["id"]
    intent.update(
        status="succeeded", payment_method=method["id"], last_setup_error=None, next_action=None
    )
    desk.shelf.keep(intent)
    stripe_attempts.end(desk, intent, "succeeded")
    desk.emit("setup_intent.succeeded", intent)
    _complete(desk, session, method)
    return Outcome(Step.SAVED, session)


def _complete(desk: Desk, session: Body, method: Body) -> None:
    details = stripe_objects.sample("checkout.session")["customer_details"]
    details["address"].update(country=method["card"]["country"])
    details["address"].update(postal_code=method["billing_details"]["address"]["postal_code"])
    customer = desk.shelf.find("customer", session["customer"] or "")
    details["email"] = customer["email"] if customer else None
    session.update(status="complete", url=None, customer_details=details)
    desk.shelf.keep(session)
    desk.emit("checkout.session.completed", session)
