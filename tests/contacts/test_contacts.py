"""What members do with the people in their CRM."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from onboarding import tokens
from onboarding.actor import Actor, Kind
from onboarding.contacts import actions, queries
from onboarding.contacts.actions import ContactFields
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Member
from onboarding.database import engine, read, transaction
from onboarding.journey import actions as journey
from onboarding.journey.models import Onboarding
from tests.house import House, as_member

DANA = ContactFields(name="Dana Whitfield", email="dana@example.com", mobile="+15035550188")


def test_a_form_sent_ten_times_at_once_makes_one_contact(everywhere: House) -> None:
    company, member = everywhere.company()
    minted = tokens.new_id()
    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(lambda _: _create_or_know(minted, as_member(member)), range(10)))
    assert set(made) == {minted}
    assert len(queries.contact_page(read(company.id)).contacts) == 1


def _create_or_know(minted: str, by: Actor) -> str:
    return actions.create_contact(minted, DANA, by).id


def test_two_people_who_edit_one_contact_are_told_apart(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    mine = ContactFields(name="Dana W.", email="dana@example.com")
    theirs = ContactFields(name="D. Whitfield", email="dana@example.com")
    actions.edit_contact(contact.id, theirs, 1, as_member(member))
    with pytest.raises(actions.ChangedMeanwhile) as told:
        actions.edit_contact(contact.id, mine, 1, as_member(member))
    assert told.value.theirs.name == "D. Whitfield"


def test_the_same_edit_sent_twice_is_one(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    actions.edit_contact(contact.id, DANA, 1, as_member(member))
    again = actions.edit_contact(contact.id, DANA, 1, as_member(member))
    assert again.name == DANA.name


def test_support_changes_no_contact(house: House) -> None:
    company, _ = house.company()
    contact = house.contact(company)
    agent = Actor(Kind.SUPPORT, "a", "Sam", company.id, visited_as=Kind.MEMBER)
    with pytest.raises(actions.NotForVisitors):
        actions.edit_contact(contact.id, DANA, 1, agent)


@pytest.mark.parametrize("search", ["%", "_", "\\", "x" * 10_000, "' OR 1=1 --"])
def test_a_search_takes_wildcards_as_letters(everywhere: House, search: str) -> None:
    company, _ = everywhere.company()
    everywhere.contact(company)
    assert not queries.contact_page(read(company.id), search=search).contacts


@pytest.mark.parametrize("search", ["whit", "DANA", "dana@example", "555-0188", "5550188"])
def test_a_search_finds_part_of_a_name_an_address_or_a_number(
    everywhere: House, search: str
) -> None:
    company, _ = everywhere.company()
    everywhere.contact(company)
    everywhere.contact(company, "Somebody Else", email="else@example.com", mobile=None)
    found = queries.contact_page(read(company.id), search=search).contacts
    assert [contact.name for contact in found] == ["Dana Whitfield"]


def test_pages_follow_each_other_without_gap_or_repetition(house: House) -> None:
    company, _ = house.company()
    for number in range(queries.PAGE * 2 + 1):
        house.contact(company, f"Same Name {number // 7}")
    seen: list[str] = []
    after = ""
    while True:
        page = queries.contact_page(read(company.id), after=after)
        seen += [contact.id for contact in page.contacts]
        if page.after is None:
            break
        after = page.after
    assert len(seen) == len(set(seen)) == queries.PAGE * 2 + 1


def test_a_contact_that_cannot_be_reached_is_sent_back_with_what_was_typed(house: House) -> None:
    _, member = house.company()
    client = house.sign_in_member(house.client(), member)
    page = client.get("/crm/contacts/new").text
    address = re.search(r'action="(/crm/contacts/new/\w+)"', page)
    assert address
    answer = client.post(
        address.group(1),
        data={"name": "Dana <b>Whitfield</b>", "city": "Portland", "language": "en"},
    )
    assert answer.status_code == 422
    assert "Enter an e-mail address or a mobile number." in answer.text
    assert 'value="Dana &lt;b&gt;Whitfield&lt;/b&gt;"' in answer.text
    assert 'value="Portland"' in answer.text


def test_an_archived_contact_can_be_brought_back(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    client = house.sign_in_member(house.client(), member)
    client.post(f"/crm/contacts/{contact.id}/archive")
    assert "Dana" not in client.get("/crm/contacts").text
    assert "Dana" in client.get("/crm/contacts?archived=1").text
    client.post(f"/crm/contacts/{contact.id}/restore")
    assert "Dana" in client.get("/crm/contacts").text


def test_another_contractors_contact_is_as_good_as_missing(house: House) -> None:
    company, _ = house.company()
    contact = house.contact(company)
    _, stranger = house.company("Other Works")
    client = house.sign_in_member(house.client(), stranger)
    for path in (f"/crm/contacts/{contact.id}", f"/crm/contacts/{contact.id}/edit"):
        missing = path.replace(contact.id, tokens.new_id())
        assert client.get(path).status_code == 404
        assert client.get(path).text == client.get(missing).text
    assert read(company.id).get(Contact, contact.id).name == "Dana Whitfield"


def test_a_name_of_ten_thousand_letters_is_a_sentence_and_stays_typed(house: House) -> None:
    _, member = house.company()
    browser = house.sign_in_member(house.client(), member)
    name = "x" * 10_000
    answer = browser.post(f"/crm/contacts/new/{tokens.new_id()}", data={"name": name})
    assert answer.status_code == 422
    assert "use at most 200 characters" in answer.text
    assert name in answer.text


def test_the_record_of_an_archived_contact_says_so_and_brings_it_back(house: House) -> None:
    company, member = house.company()
    contact = house.contact(company)
    browser = house.sign_in_member(house.client(), member)
    assert "Archived:" not in browser.get(f"/crm/contacts/{contact.id}").text
    browser.post(f"/crm/contacts/{contact.id}/archive")
    page = browser.get(f"/crm/contacts/{contact.id}").text
    assert "Archived: not in the list and not on the pipeline." in page
    assert f"/crm/contacts/{contact.id}/restore" in page


def test_the_list_says_how_the_newest_job_of_each_contact_stands(everywhere: House) -> None:
    company, member = everywhere.company()
    dana = everywhere.contact(company, "Dana Whitfield")
    everywhere.contact(company, "Eleanor Whitcomb")
    a_job(company.id, dana.id, member, "Gutters")
    a_job(company.id, dana.id, member, "Roof replacement")
    page = everywhere.sign_in_member(everywhere.client(), member).get("/crm/contacts").text
    dana_row, eleanor_row = re.findall(r"<tr>.*?</tr>", page, re.S)[1:]
    assert "Roof replacement" in dana_row
    assert "Pending Invite" in dana_row
    assert "Not sent yet" in dana_row
    assert "$18,450" in dana_row
    assert "Gutters" not in dana_row
    assert "Pending Invite" not in eleanor_row


def test_another_contractors_jobs_are_not_on_the_list(house: House) -> None:
    ours, member = house.company()
    theirs, other = house.company("Crown Heating")
    house.contact(ours, "Dana Whitfield")
    a_job(theirs.id, house.contact(theirs, "Dana Whitfield").id, other, "Heat pump")
    page = house.sign_in_member(house.client(), member).get("/crm/contacts").text
    assert "Dana Whitfield" in page
    assert "Heat pump" not in page


def test_the_list_costs_as_many_statements_for_forty_contacts_as_for_one(house: House) -> None:
    company, member = house.company()
    client = house.sign_in_member(house.client(), member)
    a_job(company.id, house.contact(company).id, member, "Roof replacement")
    for_one = statements_of(client)
    for number in range(39):
        contact = house.contact(company, f"Contact {number}")
        a_job(company.id, contact.id, member, "Roof replacement")
    assert statements_of(client) == for_one <= 8


def a_job(contractor_id: str, contact_id: str, member: Member, title: str) -> None:
    with transaction(contractor_id) as db:
        journey.begin(
            db,
            Onboarding(
                contractor_id=contractor_id,
                contact_id=contact_id,
                title=title,
                site_time_zone="America/Los_Angeles",
                currency="USD",
                member_id=member.id,
                amount_cents=1_845_000,
            ),
            as_member(member),
        )


def statements_of(client: FlaskClient) -> int:
    """How many statements the list costs, sign-in and all."""
    heard: list[str] = []

    def hear(*given: Any) -> None:
        heard.append(given[2])

    client.get("/crm/contacts")
    event.listen(engine(), "before_cursor_execute", hear)
    try:
        assert client.get("/crm/contacts").status_code == 200
    finally:
        event.remove(engine(), "before_cursor_execute", hear)
    return sum(not statement.startswith("BEGIN") for statement in heard)
