"""Contrast as WCAG counts it, and colors between two."""

from colorsys import rgb_to_hls

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding import colors
from onboarding.contractors.brand import palette

written = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        # The lightest gray that passes on white, and the first that does not.
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffff00", 8.00),
    ],
)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert colors.contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(written, written)
def test_it_does_not_matter_which_color_lies_on_which(one: str, other: str) -> None:
    assert colors.contrast(one, other) == colors.contrast(other, one)
    assert 1 <= colors.contrast(one, other) <= 21


@given(written, written)
def test_nothing_of_another_color_is_the_same_and_all_of_it_the_other(one: str, other: str) -> None:
    assert colors.mix(one, other, 0) == one
    assert colors.mix(one, other, 1) == other


def test_half_of_white_in_black_is_gray() -> None:
    assert colors.mix("#000000", "#ffffff", 0.5) == "#808080"


@given(written)
def test_any_brand_can_be_read_by_day_and_by_night(color: str) -> None:
    found = palette(color)
    assert colors.contrast(found.brand, found.brand_ink) >= 4.5
    assert colors.contrast(found.brand, "#f7f4ee") >= 4.5
    assert colors.contrast(found.brand_dark, found.brand_ink_dark) >= 4.5
    assert colors.contrast(found.brand_dark, "#161513") >= 4.5


@pytest.mark.parametrize("color", ["#1f5c47", "#123f7a", "#7a1212"])
def test_a_dark_brand_is_still_itself_at_night(color: str) -> None:
    night = palette(color).brand_dark
    assert _hue(night) == pytest.approx(_hue(color), abs=0.02)
    assert max(_parts(night)) - min(_parts(night)) > 60


def _parts(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def _hue(color: str) -> float:
    red, green, blue = (part / 255 for part in _parts(color))
    return rgb_to_hls(red, green, blue)[0]
