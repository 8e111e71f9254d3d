"""Photos as a phone sends them."""

import io

from PIL import Image, ImageDraw


def a_photo(width: int = 1_200, height: int = 900, color: str = "#7a8b99", **how: object) -> bytes:
    """A JPEG of a roof against the sky, as plain as can be."""
    picture = Image.new("RGB", (width, height), color)
    roof = [(0, height), (width // 2, height // 3), (width, height)]
    ImageDraw.Draw(picture).polygon(roof, fill="#6b3f2a")
    written = io.BytesIO()
    picture.save(written, "JPEG", **how)
    return written.getvalue()
