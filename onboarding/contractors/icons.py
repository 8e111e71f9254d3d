"""The tile that stands for a contractor on a phone's home screen: its initial in its colour."""

import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from onboarding.contractors.brand import palette

SIZES = (180, 192, 512)
_FONT = Path(__file__).parents[2] / "templates/documents/fonts/SourceSerif4-SemiBold.ttf"
# What the face can draw; of a name in another script the tile keeps the colour alone.
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")


@lru_cache(maxsize=64)
def tile(name: str, color: str, size: int) -> bytes:
    """A PNG, `size` pixels square, full to its edges: phones cut their own shape out of it."""
    from PIL import Image, ImageDraw, ImageFont

    colors = palette(color)
    picture = Image.new("RGB", (size, size), colors.brand)
    letter = name[:1].upper()
    if unicodedata.name(letter or " ", "").startswith(_SCRIPTS):
        font = ImageFont.truetype(_FONT, round(size * 0.5))
        ImageDraw.Draw(picture).text(
            (size / 2, size / 2), letter, fill=colors.brand_ink, font=font, anchor="mm"
        )
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
