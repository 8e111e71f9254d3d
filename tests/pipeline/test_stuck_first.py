"""What waits for the contractor stands first, on the first page of every column, as long as it is;
and the board costs the same few statements whoever looks at whatever."""

import re
from datetime import timedelta

from sqlalchemy import event, update

from onboarding import clock, database
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.database import read, transaction
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.status import Status
from onboarding.pipeline import queries
from onboarding.pipeline.filtering import EVERYTHING, Filter
from onboarding.pipeline.queries import CARDS_A_COLUMN
from tests.house import House, as_member
from tests.pipeline.test_board import a_job

STATEMENTS = 8


def crowd(company: Contractor, member: Member, many: int) -> list[str]:
    """So many jobs whose account is active, each newer than the one before; ids, oldest first."""
    begun = clock.now() - timedelta(days=30)
    ids = []
    with transaction(company.id) as db:
        for number in range(many):
            contact = Contact(contractor_id=company.id, name=f"Person {number:04}")
            db.add(contact)
            db.flush()
            job = Onboarding(
                contractor_id=company.id,
                contact_id=contact.id,
                title="Roof",
                site_time_zone=company.time_zone,
                currency="USD",
                member_id=member.id,
                status=Status.ACCOUNT_ACTIVE.value,
                amount_cents=100,
                status_since=begun + timedelta(minutes=number),
            )
            db.add(job)
            db.flush()
            ids.append(job.id)
    return ids


def column(company: Contractor, wanted: Filter = EVERYTHING) -> list[str]:
    database.end_reads()
    board = queries.board(read(company.id), wanted)
    found = next(one for one in board.columns if one.status is Status.ACCOUNT_ACTIVE)
    return [card.id for card in found.cards]


def test_the_one_that_is_stuck_stands_first_however_old_it_is(everywhere: House) -> None:
    company, member = everywhere.company()
    ids = crowd(company, member, CARDS_A_COLUMN + 20)
    with transaction(company.id) as db:
        stuck = db.get_one(Onboarding, ids[0])
        stuck.stuck_from = clock.now()
    first = column(company)
    assert first[0] == ids[0]
    assert first[1:] == list(reversed(ids))[: CARDS_A_COLUMN - 1]
    later = queries.column_page(read(company.id), Status.ACCOUNT_ACTIVE, offset=CARDS_A_COLUMN)
    assert [card.id for card in later] == list(reversed(ids))[CARDS_A_COLUMN - 1 : -1]


def test_a_link_is_stuck_when_its_last_hours_come_without_anybody_doing_anything(
    everywhere: House,
) -> None:
    company, member = everywhere.company()
    job = a_job(everywhere, company, member, "Dana Whitfield")
    with transaction(company.id) as db:
        row = journey.lock(db, job.id)
        journey.record(
            db, row, EventKind.INVITE_SENT, as_member(member), invite="sent", latest_version=1,
            invite_expires_at=clock.now() + timedelta(hours=72),
        )  # fmt: skip
    ask = "/crm/pipeline"
    client = everywhere.sign_in_member(everywhere.client(), member)
    assert "pcard-stuck" not in client.get(ask).text
    with clock.shifted(timedelta(hours=61)):
        again = everywhere.sign_in_member(everywhere.client(), member)
        assert "pcard-stuck" in again.get(ask).text


def test_a_question_makes_a_card_stuck_and_its_answer_ends_that(everywhere: House) -> None:
    company, member = everywhere.company()
    job = a_job(everywhere, company, member, "Dana Whitfield")
    told = []
    for has_question in (True, False):
        with transaction(company.id) as db:
            row = journey.lock(db, job.id)
            kind = EventKind.QUESTION_ASKED if has_question else EventKind.MESSAGE_ANSWERED
            journey.record(
                db, row, kind, as_member(member), has_account=True, has_question=has_question
            )
            told.append(row.stuck_from is not None)
    assert told == [True, False]


def test_a_board_of_one_member_holds_what_they_began(everywhere: House) -> None:
    company, member = everywhere.company()
    mine = crowd(company, member, 3)
    with transaction(company.id) as db:
        staff = Member(
            contractor_id=company.id, name="Sam Okafor", email="sam@example.test",
            password_hash="", role="staff",
        )  # fmt: skip
        db.add(staff)
        db.flush()
        db.execute(update(Onboarding).where(Onboarding.id == mine[1]).values(member_id=staff.id))
    assert column(company, Filter(member_id=staff.id)) == [mine[1]]
    client = everywhere.sign_in_member(everywhere.client(), member)
    page = client.get(f"/crm/pipeline?member={staff.id}").text
    assert "Person 0001" in page
    assert "Person 0002" not in page
    assert f"member={staff.id}" in page[page.index('id="pulse"') :]
    poll = client.get(f"/crm/pipeline/poll?revision=-1&member={staff.id}").text
    assert "afterbegin:#column-account-active-cards" in poll
    assert "Person 0002" not in poll


def test_a_board_costs_eight_statements_at_most_whatever_stands_on_it(house: House) -> None:
    company, member = house.company()
    client = house.sign_in_member(house.client(), member)
    costs = []
    for many in (0, 3, CARDS_A_COLUMN + 10):
        crowd(company, member, many)
        for ask in ("/crm/pipeline", "/crm/pipeline?search=person"):
            costs.append(counted(client.get, ask))
    assert max(costs) <= STATEMENTS, costs
    assert len(set(costs)) == 1, costs


def counted(ask, path: str) -> int:
    told: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            told.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        assert ask(path).status_code == 200
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)
    return len(told)


def test_a_poll_carries_the_one_card_that_changed_among_many(everywhere: House) -> None:
    company, member = everywhere.company()
    ids = crowd(company, member, CARDS_A_COLUMN + 20)
    client = everywhere.sign_in_member(everywhere.client(), member)
    revision = re.search(r"poll\?revision=(\d+)", client.get("/crm/pipeline").text)
    assert revision is not None
    with transaction(company.id) as db:
        row = journey.lock(db, ids[0])
        kind = EventKind.QUESTION_ASKED
        journey.record(db, row, kind, as_member(member), has_account=True, has_question=True)
    poll = client.get(f"/crm/pipeline/poll?revision={revision[1]}").text
    assert re.findall(r'<article id="pcard-(\w+)"', poll) == [ids[0]]
    assert "Question" in poll
