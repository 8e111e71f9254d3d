"""The address itself, and the answer to a load balancer (level 7)."""

from flask import Blueprint, Response, url_for

from onboarding.web import access
from onboarding.web.answers import redirect_to

blueprint = Blueprint("front", __name__)


@blueprint.get("/")
@access.public
def home() -> Response:
    """Customers have their contractor's own address; whoever comes here works for one."""
    return redirect_to(url_for("pipeline.board"))


@blueprint.get("/healthz")
@access.public
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")
