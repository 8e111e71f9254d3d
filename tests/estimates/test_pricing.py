"""Sums that come out right to the cent, whatever is on the estimate."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from onboarding import money
from onboarding.estimates import pricing
from onboarding.estimates.drafts import DraftLine, EstimateDraft

lines = st.builds(
    DraftLine,
    key=st.uuids().map(str),
    quantity=st.integers(0, 999_999),
    unit_price_cents=st.integers(0, 9_999_999),
    is_taxable=st.booleans(),
    is_optional=st.booleans(),
    starts_chosen=st.booleans(),
)
discounts = st.one_of(
    st.tuples(st.just("amount"), st.integers(0, 99_999_999)),
    st.tuples(st.just("percent"), st.integers(0, 100_000)),
)


@st.composite
def estimates(draw: st.DrawFn) -> EstimateDraft:
    kind, value = draw(discounts)
    return EstimateDraft(
        lines=tuple(draw(st.lists(lines, max_size=12, unique_by=lambda line: line.key))),
        discount_kind=kind,
        discount_value=value,
        tax_rate=draw(st.integers(0, 30_000)),
    )


def line(key, cents, *, quantity=1000, taxable=True, optional=False, chosen=False):
    return DraftLine(
        key,
        quantity=quantity,
        unit_price_cents=cents,
        is_taxable=taxable,
        is_optional=optional,
        starts_chosen=chosen,
    )


@given(estimates())
def test_the_parts_add_up_to_the_total(estimate):
    found = pricing.totals(estimate)
    assert found.subtotal == sum(part.cents for part in found.lines if part.is_counted)
    assert found.total == found.subtotal - found.discount + found.tax
    assert 0 <= found.discount <= found.subtotal
    assert 0 <= found.taxable <= found.subtotal - found.discount
    assert found.total >= 0


@given(estimates())
def test_the_tax_is_the_exact_share_rounded_once(estimate):
    found = pricing.totals(estimate)
    taxable = sum(
        part.cents
        for part, typed in zip(found.lines, estimate.lines, strict=True)
        if part.is_counted and typed.is_taxable
    )
    left = Fraction(found.subtotal - found.discount, found.subtotal or 1)
    exact = taxable * left * estimate.tax_rate / 100_000
    assert abs(found.tax - exact) <= Fraction(1, 2)


@given(estimates(), st.data())
def test_switching_an_option_on_and_off_again_changes_nothing(estimate, data):
    options = [typed.key for typed in estimate.lines if typed.is_optional]
    before = data.draw(st.sets(st.sampled_from(options))) if options else set()
    first = pricing.totals(estimate, before)
    for key in options:
        pricing.totals(estimate, before ^ {key})
    assert pricing.totals(estimate, before) == first


@given(estimates())
def test_keys_of_nobodys_options_change_no_price(estimate):
    required = {typed.key for typed in estimate.lines if not typed.is_optional}
    assert pricing.totals(estimate, required) == pricing.totals(estimate, ())


def test_a_roof_with_options_a_discount_and_tax():
    estimate = EstimateDraft(
        lines=(
            line("tear-off", 418_000),
            line("shingles", 33_000, quantity=28_000),
            line("flashing", 89_000, optional=True),
            line("permit", 20_000, taxable=False),
        ),
        discount_kind="percent",
        discount_value=10_000,
        tax_rate=8_875,
    )
    found = pricing.totals(estimate)
    assert found.subtotal == 418_000 + 924_000 + 20_000
    assert found.discount == 136_200
    assert found.taxable == 1_207_800
    assert found.tax == 107_192
    assert found.total == 1_332_992
    assert pricing.totals(estimate, ["flashing"]).subtotal == found.subtotal + 89_000


def test_a_discount_larger_than_the_job_takes_off_the_job_and_no_more():
    estimate = EstimateDraft(lines=(line("a", 5_000),), discount_value=9_999_999, tax_rate=10_000)
    found = pricing.totals(estimate)
    assert (found.discount, found.tax, found.total) == (5_000, 0, 0)


def test_an_estimate_without_lines_costs_nothing():
    assert pricing.totals(EstimateDraft(discount_value=100, tax_rate=9_000)).total == 0


def test_half_a_cent_is_rounded_up_once_a_line():
    estimate = EstimateDraft(lines=(line("a", 333, quantity=1_500), line("b", 333, quantity=1_500)))
    assert pricing.totals(estimate).subtotal == 1_000
    assert money.line_cents(3_000, 333) == 999
