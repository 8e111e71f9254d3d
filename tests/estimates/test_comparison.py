"""What a customer is told has changed between two versions."""

from dataclasses import replace

from hypothesis import given

from onboarding.estimates.comparison import Change, Field, compare
from onboarding.estimates.drafts import DraftLine, EstimateDraft
from tests.estimates.test_pricing import estimates

VENT = DraftLine("vent", "Ridge vent", quantity=80_000, unit="ft", unit_price_cents=1_225)
SHINGLES = DraftLine("shingles", "Shingles", quantity=28_000, unit="sq", unit_price_cents=33_000)
FIRST = EstimateDraft(scope="Tear off", lines=(VENT, SHINGLES), tax_rate=8_000)


def test_a_line_that_became_shorter_is_shown_with_both_amounts():
    shorter = replace(VENT, quantity=62_000)
    found = compare(FIRST, replace(FIRST, lines=(shorter, SHINGLES)))
    (change,) = found.lines
    assert change.change is Change.CHANGED
    assert (change.before_cents, change.after_cents) == (98_000, 75_950)
    assert change.fields == {Field.QUANTITY}
    assert found.difference == -23_814


def test_a_new_line_and_one_taken_out_are_named():
    guards = DraftLine("guards", "Gutter guards", unit_price_cents=112_000)
    found = compare(FIRST, replace(FIRST, lines=(SHINGLES, guards)))
    assert [(change.name, change.change) for change in found.lines] == [
        ("Gutter guards", Change.ADDED),
        ("Ridge vent", Change.REMOVED),
    ]


def test_moving_a_line_is_no_change():
    assert compare(FIRST, replace(FIRST, lines=(SHINGLES, VENT))).is_same


def test_a_renamed_line_is_the_same_line():
    renamed = replace(VENT, name="Ridge ventilation", description="Color matched")
    (change,) = compare(FIRST, replace(FIRST, lines=(renamed, SHINGLES))).lines
    assert change.has(Field.NAME)
    assert not change.has(Field.QUANTITY, Field.UNIT_PRICE)


def test_a_line_that_became_optional_is_a_change():
    (change,) = compare(
        FIRST, replace(FIRST, lines=(replace(VENT, is_optional=True), SHINGLES))
    ).lines
    assert change.fields == {Field.OPTIONAL}


def test_scope_discount_and_tax_are_told_apart():
    assert compare(FIRST, replace(FIRST, scope="Tear off two layers")).has_other_scope
    assert compare(FIRST, replace(FIRST, discount_value=5_000)).has_other_discount
    assert compare(FIRST, replace(FIRST, tax_rate=0)).has_other_tax


def test_spaces_and_an_empty_discount_counted_otherwise_are_no_change():
    respaced = replace(FIRST, scope=" Tear  off\n", discount_kind="percent")
    assert compare(FIRST, respaced).is_same


@given(estimates())
def test_a_version_never_differs_from_itself(estimate):
    found = compare(estimate, estimate)
    assert found.is_same
    assert found.difference == 0


@given(estimates(), estimates())
def test_the_difference_is_what_the_two_totals_say(one, other):
    found = compare(one, other)
    assert found.before.total + found.difference == found.after.total
    assert compare(other, one).difference == -found.difference
