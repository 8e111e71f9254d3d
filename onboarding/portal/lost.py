"""What a browser is told whose session is over: its invite was revoked, or it simply ran out."""

from flask import request, session, url_for
from werkzeug.wrappers import Response

from onboarding.invites.customer_views import dead_end
from onboarding.invites.queries import LinkState, found_by_invite
from onboarding.web import sessions
from onboarding.web.answers import redirect_to


def answer_lost() -> Response | None:
    """The page for a customer whose session was ended with its invite; None for anybody else.

    A fragment cannot say it, so htmx moves the whole page on to where it is said.
    """
    if sessions.kind_of(request.path) != "portal":
        return None
    # Kept for the next request: this answer replaces the cookie of the session that is over.
    origin = sessions.ended_origin() or session.get("origin", "")
    found = found_by_invite(origin) if origin else None
    if found is None or found.state is not LinkState.REVOKED:
        return None
    session["origin"] = origin
    if request.headers.get("HX-Request") == "true":
        return redirect_to(url_for("portal.go_on"))
    return dead_end(None, found)
