"""A contractor's colour, corrected until text on it and it on paper can be read (WCAG 2.2 AA).

Pure. The four values reach a page as custom properties in a small sheet of its own address.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from onboarding.colors import contrast, mix

# The page and the sheets on it, by day and by night: as in static/css/base/20-tokens.css.
_DAY = ("#f7f4ee", "#fffefa")
_NIGHT = ("#161513", "#201f1b")
_TINT = 0.12
_WHITE, _INK = "#ffffff", "#161513"
_ENOUGH = 4.6


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
    by_day = _until_readable(color, _DAY, towards="#000000")
    by_night = _until_readable(color, _NIGHT, towards="#ffffff")
    return Palette(by_day, _ink_on(by_day), by_night, _ink_on(by_night))


def _until_readable(color: str, grounds: tuple[str, str], towards: str) -> str:
    """As text on the page, on a sheet, and on a sheet tinted with the colour itself."""
    for step in range(41):
        mixed = mix(color, towards, step / 40)
        beside = (*grounds, mix(grounds[1], mixed, _TINT), _ink_on(mixed))
        if all(contrast(mixed, other) >= _ENOUGH for other in beside):
            return mixed
    return towards


def _ink_on(color: str) -> str:
    return max((_WHITE, _INK), key=lambda ink: contrast(color, ink))
