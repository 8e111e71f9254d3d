"""A contractor's colour, corrected until text on it and it on paper can be read (WCAG 2.2 AA).

Pure. The four values reach a page as custom properties in a small sheet of its own address.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from onboarding.colors import contrast, lighter, mix

# The page and the sheets on it, by day and by night: as in static/css/base/20-tokens.css.
_DAY = ("#f7f4ee", "#fffefa")
_NIGHT = ("#161513", "#201f1b")
_TINT = 0.12
_WHITE, _INK = "#ffffff", "#161513"
_ENOUGH = 4.6
# A light shade on a dark page is calmer than a middling one.
_ENOUGH_AT_NIGHT = 6.5


@dataclass(frozen=True)
class Palette:
    """The colour and the ink on it, by day and by night; each `#rrggbb`."""

    brand: str
    brand_ink: str
    brand_dark: str
    brand_ink_dark: str

    def sheet(self) -> str:
        return (
            f":root{{--brand:{self.brand};--brand-ink:{self.brand_ink};"
            f"--brand-dark:{self.brand_dark};--brand-ink-dark:{self.brand_ink_dark}}}"
        )

    def fingerprint(self) -> str:
        return hashlib.sha256(self.sheet().encode()).hexdigest()[:12]


@lru_cache(maxsize=1_024)
def palette(color: str) -> Palette:
    """The palette of `#rrggbb`: darkened for paper, lightened for the night, as far as needed."""
    darkening = (mix(color, "#000000", step / 40) for step in range(41))
    lightening = (lighter(color, step / 40) for step in range(41))
    by_day = _first_readable(darkening, _DAY, _ENOUGH)
    by_night = _first_readable(lightening, _NIGHT, _ENOUGH_AT_NIGHT)
    return Palette(by_day, _ink_on(by_day), by_night, _ink_on(by_night))


def _first_readable(shades: Iterable[str], grounds: tuple[str, str], enough: float) -> str:
    """As text on the page, on a sheet, and on a sheet tinted with the colour itself."""
    shade = _WHITE
    for shade in shades:
        on_tint = contrast(shade, mix(grounds[1], shade, _TINT))
        if min(contrast(shade, grounds[0]), contrast(shade, grounds[1])) < enough:
            continue
        if min(on_tint, contrast(shade, _ink_on(shade))) >= _ENOUGH:
            break
    return shade


def _ink_on(color: str) -> str:
    return max((_WHITE, _INK), key=lambda ink: contrast(color, ink))
