from typing import Any

from flask import Blueprint, Response, request, url_for

from onboarding.contacts.models import Contact
from onboarding.contacts.queries import Wish, page_of
from onboarding.contractors import revisions
from onboarding.contractors.queries import contractor
from onboarding.database import read
from onboarding.messages import queries as messages
from onboarding.messages.pages import members_side
from onboarding.notifications import queries as notification_queries
from onboarding.record import actions, deliveries, merging, notices, queries, timeline
from onboarding.record.turns import can_nudge, whose_turn
from onboarding.web import access, people, polls
from onboarding.web.answers import redirect_to, render, unchanged
from onboarding.web.brand import show_company
from onboarding.web.errors import NotFound

blueprint = Blueprint("record", __name__, url_prefix="/crm")


@blueprint.get("/contacts/<contact_id>")
@access.member
def contact(contact_id: str) -> Response:
    own = people.person().contractor_id
    found = queries.record(read(own), contact_id, request.args.get("job"))
    if found is not None and found.contact.merged_into_id is not None:
        return redirect_to(url_for(".contact", contact_id=found.contact.merged_into_id))
    return _shown(own, found, "record/contact.html", **_talk(own, found))


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
    db = read(found.contractor_id)
    unread = messages.unread(db)
    if not is_news:
        revision = found.revision
        return render("record/_beat.html", contact_id=contact_id, revision=revision, unread=unread)
    # A poll opens no session, so the frame around the page does not know the company by itself.
    show_company(contractor(db, found.contractor_id))
    record = queries.record(db, contact_id, request.args.get("job"))
    return _shown(found.contractor_id, record, "record/_news.html", unread=unread)


@blueprint.get("/contacts/<contact_id>/merge")
@access.member
def merge(contact_id: str) -> Response:
    """Who may be the same person; with `other` in the address, both side by side."""
    db = read(people.person().contractor_id)
    kept = db.get(Contact, contact_id)
    if kept is None:
        raise NotFound
    other = db.get(Contact, request.args.get("other", ""))
    return _side_by_side(kept, other) if other else _candidates(kept)


@blueprint.post("/contacts/<contact_id>/merge")
@access.member
def merge_records(contact_id: str) -> Response:
    db, form = read(people.person().contractor_id), request.form
    kept, other = (db.get(Contact, one) for one in (contact_id, form.get("other", "")))
    if kept is None or other is None:
        raise NotFound
    from_other = [name for name in merging.CHOICES if form.get(name) == "other"]
    try:
        merging.merge(kept.id, other.id, from_other, people.actor())
    except merging.CannotMerge:
        return _side_by_side(kept, other, status=409)
    return redirect_to(url_for(".contact", contact_id=contact_id))


def _candidates(kept: Contact) -> Response:
    db, sought = read(people.person().contractor_id), request.args.get("search", "")
    sought = sought.replace("\x00", "").strip()[:100]
    if sought:
        page = page_of(db, Wish(search=sought), size=10)
        found = [contact for contact in page.contacts if contact.id != kept.id]
    else:
        found = list(merging.perhaps_the_same(db, kept))
    return render("record/merge.html", kept=kept, other=None, sought=sought, found=found)


def _side_by_side(kept: Contact, other: Contact, status: int = 200) -> Response:
    db = read(people.person().contractor_id)
    hindered = merging.obstacle(db, kept, other)
    if hindered is merging.Obstacle.OTHER_HAS_ACCOUNT and status == 200:
        return redirect_to(url_for(".merge", contact_id=other.id, other=kept.id))
    return render(
        "record/merge.html",
        status=status,
        kept=kept,
        other=other,
        rows=merging.side_by_side(kept, other),
        counts=[merging.counts(db, one.id) for one in (kept, other)],
        obstacle=merging.WORDS[hindered] if hindered else None,
    )


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
    actions.mark_notifications_read(people.actor())
    return redirect_to(url_for("record.notifications"))


@blueprint.post("/deliveries/<delivery_id>/now")
@access.member
def send_now(delivery_id: str) -> Response:
    return _back_to(actions.send_now(delivery_id, people.actor()))


@blueprint.post("/deliveries/<delivery_id>/again")
@access.member
def send_again(delivery_id: str) -> Response:
    return _back_to(actions.send_again(delivery_id, people.actor()))


@blueprint.post("/contacts/<contact_id>/addresses/<closed_id>/opening")
@access.member
def open_address(contact_id: str, closed_id: str) -> Response:
    is_known = actions.open_address(closed_id, people.actor())
    return _back_to(contact_id if is_known else None)


def _back_to(contact_id: str | None) -> Response:
    if contact_id is None:
        raise NotFound
    return redirect_to(url_for("record.contact", contact_id=contact_id))


def _talk(contractor_id: str, found: queries.Record | None) -> dict[str, Any]:
    """The conversation beneath the record, with a place to answer in."""
    return members_side(read(contractor_id), found.contact.id) if found else {}


def _shown(
    contractor_id: str, found: queries.Record | None, template: str, **more: Any
) -> Response:
    if found is None:
        raise NotFound
    # Held until the page is drawn: the frame around it needs the company as well.
    company = contractor(read(contractor_id), contractor_id)
    zone = company.time_zone
    return render(
        template,
        record=found,
        contact_id=found.contact.id,
        revision=found.revision,
        days=timeline.days(found.job, zone) if found.job else [],
        sent=deliveries.sent(found),
        can_nudge=found.job is not None and can_nudge(found.job),
        turn=whose_turn(found.job.standing) if found.job else "",
        **more,
    )
