from flask import Blueprint, Response, request, url_for

from onboarding.contractors import revisions
from onboarding.contractors.queries import contractor
from onboarding.database import read
from onboarding.notifications import queries as notification_queries
from onboarding.record import notices, queries, timeline
from onboarding.record.actions import mark_notifications_read
from onboarding.record.turns import whose_turn
from onboarding.web import access, people, polls
from onboarding.web.answers import redirect_to, render, unchanged
from onboarding.web.brand import show_company
from onboarding.web.errors import NotFound

blueprint = Blueprint("record", __name__, url_prefix="/crm")


@blueprint.get("/contacts/<contact_id>")
@access.member
def contact(contact_id: str) -> Response:
    return _shown(people.person().contractor_id, contact_id, "record/contact.html")


@blueprint.get("/contacts/<contact_id>/poll")
@access.poll
def poll(contact_id: str) -> Response:
    """The record, when something on it changed; otherwise one read, or the new revision alone."""
    found = polls.polled(revisions.pulse)
    if found is None:
        return redirect_to(url_for("contractors.sign_in"))
    seen = request.args.get("revision", type=int, default=0)
    if found.revision <= seen:
        return unchanged()
    is_news = queries.changed_since(read(found.contractor_id), contact_id, seen)
    if is_news is None:
        raise NotFound
    if not is_news:
        return render("record/_pulse.html", contact_id=contact_id, revision=found.revision)
    # A poll opens no session, so the frame around the page does not know the company by itself.
    show_company(contractor(read(found.contractor_id), found.contractor_id))
    return _shown(found.contractor_id, contact_id, "record/_news.html")


@blueprint.get("/notifications")
@access.member
def notifications() -> Response:
    db = read(people.person().contractor_id)
    return render(
        "record/notifications.html",
        notifications=notification_queries.latest_notifications(db),
        sentence=notices.sentence,
    )


@blueprint.post("/notifications/read")
@access.member
def mark_read() -> Response:
    mark_notifications_read(people.actor())
    return redirect_to(url_for("record.notifications"))


def _shown(contractor_id: str, contact_id: str, template: str) -> Response:
    db = read(contractor_id)
    found = queries.record(db, contact_id, request.args.get("job"))
    if found is None:
        raise NotFound
    zone = contractor(db, contractor_id).time_zone
    return render(
        template,
        record=found,
        contact_id=contact_id,
        revision=found.revision,
        days=timeline.days(found.job, zone) if found.job else [],
        turn=whose_turn(found.job.standing) if found.job else "",
    )
