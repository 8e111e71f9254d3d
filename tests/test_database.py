"""The database keeps every contractor's rows apart by construction, and loses no update."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import aliased

from onboarding import database
from onboarding.config import Settings
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.database import Everyone, Tenanted, end_reads, read, transaction
from onboarding.schema import metadata
from tests.house import House

ALL = Everyone("a test looks across")


@pytest.fixture
def ours(house: House) -> Contractor:
    return house.company()[0]


@pytest.fixture
def theirs(house: House) -> Contact:
    """A contact of another contractor's."""
    other, _ = house.company("Harbor HVAC")
    return house.contact(other, "Priya Raman")


def test_another_contractors_rows_are_not_selected(
    house: House, ours: Contractor, theirs: Contact
) -> None:
    house.contact(ours)
    db = read(ours.id)
    assert [row.name for row in db.scalars(select(Contact))] == ["Dana Whitfield"]
    assert db.scalar(select(func.count(Contact.id))) == 1
    assert db.scalars(select(Contact.name).where(Contact.id == theirs.id)).all() == []


def test_another_contractors_row_is_not_got_by_its_id(ours: Contractor, theirs: Contact) -> None:
    assert read(ours.id).get(Contact, theirs.id) is None
    assert read(theirs.contractor_id).get(Contact, theirs.id) is not None


def test_joins_subqueries_and_aliases_see_no_other_contractor(
    ours: Contractor, theirs: Contact
) -> None:
    db = read(ours.id)
    other = aliased(Contact)
    joined = select(Member.name, Contact.name).join(
        Contact, Contact.contractor_id == Member.contractor_id
    )
    assert db.execute(joined).all() == []
    assert db.scalars(select(other.name)).all() == []
    within = select(Contractor.id).where(Contractor.id.in_(select(Contact.contractor_id)))
    assert db.scalars(within).all() == []
    assert db.execute(select(Contractor.id, select(other.id).scalar_subquery())).all()[0][1] is None


def test_another_contractors_row_is_not_updated(ours: Contractor, theirs: Contact) -> None:
    with transaction(ours.id) as db:
        db.execute(update(Contact).values(name="Taken over"))
        db.execute(update(Contact).where(Contact.id == theirs.id).values(name="Taken over"))
    assert read(ALL).get_one(Contact, theirs.id).name == "Priya Raman"


def test_another_contractors_row_is_not_deleted(ours: Contractor, theirs: Contact) -> None:
    with transaction(ours.id) as db:
        db.execute(delete(Contact))
        db.execute(delete(Contact).where(Contact.id == theirs.id))
    assert read(ALL).get(Contact, theirs.id) is not None


def test_a_row_for_another_contractor_is_not_added(ours: Contractor, theirs: Contact) -> None:
    def add() -> None:
        with transaction(ours.id) as db:
            db.add(Contact(contractor_id=theirs.contractor_id, name="Planted"))

    with pytest.raises(database.Unscoped):
        add()
    assert read(ALL).scalars(select(Contact.name)).all() == ["Priya Raman"]


def test_a_row_is_not_handed_to_another_contractor(
    house: House, ours: Contractor, theirs: Contact
) -> None:
    mine = house.contact(ours)

    def hand_over() -> None:
        with transaction(ours.id) as db:
            db.get_one(Contact, mine.id).contractor_id = theirs.contractor_id

    with pytest.raises(database.Unscoped):
        hand_over()
    assert read(ALL).get_one(Contact, mine.id).contractor_id == ours.id


def test_a_row_that_wandered_in_from_another_scope_is_not_written(
    ours: Contractor, theirs: Contact
) -> None:
    with transaction(theirs.contractor_id) as db:
        wanderer = db.get_one(Contact, theirs.id)

    def write() -> None:
        with transaction(ours.id) as db:
            db.add(wanderer)
            wanderer.name = "Taken over"

    with pytest.raises(database.Unscoped):
        write()
    end_reads()
    assert read(ALL).get_one(Contact, theirs.id).name == "Priya Raman"


def test_a_row_of_another_contractors_is_not_deleted_by_hand(
    ours: Contractor, theirs: Contact
) -> None:
    with transaction(theirs.contractor_id) as db:
        wanderer = db.get_one(Contact, theirs.id)

    def remove() -> None:
        with transaction(ours.id) as db:
            db.delete(wanderer)

    with pytest.raises(database.Unscoped):
        remove()
    end_reads()
    assert read(ALL).get(Contact, theirs.id) is not None


