"""A drawn signature as it comes from a browser: bounded, read point by point, and refused where
there is too little of it to be a signature (trust requirement R07)."""

import json
import math
from itertools import pairwise
from typing import Any

from onboarding.gateways.documents import Point

MOST_BYTES = 400_000
MOST_STROKES = 200
MOST_POINTS = 8_000
FARTHEST = 10_000.0
LEAST_POINTS = 8
LEAST_LENGTH = 80.0
LEAST_WIDTH = 40.0
LEAST_HEIGHT = 8.0

Stroke = tuple[Point, ...]


class NotASignature(ValueError):
    """What came is no signature; the sentence says what to do."""


BLANK = "Draw your signature in the box, or type it instead."
TOO_LITTLE = "Please sign with your whole name, a little larger, or type it instead."
TOO_MUCH = "That is more ink than a signature needs. Clear it and sign again."
UNREADABLE = "The drawing did not arrive whole. Clear it and sign again, or type it instead."


def read(text: str) -> tuple[Stroke, ...]:
    """The strokes in `text`, JSON as signature_pad's toData() gives it. Raises NotASignature."""
    if not text.strip():
        raise NotASignature(BLANK)
    if len(text) > MOST_BYTES:
        raise NotASignature(TOO_MUCH)
    strokes = _strokes(_parsed(text))
    if not strokes:
        raise NotASignature(BLANK)
    if len(strokes) > MOST_STROKES or sum(map(len, strokes)) > MOST_POINTS:
        raise NotASignature(TOO_MUCH)
    if not _is_enough(strokes):
        raise NotASignature(TOO_LITTLE)
    return strokes


def _parsed(text: str) -> list[Any]:
    try:
        groups = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as unreadable:
        raise NotASignature(UNREADABLE) from unreadable
    if not isinstance(groups, list):
        raise NotASignature(UNREADABLE)
    return groups


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _strokes(groups: list[Any]) -> tuple[Stroke, ...]:
    try:
        drawn = (tuple(_point(point) for point in group["points"]) for group in groups)
        return tuple(stroke for stroke in drawn if stroke)
    except (KeyError, TypeError, ValueError, OverflowError) as unreadable:
        raise NotASignature(UNREADABLE) from unreadable


def _point(point: dict[str, Any]) -> Point:
    """x and y to a hundredth of a pixel; a pen without pressure presses half."""
    x, y, pressure = float(point["x"]), float(point["y"]), float(point.get("pressure") or 0.5)
    if not all(math.isfinite(value) and abs(value) <= FARTHEST for value in (x, y, pressure)):
        raise ValueError("a point far off the pad")
    return round(x, 2), round(y, 2), round(min(max(pressure, 0.0), 1.0), 3)


def _is_enough(strokes: tuple[Stroke, ...]) -> bool:
    points = [point for stroke in strokes for point in stroke]
    width = max(x for x, _, _ in points) - min(x for x, _, _ in points)
    height = max(y for _, y, _ in points) - min(y for _, y, _ in points)
    length = sum(
        math.dist(before[:2], here[:2]) for stroke in strokes for before, here in pairwise(stroke)
    )
    return (
        len(points) >= LEAST_POINTS
        and length >= LEAST_LENGTH
        and width >= LEAST_WIDTH
        and height >= LEAST_HEIGHT
    )
