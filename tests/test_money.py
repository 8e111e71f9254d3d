"""Cents: read as people write them, rounded one way, never through a float."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding import money

cents = st.integers(-money.MOST_CENTS, money.MOST_CENTS)
thousandths = st.integers(-money.MOST_THOUSANDTHS, money.MOST_THOUSANDTHS)


@given(cents)
def test_an_amount_that_is_written_is_read_back(amount: int) -> None:
    assert money.parse_cents(money.plain_cents(amount)) == amount


@given(thousandths)
def test_a_quantity_that_is_written_is_read_back(value: int) -> None:
    assert money.parse_thousandths(money.plain_thousandths(value)) == value


@given(st.integers(0, money.MOST_CENTS))
def test_an_amount_set_with_commas_is_read_back(amount: int) -> None:
    assert money.parse_cents(f"${amount // 100:,}.{amount % 100:02}") == amount


@pytest.mark.parametrize("typed", ["1250,50", "1,5", "1,2345", "12,34,567", ",5", "1.250,50"])
def test_a_comma_before_the_cents_is_asked_about_and_never_read_as_thousands(typed: str) -> None:
    with pytest.raises(money.NotAnAmount, match="point, not a comma"):
        money.parse_cents(typed)


@pytest.mark.parametrize(
    "typed", ["", " ", "1e308", "1E3", "NaN", "inf", "-inf", "0x1f", "1_000", "1..2", "+-1",
              "12 50", "9" * 400, "1/2", "½", "Ⅷ", "1\x00", "1\n2", "one"],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(money.NotAnAmount):
        money.parse_cents(typed)
    with pytest.raises(money.NotAnAmount):
        money.parse_thousandths(typed)


@pytest.mark.parametrize("typed", ["1.234", "0.001"])
def test_a_third_digit_after_the_point_is_refused_and_not_rounded(typed: str) -> None:
    with pytest.raises(money.NotAnAmount, match="two digits"):
        money.parse_cents(typed)


def test_there_is_a_largest_amount() -> None:
    assert money.parse_cents("999,999,999.99") == money.MOST_CENTS
    with pytest.raises(money.NotAnAmount, match="below one billion"):
        money.parse_cents("1,000,000,000")


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_whole_number_of_cents_or_is_refused(typed: str) -> None:
    amount = _read(typed)
    assert amount is None or type(amount) is int
    assert abs(amount or 0) <= money.MOST_CENTS


def _read(typed: str) -> int | None:
    try:
        return money.parse_cents(typed)
    except money.NotAnAmount:
        return None


@given(thousandths, cents)
def test_a_line_is_quantity_times_price_to_the_nearest_cent(quantity: int, price: int) -> None:
    exact = Decimal(quantity) * Decimal(price) / 1000
    assert money.line_cents(quantity, price) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(cents, st.integers(0, 100_000))
def test_a_tax_is_its_share_to_the_nearest_cent(amount: int, rate: int) -> None:
    exact = Decimal(amount) * Decimal(rate) / 100_000
    assert money.share_cents(amount, rate) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(5, 10, 1), (4, 10, 0), (-5, 10, -1), (-4, 10, 0), (15, 10, 2), (0, 10, 0), (5, 3, 2)],
)
def test_halves_go_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert money.divide(numerator, denominator) == rounded


@given(cents)
def test_rounding_is_the_same_on_both_sides_of_zero(amount: int) -> None:
    assert money.share_cents(-amount, 8_875) == -money.share_cents(amount, 8_875)


def test_well_known_sums() -> None:
    assert money.line_cents(28_000, 14_929) == 418_012
    assert money.line_cents(1_500, 333) == 500  # 499.5
    assert money.share_cents(10_000, 8_875) == 888  # 887.5
    assert money.in_units(1_845_000) == Decimal("18450.00")
    assert money.plain_cents(5) == "0.05"
    assert money.plain_thousandths(2_000) == "2"
    assert money.plain_thousandths(100_000_000) == "100000"
