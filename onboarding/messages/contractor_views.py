from flask import Blueprint, Response, request, url_for

from onboarding.database import read
from onboarding.messages import actions, polling, queries
from onboarding.messages.forms import AnswerForm
from onboarding.messages.pages import members_side
from onboarding.web import access, people, polls
from onboarding.web.answers import redirect_to, render, unchanged, wants_fragment
from onboarding.web.errors import NotFound

blueprint = Blueprint("messages_crm", __name__, url_prefix="/crm")
STOP_POLLING = 286


@blueprint.get("/messages")
@access.member
def conversations() -> Response:
    """Open questions first."""
    page = min(max(request.args.get("page", 1, type=int), 1), queries.LAST_PAGE)
    found = queries.conversations(read(people.person().contractor_id), page)
    return render(
        "messages/conversations.html",
        conversations=found[: queries.PAGE],
        page=page,
        has_more=len(found) > queries.PAGE,
    )


@blueprint.get("/contacts/<contact_id>/messages")
@access.member
def conversation(contact_id: str) -> Response:
    return _conversation(contact_id, None)


@blueprint.post("/contacts/<contact_id>/messages")
@access.member
def answer(contact_id: str) -> Response:
    form = AnswerForm()
    if not form.validate():
        return _conversation(contact_id, form, status=422)
    onboarding = queries.onboarding_to_answer(read(people.person().contractor_id), contact_id)
    if onboarding is None:
        raise NotFound
    actions.answer(onboarding.id, form.words(), people.actor())
    if wants_fragment():
        return _conversation(contact_id, None)
    return redirect_to(url_for(".conversation", contact_id=contact_id, _anchor="latest"))


@blueprint.post("/contacts/<contact_id>/messages/seen")
@access.member
def see(contact_id: str) -> Response:
    """A member has the customer's words before them."""
    if queries.contact(read(people.person().contractor_id), contact_id) is None:
        raise NotFound
    actions.see(contact_id, people.actor())
    page = url_for(".conversation", contact_id=contact_id)
    return unchanged() if wants_fragment() else redirect_to(page)


@blueprint.post("/contacts/<contact_id>/messages/done")
@access.member
def mark_done(contact_id: str) -> Response:
    """What was asked is settled without an answer here, as on the phone."""
    onboarding = queries.onboarding_to_answer(read(people.person().contractor_id), contact_id)
    if onboarding is None:
        raise NotFound
    actions.mark_done(onboarding.id, people.actor())
    if wants_fragment():
        return _conversation(contact_id, None)
    return redirect_to(url_for(".conversation", contact_id=contact_id))


@blueprint.get("/contacts/<contact_id>/messages/poll")
@access.poll
def poll(contact_id: str) -> Response:
    found = polls.polled(polling.with_contact(contact_id), ("crm",))
    if found is None:
        return Response(status=STOP_POLLING)
    if found.count == request.args.get("count", type=int):
        return unchanged()
    thread = queries.thread(read(found.contractor_id), contact_id)
    return render("messages/_thread.html", messages=thread, side="member", poll_url=request.path)


def _conversation(contact_id: str, form: AnswerForm | None, status: int = 200) -> Response:
    db = read(people.person().contractor_id)
    contact = queries.contact(db, contact_id)
    if contact is None:
        raise NotFound
    elif contact.merged_into_id is not None:
        return redirect_to(url_for(".conversation", contact_id=contact.merged_into_id))
    return render(
        "messages/answer.html",
        "messages/_conversation.html",
        status=status,
        contact=contact,
        **members_side(db, contact_id, form),
    )
