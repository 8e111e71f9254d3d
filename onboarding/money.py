"""The only door to cents.

Amounts are whole cents (int). Quantities are thousandths (int), tax rates are thousandths of a
percent (int): 8.875 % is 8875. One rounding rule everywhere: half away from zero, to the cent, once
for each line, once for the discount and once for the tax.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MOST_CENTS = 99_999_999_999
MOST_THOUSANDTHS = 999_999_999
WHOLE = 100_000  # a hundred percent
_GAP = r"[, \u00a0\u202f]"
_GROUPED = re.compile(rf"[+-]?\d{{1,3}}({_GAP}\d{{3}})+(\.\d*)?")
_SHAPE = re.compile(r"[+-]?\d{1,40}(\.\d{0,40})?|[+-]?\.\d{1,40}")
_WITH_COMMA = re.compile(r"[+-]?[\d., \u00a0\u202f]*,[\d., \u00a0\u202f]*")


class NotAnAmount(ValueError):
    """What was typed cannot be read as the number asked for; the message says why in words."""


class _NoNumber(Exception): ...


class _Comma(_NoNumber): ...


def parse_cents(text: str) -> int:
    """Cents from what a person types: `1,250.5`, `$18`, `12`. Raises NotAnAmount."""
    try:
        cents = _decimal(text.replace("$", "")) * 100
    except _Comma as comma:
        raise NotAnAmount("Use a point, not a comma, before the decimals: 1250.50.") from comma
    except _NoNumber as none:
        raise NotAnAmount("Use digits, such as 1250.50.") from none
    if cents != cents.to_integral_value():
        raise NotAnAmount("Use at most two digits after the point.")
    if abs(cents) > MOST_CENTS:
        raise NotAnAmount("Use an amount below one billion.")
    return int(cents)


def parse_thousandths(text: str) -> int:
    """Thousandths from what a person types: `1.5` is 1500. Raises NotAnAmount."""
    try:
        value = _decimal(text) * 1000
    except _Comma as comma:
        raise NotAnAmount("Use a point, not a comma, before the decimals: 1.5.") from comma
    except _NoNumber as none:
        raise NotAnAmount("Use digits, such as 12 or 1.5.") from none
    if value != value.to_integral_value():
        raise NotAnAmount("Use at most three digits after the point.")
    if abs(value) > MOST_THOUSANDTHS:
        raise NotAnAmount("Use a number below one million.")
    return int(value)


def parse_share(text: str) -> int:
    """Thousandths of a percent from what a person types: `8.25`, `8.25 %`. Raises NotAnAmount."""
    try:
        value = _decimal(text.replace("%", "")) * 1000
    except _Comma as comma:
        raise NotAnAmount("Use a point, not a comma, before the decimals: 8.25.") from comma
    except _NoNumber as none:
        raise NotAnAmount("Use a percentage from 0 to 100, such as 8.25.") from none
    if not 0 <= value <= WHOLE:
        raise NotAnAmount("Use a percentage from 0 to 100, such as 8.25.")
    if value != value.to_integral_value():
        raise NotAnAmount("Use at most three digits after the point.")
    return int(value)


def line_cents(quantity_thousandths: int, unit_price_cents: int) -> int:
    """Quantity times unit price, to the cent."""
    return divide(quantity_thousandths * unit_price_cents, 1000)


def share_cents(cents: int, rate: int) -> int:
    """`rate` thousandths of a percent of `cents`, to the cent: a tax, or a percentage discount."""
    return divide(cents * rate, 100_000)


def divide(numerator: int, denominator: int) -> int:
    """The quotient to the nearest whole, halves away from zero."""
    half = denominator // 2
    sign = -1 if numerator < 0 else 1
    return sign * ((abs(numerator) + half) // denominator)


def in_units(cents: int) -> Decimal:
    """Exactly `18450.00` of `1845000`: for those who set money in words and signs."""
    return Decimal(cents).scaleb(-2)


def plain_thousandths(value: int) -> str:
    """`1500` as `1.5`, `2000` as `2`: for a form field."""
    return format((Decimal(value) / 1000).normalize(), "f")


def plain_cents(cents: int) -> str:
    """`125050` as `1250.50`: for a form field."""
    return format((Decimal(cents) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP), "f")


def _decimal(text: str) -> Decimal:
    """A comma is read between thousands only: `1250,50` would else be a hundred times too much.
    Raises _NoNumber."""
    stripped = text.strip()
    if _GROUPED.fullmatch(stripped):
        stripped = re.sub(_GAP, "", stripped)
    if _WITH_COMMA.fullmatch(stripped):
        raise _Comma
    if not _SHAPE.fullmatch(stripped):
        raise _NoNumber
    try:
        return Decimal(stripped)
    except InvalidOperation as impossible:
        raise _NoNumber from impossible
