"""An address as a picture that a phone's camera reads."""

import segno
from markupsafe import Markup


def picture(address: str, title: str) -> Markup:
    """Inline SVG, black on white by day and by night: cameras read no other way reliably. Without
    sizes and styles: the page's own sheet says how large it stands."""
    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        title=title,
    )
    return Markup(svg)  # noqa: S704  made here; the title is escaped by segno
