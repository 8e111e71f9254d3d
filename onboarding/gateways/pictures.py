"""Pictures that people send: PNG, JPEG or WebP, judged by their header, decoded within bounds and
written anew. Nothing of what was sent is kept: not its metadata, not what was hidden behind it.

A few kilobytes can unfold to gigabytes, so the size in pixels is read from the header before
anything decodes, and one picture is decoded at a time in a process.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from threading import BoundedSemaphore

from PIL import Image, ImageOps

from onboarding.gateways.pictures_header import Kind, header

MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
MOST_SIDE = 1_600
# No page of ours has a place for anything longer and thinner.
_THINNEST = 20
_LEAST_SIDE = 16
_THUMBNAIL = 320

# Boxes of the renditions of a logo in pixels: three times what a header shows, twice what a mail
# does, and what a letterhead of 34 points needs in print.
_ON_PAGES, _IN_MAIL, _ON_PAPER = (360, 90), (400, 96), (1_200, 300)
PAGE_BYTES, MAIL_BYTES, _PAPER_BYTES = 2_000, 20_000, 200_000

# A JPEG may come in scans, each drawn over the whole: cameras make ten, a trap makes thousands.
_MOST_SCANS, _SCAN = 64, b"\xff\xda"

_turns = BoundedSemaphore(1)


class Fault(StrEnum):
    """Why a picture is not taken."""

    NO_PICTURE = "no picture"  # not a PNG, JPEG or WebP, or broken off
    TOO_HEAVY = "too heavy"
    TOO_LARGE = "too large"
    TOO_SMALL = "too small"
    TOO_THIN = "too thin"
    EMPTY = "empty"  # nothing but transparency


class UnusablePicture(Exception):
    """`fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)


@dataclass(frozen=True)
class Logo:
    """A logo's renditions; `width` and `height` in pixels are those of the one for paper.

    `page` is WebP of at most 2,000 bytes wherever that can still be read, `mail` PNG of at most
    20,000, `paper` PNG.
    """

    page: bytes
    mail: bytes
    paper: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Photo:
    """JPEG, or WebP where something shows through; its thumbnail is of the same kind.

    At most 1,600 pixels a side, the thumbnail 320.
    """

    content: bytes
    thumbnail: bytes
    media_type: str
    width: int
    height: int


def logo(content: bytes) -> Logo:
    """Every rendition of a logo, without its transparent margin. Raises UnusablePicture."""
    with _turns:
        drawn = _without_margin(_decoded(content, _ON_PAPER))
        paper = _fit(drawn, _ON_PAPER)
        return Logo(
            page=next(_lightest(_as_webp(drawn), PAGE_BYTES)),
            mail=next(_lightest(_as_png(drawn, _IN_MAIL), MAIL_BYTES)),
            paper=next(_lightest(_as_png(drawn, _ON_PAPER), _PAPER_BYTES)),
            width=paper.width,
            height=paper.height,
        )


def photo(content: bytes) -> Photo:
    """A photo as pages and papers show it, upright. Raises UnusablePicture."""
    with _turns:
        drawn = _fit(_decoded(content, (MOST_SIDE, MOST_SIDE)), (MOST_SIDE, MOST_SIDE))
        shows_through = drawn.mode == "RGBA"
        kind, media_type = ("WEBP", "image/webp") if shows_through else ("JPEG", "image/jpeg")
        small = _fit(drawn, (_THUMBNAIL, _THUMBNAIL))
        return Photo(
            content=_written(drawn, kind, quality=80),
            thumbnail=_written(small, kind, quality=75),
            media_type=media_type,
            width=drawn.width,
            height=drawn.height,
        )


def _decoded(content: bytes, wanted: tuple[int, int]) -> Image.Image:
    """RGB or RGBA, upright; a JPEG is unfolded no further than what is `wanted` needs."""
    kind, width, height = _judged(content)
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            if opened.size != (width, height):
                raise UnusablePicture(Fault.NO_PICTURE)
            opened.draft("RGB", (min(width, 2 * max(wanted)), min(height, 2 * max(wanted))))
            # Of an animation this is the first frame.
            opened.load()
            return _plain(ImageOps.exif_transpose(opened))
    except _BROKEN as broken:
        raise UnusablePicture(Fault.NO_PICTURE) from broken


# What Pillow raises for files that are cut short, damaged or made to harm.
_BROKEN: tuple[type[BaseException], ...] = (
    *(OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError),
    *(OverflowError, MemoryError, Image.DecompressionBombError),
)


def _judged(content: bytes) -> tuple[Kind, int, int]:
    if len(content) > MOST_BYTES:
        raise UnusablePicture(Fault.TOO_HEAVY)
    kind, width, height = header(content)
    if kind is None or not width or not height or _is_trap(kind, content):
        raise UnusablePicture(Fault.NO_PICTURE)
    elif width * height > MOST_PIXELS:
        raise UnusablePicture(Fault.TOO_LARGE)
    elif max(width, height) > _THINNEST * min(width, height):
        raise UnusablePicture(Fault.TOO_THIN)
    elif min(width, height) < _LEAST_SIDE:
        raise UnusablePicture(Fault.TOO_SMALL)
    return kind, width, height


def _is_trap(kind: Kind, content: bytes) -> bool:
    return kind == "JPEG" and content.count(_SCAN) > _MOST_SCANS


def _plain(picture: Image.Image) -> Image.Image:
    """RGBA where something shows through, else RGB."""
    if picture.mode.startswith("I") or picture.mode == "F":
        # Sixteen bits of grey: converted as they are, all but the darkest would be white.
        picture = picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    solid = clear.getchannel("A").histogram()[255]
    return clear.convert("RGB") if solid == clear.width * clear.height else clear


def _without_margin(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    box = picture.getbbox()
    if box is None:
        raise UnusablePicture(Fault.EMPTY)
    cut = picture.crop(box)
    if max(cut.size) > _THINNEST * min(cut.size):
        raise UnusablePicture(Fault.TOO_THIN)
    return cut


def _fit(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """As it is, or made smaller to stand in `box`; never larger."""
    share = min(1.0, box[0] / picture.width, box[1] / picture.height)
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    return picture if share == 1.0 else picture.resize(size, Image.Resampling.LANCZOS)


def _lightest(renditions: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The first that is light enough; where none is, the lightest."""
    tried = []
    for rendition in renditions:
        if len(rendition) <= most:
            yield rendition
        tried.append(rendition)
    yield min(tried, key=len)


def _as_webp(picture: Image.Image) -> Iterator[bytes]:
    """Finest first: for screens of three, two and one pixel to a pixel, each ever rougher.

    A drawing of few colours is smaller without loss than with it.
    """
    for share in (1.0, 0.75, 0.5, 1 / 3):
        small = _fit(picture, (round(_ON_PAGES[0] * share), round(_ON_PAGES[1] * share)))
        yield _written(small, "WEBP", lossless=True, quality=90, method=5)
        for quality in (80, 65, 50, 38):
            yield _written(small, "WEBP", quality=quality, alpha_quality=quality, method=5)


def _as_png(picture: Image.Image, box: tuple[int, int]) -> Iterator[bytes]:
    for share, colors in product((1.0, 0.75, 0.5), (0, 256, 64, 16)):
        small = _fit(picture, (round(box[0] * share), round(box[1] * share)))
        if colors:
            small = small.quantize(colors, method=Image.Quantize.FASTOCTREE)
        yield _written(small, "PNG", optimize=True)


def _written(picture: Image.Image, kind: str, **how: int | bool) -> bytes:
    """Pixels and nothing else: whatever came with the file stays behind."""
    bare = picture.copy()
    bare.info = {name: value for name, value in picture.info.items() if name == "transparency"}
    written = io.BytesIO()
    bare.save(written, kind, **how)
    return written.getvalue()
