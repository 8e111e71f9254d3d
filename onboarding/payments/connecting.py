"""A contractor's own account at Stripe: opened on Stripe's page, and followed as it stands there.

The platform's key opens it together with its name (Connect): no key of a contractor's is asked for
or kept. Until it is ready, and once it is gone, cards go to the platform's own account.
"""

import logging
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from onboarding import clock, config, gateways, jobs, tokens
from onboarding.database import Everyone, read, transaction
from onboarding.gateways.cards import (
    AccountGone,
    AccountState,
    CardsBroken,
    CardsRefused,
    CardsUnavailable,
    UnknownObject,
)
from onboarding.payments.models import CardAccount, PaymentMethod

ACCOUNTS_TASK = "card-accounts"
CHECK_TASK = "card-check"
_ANY = Everyone("Stripe names an account, and that names its contractor")
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_log = logging.getLogger(__name__)


def account_of(db: Session, contractor_id: str) -> CardAccount | None:
    """The contractor's account, also while it is being opened; None where there is none."""
    statement = select(CardAccount).where(
        CardAccount.contractor_id == contractor_id, CardAccount.ended_at.is_(None)
    )
    return db.scalars(statement).one_or_none()


def open_account_page(contractor_id: str, email: str) -> str:
    """Stripe's page for one visit, on which the owner opens the account or goes on with it.

    Raises CardsUnavailable, CardsRefused.
    """
    with transaction(contractor_id) as db:
        account = _begun(db, contractor_id, email)
    name = account.stripe_account or _opened(account)
    back = f"{config.current().base_url}/crm/settings/payments"
    try:
        return gateways.current().cards.account_page(
            name, return_url=f"{back}?state=back", refresh_url=f"{back}?state=closed"
        )
    except (AccountGone, UnknownObject) as gone:
        _end(account.id)
        raise CardsUnavailable("The account is gone at Stripe: try once more.") from gone


def check_account(contractor_id: str) -> None:
    """Fetches the account from Stripe and writes down how it stands there.

    Raises CardsUnavailable, CardsRefused.
    """
    account = account_of(read(contractor_id), contractor_id)
    if account is not None and account.stripe_account is not None:
        state = look(account.stripe_account)
        with transaction(contractor_id) as db:
            apply_account(db, account.stripe_account, state)
        jobs.wake(CHECK_TASK)


def look(stripe_account: str) -> AccountState | None:
    """How it stands at Stripe; None where it is gone, or took its access back."""
    try:
        return gateways.current().cards.fetch_account(stripe_account)
    except (AccountGone, UnknownObject):
        return None


def apply_account(db: Session, stripe_account: str, state: AccountState | None) -> None:
    """Writes down what Stripe says of an account, in the caller's transaction."""
    statement = select(CardAccount).where(CardAccount.stripe_account == stripe_account)
    kept = db.scalars(statement.with_for_update()).one_or_none()
    if kept is None or kept.ended_at is not None:
        return
    kept.checked_at = clock.now()
    if state is None:
        _take_leave(db, kept)
        return
    kept.card_payments = state.card_payments[:20]
    kept.has_told_all, kept.due_count = state.has_told_all, len(state.due)


@jobs.task(ACCOUNTS_TASK, every_seconds=600)
def check_accounts() -> int:
    """Asks Stripe about accounts: hourly while they are not ready, daily then. How many."""
    now = clock.now()
    statement = (
        select(CardAccount)
        .where(
            CardAccount.ended_at.is_(None),
            CardAccount.stripe_account.is_not(None),
            or_(
                CardAccount.checked_at.is_(None),
                CardAccount.checked_at < now - _DAY,
                (CardAccount.card_payments != "active") & (CardAccount.checked_at < now - _HOUR),
            ),
        )
        .limit(50)
    )
    due = read(_ANY).scalars(statement).all()
    for account in due:
        try:
            check_account(account.contractor_id)
        except (CardsUnavailable, CardsRefused) as failure:
            _log.warning("Stripe did not say how account %s stands: %s", account.id, failure)
    return len(due)


def _begun(db: Session, contractor_id: str, email: str) -> CardAccount:
    """The row with its key, committed before Stripe is asked; one that ended is begun anew."""
    statement = select(CardAccount).where(CardAccount.contractor_id == contractor_id)
    kept = db.scalars(statement.with_for_update()).one_or_none()
    if kept is None:
        kept = CardAccount(contractor_id=contractor_id, once_key=_new_key(), email=email)
        db.add(kept)
    elif kept.ended_at is not None:
        kept.once_key, kept.email = _new_key(), email
        kept.stripe_account = kept.ended_at = kept.checked_at = None
    db.flush()
    return kept


def _opened(account: CardAccount) -> str:
    try:
        made = gateways.current().cards.create_account(
            idempotency_key=account.once_key,
            contractor_id=account.contractor_id,
            email=account.email,
        )
    except CardsBroken:
        with transaction(account.contractor_id) as db:
            kept = db.get_one(CardAccount, account.id, with_for_update=True)
            if kept.once_key == account.once_key:
                kept.once_key = _new_key()
        raise
    with transaction(account.contractor_id) as db:
        kept = db.get_one(CardAccount, account.id, with_for_update=True)
        kept.stripe_account = kept.stripe_account or made
        return kept.stripe_account


def _end(account_id: str) -> None:
    with transaction(_ANY) as db:
        _take_leave(db, db.get_one(CardAccount, account_id, with_for_update=True))


def _take_leave(db: Session, account: CardAccount) -> None:
    """Cards on it are out of reach: each is looked at soon, taken off, and both parties told."""
    account.ended_at, account.card_payments = clock.now(), "inactive"
    db.execute(
        update(PaymentMethod)
        .where(PaymentMethod.stripe_account == account.stripe_account)
        .values(checked_at=None)
    )


def _new_key() -> str:
    return f"account-{tokens.new_secret()}"