def test_every_table_with_a_contractor_is_kept_apart() -> None:
    tenanted = {mapper.local_table.name for mapper in database.Base.registry.mappers
                if issubclass(mapper.class_, Tenanted)}  # fmt: skip
    with_column = {table.name for table in metadata.tables.values()
                   if "contractor_id" in table.columns}  # fmt: skip
    found_before_anybody_is_known = {"web_sessions", "revisions", "sign_ups"}
    assert with_column - tenanted == found_before_anybody_is_known


def test_a_transaction_within_a_transaction_is_refused(ours: Contractor) -> None:
    def nest() -> None:
        with transaction(ours.id), transaction(ours.id):
            pass

    with pytest.raises(database.NestedTransaction):
        nest()
    with transaction(ours.id):
        pass


def test_a_reader_sees_what_was_written_since(house: House, ours: Contractor) -> None:
    assert read(ours.id).scalars(select(Contact)).all() == []
    house.contact(ours)
    assert len(read(ours.id).scalars(select(Contact)).all()) == 1


def test_an_act_that_fails_leaves_nothing(ours: Contractor) -> None:
    def fail() -> None:
        with transaction(ours.id) as db:
            db.add(Contact(contractor_id=ours.id, name="Half"))
            db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert read(ours.id).scalars(select(Contact)).all() == []


def test_a_moment_without_a_zone_is_refused(ours: Contractor) -> None:
    def write() -> None:
        with transaction(ours.id) as db:
            naive = datetime(2026, 11, 23)  # noqa: DTZ001 (what is refused here)
            db.add(Contact(contractor_id=ours.id, name="Dana", archived_at=naive))

    with pytest.raises(StatementError, match="without a time zone"):
        write()


def test_a_moment_comes_back_in_utc_to_the_microsecond(house: House, ours: Contractor) -> None:
    west = timezone(timedelta(hours=-8))
    written = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=west)
    contact = house.contact(ours, archived_at=written)
    got = read(ours.id).scalar(select(Contact.archived_at).where(Contact.id == contact.id))
    assert got == written
    assert got is not None
    assert got.tzinfo is UTC


def test_a_row_that_points_nowhere_is_refused(house: House) -> None:
    def write() -> None:
        with transaction("0" * 26) as db:
            db.add(Contact(contractor_id="0" * 26, name="Nobody's"))

    with pytest.raises(IntegrityError):
        write()


def test_a_fault_of_the_database_says_nothing_that_was_written(house: House) -> None:
    with pytest.raises(IntegrityError) as fault, transaction(ALL) as db:
        db.add(Contact(contractor_id="nobody", name="Priya Raman"))
    assert "INSERT INTO contacts" in str(fault.value)
    assert "Priya" not in str(fault.value)


def test_sqlite_waits_for_the_disk_and_writes_ahead(house: House) -> None:
    with database.engine().connect() as connection:
        asked = [connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                 for name in ("journal_mode", "synchronous", "foreign_keys")]  # fmt: skip
    assert asked == ["wal", 2, 1]


def add_one(contact_id: str, times: int) -> None:
    """Reads a number and writes one more, as any act does."""
    for _ in range(times):
        with transaction(ALL) as db:
            contact = db.get_one(Contact, contact_id)
            contact.version += 1
    end_reads()


def _in_a_process(url: str, contact_id: str, times: int) -> None:
    database.configure(url)
    add_one(contact_id, times)


def test_eight_threads_lose_no_update(house: House, ours: Contractor) -> None:
    contact = house.contact(ours)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: add_one(contact.id, 10), range(8)))
    end_reads()
    assert read(ALL).get_one(Contact, contact.id).version == 81


def test_four_processes_lose_no_update(house: House, ours: Contractor, settings: Settings) -> None:
    contact = house.contact(ours)
    spawning = multiprocessing.get_context("spawn")
    workers = [
        spawning.Process(target=_in_a_process, args=(settings.database_url, contact.id, 15))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    end_reads()
    assert read(ALL).get_one(Contact, contact.id).version == 61
