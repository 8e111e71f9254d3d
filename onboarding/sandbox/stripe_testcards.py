"""Stripe's documented test cards, and what each of them does (https://docs.stripe.com/testing)."""

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from onboarding import tokens

_BRANDS = (
    ("visa", re.compile(r"4")),
    ("mastercard", re.compile(r"5[1-5]|2[2-7]")),
    ("amex", re.compile(r"3[47]")),
    ("discover", re.compile(r"6(011|4|5)")),
    ("jcb", re.compile(r"35")),
    ("unionpay", re.compile(r"62")),
    ("diners", re.compile(r"3[068]")),
)


@dataclass(frozen=True)
class Decline:
    """Why a card was not saved, in Stripe's codes and Stripe's words."""

    code: str
    decline_code: str
    message: str


@dataclass(frozen=True)
class TestCard:
    """`name` stands in a button and in the page's form, so that no number has to."""

    __test__ = False  # pytest collects classes whose names begin with Test

    name: str
    label: str
    number: str
    decline: Decline | None = None
    needs_authentication: bool = False
    funding: str = "credit"
    country: str = "US"

    @property
    def last4(self) -> str:
        return self.number[-4:]


GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
LIVE_CARD = Decline(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. This is the sandbox: use one of its test cards, never a real one.",
)
UNAUTHENTICATED = Decline(
    "setup_intent_authentication_failure",
    "",
    "We are unable to authenticate your payment method. Please choose a different payment method"
    " and try again.",
)

CARDS = (
    TestCard("visa", _("Visa"), "4242424242424242"),
    TestCard("mastercard", _("Mastercard"), "5555555555554444"),
    TestCard("amex", _("American Express"), "378282246310005"),
    TestCard("discover", _("Discover"), "6011111111111117"),
    TestCard("visa_debit", _("Visa debit"), "4000056655665556", funding="debit"),
    TestCard("charge_fails", _("Saved, fails when charged"), "4000000000000341"),
    TestCard(
        "authenticate", _("Asks for 3-D Secure"), "4000002760003184",
        needs_authentication=True, country="DE",
    ),
    TestCard(
        "authenticate_setup", _("Asks for 3-D Secure once"), "4000002500003155",
        needs_authentication=True, country="FR",
    ),
    TestCard(
        "india", _("Makes a mandate"), "4000003560000008", needs_authentication=True, country="IN"
    ),
    TestCard("mastercard_debit", _("Mastercard debit"), "5200828282828210", funding="debit"),
    TestCard("prepaid", _("Mastercard prepaid"), "5105105105105100", funding="prepaid"),
    TestCard("diners", _("Diners Club"), "3056930009020004"),
    TestCard("jcb", _("JCB"), "3566002020360505", country="JP"),
    TestCard("unionpay", _("UnionPay"), "6200000000000005", country="CN"),
    TestCard(
        "authentication_declined", _("Asks for 3-D Secure, then declined"), "4000008400001629",
        GENERIC, needs_authentication=True,
    ),
    TestCard(
        "velocity", _("Tried too often"), "4000000000006975",
        Decline("card_declined", "card_velocity_exceeded", "Your card was declined."),
    ),
    TestCard("declined", _("Declined"), "4000000000000002", GENERIC),
    TestCard(
        "insufficient_funds", _("Insufficient funds"), "4000000000009995",
        Decline("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    ),
    TestCard(
        "lost", _("Lost card"), "4000000000009987",
        Decline("card_declined", "lost_card", "Your card was declined."),
    ),
    TestCard(
        "stolen", _("Stolen card"), "4000000000009979",
        Decline("card_declined", "stolen_card", "Your card was declined."),
    ),
    TestCard(
        "expired", _("Expired card"), "4000000000000069",
        Decline("expired_card", "", "Your card has expired."),
    ),
    TestCard(
        "incorrect_cvc", _("Wrong security code"), "4000000000000127",
        Decline("incorrect_cvc", "", "Your card’s security code is incorrect."),
    ),
    TestCard(
        "processing_error", _("Processing failure"), "4000000000000119",
        Decline(
            "processing_error", "",
            "An error occurred while processing your card. Try again in a little bit.",
        ),
    ),
)  # fmt: skip

_BY_NUMBER = {card.number: card for card in CARDS}
_BY_NAME = {card.name: card for card in CARDS}


def card_named(name: str) -> TestCard | None:
    return _BY_NAME.get(name)


def card_ending(last4: str) -> TestCard:
    """The first test card with these last digits: all that a bank's question still knows of it."""
    return next((card for card in CARDS if card.last4 == last4), TestCard("other", "", last4))


def card_numbered(number: str) -> TestCard:
    """The test card; any other number declines as real cards do in Stripe's test mode."""
    return _BY_NUMBER.get(number) or TestCard("other", "", number, LIVE_CARD)


def is_card_number(digits: str) -> bool:
    """Whether the length and the check digit (Luhn, ISO/IEC 7812-1) are those of a card."""
    if not re.fullmatch(r"[0-9]{13,19}", digits):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def brand_of(number: str) -> str:
    return next((brand for brand, start in _BRANDS if start.match(number)), "unknown")


def fingerprint_of(key: str, number: str) -> str:
    """The same for the same number, and of no use for finding the number without `key`."""
    return tokens.keyed_hash(key, "card sandbox fingerprint", number)[:16]
