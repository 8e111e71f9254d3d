"""A photo's bytes as an answer, the same for both sides."""

from typing import get_args

from flask import Response

from onboarding import gateways
from onboarding.estimates.models import LinePhoto
from onboarding.estimates.photos import Size
from onboarding.gateways.documents import DocumentMissing
from onboarding.web.errors import NotFound


def as_picture(photo: LinePhoto, size: str) -> Response:
    """Its bytes, of a size that is known. They never change, but belong to whoever may see them."""
    if size not in get_args(Size):
        raise NotFound
    wanted = photo.sha256 if size == "large" else photo.thumbnail_sha256
    try:
        content = gateways.current().documents.get(wanted)
    except DocumentMissing as missing:
        raise NotFound from missing
    headers = {"Cache-Control": "private, max-age=3600", "Content-Disposition": "inline"}
    return Response(content, mimetype=photo.media_type, headers=headers)
