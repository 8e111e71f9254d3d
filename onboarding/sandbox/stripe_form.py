"""The card form of the hosted page: what was typed, and a sentence beside what does not fit.

The number is never given back to the page, nor written down.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext

from onboarding import clock
from onboarding.sandbox.stripe_checkout import Typed
from onboarding.sandbox.stripe_testcards import (
    TestCard,
    brand_of,
    card_named,
    card_numbered,
    is_card_number,
)

_LAST_YEAR = 50


def _(message: str, **values: object) -> str:
    return str(gettext(message, **values))


@dataclass(frozen=True)
class Entry:
    """`typed` where everything fits, otherwise a sentence for each field at fault."""

    typed: Typed | None
    sentences: Mapping[str, str]
    expiry: str
    postal_code: str
    name: str = ""


def read_entry(form: Mapping[str, str]) -> Entry:
    """From the form's fields, or from a button that names a test card."""
    button = card_named(form.get("test_card", ""))
    if button is not None:
        expiry = (12, clock.now().year + 3)
        return Entry(Typed(button, expiry, "10001", form.get("name")), {}, "", "")
    number = re.sub(r"[\s-]", "", form.get("number", ""))
    expiry_text, postal_code = form.get("expiry", "").strip(), form.get("postal_code", "").strip()
    read = _expiry(expiry_text)
    sentences = {
        "number": _number_sentence(number),
        "expiry": _expiry_sentence(read),
        "cvc": _cvc_sentence(form.get("cvc", "").strip(), number),
        "postal_code": "" if postal_code else _("Enter the postal code of your billing address."),
    }
    faults = {field: sentence for field, sentence in sentences.items() if sentence}
    name = form.get("name", "").strip()[:200]
    is_whole = read is not None and not faults
    typed = Typed(card_numbered(number), read, postal_code, name) if read and is_whole else None
    return Entry(typed, faults, expiry_text[:10], postal_code[:20], name)


def button_cards(cards: tuple[TestCard, ...]) -> tuple[list[TestCard], list[TestCard]]:
    """Those that can be saved, and those that are declined."""
    saved = [card for card in cards if card.decline is None]
    return saved, [card for card in cards if card.decline is not None]


def _expiry(text: str) -> tuple[int, int] | None:
    """(month, year) from `12/34`, `12 / 2034` or `1234`."""
    found = re.fullmatch(r"(\d{1,2})\s*/\s*(?:20)?(\d{2})|(\d{2})(\d{2})", text)
    if found is None:
        return None
    month, year = (int(part) for part in found.groups() if part)
    return (month, 2000 + year) if 1 <= month <= 12 else None


def _number_sentence(number: str) -> str:
    if not number:
        return _("Enter a card number.")
    if not is_card_number(number):
        return _("Check the card number: one of its digits does not fit.")
    return ""


def _expiry_sentence(expiry: tuple[int, int] | None) -> str:
    today = clock.now()
    if expiry is None:
        return _("Enter the month and the year, such as 12/34.")
    month, year = expiry
    if (year, month) < (today.year, today.month):
        return _("This card’s expiry date is in the past.")
    if year > today.year + _LAST_YEAR:
        return _("Enter the month and the year, such as 12/34.")
    return ""


def _cvc_sentence(cvc: str, number: str) -> str:
    digits = 4 if brand_of(number) == "amex" else 3
    if re.fullmatch(rf"\d{{{digits}}}", cvc):
        return ""
    return _("Enter the %(count)d digits of the security code.", count=digits)
