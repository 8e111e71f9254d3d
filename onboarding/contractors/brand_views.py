import json

from flask import Blueprint, Response, url_for

from onboarding import gateways
from onboarding.contractors import icons
from onboarding.contractors.brand import palette
from onboarding.contractors.forms import read_color
from onboarding.contractors.logo import sha256_of
from onboarding.contractors.models import Contractor
from onboarding.contractors.queries import contractor_by_slug
from onboarding.gateways.documents import DocumentMissing
from onboarding.web import access
from onboarding.web.errors import NotFound

_PAPER = "#f7f4ee"

blueprint = Blueprint("brand", __name__, url_prefix="/brand")


@blueprint.get("/<slug>-<fingerprint>.css")
@access.public
def sheet(slug: str, fingerprint: str) -> Response:
    """The contractor's colour; its address changes with it, so it may be kept for ever."""
    colors = palette(_company(slug).color)
    if colors.fingerprint() != fingerprint:
        raise NotFound
    return _kept(Response(colors.sheet(), mimetype="text/css"), days=365)


@blueprint.get("/colors/<color>.css")
@access.public
def color(color: str) -> Response:
    """Any colour, corrected as a contractor's is: for one that is being chosen."""
    chosen = read_color(color)
    if chosen is None:
        raise NotFound
    return _kept(Response(palette(chosen).sheet(), mimetype="text/css"), days=365)


@blueprint.get("/<slug>/logo-<file>")
@access.public
def logo(slug: str, file: str) -> Response:
    """The logo on pages, and the one in mail, which readers of mail fetch from where they are."""
    fingerprint, _, rendition = file.partition(".")
    sha256 = sha256_of(_company(slug), fingerprint, rendition)
    if sha256 is None:
        raise NotFound
    try:
        content = gateways.current().documents.get(sha256)
    except DocumentMissing as missing:
        raise NotFound from missing
    response = Response(content, mimetype=f"image/{rendition}")
    if rendition == "png":
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _kept(response, days=365)


@blueprint.get("/<slug>/icon-<int:size>.png")
@access.public
def icon(slug: str, size: int) -> Response:
    """The tile for a home screen; sizes are those of `icons.SIZES`."""
    company = _company(slug)
    if size not in icons.SIZES:
        raise NotFound
    return _kept(Response(icons.tile(company.name, company.color, size), mimetype="image/png"))


@blueprint.get("/<slug>/portal.webmanifest")
@access.public
def manifest(slug: str) -> Response:
    """What a phone must know to keep this contractor's portal on its home screen."""
    company = _company(slug)
    start = url_for("accounts.sign_in", slug=company.slug)
    told = {
        "id": start,
        "name": company.name,
        "short_name": company.name[:24],
        "start_url": start,
        "scope": "/portal",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _PAPER,
        "icons": [_picture(company.slug, size) for size in icons.SIZES[1:]],
    }
    return _kept(Response(json.dumps(told), mimetype="application/manifest+json"))


def _picture(slug: str, size: int) -> dict[str, str]:
    return {
        "src": url_for("brand.icon", slug=slug, size=size),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": "any maskable",
    }


def _company(slug: str) -> Contractor:
    company = contractor_by_slug(slug)
    if company is None:
        raise NotFound
    return company


def _kept(response: Response, days: int = 1) -> Response:
    """A sheet changes its address with its content; the rest may be a day old."""
    how = "immutable" if days > 1 else "must-revalidate"
    response.headers["Cache-Control"] = f"public, max-age={days * 86_400}, {how}"
    return response
