"""A member's side of a conversation, for its own page and for the contact's record."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from onboarding.journey.models import Onboarding
from onboarding.messages import queries
from onboarding.messages.forms import AnswerForm
from onboarding.web import people


def members_side(
    db: Session,
    contact_id: str,
    form: AnswerForm | None = None,
    *,
    jobs: Sequence[Onboarding] | None = None,
) -> dict[str, Any]:
    """What messages/_conversation.html is told. Of a contact that is the contractor's own; `jobs`
    are all of theirs, the newest first, where they are at hand."""
    thread = queries.thread(db, contact_id)
    topics = queries.open_topics(thread)
    known = queries.onboarding_to_answer(db, contact_id) if jobs is None else None
    job = queries.job_to_answer(jobs) if jobs is not None else known
    is_waited_for = job is not None and (job.has_question or job.has_change_request)
    is_member = people.person().visit is None
    return {
        "messages": thread,
        "side": "member",
        "form": _offered(form or AnswerForm(formdata=None), topics),
        "may_write": job is not None and is_member,
        "poll_url": url_for("messages_crm.poll", contact_id=contact_id),
        "seen_url": url_for("messages_crm.see", contact_id=contact_id),
        "send_url": url_for("messages_crm.answer", contact_id=contact_id),
        "done_url": url_for("messages_crm.mark_done", contact_id=contact_id)
        if is_waited_for and is_member
        else None,
        "topics": topics,
    }


def _offered(form: AnswerForm, topics: list[queries.Topic]) -> AnswerForm:
    """What an answer can be about: what waits for one, the newest first."""
    whole = _("The whole job")
    offered = [(topic.line_key, topic.line_name or whole) for topic in topics]
    if not any(not key for key, _name in offered):
        offered.append(("", whole))
    form.line_key.choices = offered
    return form
