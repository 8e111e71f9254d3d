"""How well one color reads on another, and colors between two. Pure; colors are `#rrggbb`."""

from colorsys import hls_to_rgb, rgb_to_hls


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(color: str, towards: str, share: float) -> str:
    """`color` with a share, 0 to 1, of another."""
    parts = zip(_channels(color), _channels(towards), strict=True)
    return "#" + "".join(f"{round(here + (there - here) * share):02x}" for here, there in parts)


def lighter(color: str, share: float) -> str:
    """`color` a share, 0 to 1, of the way to white, in its own hue: mixed, it would grey."""
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in _channels(color)))
    parts = hls_to_rgb(hue, lightness + (1 - lightness) * share, saturation * (1 - share / 2))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
