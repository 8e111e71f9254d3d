"""A contractor's color in a message, moved until it can be read (WCAG 2.2, criterion 1.4.3)."""

import re

from onboarding import colors

INK, WHITE, PAPER, NIGHT = "#1c1a17", "#ffffff", "#f7f4ee", "#161513"
PLAIN = "#1f5c47"
READABLE = 4.5


def usable(color: str) -> str:
    """`color` as #rrggbb in lower case, or the house's own green if it is nothing of the kind."""
    return color.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", color) else PLAIN


def readable(color: str, ground: str, towards: str) -> str:
    """`color` mixed towards another, a twentieth at a time, until it reads on `ground`."""
    mixes = (colors.mix(color, towards, step / 20) for step in range(20))
    return next((mix for mix in mixes if colors.contrast(mix, ground) >= READABLE), towards)
