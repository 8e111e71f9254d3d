"""What a picture's first bytes say it is: its kind, and its width and height in pixels."""

import struct
from collections.abc import Iterator
from typing import Literal

Kind = Literal["PNG", "JPEG", "WEBP"]
Header = tuple[Kind | None, int, int]
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
# Every frame header but the tables that share its numbers (ITU-T T.81, table B.1).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def header(content: bytes) -> Header:
    """Nothing is decoded. (None, 0, 0) for what is no PNG, JPEG or WebP."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        return "PNG", *struct.unpack_from(">II", content, 16)
    if content.startswith(_JPEG):
        return "JPEG", *next(_jpeg_frames(content), (0, 0))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) >= 30:
        return "WEBP", *_webp(content)
    return None, 0, 0


def _jpeg_frames(content: bytes) -> Iterator[tuple[int, int]]:
    """Walks the segments up to the frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            yield width, height
        at += 2 + int(struct.unpack_from(">H", content, at + 2)[0])


def _webp(content: bytes) -> tuple[int, int]:
    """The canvas of the first chunk: extended, lossless or lossy (RFC 9649)."""
    first = content[12:16]
    if first == b"VP8X":
        return 1 + _three(content, 24), 1 + _three(content, 27)
    if first == b"VP8L" and content[20] == 0x2F:
        bits = struct.unpack_from("<I", content, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if first == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _three(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 3], "little")
