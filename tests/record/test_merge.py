"""Two records of one person become one: nothing is lost, and nobody gets into another's account."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from onboarding import clock, tokens
from onboarding.accounts.models import Account
from onboarding.actor import Kind
from onboarding.contacts import actions as contacts
from onboarding.contacts.actions import ContactFields
from onboarding.contacts.models import Contact
from onboarding.contacts.queries import contact_page
from onboarding.database import transaction
from onboarding.estimates import actions as estimates
from onboarding.invites.models import Invite
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event, Onboarding
from onboarding.messages.models import Message
from onboarding.record import merging
from onboarding.record.merging import CannotMerge, Obstacle, merge
from tests.deal import Deal, now
from tests.estimates.pages import found, words
from tests.house import House, as_member


def twin(one: Deal, name: str = "Dana Whitfeild", **more: str) -> Contact:
    """A second record, as a colleague made it on the phone."""
    fields = ContactFields(name, **more)
    return contacts.create_contact(tokens.new_id(), fields, one.member)


def complete(one: Deal) -> None:
    """The job of the deal is over, so that another may begin."""
    with transaction(one.company.id) as db:
        job = db.get_one(Onboarding, one.estimate.onboarding_id)
        job.completed_version = job.approved_version = job.signed_version = 1


def wrote(one: Deal, contact: Contact, job_id: str, body: str) -> None:
    with transaction(one.company.id) as db:
        message = Message(
            contractor_id=one.company.id, contact_id=contact.id, onboarding_id=job_id,
            sender="member", sender_name="Maria", kind="answer", body=body,
            once_key=tokens.new_id(),
        )  # fmt: skip
        db.add(message)


def jobs_of(one: Deal, contact: Contact) -> list[Onboarding]:
    own = select(Onboarding).where(Onboarding.contact_id == contact.id)
    return list(now(one.company.id).scalars(own.order_by(Onboarding.id)))


def stored(one: Deal, contact: Contact) -> Contact:
    return now(one.company.id).get_one(Contact, contact.id)


def test_jobs_and_messages_stand_on_the_record_that_stays(sent: Deal):
    complete(sent)
    other = twin(sent)
    begun = estimates.draft_estimate(other.id, "Gutters", sent.member)
    wrote(sent, other, begun.onboarding_id, "We come on Monday.")
    merge(sent.contact.id, other.id, [], sent.member)
    assert [job.title for job in jobs_of(sent, sent.contact)] == ["Roof replacement", "Gutters"]
    assert not jobs_of(sent, other)
    page = sent.members_browser().get(f"/crm/contacts/{sent.contact.id}?job={begun.onboarding_id}")
    assert "Gutters" in words(page)
    assert "We come on Monday." in words(page)
    old = sent.members_browser().get(f"/crm/contacts/{other.id}/messages")
    assert old.location == f"/crm/contacts/{sent.contact.id}/messages"


def test_what_comes_finds_the_account_that_is_there(sent: Deal):
    complete(sent)
    other = twin(sent)
    begun = estimates.draft_estimate(other.id, "Gutters", sent.member)
    merge(sent.contact.id, other.id, [], sent.member)
    moved = now(sent.company.id).get_one(Onboarding, begun.onboarding_id)
    assert moved.has_account


def test_both_timelines_say_so_and_their_chains_hold(sent: Deal):
    complete(sent)
    other = twin(sent, email="dana.w@example.com")
    begun = estimates.draft_estimate(other.id, "Gutters", sent.member)
    merge(sent.contact.id, other.id, [], sent.member)
    db = now(sent.company.id)
    for job_id in (sent.estimate.onboarding_id, begun.onboarding_id):
        events = db.scalars(
            select(Event).where(Event.onboarding_id == job_id).order_by(Event.seq)
        ).all()
        assert events[-1].kind == EventKind.CONTACT_MERGED
        assert events[-1].data["email"] == "dana.w@example.com"
        assert events[-1].previous_hash == events[-2].hash
    page = sent.members_browser().get(f"/crm/contacts/{sent.contact.id}")
    assert "Merged with another record" in words(page)


def test_what_is_lacking_is_taken_over_and_where_they_differ_it_is_chosen(sent: Deal):
    mine = twin(sent, "Ana Ruiz", email="ana@example.com", notes="Has a dog.")
    other = twin(
        sent, "Ana R. Ruiz", email="ruiz@example.com", mobile="+15035550177",
        city="Salem", notes="Gate code 4711.",
    )  # fmt: skip
    merge(mine.id, other.id, ["name"], sent.member)
    kept = stored(sent, mine)
    assert (kept.name, kept.email, kept.mobile) == (
        "Ana R. Ruiz",
        "ana@example.com",
        "+15035550177",
    )
    assert kept.city == "Salem"
    assert kept.notes == "Has a dog.\n\nGate code 4711."


def test_a_second_press_changes_nothing(sent: Deal):
    other = twin(sent, notes="Once.")
    browser = sent.members_browser()
    where = f"/crm/contacts/{sent.contact.id}/merge"
    for _press in range(2):
        assert browser.post(where, data={"other": other.id}).status_code == 303
    assert stored(sent, sent.contact).notes.count("Once.") == 1
    assert sent.events().count(EventKind.CONTACT_MERGED) == 1


def test_the_other_record_is_off_the_list_and_its_address_leads_to_the_one_that_stays(sent: Deal):
    other = twin(sent)
    merge(sent.contact.id, other.id, [], sent.member)
    browser = sent.members_browser()
    answer = browser.get(f"/crm/contacts/{other.id}")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/crm/contacts/{sent.contact.id}")
    assert [one.id for one in contact_page(now(sent.company.id)).contacts] == [sent.contact.id]
    for rest in ("/edit", "/estimate"):
        assert browser.get(f"/crm/contacts/{other.id}{rest}").status_code == 404
    for rest in ("/archive", "/restore"):
        assert browser.post(f"/crm/contacts/{other.id}{rest}").status_code == 404


def test_merged_twice_the_oldest_address_still_leads_there(sent: Deal):
    first, second = twin(sent, "First"), twin(sent, "Second")
    merge(second.id, first.id, [], sent.member)
    merge(sent.contact.id, second.id, [], sent.member)
    page = sent.members_browser().get(f"/crm/contacts/{first.id}", follow_redirects=True)
    assert "Dana Whitfield" in words(page)


def test_two_portal_accounts_stay_two_records(sent: Deal):
    other = accounted(sent)
    page = sent.members_browser().get(f"/crm/contacts/{sent.contact.id}/merge?other={other.id}")
    assert "Both have a portal account of their own" in words(page)
    assert not found(page, "form[id=side_by_side] button[type=submit]")
    refused(sent, sent.contact, other, Obstacle.TWO_ACCOUNTS)


def test_the_record_with_the_account_is_the_one_that_stays(sent: Deal):
    other = twin(sent)
    refused(sent, other, sent.contact, Obstacle.OTHER_HAS_ACCOUNT)
    answer = sent.members_browser().get(f"/crm/contacts/{other.id}/merge?other={sent.contact.id}")
    assert answer.headers["Location"].endswith(
        f"/crm/contacts/{sent.contact.id}/merge?other={other.id}"
    )


def test_two_jobs_under_way_stay_apart(sent: Deal):
    other = twin(sent)
    estimates.draft_estimate(other.id, "Gutters", sent.member)
    refused(sent, sent.contact, other, Obstacle.TWO_OPEN_JOBS)
    answer = sent.members_browser().post(
        f"/crm/contacts/{sent.contact.id}/merge", data={"other": other.id}
    )
    assert answer.status_code == 409
    assert "Both have a job under way" in words(answer)


def test_a_customer_who_is_making_their_account_is_waited_for(sent: Deal):
    mine, other = twin(sent, "Ana Ruiz"), twin(sent, "Ana R. Ruiz")
    begun = estimates.draft_estimate(other.id, "Gutters", sent.member)
    with transaction(sent.company.id) as db:
        invite = Invite(
            contractor_id=sent.company.id, onboarding_id=begun.onboarding_id,
            contact_id=other.id, member_id=sent.owner.id, started_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=72),
        )  # fmt: skip
        db.add(invite)
    refused(sent, mine, other, Obstacle.BEGUN)
    with clock.shifted(timedelta(minutes=61)):
        merge(mine.id, other.id, [], sent.member)
    assert now(sent.company.id).get_one(Invite, invite.id).contact_id == mine.id


def test_a_record_is_not_merged_with_itself_nor_a_merged_one_again(sent: Deal):
    other, third = twin(sent), twin(sent, "Third")
    refused(sent, sent.contact, sent.contact, Obstacle.SAME)
    merge(sent.contact.id, other.id, [], sent.member)
    refused(sent, third, other, Obstacle.MERGED)


def test_crosswise_at_once_leaves_one_record(sent: Deal):
    one, other = twin(sent, "One"), twin(sent, "Other")

    def press(kept: str, gone: str) -> str:
        try:
            merge(kept, gone, [], sent.member)
        except CannotMerge as told:
            return str(told.obstacle)
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(press, (one.id, other.id), (other.id, one.id)))
    assert sorted(said) == ["merged", "merged"] or sorted(said) == [Obstacle.MERGED, "merged"]
    left = [each for each in (stored(sent, one), stored(sent, other)) if not each.merged_into_id]
    assert len(left) == 1


def test_support_merges_nothing(sent: Deal):
    other = twin(sent)
    with pytest.raises(contacts.NotForVisitors):
        merge(sent.contact.id, other.id, [], replace(sent.member, kind=Kind.SUPPORT))


def test_another_companys_record_is_as_good_as_missing(sent: Deal, house: House):
    company, owner = house.company("Copper Kettle")
    foreign = house.contact(company, "Dana Whitfield")
    where = f"/crm/contacts/{sent.contact.id}/merge"
    browser = sent.members_browser()
    assert browser.post(where, data={"other": foreign.id}).status_code == 404
    assert foreign.id not in browser.get(where).text
    rival = house.sign_in_member(house.client(), owner)
    assert rival.get(where).status_code == 404
    with pytest.raises(contacts.ContactMissing):
        merge(sent.contact.id, foreign.id, [], as_member(owner))


def test_whoever_has_the_same_number_or_address_is_offered(sent: Deal):
    mine = twin(sent, "Ana Ruiz", email="Ana@example.com", mobile="+15035550177")
    by_mail = twin(sent, "A. Ruiz", email="ana@EXAMPLE.com")
    by_number = twin(sent, "Ruiz family", mobile="+15035550177")
    by_name = twin(sent, "ana ruiz")
    twin(sent, "Somebody else", email="else@example.com")
    offered = merging.perhaps_the_same(now(sent.company.id), stored(sent, mine))
    assert {one.id for one in offered} == {by_mail.id, by_number.id, by_name.id}
    browser = sent.members_browser()
    page = browser.get(f"/crm/contacts/{mine.id}/merge?search=somebody")
    assert "Somebody else" in words(page)
    side = browser.get(f"/crm/contacts/{mine.id}/merge?other={by_mail.id}")
    assert len(found(side, "[type=radio]")) == 4  # name, e-mail


def accounted(one: Deal) -> Contact:
    """Another record of the company that has a portal account."""
    other = twin(one, "Dana W.")
    with transaction(one.company.id) as db:
        db.add(Account(contractor_id=one.company.id, contact_id=other.id, name=other.name))
    return other


def refused(one: Deal, kept: Contact, other: Contact, why: Obstacle) -> None:
    with pytest.raises(CannotMerge) as told:
        merge(kept.id, other.id, [], one.member)
    assert told.value.obstacle is why
