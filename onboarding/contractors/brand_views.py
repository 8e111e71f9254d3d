from flask import Blueprint, Response

from onboarding.contractors.brand import palette
from onboarding.contractors.queries import contractor_by_slug
from onboarding.web import access
from onboarding.web.errors import NotFound

blueprint = Blueprint("brand", __name__, url_prefix="/brand")


@blueprint.get("/<slug>-<fingerprint>.css")
@access.public
def sheet(slug: str, fingerprint: str) -> Response:
    """The contractor's colour; its address changes with it, so it may be kept for ever."""
    company = contractor_by_slug(slug)
    if company is None:
        raise NotFound
    colors = palette(company.color)
    if colors.fingerprint() != fingerprint:
        raise NotFound
    response = Response(colors.sheet(), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
