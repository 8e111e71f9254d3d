"""A contractor's color in a message, moved until it can be read (WCAG 2.2, criterion 1.4.3)."""

import re

INK, WHITE, PAPER, NIGHT = "#1c1a17", "#ffffff", "#f7f4ee", "#161513"
PLAIN = "#1f5c47"
READABLE = 4.5


def usable(color: str) -> str:
    """`color` as #rrggbb in lower case, or the house's own green if it is nothing of the kind."""
    return color.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", color) else PLAIN


def readable(color: str, ground: str, towards: str) -> str:
    """`color` mixed towards another, a twentieth at a time, until it reads on `ground`."""
    mixes = (_mix(color, towards, step) for step in range(20))
    return next((mix for mix in mixes if contrast(mix, ground) >= READABLE), towards)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _mix(color: str, towards: str, twentieths: int) -> str:
    pairs = zip(_channels(color), _channels(towards), strict=True)
    return "#" + "".join(
        f"{(here * (20 - twentieths) + there * twentieths) // 20:02x}" for here, there in pairs
    )


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
