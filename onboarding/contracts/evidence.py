"""The card and its mandate, as the confirmation of a signed contract names them.

Contracts stand below payments, so what is known of cards comes through a door: `use_cards` is
called once, when the application is put together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from sqlalchemy.orm import Session


class CardTold(TypedDict):
    """As a letter is told of it."""

    card: str
    expires: str
    auto_pay_since: datetime | None
    agreed: str


@dataclass(frozen=True)
class CardEvidence:
    """`agreed` is the exact text of the mandate, an element a line; empty with auto-pay off."""

    card: str
    expires: str
    auto_pay_since: datetime | None
    agreed: str

    def told(self) -> CardTold:
        return CardTold(
            card=self.card,
            expires=self.expires,
            auto_pay_since=self.auto_pay_since,
            agreed=self.agreed,
        )


Cards = Callable[[Session, str], CardEvidence | None]
_NONE = CardEvidence("", "", None, "")
_cards: Cards | None = None


def use_cards(cards: Cards) -> None:
    """`cards(db, contact_id)`: the contact's card on file, or None where there is none."""
    global _cards
    _cards = cards


def card_of(db: Session, contact_id: str) -> CardEvidence:
    """The contact's card on file; an empty one where there is none."""
    found = _cards(db, contact_id) if _cards is not None else None
    return found or _NONE
