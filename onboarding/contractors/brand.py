"""A contractor's colour, corrected until text on it and it on paper can be read (WCAG 2.2 AA).

Pure. The four values reach a page as custom properties in a small sheet of its own address.
"""

import hashlib
from dataclasses import dataclass

_PAPER, _NIGHT = "#f7f4ee", "#161513"
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


def palette(color: str) -> Palette:
    """The palette of `#rrggbb`: darkened for paper, lightened for the night, as far as needed."""
    by_day = _until_readable(color, _PAPER, towards="#000000")
    by_night = _until_readable(color, _NIGHT, towards="#ffffff")
    return Palette(by_day, _ink_on(by_day), by_night, _ink_on(by_night))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _until_readable(color: str, ground: str, towards: str) -> str:
    for step in range(21):
        mixed = _mix(color, towards, step / 20)
        if contrast(mixed, ground) >= _ENOUGH and contrast(mixed, _ink_on(mixed)) >= _ENOUGH:
            return mixed
    return towards


def _ink_on(color: str) -> str:
    return max((_WHITE, _INK), key=lambda ink: contrast(color, ink))


def _mix(color: str, towards: str, share: float) -> str:
    parts = zip(_channels(color), _channels(towards), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in parts)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
