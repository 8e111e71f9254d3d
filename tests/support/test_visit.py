"""From a reason to a visit: one link, once, for one agent, thirty minutes at most."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from onboarding import clock, jobs
from onboarding.accounts.models import Account
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.database import read
from onboarding.notifications.models import Delivery
from onboarding.support.actions import MOST_VISITS_AN_HOUR
from onboarding.support.models import Visit
from onboarding.web.models import WebSession
from tests.house import House
from tests.support.people import ALL, a_job, an_account, an_agent, ask, signed_in, visiting


@pytest.fixture
def customer(house: House) -> Account:
    company, member = house.company()
    contact = house.contact(company)
    a_job(company, member, contact)
    return an_account(company, contact)


def the_visit() -> Visit:
    return read(ALL).scalars(select(Visit)).one()


def test_an_agent_gives_a_reason_and_is_mailed_a_link_that_shows_the_customers_portal(
    house: House, customer: Account
) -> None:
    client = signed_in(house, an_agent())
    link = ask(client, "customer", customer.id, "She cannot find her PDF")
    page = client.get(link)
    assert page.status_code == 200
    assert "She cannot find her PDF" in page.text
    answer = client.post(link)
    assert answer.status_code == 303
    shown = client.get("/portal")
    assert shown.status_code == 200
    assert "Noor Haddad from support is looking at this as Dana Whitfield" in shown.text


def test_an_agent_sees_the_pipeline_of_the_member_they_visit(house: House) -> None:
    company, member = house.company()
    a_job(company, member, house.contact(company))
    shown = visiting(house, an_agent(), "member", member.id).get("/crm/pipeline")
    assert "Dana Whitfield" in shown.text
    assert "Noor Haddad from support is looking at this as Maria Lindqvist" in shown.text
    assert 'action="/support/visit/end"' in shown.text


def test_a_visit_without_a_reason_is_not_asked_for(house: House, customer: Account) -> None:
    client = signed_in(house, an_agent())
    answer = client.post(f"/support/people/customer/{customer.id}", data={"reason": "   "})
    assert answer.status_code == 422
    assert "Say why you need to look" in answer.text
    assert read(ALL).scalars(select(Visit)).all() == []


def test_only_the_hash_of_the_link_is_kept(house: House, customer: Account) -> None:
    link = ask(signed_in(house, an_agent()), "customer", customer.id)
    secret = link.rpartition("/")[2]
    assert secret not in the_visit().link_hash
    delivery = read(ALL).scalars(select(Delivery)).one()
    assert delivery.is_secret
    assert delivery.payload is None  # wiped once it was out
    assert delivery.contractor_id == customer.contractor_id


def test_opening_the_link_starts_nothing_and_a_scanner_without_the_agent_sees_nothing(
    house: House, customer: Account
) -> None:
    client = signed_in(house, an_agent())
    link = ask(client, "customer", customer.id)
    for _ in range(3):
        assert client.get(link).status_code == 200
    scanner = house.client().get(link)
    assert scanner.status_code == 303
    assert scanner.headers["Location"].endswith("/support/sign-in")
    assert the_visit().started_at is None
    assert client.post(link).status_code == 303


def test_the_link_leaves_no_trace_in_the_referrer(house: House, customer: Account) -> None:
    client = signed_in(house, an_agent())
    answer = client.get(ask(client, "customer", customer.id))
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_link_works_once(house: House, customer: Account) -> None:
    client = signed_in(house, an_agent())
    link = ask(client, "customer", customer.id)
    client.post(link)
    client.post("/support/visit/end")
    again = client.post(link)
    assert again.status_code == 409
    assert "used or is older than ten minutes" in again.text
    assert "does not work any more" in client.get(link).text


def test_the_link_is_dead_after_ten_minutes(house: House, customer: Account) -> None:
    client = signed_in(house, an_agent())
    link = ask(client, "customer", customer.id)
    with clock.shifted(timedelta(minutes=10)):
        assert client.post(link).status_code == 409
    assert the_visit().started_at is None


def test_another_agent_cannot_use_the_link(house: House, customer: Account) -> None:
    link = ask(signed_in(house, an_agent()), "customer", customer.id)
    other = signed_in(house, an_agent("Theo Brandt"))
    assert other.get(link).status_code == 404
    assert other.post(link).status_code == 409
    assert the_visit().started_at is None


def test_a_visit_ends_after_thirty_minutes_even_in_the_middle_of_a_form(
    house: House, customer: Account
) -> None:
    client = visiting(house, an_agent(), "customer", customer.id)
    with clock.shifted(timedelta(minutes=29)):
        assert client.get("/portal").status_code == 200
    with clock.shifted(timedelta(minutes=30, seconds=1)):
        looked, acted = client.get("/portal"), client.post("/portal/profile", data={"name": "X"})
        assert looked.status_code == 303
        assert "sign-in" in looked.headers["Location"]
        assert acted.status_code in (303, 403)
        jobs.run_pending()
    assert read(ALL).scalars(select(Account)).one().name == "Dana Whitfield"
    assert the_visit().ended_at == the_visit().expires_at


def test_activity_does_not_prolong_a_visit(house: House, customer: Account) -> None:
    client = visiting(house, an_agent(), "customer", customer.id)
    for minute in (9, 18, 27):
        with clock.shifted(timedelta(minutes=minute)):
            assert client.get("/portal").status_code == 200
    with clock.shifted(timedelta(minutes=31)):
        assert client.get("/portal").status_code == 303


def test_the_end_button_ends_the_visit_and_its_session_and_leaves_the_agent_signed_in(
    house: House, customer: Account
) -> None:
    client = visiting(house, an_agent(), "customer", customer.id)
    answer = client.post("/support/visit/end")
    assert answer.status_code == 303
    assert client.get("/portal").status_code == 303
    assert client.get(answer.headers["Location"]).status_code == 200
    session = read(ALL).scalars(select(WebSession).where(WebSession.kind == "visit")).one()
    assert session.ended_at is not None
    assert the_visit().ended_at is not None


def test_the_end_button_carries_the_visits_own_form_token(house: House, customer: Account) -> None:
    client = visiting(house, an_agent(), "customer", customer.id)
    house.app.config["WTF_CSRF_ENABLED"] = True
    banner = client.get("/portal").text.partition("/support/visit/end")[2]
    token = re.search(r'name="csrf_token" value="([^"]+)"', banner)
    assert token
    assert client.post("/support/visit/end").status_code == 400
    assert client.get("/portal").status_code == 200
    ended = client.post("/support/visit/end", data={"csrf_token": token.group(1)})
    assert ended.status_code == 303
    assert client.get("/portal").status_code == 303


def test_an_agent_ends_their_own_visit_from_the_desk_and_nobody_elses(
    house: House, customer: Account
) -> None:
    client = visiting(house, an_agent(), "customer", customer.id)
    address = f"/support/visits/{the_visit().id}/end"
    assert signed_in(house, an_agent("Theo Brandt")).post(address).status_code == 404
    assert client.get("/portal").status_code == 200
    assert client.post(address).status_code == 303
    assert client.get("/portal").status_code == 303
    ended = the_visit().ended_at
    client.post(address)
    assert the_visit().ended_at == ended


def test_signing_out_of_support_ends_the_visit(house: House, customer: Account) -> None:
    client = visiting(house, an_agent(), "customer", customer.id)
    client.post("/support/sign-out")
    assert client.get("/portal").status_code == 303
    assert the_visit().ended_at is not None


def test_a_copied_visit_cookie_is_worthless_once_the_visit_ended(
    house: House, customer: Account
) -> None:
    client = visiting(house, an_agent(), "customer", customer.id)
    cookie = client.get_cookie("visit")
    assert cookie is not None
    client.post("/support/visit/end")
    thief = house.client()
    thief.set_cookie("visit", cookie.value)
    assert thief.get("/portal").status_code == 303


def test_nobody_visits_while_visiting(house: House, customer: Account) -> None:
    agent = an_agent()
    client = signed_in(house, agent)
    first, second = (ask(client, "customer", customer.id) for _ in range(2))
    client.post(first)
    refused = client.post(second)
    assert refused.status_code == 409
    assert "End that visit first" in refused.text
    asked = client.post(f"/support/people/customer/{customer.id}", data={"reason": "Once more"})
    assert asked.status_code == 409
    client.post("/support/visit/end")
    assert client.post(second).status_code == 303


@pytest.mark.parametrize("kind", ["member", "customer"])
def test_nobody_visits_themselves(house: House, kind: str) -> None:
    company, _ = house.company()
    agent = an_agent()
    contact = house.contact(company, email=agent.email.upper())
    account = an_account(company, contact, email=None)
    id_ = account.id
    if kind == "member":
        id_ = _same_address(company, agent.email)
    client = signed_in(house, agent)
    answer = client.post(f"/support/people/{kind}/{id_}", data={"reason": "Only looking"})
    assert answer.status_code == 409
    assert "That is you" in answer.text


def _same_address(company: Contractor, email: str) -> str:
    from onboarding.contractors.actions import add_member

    return add_member(company.id, "Noor Haddad", email, "a password of hers").id


def test_pressing_twice_asks_once(house: House, customer: Account) -> None:
    client = signed_in(house, an_agent())
    form = {"reason": "She cannot find her PDF", "key": "0" * 26}
    answers = [client.post(f"/support/people/customer/{customer.id}", data=form) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(read(ALL).scalars(select(Delivery)).all()) == 1


def test_the_key_of_another_agents_visit_gives_nothing_away(
    house: House, customer: Account
) -> None:
    form = {"reason": "She cannot find her PDF", "key": "0" * 26}
    address = f"/support/people/customer/{customer.id}"
    first = signed_in(house, an_agent()).post(address, data=form)
    other = signed_in(house, an_agent("Theo Brandt"))
    assert other.post(address, data=form).headers["Location"] != first.headers["Location"]
    assert other.get("/support/visits/" + "0" * 26).status_code == 404


def test_visits_are_bounded_within_the_hour(house: House, customer: Account) -> None:
    client = signed_in(house, an_agent())
    address = f"/support/people/customer/{customer.id}"
    for _ in range(MOST_VISITS_AN_HOUR):
        assert client.post(address, data={"reason": "Again"}).status_code == 303
    assert client.post(address, data={"reason": "Again"}).status_code == 429


def test_a_deactivated_member_can_no_longer_be_seen(house: House) -> None:
    _, member = house.company()
    client = visiting(house, an_agent(), "member", member.id)
    _deactivate(member)
    assert client.get("/crm/contacts").status_code == 303
    assert client.get(f"/support/people/member/{member.id}").status_code == 404


def _deactivate(member: Member) -> None:
    from onboarding.database import transaction

    with transaction(member.contractor_id) as db:
        db.get_one(Member, member.id).is_active = False


def test_a_visit_to_a_customer_opens_nothing_of_the_contractor(
    house: House, customer: Account
) -> None:
    client = visiting(house, an_agent(), "customer", customer.id)
    contact = read(ALL).scalars(select(Contact)).one()
    for path in ("/crm/pipeline", "/crm/contacts", f"/crm/contacts/{contact.id}"):
        assert client.get(path).status_code == 303
    for path in ("/crm/pipeline/poll", f"/crm/contacts/{contact.id}/poll"):
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert "Dana" not in answer.text


def test_a_visit_to_a_member_opens_nothing_of_another_company(house: House) -> None:
    _, member = house.company()
    other, other_member = house.company("Harbor HVAC")
    contact = house.contact(other, "Priya Raman")
    a_job(other, other_member, contact)
    client = visiting(house, an_agent(), "member", member.id)
    assert "Priya" not in client.get("/crm/contacts").text
    assert client.get(f"/crm/contacts/{contact.id}").status_code == 404
