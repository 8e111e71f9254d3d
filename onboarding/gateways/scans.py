"""Scans of papers that were signed by hand: a PDF, or pictures.

A picture is drawn anew; several become one PDF of ours. A PDF is kept as it came, being evidence,
and is never rendered here: it is read as bytes, within bounds, for what has no place in a scan.
Whoever serves it lets it be downloaded only.
"""

import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image

from onboarding import clock
from onboarding.gateways import pictures
from onboarding.gateways.pictures import UnusablePicture

MOST_BYTES = 20_000_000
MOST_PAGES = 40
MOST_PICTURES = 10
PDF = "application/pdf"

# What may unfold from the compressed parts that name a PDF's objects: of 40 scanned pages a few
# kilobytes; of a bomb, any amount.
_MOST_UNFOLDED = 2_000_000
_MOST_PARTS = 500
_HEAD_BYTES = 600
_PAGE = re.compile(rb"/Type\s{0,9}/Page(?![A-Za-z])")
_OBJECTS = re.compile(rb"/ObjStm")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_ESCAPED = re.compile(rb"#([4-7][0-9A-Fa-f])")
_ESCAPED_NAME = re.compile(rb"/(?=[A-Za-z]{0,20}#)(?:[A-Za-z]|#[4-7][0-9A-Fa-f]){6,40}")
_MOST_ESCAPED = 1_000
# Scripts, programs, files within the file, films, what posts itself; what keeps us from seeing it.
_NO_PLACE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia|SubmitForm|ImportData|Encrypt)"
)


class Fault(StrEnum):
    """Why a scan is not taken."""

    NO_SCAN = "no scan"  # neither a picture nor a PDF, or broken off
    TOO_LARGE = "too large"  # in bytes, pages or pictures
    ACTIVE = "active"  # a PDF that does something, or hides what it does


class UnusableScan(Exception):
    """`fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)


@dataclass(frozen=True)
class Scan:
    """As it is kept: JPEG or WebP for one picture, else PDF."""

    content: bytes
    media_type: str


def scan(files: Sequence[bytes]) -> Scan:
    """One scan of what was sent: a PDF alone, or pictures in order. Raises UnusableScan."""
    if not files:
        raise UnusableScan(Fault.NO_SCAN)
    elif sum(map(len, files)) > MOST_BYTES or len(files) > MOST_PICTURES:
        raise UnusableScan(Fault.TOO_LARGE)
    elif len(files) == 1 and files[0].startswith(b"%PDF-"):
        return Scan(_judged(files[0]), PDF)
    return _drawn(files)


def _drawn(files: Sequence[bytes]) -> Scan:
    try:
        photos = [pictures.photo(content) for content in files]
    except UnusablePicture as unusable:
        is_large = unusable.fault in (pictures.Fault.TOO_HEAVY, pictures.Fault.TOO_LARGE)
        raise UnusableScan(Fault.TOO_LARGE if is_large else Fault.NO_SCAN) from unusable
    if len(photos) == 1:
        return Scan(photos[0].content, photos[0].media_type)
    pages = [_page(photo.content) for photo in photos]
    made = clock.now().timetuple()
    written = io.BytesIO()
    pages[0].save(
        written,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=150,
        creationDate=made,
        modDate=made,
    )
    return Scan(written.getvalue(), PDF)


def _page(content: bytes) -> Image.Image:
    """White where something shows through: a PDF's picture has no other ground."""
    with Image.open(io.BytesIO(content), formats=["JPEG", "WEBP"]) as opened:
        opened.load()
        if opened.mode != "RGBA":
            return opened.convert("RGB")
        ground = Image.new("RGB", opened.size, "white")
        ground.paste(opened, mask=opened.getchannel("A"))
        return ground


def _judged(pdf: bytes) -> bytes:
    """The same bytes, where they look like a scan's. A careful forger gets by: that is why a PDF
    is never shown within our pages."""
    if b"%%EOF" not in pdf[-2_048:]:
        raise UnusableScan(Fault.NO_SCAN)
    pages = 0
    for part in (pdf, *_unfolded(pdf)):
        if _acts(part):
            raise UnusableScan(Fault.ACTIVE)
        pages += sum(1 for _ in _PAGE.finditer(part))
    if not pages:
        raise UnusableScan(Fault.NO_SCAN)
    elif pages > MOST_PAGES:
        raise UnusableScan(Fault.TOO_LARGE)
    return pdf


def _acts(part: bytes) -> bool:
    """Also under names with letters escaped, which no scanner writes: many are refused unread."""
    if _NO_PLACE.search(part):
        return True
    for number, name in enumerate(_ESCAPED_NAME.finditer(part)):
        plain = _ESCAPED.sub(lambda found: bytes((int(found[1], 16),)), name[0])
        if number >= _MOST_ESCAPED or _NO_PLACE.search(plain):
            return True
    return False


def _unfolded(pdf: bytes) -> Iterator[bytes]:
    """What the object streams hold, never more than the bounds: all else stays folded."""
    left = _MOST_UNFOLDED
    for number, said in enumerate(_OBJECTS.finditer(pdf)):
        found = _STREAM.search(pdf, said.end(), said.end() + _HEAD_BYTES)
        if number >= _MOST_PARTS:
            raise UnusableScan(Fault.TOO_LARGE)
        elif found is None:
            continue
        part, read = _inflated(pdf, found.end(), left)
        left -= max(len(part), read)
        yield part


def _inflated(pdf: bytes, start: int, most: int) -> tuple[bytes, int]:
    """What unfolds from `start` on, and how many bytes that took; neither above `most`."""
    unfold = zlib.decompressobj()
    folded = memoryview(pdf)[start : start + most]
    try:
        part = unfold.decompress(folded, most + 1)
    except zlib.error as broken:
        raise UnusableScan(Fault.ACTIVE) from broken
    if len(part) > most or not unfold.eof:
        raise UnusableScan(Fault.TOO_LARGE)
    return part, len(folded) - len(unfold.unused_data)
