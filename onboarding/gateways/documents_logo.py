"""Which logos can be set into a document, judged by their header before anything decodes them.

A few kilobytes of PNG can unfold to gigabytes, so the size in pixels is read from the header.
"""

import struct
from collections.abc import Iterator

MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})


def is_usable(logo: bytes) -> bool:
    """A PNG or JPEG of at most 1 MB and four million pixels."""
    width, height = size(logo) if len(logo) <= MOST_BYTES else (0, 0)
    return 0 < width * height <= MOST_PIXELS


def size(logo: bytes) -> tuple[int, int]:
    """Width and height in pixels as the header says; (0, 0) for what is not a PNG or JPEG."""
    if logo.startswith(_PNG) and len(logo) >= 24:
        width, height = struct.unpack_from(">II", logo, 16)
        return width, height
    if logo.startswith(_JPEG):
        return next(_jpeg_frames(logo), (0, 0))
    return 0, 0


def _jpeg_frames(logo: bytes) -> Iterator[tuple[int, int]]:
    """Walks the segments up to the frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(logo) and logo[at] == 0xFF:
        marker, (length,) = logo[at + 1], struct.unpack_from(">H", logo, at + 2)
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", logo, at + 5)
            yield width, height
        at += 2 + length
