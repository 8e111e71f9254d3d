"""The scan of a paper signature as both sides get it. A picture was drawn anew by us and may be
shown; a PDF came from somebody's machine, so it is downloaded and never opened within our pages."""

from flask import Response, request

from onboarding import gateways
from onboarding.contracts.models import ContractSignature
from onboarding.web.errors import NotFound

_ENDINGS = {"image/jpeg": "jpg", "image/webp": "webp", "application/pdf": "pdf"}


def scan_answer(signed: ContractSignature | None) -> Response:
    """The scan, with `?download=1` to be kept. Raises NotFound where nothing was scanned."""
    if signed is None or signed.scan_sha256 is None:
        raise NotFound
    is_picture = signed.scan_type.startswith("image/")
    kind = "inline" if is_picture and not request.args.get("download") else "attachment"
    kept = gateways.current().documents.get(signed.scan_sha256)
    response = Response(kept, mimetype=signed.scan_type)
    name = f"signed-by-hand.{_ENDINGS[signed.scan_type]}"
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
