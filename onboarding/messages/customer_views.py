from dataclasses import dataclass

from flask import Blueprint, Response, request, url_for

from onboarding.database import read
from onboarding.estimates.conversation import WHOLE, said_of
from onboarding.estimates.queries import onboarding_of
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act, permitted
from onboarding.messages import actions, polling, queries
from onboarding.messages.forms import ChangesForm, MessageForm, QuestionForm
from onboarding.web import access, people, polls
from onboarding.web.answers import redirect_to, render, unchanged, wants_fragment
from onboarding.web.errors import NotFound
from onboarding.web.gate import gated

blueprint = Blueprint("messages", __name__, url_prefix="/portal")
STOP_POLLING = 286
_PORTAL = ("portal",)


@blueprint.get("/messages")
@access.customer
def conversation() -> Response:
    return _conversation(MessageForm(formdata=None))


@blueprint.post("/messages")
@access.customer
def send() -> Response:
    form = MessageForm()
    if not form.validate():
        return _conversation(form, status=422)
    onboarding: Onboarding | None = gated()
    if onboarding is None:
        raise NotFound
    actions.write(onboarding.id, form.words(), people.actor())
    if wants_fragment():
        return _conversation(MessageForm(formdata=None))
    return redirect_to(url_for(".conversation", _anchor="latest"))


@blueprint.post("/messages/seen")
@access.customer
def see() -> Response:
    """The customer has the answers before them."""
    actions.see(people.person().contact_id, people.actor())
    return unchanged() if wants_fragment() else redirect_to(url_for(".conversation"))


@blueprint.get("/messages/poll")
@access.poll
def poll() -> Response:
    found = polls.polled(polling.own_conversation, _PORTAL)
    if found is None:
        return Response(status=STOP_POLLING)
    if found.count == request.args.get("count", type=int):
        return unchanged()
    thread = queries.thread(read(found.contractor_id), found.contact_id)
    return render("messages/_thread.html", messages=thread, side="customer", poll_url=request.path)


@blueprint.get("/estimate/<estimate_id>/questions")
@access.customer_at("estimate")
def ask(estimate_id: str) -> Response:
    """The form, in its place on the estimate; a small page of its own without scripting."""
    subject = _subject(estimate_id, request.args.get("line", WHOLE))
    form = QuestionForm(formdata=None, line_key=subject.line_key)
    return _question(subject, form)


@blueprint.post("/estimate/<estimate_id>/questions")
@access.customer_at("estimate")
def send_question(estimate_id: str) -> Response:
    form = QuestionForm()
    subject = _subject(estimate_id, form.line_key.data or WHOLE)
    if not form.validate():
        return _question(subject, form, status=422)
    actions.ask(subject.onboarding.id, form.words(), people.actor())
    return _sent(subject)


@blueprint.get("/estimate/<estimate_id>/change-requests")
@access.customer_at("estimate")
def changes(estimate_id: str) -> Response:
    subject = _subject(estimate_id)
    return _changes(subject, ChangesForm(formdata=None).offer(subject.lines))


@blueprint.post("/estimate/<estimate_id>/change-requests")
@access.customer_at("estimate")
def ask_for_changes(estimate_id: str) -> Response:
    subject = _subject(estimate_id)
    form = ChangesForm().offer(subject.lines)
    if not form.validate():
        return _changes(subject, form, status=422)
    words = form.words()
    actions.ask_for_changes(subject.onboarding.id, form.subject(), words, people.actor())
    known = {key for key, _name in subject.lines}
    return _sent(_subject(estimate_id, words.line_key if words.line_key in known else WHOLE))


@blueprint.get("/estimate/<estimate_id>/talk/poll")
@access.poll
def talk_poll(estimate_id: str) -> Response:
    """What was said on an estimate, when there is more of it than the page shows."""
    found = polls.polled(polling.about_estimate(estimate_id), _PORTAL)
    if found is None:
        return Response(status=STOP_POLLING)
    if found.count == request.args.get("count", type=int):
        return unchanged()
    said = said_of(read(found.contractor_id), found.onboarding_id)
    return render("messages/_talk.html", estimate_id=estimate_id, said=said)


@dataclass(frozen=True)
class Subject:
    """What the words are about: a version of the customer's own; one line of it, or the whole."""

    onboarding: Onboarding
    estimate_id: str
    lines: list[tuple[str, str]]
    line_key: str

    @property
    def line_name(self) -> str:
        return dict(self.lines).get(self.line_key, "")


def _subject(estimate_id: str, line_key: str = WHOLE) -> Subject:
    db = read(people.person().contractor_id)
    onboarding = onboarding_of(db, estimate_id)
    lines = queries.sent_lines(db, estimate_id)
    is_own = onboarding is not None and onboarding.contact_id == people.person().contact_id
    if onboarding is None or not is_own or not lines:
        raise NotFound
    known = {key for key, _name in lines}
    return Subject(onboarding, estimate_id, lines, line_key if line_key in known else WHOLE)


def _question(subject: Subject, form: QuestionForm, status: int = 200) -> Response:
    form.body.id = f"question-{subject.line_key or 'all'}"  # several may be open on one page
    return render(
        "messages/ask.html",
        "messages/_ask.html",
        status=status,
        subject=subject,
        form=form,
        estimate_id=subject.estimate_id,
        key=subject.line_key,
        is_open=True,
    )


def _changes(subject: Subject, form: ChangesForm, status: int = 200) -> Response:
    form.body.id = "wish"
    return render(
        "messages/changes.html",
        "messages/_changes.html",
        status=status,
        form=form,
        estimate_id=subject.estimate_id,
    )


def _sent(subject: Subject) -> Response:
    """Back on the estimate, where the words now stand."""
    place = f"asked-{subject.line_key or 'all'}"
    if not wants_fragment():
        return redirect_to(
            url_for("estimates.show", estimate_id=subject.estimate_id, _anchor=place)
        )
    said = said_of(read(people.person().contractor_id), subject.onboarding.id)
    return render(
        "messages/_sent.html",
        said=said,
        key=subject.line_key,
        estimate_id=subject.estimate_id,
        is_about_changes=request.endpoint == "messages.ask_for_changes",
    )


def _conversation(form: MessageForm, status: int = 200) -> Response:
    who, onboarding = people.person(), gated()
    thread = queries.thread(read(who.contractor_id), who.contact_id)
    refusal = permitted(Act.ASK, onboarding.facts, people.actor()) if onboarding else True
    return render(
        "messages/conversation.html",
        "messages/_conversation.html",
        status=status,
        messages=thread,
        side="customer",
        form=form,
        may_write=refusal is None,
        poll_url=url_for(".poll"),
        seen_url=url_for(".see"),
        send_url=url_for(".send"),
        topics=[],
    )
