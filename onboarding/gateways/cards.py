"""Cards on file, kept by the card processor: what the product asks of it and what it answers.

No card number ever reaches this process. The customer types it on the processor's own page, and the
product keeps identifiers, the brand, the last four digits and the expiry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

SetupState = Literal["open", "complete", "expired"]
# Where cards go: real ones at Stripe, test cards at Stripe, or the sandbox of this installation.
Mode = Literal["live", "test", "sandbox"]


class CardsUnavailable(Exception):
    """No clear answer came: not reachable, too slow, overloaded, or broken.

    Whether the request had its effect is unknown: repeat it with the same idempotency key.
    """


class CardsBroken(CardsUnavailable):
    """It answered with a failure of its own, and answers the same key so for a day.

    What is asked for must be asked under another key, once it is known that nothing came of it or
    that what came of it does no harm.
    """


class CardsRefused(Exception):
    """The processor understood the request and said no; repeating it changes nothing."""

    def __init__(self, sentence: str, code: str = "") -> None:
        self.sentence = sentence
        self.code = code
        super().__init__(sentence)


class UnknownObject(CardsRefused):
    """The processor has nothing under that identifier."""


class AccountGone(CardsRefused):
    """The contractor's own account is not there, or took its access back."""


class ForgedEvent(Exception):
    """An event that the processor did not sign, or signed at another time; the text says which."""


@dataclass(frozen=True)
class Card:
    """A card at the processor. Without a customer it is detached: it can never be used again."""

    id: str
    customer: str | None
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    funding: str
    country: str
    fingerprint: str
    created: datetime
    holder_name: str = ""


@dataclass(frozen=True)
class SetupPage:
    """The hosted page on which one customer types one card."""

    session_id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True)
class SetupFailure:
    """Why the last try on the hosted page saved no card.

    For staff, never for customers: the reason of a decline helps whoever tries out stolen cards.
    """

    code: str
    decline_code: str
    message: str


@dataclass(frozen=True)
class SetupResult:
    """What stands at the processor now for one hosted page.

    `declines` counts the cards that were turned down on the page. `metadata` and `reference` are
    what start_setup was given: compare them with what they should be before believing the card.
    `setup_status` is the processor's word: `requires_payment_method`,
    `requires_action`, `processing`, `canceled` or `succeeded`.
    """

    session_id: str
    status: SetupState
    customer: str | None
    reference: str
    metadata: Mapping[str, str]
    setup_intent_id: str | None
    setup_status: str
    payment_method: Card | None
    mandate: str | None
    failure: SetupFailure | None
    declines: int = 0

    @property
    def waits_for_bank(self) -> bool:
        """The customer's bank asked something (3-D Secure) and has no answer yet."""
        return self.status == "open" and self.setup_status == "requires_action"

    @property
    def has_succeeded(self) -> bool:
        """The page is done and its card is saved on the customer."""
        card = self.payment_method
        is_saved = card is not None and card.customer is not None and card.customer == self.customer
        return self.status == "complete" and self.setup_status == "succeeded" and is_saved


@dataclass(frozen=True)
class StripeEvent:
    """A signed notice that something changed. It says where to look, never what is so."""

    id: str
    type: str
    object_id: str
    customer: str | None
    created: datetime
    livemode: bool
    account: str = ""


@dataclass(frozen=True)
class AccountState:
    """A contractor's own account at the processor, as it stands there now.

    `card_payments` is the processor's word: `active`, `pending` or `inactive`. `due` are its names
    for what it still wants to know.
    """

    id: str
    card_payments: str
    has_told_all: bool
    due: tuple[str, ...]
    disabled_reason: str

    @property
    def is_ready(self) -> bool:
        """Cards can be kept there, to be charged by its owner."""
        return self.card_payments == "active"


class Cards(Protocol):
    """Every method may raise CardsUnavailable, CardsRefused or UnknownObject.

    An `idempotency_key` is made and committed before the call, and used again on each retry.
    """

    @property
    def mode(self) -> Mode: ...

    def at(self, account: str) -> "Cards":
        """The same, on a contractor's own account; the platform's own where it is empty."""
        ...

    def create_account(self, *, idempotency_key: str, contractor_id: str, email: str) -> str:
        """A new account that belongs to the contractor; its identifier."""
        ...

    def account_page(self, account: str, *, return_url: str, refresh_url: str) -> str:
        """The processor's page, for one visit, on which its owner tells what it must know."""
        ...

    def fetch_account(self, account: str) -> AccountState: ...

    def create_customer(
        self, *, idempotency_key: str, contractor_id: str, contact_id: str, name: str, email: str
    ) -> str:
        """The new customer's identifier at the processor."""
        ...

    def start_setup(
        self,
        *,
        idempotency_key: str,
        customer: str,
        success_url: str,
        cancel_url: str,
        metadata: Mapping[str, str],
        reference: str = "",
    ) -> SetupPage:
        """A hosted page for one card, to be charged later without the customer present.

        `{CHECKOUT_SESSION_ID}` in `success_url` is replaced by the session's identifier.
        """
        ...

    def fetch_setup(self, session_id: str) -> SetupResult:
        """What stands there now; the only source to believe after the customer's return."""
        ...

    def expire_setup(self, session_id: str) -> None:
        """Closes a hosted page that nobody is to use any more; harmless when it is closed."""
        ...

    def list_cards(self, customer: str) -> list[Card]:
        """Every card attached to the customer, the newest first."""
        ...

    def fetch_card(self, card_id: str) -> Card: ...

    def detach_card(self, card_id: str, idempotency_key: str) -> None:
        """Takes the card off its customer for good; harmless when it is off."""
        ...

    def set_default(self, customer: str, payment_method: str, idempotency_key: str) -> None:
        """Makes an attached card the one that the customer's invoices are charged to."""
        ...

    def read_event(self, payload: bytes, signature_header: str) -> StripeEvent:
        """The event in a webhook's raw body. Raises ForgedEvent."""
        ...

    def check(self) -> str:
        """An empty text when the processor answers and accepts the key, else why not."""
        ...
