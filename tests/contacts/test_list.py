"""The list: as somebody types, by status, in three orders, page by page, never another's."""

from datetime import timedelta

import pytest

from onboarding import clock, tokens
from onboarding.contacts import actions, queries
from onboarding.contacts.actions import ContactFields
from onboarding.contacts.models import Shelf
from onboarding.contacts.queries import NO_JOB, Sort, Wish
from onboarding.contractors.models import Contractor, Member
from onboarding.database import end_reads, read, transaction
from onboarding.estimates import actions as estimates
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from tests.estimates.pages import found, words
from tests.house import House, as_member

HTMX = {"HX-Request": "true"}


def on_file(company: Contractor, member: Member, name: str, **more: str) -> str:
    fields = ContactFields(name, **{"email": f"{tokens.new_id()}@example.com", **more})
    made = actions.create_contact(tokens.new_id(), fields, as_member(member))
    assert made.contractor_id == company.id
    return made.id


def names(company: Contractor, wish: Wish, size: int = 3) -> list[str]:
    """Of all its pages, three at a time."""
    end_reads()
    listed: list[str] = []
    after: str | None = ""
    while after is not None:
        page = queries.page_of(read(company.id), wish, after, size)
        listed += [contact.name for contact in page.contacts]
        after = page.after
    return listed


def begin_job(member: Member, contact_id: str) -> str:
    return estimates.draft_estimate(contact_id, "Roof", as_member(member)).onboarding_id


@pytest.fixture
def office(house: House) -> tuple[House, Contractor, Member]:
    return house, *house.company()


def test_names_stand_as_people_read_them_whatever_their_case_and_accents(everywhere: House):
    company, member = everywhere.company()
    for name in ("émile Zola", "Zoe Adams", "adam Smith", "Eve Miller", "Ádám Kiss"):
        on_file(company, member, name)
    assert names(company, Wish()) == [
        "Ádám Kiss", "adam Smith", "émile Zola", "Eve Miller", "Zoe Adams",
    ]  # fmt: skip


def test_the_newest_come_first_and_whoever_acted_last_comes_first(office):
    _, company, member = office
    ids = [on_file(company, member, name) for name in ("First", "Second", "Third", "Fourth")]
    assert names(company, Wish(sort=Sort.NEWEST)) == ["Fourth", "Third", "Second", "First"]
    with clock.shifted(timedelta(minutes=5)):
        begin_job(member, ids[1])
    assert names(company, Wish(sort=Sort.ACTIVITY))[0] == "Second"


def test_pages_in_any_order_leave_nobody_out_and_name_nobody_twice(everywhere: House):
    company, member = everywhere.company()
    ids = [on_file(company, member, f"Same Name {number % 2}") for number in range(8)]
    for contact_id in ids[:4]:
        begin_job(member, contact_id)
    for sort in Sort:
        for standing, count in (("", 8), ("Pending Invite", 4), (NO_JOB, 4)):
            listed = names(company, Wish(sort=sort, standing=standing))
            assert len(listed) == count, (sort, standing)


def test_a_status_filters_by_the_newest_job(office):
    _, company, member = office
    with_job, without = on_file(company, member, "Dana"), on_file(company, member, "Eli")
    begin_job(member, with_job)
    assert names(company, Wish(standing="Pending Invite")) == ["Dana"]
    assert names(company, Wish(standing=NO_JOB)) == ["Eli"]
    assert names(company, Wish(standing="Invited")) == []
    job_id = begin_job(member, without)
    with transaction(company.id) as db:
        job = journey.lock(db, job_id)
        journey.record(
            db, job, EventKind.INVITE_SENT, as_member(member), invite="sent", latest_version=1
        )
    assert names(company, Wish(standing="Invited")) == ["Eli"]


def test_letters_that_databases_read_otherwise_are_letters(everywhere: House):
    company, member = everywhere.company()
    on_file(company, member, "Dana Whitfield")
    for search in ("%", "_", "\\", "d%a", "D_na", "'", "\U0010ffff", "*", '"', "x" * 10_000):
        for standing in ("", NO_JOB):
            assert names(company, Wish(search=search, standing=standing)) == [], search


