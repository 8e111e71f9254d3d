"""Which characters the shipped fonts can print, and text made printable with them.

Under PDF/A a single glyph that no font has stops the whole document. A customer's name is not a
reason to stop: what cannot be printed becomes a visible □ instead.
"""

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

SUBSTITUTE = "□"
LONGEST_WORD = 34
LONGEST_EXACT = 72
_PIECE = 20
_BREAK = "\N{ZERO WIDTH SPACE}"
_PLAIN = re.compile(r"[\x20-\x7e\xa1-\xac\xae-\u017f\u2013\u2014\u2018-\u201d\u2022\u2026]*")
_LONG_WORD = re.compile(rf"[^\s{_BREAK}]{{{LONGEST_WORD + 1},}}")
_LONG_EXACT = re.compile(rf"[^\s{_BREAK}]{{{LONGEST_EXACT + 1},}}")
# Marks that reorder what stands on the page (an amount, a name), or change only how an emoji looks.
_DROPPED = re.compile(
    "[\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f\ufeff\ufe00-\ufe0f\ufff9-\ufffb"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff\u00ad\u034f\u061c\u180b-\u180f\u2060-\u2064]"
)
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = frozenset("\u200b\u200c\u200d")


class Exact(str):
    """An identifier to be copied from the page: a hidden break within it would be copied too."""

    __slots__ = ()


def printable(text: str, fonts: tuple[frozenset[int], ...]) -> str:
    """One line of `text` in which every character has a glyph and every long word may break."""
    line = _SPACES.sub(" ", text).strip()
    if not _PLAIN.fullmatch(line):
        composed = unicodedata.normalize("NFC", _DROPPED.sub("", line))
        line = "".join(_printed(cluster, fonts) for cluster in _clusters(composed))
    long = _LONG_EXACT if isinstance(text, Exact) else _LONG_WORD
    return long.sub(_breakable, line)


@lru_cache(maxsize=4)
def coverage(folder: Path) -> tuple[frozenset[int], ...]:
    """The code points of each font in `folder`."""
    files = sorted(folder.glob("*.ttf"))
    return tuple(frozenset(filter(_is_public, _code_points(file.read_bytes()))) for file in files)


def _is_public(code: int) -> bool:
    """PDF/A-2a refuses private use, where fonts keep shapes that have no meaning of their own."""
    return unicodedata.category(chr(code)) != "Co"


def _clusters(text: str) -> Iterator[str]:
    """A character together with the marks that sit on it: one font must have them all."""
    cluster = ""
    for character in text:
        if cluster and not unicodedata.category(character).startswith("M"):
            yield cluster
            cluster = ""
        cluster += character
    yield cluster


def _printed(cluster: str, fonts: tuple[frozenset[int], ...]) -> str:
    needed = {ord(character) for character in cluster if character not in _INVISIBLE}
    if any(needed <= font for font in fonts):
        return cluster
    if len(cluster) > 1:
        return _printed(cluster[0], fonts)
    return SUBSTITUTE


def _breakable(word: re.Match[str]) -> str:
    letters = word[0]
    starts = range(0, len(letters), _PIECE)
    return _BREAK.join(letters[start : start + _PIECE] for start in starts)


def _code_points(font: bytes) -> Iterator[int]:
    """Read from the font's `cmap` table (OpenType 1.9, subtable formats 4 and 12)."""
    table = _cmap(font)
    (count,) = struct.unpack_from(">H", table, 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", table, 8 + index * 8)
        (kind,) = struct.unpack_from(">H", table, offset)
        if kind == 4:
            yield from _segments(table, offset)
        elif kind == 12:
            yield from _groups(table, offset)


def _cmap(font: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", font, 12 + index * 16)
        if tag == b"cmap":
            return font[offset : offset + length]
    raise ValueError("A font without a cmap table.")


def _segments(table: bytes, offset: int) -> Iterator[int]:
    (double,) = struct.unpack_from(">H", table, offset + 6)
    shape = f">{double // 2}H"
    ends = struct.unpack_from(shape, table, offset + 14)
    starts = struct.unpack_from(shape, table, offset + 16 + double)
    deltas = struct.unpack_from(shape, table, offset + 16 + 2 * double)
    ranges_at = offset + 16 + 3 * double
    ranges = struct.unpack_from(shape, table, ranges_at)
    for index, (start, end, delta, ranged) in enumerate(
        zip(starts, ends, deltas, ranges, strict=True)
    ):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if ranged:
                at = ranges_at + 2 * index + ranged + 2 * (code - start)
                (glyph,) = struct.unpack_from(">H", table, at)
            if glyph and (glyph + delta) % 65536:
                yield code


def _groups(table: bytes, offset: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", table, offset + 12)
    for index in range(count):
        start, end, _ = struct.unpack_from(">III", table, offset + 16 + 12 * index)
        yield from range(start, end + 1)
