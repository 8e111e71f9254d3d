"""A drawn signature as SVG, made here from its points: nobody else's drawing is ever shown."""

import math
from collections import defaultdict

from onboarding.gateways.documents import Point, UnusableDocument

MOST_POINTS = 20_000
_FARTHEST = 100_000
_MARGIN = 6.0
_PEN = 2.6
_FASTEST = 40.0

Stroke = tuple[Point, ...]


def svg(strokes: tuple[Stroke, ...]) -> str:
    """The strokes in black, cropped to the ink. Raises UnusableDocument where there is none.

    The pen is thinner where the hand was fast, that is where points lie far apart, and thicker
    where it pressed. Paths are gathered by width, so that a long signature stays a small drawing.
    """
    points = [point for stroke in strokes for point in stroke]
    if not 0 < len(points) <= MOST_POINTS or not all(_is_near(point) for point in points):
        raise UnusableDocument("The strokes are not a signature.")
    left = min(x for x, _, _ in points) - _MARGIN
    top = min(y for _, y, _ in points) - _MARGIN
    width = max(x for x, _, _ in points) + _MARGIN - left
    height = max(y for _, y, _ in points) + _MARGIN - top
    paths: defaultdict[float, list[str]] = defaultdict(list)
    for stroke in strokes:
        _trace(stroke, left, top, paths)
    drawn = "".join(
        f'<path stroke-width="{pen:g}" d="{"".join(parts)}"/>' for pen, parts in paths.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}"'
        f' width="{width:.1f}" height="{height:.1f}" fill="none" stroke="#000"'
        f' stroke-linecap="round" stroke-linejoin="round">{drawn}</svg>'
    )


def _is_near(point: Point) -> bool:
    return all(math.isfinite(value) and abs(value) <= _FARTHEST for value in point)


def _trace(stroke: Stroke, left: float, top: float, paths: defaultdict[float, list[str]]) -> None:
    """A smooth line through the middles between points, each piece of its own width."""
    at = [(x - left, y - top) for x, y, _ in stroke]
    if len(at) == 1:
        x, y = at[0]
        paths[_PEN * 1.4].append(f"M{x:.1f} {y:.1f}h.01")
    start = at[0] if at else (0.0, 0.0)
    for index in range(1, len(at)):
        before, here = at[index - 1], at[index]
        is_last = index == len(at) - 1
        end = here if is_last else ((before[0] + here[0]) / 2, (before[1] + here[1]) / 2)
        paths[_pen(before, here, stroke[index][2])].append(
            f"M{start[0]:.1f} {start[1]:.1f}"
            f"Q{before[0]:.1f} {before[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
        )
        start = end


def _pen(before: tuple[float, float], here: tuple[float, float], pressure: float) -> float:
    speed = min(math.dist(before, here) / _FASTEST, 1.0)
    pressed = 0.75 + 0.5 * min(max(pressure, 0.0), 1.0)
    return round(_PEN * (1.15 - 0.6 * speed) * pressed, 1)