def test_a_search_meets_every_word_in_any_order_with_the_other_wishes(office):
    _, company, member = office
    dana = on_file(company, member, "Dana Whitfield", mobile="+15035550188")
    on_file(company, member, "Dana Whitman")
    begin_job(member, dana)
    assert names(company, Wish(search="whit DAN")) == ["Dana Whitfield", "Dana Whitman"]
    assert names(company, Wish(search="whit", standing="Pending Invite")) == ["Dana Whitfield"]
    assert names(company, Wish(search="503 555 01")) == ["Dana Whitfield"]
    assert names(company, Wish(search="0188")) == ["Dana Whitfield"]
    assert names(company, Wish(search="whit", shelf=Shelf.ARCHIVED)) == []


def test_a_name_that_was_corrected_is_found_by_the_new_one_alone(office):
    _, company, member = office
    contact_id = on_file(company, member, "Dana Whitfield")
    actions.edit_contact(
        contact_id, ContactFields("Ana Ruiz", email="ana@example.com"), 1, as_member(member)
    )
    assert names(company, Wish(search="dana")) == []
    assert names(company, Wish(search="ruiz")) == ["Ana Ruiz"]


def test_the_archive_has_its_own_list_and_search(office):
    _, company, member = office
    gone = on_file(company, member, "Dana Whitfield")
    on_file(company, member, "Dana Whitman")
    for _pressed_twice in range(2):
        actions.archive_contact(gone, as_member(member))
    assert names(company, Wish(search="dana")) == ["Dana Whitman"]
    assert names(company, Wish(search="dana", shelf=Shelf.ARCHIVED)) == ["Dana Whitfield"]
    for _pressed_twice in range(2):
        actions.restore_contact(gone, as_member(member))
    assert names(company, Wish(shelf=Shelf.ARCHIVED)) == []
    assert names(company, Wish()) == ["Dana Whitfield", "Dana Whitman"]


def test_an_archived_contact_is_off_the_board_and_comes_back_with_its_job(house: House):
    company, member = house.company()
    contact_id = on_file(company, member, "Dana Whitfield")
    begin_job(member, contact_id)
    browser = house.sign_in_member(house.client(), member)
    assert "Dana Whitfield" in words(browser.get("/crm/pipeline"))
    browser.post(f"/crm/contacts/{contact_id}/archive")
    assert "Dana Whitfield" not in words(browser.get("/crm/pipeline"))
    assert "Dana Whitfield" in words(browser.get(f"/crm/contacts/{contact_id}"))
    browser.post(f"/crm/contacts/{contact_id}/restore")
    assert "Dana Whitfield" in words(browser.get("/crm/pipeline"))


def test_typing_answers_with_the_list_alone_and_keeps_the_other_wishes(house: House):
    company, member = house.company()
    on_file(company, member, "Dana Whitfield")
    browser = house.sign_in_member(house.client(), member)
    address = "/crm/contacts?search=whit&sort=newest&status=none"
    part = browser.get(address, headers=HTMX)
    assert found(part, "#found")
    assert not found(part, "h1")
    links = [link.get("href") for link in found(part, "a")]
    (file,) = (link for link in links if "export" in link)
    assert all(wish in file for wish in ("search=whit", "sort=newest", "status=none"))
    nobody = browser.get("/crm/contacts?search=zzz", headers=HTMX)
    assert "Nobody matches “zzz”." in words(nobody)


def test_what_an_address_cannot_mean_is_left_out(house: House):
    company, member = house.company()
    on_file(company, member, "Dana Whitfield")
    browser = house.sign_in_member(house.client(), member)
    for asked in ("sort=up", "status=Won", "archived=yes", "after=nobody", "search=%00"):
        answer = browser.get(f"/crm/contacts?{asked}")
        assert answer.status_code == 200, asked
        assert "Dana Whitfield" in words(answer), asked


def test_a_cursor_of_another_company_shows_nothing_of_theirs(house: House):
    company, member = house.company()
    rival, other = house.company("Copper Kettle")
    theirs = on_file(rival, other, "Aaron Foreign")
    on_file(company, member, "Dana Whitfield")
    page = house.sign_in_member(house.client(), member).get(f"/crm/contacts?after={theirs}")
    assert "Dana Whitfield" in words(page)
    assert "Aaron" not in words(page)
