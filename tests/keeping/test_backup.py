"""An installation is copied while it runs, and put back as it was: nothing is lost, nothing is
sent again, and no door is open that was open then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import Result
from sqlalchemy import func, select

from onboarding import clock, config, create_app, database, jobs
from onboarding.config import Settings
from onboarding.contacts.models import Contact
from onboarding.contracts import sealing
from onboarding.database import Everyone, end_reads, read, transaction
from onboarding.invites.reminding import send_due
from onboarding.journey.models import Onboarding
from onboarding.keeping import settling, wholeness
from onboarding.notifications import sending
from onboarding.notifications.actions import Outgoing, queue
from onboarding.notifications.models import Channel, Delivery, DeliveryState, Purpose
from onboarding.notifications.typesetting import Message
from onboarding.sandbox.mailbox import Mailbox
from tests.databases import postgres
from tests.deal import Deal, deal
from tests.house import House

ALL = Everyone("the test looks at every contractor")
Command = Callable[..., Result]


@pytest.fixture
def busy(everywhere: House) -> Deal:
    return _busy(everywhere)


@pytest.fixture
def at_work(house: House) -> Deal:
    """The same on SQLite, for what no database does in its own way."""
    return _busy(house)


def _busy(house: House) -> Deal:
    """A contract is signed and sealed; a text waits to be sent."""
    jobs.close()
    found = deal(house)
    found.signed()
    assert sealing.seal_due() == 1
    code = Outgoing(
        contractor_id=found.company.id,
        contact_id=found.contact.id,
        onboarding_id=found.onboarding.id,
        purpose=Purpose.CODE,
        reference=None,
        channel=Channel.SMS,
        to="+15035550188",
        from_name="Ridgeline Roofing",
        reply_to=None,
        message=Message("", "", "", "Your code is 271828"),
    )
    with transaction(found.company.id) as db:
        queue(db, code)
    end_reads()
    return found


def ran(house: House, *words: str) -> Result:
    return house.app.test_cli_runner().invoke(args=list(words))


@contextmanager
def elsewhere(house: House, folder: Path) -> Iterator[House]:
    """Another machine: an empty installation of the same kind."""
    end_reads()
    database.engine().dispose()
    settings = replace(house.settings, data_dir=folder)
    if settings.database_url.startswith("sqlite"):
        with _opened(replace(settings, database_url=f"sqlite:///{folder / 'onboarding.db'}")) as it:
            yield it
    else:
        with postgres.database() as url, _opened(replace(settings, database_url=url)) as it:
            yield it


@contextmanager
def _opened(settings: Settings) -> Iterator[House]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    config.use(settings)
    database.configure(settings.database_url)
    app = create_app(settings)
    jobs.close()
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        yield House(app, settings)
    finally:
        end_reads()
        database.engine().dispose()


def counts() -> dict[str, int]:
    end_reads()
    tables = database.Base.metadata.sorted_tables
    db = read(ALL)
    return {each.name: db.scalar(select(func.count()).select_from(each)) or 0 for each in tables}


def test_a_copy_put_back_holds_every_row_and_document_and_verifies(busy: Deal, tmp_path: Path):
    before, backup = counts(), str(tmp_path / "backup")
    signature = busy.signature
    assert signature is not None
    answer = ran(busy.house, "backup", backup)
    assert answer.exit_code == 0, answer.output
    with elsewhere(busy.house, tmp_path / "new") as there:
        answer = ran(there, "restore", backup)
        assert answer.exit_code == 0, answer.output
        assert counts() == before
        assert list(wholeness.faults()) == []
        assert "whole" in ran(there, "verify-all").output
        kept = there.settings.documents_dir
        assert any(path.name == signature.sealed_sha256 for path in kept.rglob("*"))
        assert ran(there, "audit", "verify").exit_code == 0


def test_nothing_is_sent_again_and_the_contractor_sees_what_was_not(busy: Deal, tmp_path: Path):
    backup = str(tmp_path / "backup")
    with transaction(busy.company.id) as db:
        db.get_one(Onboarding, busy.onboarding.id).remind_at = clock.now()
    assert ran(busy.house, "backup", backup).exit_code == 0
    with elsewhere(busy.house, tmp_path / "new") as there:
        answer = ran(there, "restore", backup)
        held = read(ALL).get_one(Onboarding, busy.estimate.onboarding_id).remind_at
        assert held is not None
        assert held > clock.now() + timedelta(hours=23)
        assert "Not sent" in answer.output
        jobs.close()
        sending.sweep()
        sealing.seal_due()
        assert send_due() == 0, "a reminder may have gone out since"
        assert Mailbox(there.settings).newest_number() == 0
        states = set(read(ALL).scalars(select(Delivery.state)))
        assert states.isdisjoint({DeliveryState.QUEUED, DeliveryState.SENDING})
        waited = select(Delivery).where(Delivery.answer == settling.ANSWER)
        assert read(ALL).scalars(waited).all()


def test_no_session_or_link_lives_in_the_copy(at_work: Deal, tmp_path: Path):
    backup, browser = str(tmp_path / "backup"), at_work.browser()
    assert browser.get("/portal").status_code == 200
    cookie = browser.get_cookie("portal")
    assert cookie is not None
    assert ran(at_work.house, "backup", backup).exit_code == 0
    assert browser.get("/portal").status_code == 200, "the one that was copied goes on"
    with elsewhere(at_work.house, tmp_path / "new") as there:
        assert ran(there, "restore", backup).exit_code == 0
        returned = there.client()
        returned.set_cookie("portal", cookie.value)
        assert returned.get("/portal").status_code == 303
        assert settling.settle() == settling.Settled(0, 0, 0), "once is enough"


def test_it_is_one_moment_of_a_database_that_is_written_meanwhile(busy: Deal, tmp_path: Path):
    stopped, backup = Event(), str(tmp_path / "backup")

    def write() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            with transaction(busy.company.id) as db:
                for half in ("left", "right"):
                    name = f"{half} {number}"
                    db.add(Contact(contractor_id=busy.company.id, name=name, notes=str(number)))

    writer = Thread(target=write)
    writer.start()
    try:
        answer = ran(busy.house, "backup", backup)
    finally:
        stopped.set()
        writer.join()
    assert answer.exit_code == 0, answer.output
    with elsewhere(busy.house, tmp_path / "new") as there:
        assert ran(there, "restore", backup).exit_code == 0
        written = select(func.count()).select_from(Contact).where(Contact.notes != "")
        assert (read(ALL).scalar(written) or 0) % 2 == 0, "half of a transaction was copied"
        assert list(wholeness.faults()) == []


def test_it_goes_only_where_nothing_is(house: House, tmp_path: Path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("keep me")
    answer = ran(house, "backup", str(full))
    assert answer.exit_code == 1
    assert "not empty" in answer.output
    assert [path.name for path in full.iterdir()] == ["mine.txt"]
    assert ran(house, "backup", str(tmp_path / "backup")).exit_code == 0
    answer = ran(house, "restore", str(tmp_path / "backup"))
    assert answer.exit_code == 1
    assert "The database is not empty" in answer.output


@pytest.mark.parametrize("what", ["database", "a document", "a lost document", "the manifest"])
def test_a_damaged_backup_changes_nothing(at_work: Deal, tmp_path: Path, what: str):
    backup = tmp_path / "backup"
    assert ran(at_work.house, "backup", str(backup)).exit_code == 0
    document = next((backup / "documents").iterdir())
    match what:
        case "database":
            _flip(backup / "database")
        case "a document":
            _flip(document)
        case "a lost document":
            document.unlink()
        case _:
            (backup / "manifest.json").write_text("{")
    with elsewhere(at_work.house, tmp_path / "new") as there:
        answer = ran(there, "restore", str(backup))
        assert answer.exit_code == 1
        assert "backup" in answer.output
        assert not any(there.settings.documents_dir.rglob("*")), "nothing was put there"


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_document_that_was_changed_or_lost_is_named(at_work: Deal):
    signature = at_work.signature
    assert signature is not None
    assert list(wholeness.faults()) == []
    folder = at_work.house.settings.documents_dir
    path = next(each for each in folder.rglob("*") if each.name == signature.sealed_sha256)
    whole = path.read_bytes()
    path.chmod(0o600)
    _flip(path)
    answer = ran(at_work.house, "verify-all")
    assert answer.exit_code == 1
    assert f"document {signature.sealed_sha256} is no longer what was kept" in answer.output
    path.write_bytes(whole)
    path.unlink()
    answer = ran(at_work.house, "verify-all")
    assert f"its document {signature.sealed_sha256} is missing" in answer.output


def test_every_column_that_may_name_a_document_is_known():
    hashes = {
        f"{table.name}.{column.name}"
        for table in database.Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("sha256")
    }
    assert hashes == wholeness.DOCUMENTS | wholeness.NO_DOCUMENTS.keys()
