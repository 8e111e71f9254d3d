"""What messages about cards are told."""

from dataclasses import dataclass

from onboarding.notifications.models import Purpose
from onboarding.notifications.wording import TellsOfCard, ToCustomer, ToMember


@dataclass(frozen=True, kw_only=True)
class AutoPayOnMessage(ToCustomer, TellsOfCard):
    """Auto-pay was switched on: the exact words that were agreed to."""

    purpose = Purpose.AUTO_PAY_ON


@dataclass(frozen=True, kw_only=True)
class CardRemovedMessage(ToCustomer):
    """`card` in words, such as `Visa ending in 4242`; `new_card` the one in its place, if any."""

    purpose = Purpose.CARD_REMOVED
    card: str
    new_card: str = ""
    ended_auto_pay: bool = False


@dataclass(frozen=True, kw_only=True)
class CardExpiredMessage(ToCustomer):
    purpose = Purpose.CARD_EXPIRED
    card: str
    ended_auto_pay: bool


@dataclass(frozen=True, kw_only=True)
class CardsLockedMessage(ToMember):
    """To the contractor: `declines` cards were turned down within a day."""

    purpose = Purpose.CARDS_LOCKED
    declines: int
