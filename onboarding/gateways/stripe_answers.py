"""Stripe's objects, read into the product's own; the SDK's types end here."""

from datetime import UTC, datetime
from typing import Literal, cast

from stripe import Account, PaymentMethod, SetupIntent
from stripe.checkout import Session

from onboarding.gateways.cards import (
    AccountState,
    Card,
    CardsRefused,
    SetupFailure,
    SetupResult,
)

_STATES = ("open", "complete", "expired")


def moment(unix: int) -> datetime:
    return datetime.fromtimestamp(unix, UTC)


def card_of(method: PaymentMethod) -> Card:
    """Raises CardsRefused for a payment method that is not a card."""
    card = method.card
    if card is None:
        raise CardsRefused(f"{method.id} is not a card.", "not_a_card")
    return Card(
        id=method.id,
        customer=identifier(method.customer),
        brand=card.brand,
        last4=card.last4,
        exp_month=card.exp_month,
        exp_year=card.exp_year,
        funding=card.funding,
        country=card.country or "",
        fingerprint=card.fingerprint or "",
        created=moment(method.created),
        holder_name=(method.billing_details.name or "")[:200],
    )


def account_of_stripe(account: Account) -> AccountState:
    wanted = account.requirements
    return AccountState(
        id=account.id,
        card_payments=str(getattr(account.capabilities, "card_payments", None) or "inactive"),
        has_told_all=bool(account.details_submitted),
        due=tuple((wanted.currently_due or ()) if wanted else ()),
        disabled_reason=(wanted.disabled_reason or "") if wanted else "",
    )


def setup_of(session: Session, declines: int = 0) -> SetupResult:
    """What the session and its setup intent, both expanded, say together."""
    intent = session.setup_intent if isinstance(session.setup_intent, SetupIntent) else None
    method = intent.payment_method if intent else None
    described = (intent or session).to_dict()
    return SetupResult(
        session_id=session.id,
        status=_state(session),
        customer=identifier(session.customer),
        reference=session.client_reference_id or "",
        metadata=dict(described.get("metadata") or {}),
        setup_intent_id=intent.id if intent else None,
        setup_status=intent.status if intent else "",
        payment_method=card_of(method) if isinstance(method, PaymentMethod) else None,
        mandate=identifier(intent.mandate) if intent else None,
        failure=_failure_of(intent) if intent else None,
        declines=declines,
    )


def identifier(expandable: object) -> str | None:
    """The identifier of what Stripe gives as an identifier, as a whole object, or as nothing."""
    if expandable is None or isinstance(expandable, str):
        return expandable
    return str(getattr(expandable, "id"))  # noqa: B009 (any of Stripe's objects)


def _state(session: Session) -> Literal["open", "complete", "expired"]:
    if session.status not in _STATES:
        raise CardsRefused(f"Stripe's page has the unknown state {session.status!r}.")
    return cast(Literal["open", "complete", "expired"], session.status)


def _failure_of(intent: SetupIntent) -> SetupFailure | None:
    failed = intent.last_setup_error
    if failed is None:
        return None
    return SetupFailure(
        code=str(getattr(failed, "code", None) or ""),
        decline_code=str(getattr(failed, "decline_code", None) or ""),
        message=str(getattr(failed, "message", None) or ""),
    )
