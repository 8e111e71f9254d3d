"""Questions, wishes for changes and answers, each said once and told to the other side."""

import pytest
from sqlalchemy import select

from onboarding import tokens
from onboarding.database import read
from onboarding.journey.actions import Refused
from onboarding.messages import actions, queries
from onboarding.messages.actions import About, Words
from onboarding.notifications.models import Delivery, Notification
from tests.estimates.job import SHINGLES, Job


def words(body: str, line_key: str = "") -> Words:
    return Words(body, tokens.new_id(), line_key)


def ask(job: Job, body: str = "Which color?", line_key: str = ""):
    return actions.ask(job.estimate.onboarding_id, words(body, line_key), job.customer)


def answer(job: Job, body: str = "Slate gray."):
    return actions.answer(job.estimate.onboarding_id, words(body), job.member)


def test_a_question_hangs_on_its_line_and_reaches_the_contractor(sent: Job):
    asked = ask(sent, line_key=SHINGLES)
    assert (asked.line_name, asked.kind, asked.estimate_version) == (
        "Architectural shingles",
        "question",
        1,
    )
    job = sent.onboarding
    assert job.has_question
    assert (job.details, job.action) == (["Question"], "Answer")
    (told,) = read(sent.company.id).scalars(select(Notification)).all()
    assert told.told == {
        "customer": "Dana Whitfield",
        "line": "Architectural shingles",
        "about": "",
        "as": "question",
        "words": "Which color?",
    }
    assert {mail.to for mail in read(sent.company.id).scalars(select(Delivery))} == {
        sent.owner.email,
        sent.company.reply_to,
    }


def test_a_line_that_is_not_there_is_a_question_about_the_whole(sent: Job):
    assert ask(sent, line_key="z" * 26).line_key is None


def test_the_same_form_sent_twice_is_one_message(sent: Job):
    once = words("Which color?")
    first = actions.ask(sent.estimate.onboarding_id, once, sent.customer)
    again = actions.ask(sent.estimate.onboarding_id, once, sent.customer)
    assert again.id == first.id
    assert len(queries.thread(read(sent.company.id), sent.contact.id)) == 1
    assert sent.events().count("message.question_asked") == 1


def test_an_answer_clears_the_question_and_goes_out_by_the_preferred_channel(sent: Job):
    ask(sent)
    reply = answer(sent)
    assert reply.kind == "answer"
    assert not sent.onboarding.has_question
    statement = select(Delivery).where(Delivery.reference == reply.id)
    (out,) = read(sent.company.id).scalars(statement).all()
    assert (out.channel, out.to) == ("email", "dana@example.com")


def test_who_prefers_texts_is_answered_by_text(house):
    from onboarding.estimates import actions as estimates
    from tests.estimates.job import ROOF
    from tests.house import as_member

    company, owner = house.company()
    contact = house.contact(company, preferred_channel="sms", email=None)
    member = as_member(owner)
    estimate = estimates.draft_estimate(contact.id, "Roof", member)
    job = Job(house, company, owner, contact, member, None, estimate)
    job.save(ROOF)
    job.send()
    job.account()
    reply = answer(job)
    statement = select(Delivery).where(Delivery.reference == reply.id)
    (out,) = read(company.id).scalars(statement).all()
    assert (out.channel, out.to) == ("sms", "+15035550188")


def test_a_wish_for_changes_waits_for_a_new_version_not_for_an_answer(sent: Job):
    actions.ask_for_changes(
        sent.estimate.onboarding_id, About.PRICE, words("A little less?"), sent.customer
    )
    assert sent.onboarding.action == "Revise & re-send"
    answer(sent)
    assert sent.onboarding.has_change_request
    from tests.estimates.job import ROOF

    sent.revise(ROOF)
    assert not sent.onboarding.has_change_request


def test_member_sees_open_questions_first(sent: Job):
    ask(sent)
    (first,) = queries.conversations(read(sent.company.id))
    assert (first.name, first.unread, first.is_open) == ("Dana Whitfield", 1, True)
    answer(sent)
    (after,) = queries.conversations(read(sent.company.id))
    assert (after.unread, after.is_open, after.last) == (0, False, "Slate gray.")


def test_the_customer_has_one_unread_answer_until_they_look(sent: Job):
    ask(sent)
    answer(sent)
    assert queries.unread_for_customer(read(sent.company.id), sent.contact.id) == 1
    actions.see(sent.contact.id, sent.customer)
    assert queries.unread_for_customer(read(sent.company.id), sent.contact.id) == 0


def test_open_topics_are_what_still_waits(sent: Job):
    ask(sent, "Which color?", SHINGLES)
    ask(sent, "When?")
    topics = queries.open_topics(queries.thread(read(sent.company.id), sent.contact.id))
    assert [topic.line_name for topic in topics] == ["", "Architectural shingles"]
    answer(sent)
    topics = queries.open_topics(queries.thread(read(sent.company.id), sent.contact.id))
    assert [topic.line_name for topic in topics] == ["Architectural shingles"]


def test_a_member_cannot_ask_and_a_customer_cannot_answer(sent: Job):
    with pytest.raises(Refused):
        actions.ask(sent.estimate.onboarding_id, words("?"), sent.member)
    with pytest.raises(Refused):
        actions.answer(sent.estimate.onboarding_id, words("!"), sent.customer)


def test_conversations_of_another_company_are_not_seen(sent: Job):
    ask(sent)
    company, _ = sent.house.company("Bluebird Bath")
    assert queries.conversations(read(company.id)) == []
