"""Signing in to support and finding a person there."""

import re
from dataclasses import replace

import pytest

from onboarding.database import transaction
from onboarding.notifications import caps
from onboarding.support.actions import AddressTaken
from onboarding.support.queries_people import MOST, search_people
from tests.house import House
from tests.support.people import an_account, an_agent, signed_in


def test_an_agent_signs_in_and_out(house: House) -> None:
    client = signed_in(house, an_agent())
    assert "Find a person" in client.get("/support").text
    client.post("/support/sign-out")
    assert client.get("/support").status_code == 303


def test_a_wrong_password_and_an_unknown_address_read_the_same(house: House) -> None:
    agent = an_agent()
    answers = [
        house.client().post("/support/sign-in", data={"email": email, "password": "not hers"})
        for email in (agent.email, "nobody@support.test")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    seen = [_without_chance(answer.text) for answer in answers]
    assert seen[0].replace(agent.email, "") == seen[1].replace("nobody@support.test", "")


def _without_chance(page: str) -> str:
    """A page without its form token, which is new each time."""
    return re.sub(r"[\w-]{40,}\.[\w-]{6}\.[\w-]{27}", "", page)


def test_an_eleventh_try_waits_even_with_the_right_password(house: House) -> None:
    agent = an_agent()
    for _ in range(10):
        house.client().post("/support/sign-in", data={"email": agent.email, "password": "no"})
    answer = house.client().post(
        "/support/sign-in", data={"email": agent.email, "password": "correct horse battery"}
    )
    assert answer.status_code == 429
    assert 880 <= int(answer.headers["Retry-After"]) <= 900


def test_members_and_customers_are_not_let_in(house: House) -> None:
    _, member = house.company()
    client = house.sign_in_member(house.client(), member)
    assert client.get("/support").status_code == 303
    answer = client.post(
        "/support/sign-in", data={"email": member.email, "password": "correct horse battery"}
    )
    assert answer.status_code == 422


def test_an_address_belongs_to_one_agent(house: House) -> None:
    an_agent()
    with pytest.raises(AddressTaken):
        an_agent()


@pytest.mark.parametrize(
    "words", ["Whitf", "dana@exam", "DANA", "(503) 555-0188", "5550188", "555-0188"]
)
def test_a_customer_is_found_by_name_address_or_number(house: House, words: str) -> None:
    company, _ = house.company()
    an_account(company, house.contact(company))
    assert [found.name for found in search_people(words).targets] == ["Dana Whitfield"]


def test_people_of_every_company_are_found(house: House) -> None:
    for name in ("Ridgeline Roofing", "Harbor HVAC"):
        company, _ = house.company(name)
        an_account(company, house.contact(company))
    found = search_people("dana").targets
    assert {target.contractor_name for target in found} == {"Ridgeline Roofing", "Harbor HVAC"}
    assert len(search_people("lindqvist").targets) == 2


@pytest.mark.parametrize("words", ["%%%", "___", "da%a", "D_na", "", "  ", "da", "\\%\\", "0%0"])
def test_wildcards_are_text_and_two_letters_find_nobody(house: House, words: str) -> None:
    company, _ = house.company()
    an_account(company, house.contact(company))
    assert list(search_people(words).targets) == []


def test_a_contact_without_an_account_has_no_eyes_to_look_through(house: House) -> None:
    company, _ = house.company()
    house.contact(company)
    assert list(search_people("dana").targets) == []


def test_a_wide_search_shows_a_few_and_says_so(house: House) -> None:
    company, _ = house.company()
    for number in range(MOST + 1):
        contact = house.contact(company, f"Dana {number}", email=f"dana{number}@example.com")
        an_account(company, contact)
    found = search_people("dana")
    assert len(found.targets) == MOST
    assert found.has_more
    page = signed_in(house, an_agent()).get("/support?search=dana")
    assert "There are more" in page.text


def test_the_page_shows_no_whole_address_and_no_number(house: House) -> None:
    company, member = house.company()
    an_account(company, house.contact(company))
    client = signed_in(house, an_agent())
    page = client.get("/support?search=whitfield").text + client.get("/support?search=maria").text
    assert "Dana Whitfield" in page
    assert "d•••@example.com" in page
    for private in ("dana@example.com", member.email, "555-0188", "88 Fir Lane"):
        assert private not in page


def test_typing_in_the_box_brings_the_found_people_alone(house: House) -> None:
    client = signed_in(house, an_agent())
    fragment = client.get("/support?search=nobody", headers={"HX-Request": "true"}).text
    assert fragment.strip().startswith('<div id="found">')
    assert "Nobody matches" in fragment


@pytest.mark.parametrize("kind", ["member", "customer", "support", "system", "x"])
def test_somebody_who_is_not_there_is_missing(house: House, kind: str) -> None:
    client = signed_in(house, an_agent())
    assert client.get(f"/support/people/{kind}/{'0' * 26}").status_code == 404


def test_an_agent_sees_where_texts_were_stopped_and_the_contractor_is_told(house: House) -> None:
    company, member = house.company("Ridgeline Roofing")
    nobody = caps.Text(cause=caps.Cause.STRANGER, contractor_id=company.id, number="+15035550100")
    with transaction(company.id) as db:
        for number in range(100):
            asked = replace(nobody, number=f"+1{201 + number}5550100", ip=f"198.51.{number}.1")
            caps.count(db, asked)
    desk = signed_in(house, an_agent()).get("/support").text
    assert "Texts stopped" in desk
    assert "One contractor: Ridgeline Roofing" in desk
    told = house.sign_in_member(house.client(), member).get("/crm/notifications").text
    assert "100 codes were asked for by text message in one hour" in told
