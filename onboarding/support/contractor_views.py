from flask import Blueprint, Response, request

from onboarding.database import read
from onboarding.support import queries
from onboarding.web import access, people
from onboarding.web.answers import render

blueprint = Blueprint("support_crm", __name__, url_prefix="/crm")


@blueprint.get("/support-visits")
@access.owner
def visits() -> Response:
    """Who from support looked through whose eyes, why, and at what."""
    db = read(people.person().contractor_id)
    page = queries.visits_of(db, request.args.get("before", ""))
    return render("support/visits.html", page=page)
