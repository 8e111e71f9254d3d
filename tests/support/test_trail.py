"""What the contractor reads of a visit, and what a visit can do: look, and nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from onboarding import clock, jobs, tokens
from onboarding.actor import Kind
from onboarding.contractors.actions import add_member
from onboarding.database import read
from onboarding.journey.events import EventKind, first_broken
from onboarding.journey.models import Event, Onboarding
from onboarding.messages import actions as messages
from onboarding.messages.actions import Words
from onboarding.support.models import VisitPage
from onboarding.web import access
from tests.deal import Deal, deal
from tests.house import PASSWORD, House
from tests.support.people import ALL, a_job, an_account, an_agent, visiting

SUPPORT = {
    EventKind.SUPPORT_STARTED,
    EventKind.SUPPORT_PAGE,
    EventKind.SUPPORT_REFUSED,
    EventKind.SUPPORT_ENDED,
}


def support_events(onboarding: Onboarding) -> list[Event]:
    statement = select(Event).where(Event.onboarding_id == onboarding.id).order_by(Event.seq)
    return [event for event in read(ALL).scalars(statement) if event.kind in SUPPORT]


def kinds(onboarding: Onboarding) -> list[str]:
    return [event.kind for event in support_events(onboarding)]


def test_start_page_and_end_stand_in_the_customers_trail_with_both_names(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    job, account = a_job(company, member, contact), an_account(company, contact)
    agent = an_agent()
    client = visiting(house, agent, "customer", account.id)
    client.get("/portal")
    client.post("/support/visit/end")
    events = support_events(job)
    assert [event.kind for event in events] == [
        EventKind.SUPPORT_STARTED,
        EventKind.SUPPORT_PAGE,
        EventKind.SUPPORT_ENDED,
    ]
    for event in events:
        assert (event.actor_kind, event.actor_id) == (Kind.SUPPORT, agent.id)
        assert event.actor_name == "Noor Haddad"
        assert event.visited_as == Kind.CUSTOMER
        assert event.ip == "127.0.0.1"
    assert events[0].data["reason"] == "She cannot find her PDF"
    assert events[1].data["path"] == "/portal"


def test_the_chain_stays_whole_through_a_visit(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    job, account = a_job(company, member, contact), an_account(company, contact)
    client = visiting(house, an_agent(), "customer", account.id)
    client.get("/portal")
    client.post("/support/visit/end")
    events = read(ALL).scalars(select(Event).order_by(Event.seq)).all()
    head = read(ALL).get_one(Onboarding, job.id).event_head
    assert first_broken(events, head) is None


def test_a_members_visit_stands_in_the_trail_of_the_records_it_opened_only(house: House) -> None:
    company, member = house.company()
    dana, lewis = house.contact(company), house.contact(company, "Lewis Okafor")
    opened, unopened = a_job(company, member, dana), a_job(company, member, lewis)
    client = visiting(house, an_agent(), "member", member.id)
    client.get("/crm/pipeline")
    client.get(f"/crm/contacts/{dana.id}")
    client.get(f"/crm/contacts/{dana.id}")
    client.post("/support/visit/end")
    assert kinds(opened) == [
        EventKind.SUPPORT_STARTED,
        EventKind.SUPPORT_PAGE,
        EventKind.SUPPORT_PAGE,
        EventKind.SUPPORT_ENDED,
    ]
    assert kinds(unopened) == []
    pages = read(ALL).scalars(select(VisitPage).order_by(VisitPage.id)).all()
    assert [page.path for page in pages] == [
        "/crm/pipeline",
        f"/crm/contacts/{dana.id}",
        f"/crm/contacts/{dana.id}",
    ]
    assert pages[1].title == "Dana Whitfield"


def test_polls_fragments_and_sheets_are_not_pages(house: House) -> None:
    _, member = house.company()
    client = visiting(house, an_agent(), "member", member.id)
    client.get("/crm/pipeline/poll?revision=0")
    client.get("/crm/contacts?search=dana", headers={"HX-Request": "true"})
    client.get("/crm/contacts/nobody")
    assert read(ALL).scalars(select(VisitPage)).all() == []


def test_a_visit_that_ran_out_is_ended_in_the_trail(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    job, account = a_job(company, member, contact), an_account(company, contact)
    visiting(house, an_agent(), "customer", account.id)
    with clock.shifted(timedelta(minutes=31)):
        jobs.run_pending()
        jobs.run_pending()
    assert kinds(job) == [EventKind.SUPPORT_STARTED, EventKind.SUPPORT_ENDED]
    assert support_events(job)[-1].data["how"] == "time was up"


def test_the_owner_reads_who_looked_why_and_at_what(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    a_job(company, member, contact)
    client = visiting(house, an_agent(), "member", member.id)
    client.get(f"/crm/contacts/{contact.id}")
    client.post("/support/visit/end")
    page = house.sign_in_member(house.client(), member).get("/crm/support-visits")
    assert "Noor Haddad as Maria Lindqvist" in page.text
    assert "She cannot find her PDF" in page.text
    assert f"/crm/contacts/{contact.id}" in page.text


def test_staff_and_other_companies_do_not_read_the_visits(house: House) -> None:
    company, member = house.company()
    _, stranger = house.company("Harbor HVAC")
    visiting(house, an_agent(), "member", member.id)
    staff = add_member(company.id, "Ben Ito", "ben@ridgeline.test", PASSWORD)
    answer = house.sign_in_member(house.client(), staff).get("/crm/support-visits")
    assert answer.status_code == 403
    other = house.sign_in_member(house.client(), stranger).get("/crm/support-visits")
    assert "Noor" not in other.text


def unsafe_rules(house: House, side: str) -> list[tuple[str, str]]:
    found = []
    for rule in house.app.url_map.iter_rules():
        marker = access.of(house.app, rule.endpoint)
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            if rule.rule.startswith(side) and marker.name != "webhook":
                found.append((method, _filled(rule.rule)))
    return found


def _filled(rule: str) -> str:
    parts = [part.partition(">")[2] if ">" in part else part for part in rule.split("<")]
    return ("0" * 26).join(parts) if "<" in rule else rule


@pytest.mark.parametrize(("kind", "side"), [("member", "/crm"), ("customer", "/portal")])
def test_every_unsafe_address_is_refused_in_a_visit_and_written_down(
    house: House, kind: str, side: str
) -> None:
    company, member = house.company()
    contact = house.contact(company)
    a_job(company, member, contact)
    account = an_account(company, contact)
    id_ = member.id if kind == "member" else account.id
    client = visiting(house, an_agent(), kind, id_)
    tried = unsafe_rules(house, side)
    assert len(tried) > 3
    for method, path in tried:
        answer = client.open(path, method=method, data={"name": "Somebody else"})
        assert answer.status_code == 403, (method, path)
        assert "Support looks and does not act" in answer.text
    refused = read(ALL).scalars(select(VisitPage).where(VisitPage.is_refused)).all()
    assert [page.path for page in refused] == [f"{method} {path}" for method, path in tried]


def test_a_refusal_stands_in_the_customers_trail(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    job, account = a_job(company, member, contact), an_account(company, contact)
    client = visiting(house, an_agent(), "customer", account.id)
    client.post("/portal/profile", data={"name": "Somebody else"})
    assert kinds(job) == [EventKind.SUPPORT_STARTED, EventKind.SUPPORT_REFUSED]
    assert support_events(job)[-1].data["path"] == "POST /portal/profile"


def test_an_edit_of_a_contact_is_refused_and_stands_in_that_contacts_trail(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    job = a_job(company, member, contact)
    client = visiting(house, an_agent(), "member", member.id)
    answer = client.post(f"/crm/contacts/{contact.id}/edit", data={"name": "Somebody else"})
    assert answer.status_code == 403
    assert kinds(job) == [EventKind.SUPPORT_STARTED, EventKind.SUPPORT_REFUSED]
    page = house.sign_in_member(house.client(), member).get(f"/crm/contacts/{contact.id}")
    assert "Dana Whitfield" in page.text


STAGES: dict[str, Callable[[Deal], object]] = {
    "sent": lambda job: None,
    "approved": lambda job: job.approve(),
    "signed": lambda job: job.signed(),
}


@pytest.mark.parametrize("stage", STAGES)
def test_looking_is_not_the_customers_having_seen_it(house: House, stage: str) -> None:
    job = deal(house)
    STAGES[stage](job)
    client = visiting(house, an_agent(), "customer", job.account.id)
    before, told = job.onboarding.facts, job.events()
    for path in [*every_page(house, "/portal"), *pages_of(job)]:
        assert client.get(path).status_code < 500, path
    assert job.onboarding.facts == before
    assert set(job.events()[len(told) :]) <= SUPPORT
    assert EventKind.SUPPORT_PAGE in job.events()


def pages_of(job: Deal) -> list[str]:
    estimate = f"/portal/estimate/{job.estimate.id}"
    contract = f"/portal/contract/{job.contract.id}"
    return [
        *(estimate, f"{estimate}/pdf", f"{estimate}/questions", f"{estimate}/change-requests"),
        *(contract, f"{contract}/contract.pdf", f"{contract}/consent", f"{contract}/opening"),
        *(f"{contract}/signature", f"{contract}/signed.pdf"),
    ]


def test_a_page_under_a_visit_asks_for_nothing_by_itself(house: House) -> None:
    """What pages post on their own (a message was seen) would be refused and look like a try."""
    job = deal(house)
    messages.ask(job.onboarding.id, Words("When can you begin?", tokens.new_id()), job.customer)
    messages.answer(job.onboarding.id, Words("In May.", tokens.new_id()), job.member)
    own = job.browser().get("/portal/messages").text
    assert "/portal/messages/seen" in own
    client = visiting(house, an_agent(), "customer", job.account.id)
    for path in ("/portal/messages", f"/portal/estimate/{job.estimate.id}"):
        shown = client.get(path)
        assert shown.status_code == 200
        assert "/portal/messages/seen" not in shown.text


def test_a_paper_that_was_opened_stands_in_the_trail(house: House) -> None:
    job = deal(house)
    client = visiting(house, an_agent(), "member", job.owner.id)
    assert client.get(f"/crm/estimates/{job.estimate.id}/pdf").status_code == 200
    assert [event for event in job.events() if event in SUPPORT] == [
        EventKind.SUPPORT_STARTED,
        EventKind.SUPPORT_PAGE,
    ]


def test_a_page_of_somebody_elses_job_never_stands_in_their_trail(house: House) -> None:
    job = deal(house)
    other = house.contact(job.company, "Lewis Okafor")
    account = an_account(job.company, other)
    client = visiting(house, an_agent(), "customer", account.id)
    client.get(f"/portal/estimate/{job.estimate.id}")
    client.post(f"/portal/estimate/{job.estimate.id}/approval")
    assert not SUPPORT & set(job.events())


def every_page(house: House, side: str) -> list[str]:
    return [
        rule.rule
        for rule in house.app.url_map.iter_rules()
        if rule.rule.startswith(side) and not rule.arguments and "GET" in (rule.methods or set())
        if access.of(house.app, rule.endpoint).name != "poll"
    ]


@pytest.mark.parametrize(("kind", "side"), [("member", "/crm"), ("customer", "/portal")])
def test_the_banner_with_its_end_button_stands_on_every_page_of_a_visit(
    house: House, kind: str, side: str
) -> None:
    company, member = house.company()
    contact = house.contact(company)
    a_job(company, member, contact)
    account = an_account(company, contact)
    client = visiting(house, an_agent(), kind, member.id if kind == "member" else account.id)
    shown = 0
    for path in [*every_page(house, side), f"/crm/contacts/{contact.id}", "/portal/nowhere"]:
        answer = client.get(path)
        if path.startswith(side) and answer.status_code != 303 and "<html" in answer.text:
            shown += 1
            assert "/support/visit/end" in answer.text, path
    assert shown > 1
